"""Which applications may be approved without a person looking at each, and why others may not.

Only ever an approval: whatever speaks against one is a reason for a person to look, never for a refusal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """A value as read. ``threshold``: the confidence the town asks of it."""

    confidence: float
    threshold: float
    doubts: Sequence[str]
    empty: bool
    required: bool


def reasons_against(
    *, allowed: bool, two_person: bool, values: Sequence[Seen], results: Sequence[str], only: bool = True
) -> list[str]:
    """Keys of all that keeps it from going straight through; none: it may.

    ``only``: whether it is of the kind that the procedure lets through at all. ``results``: what the rules said,
    ``passed``, ``failed`` or ``unknown``. Without a value or a rule nothing was shown to be right, so not.
    """
    found = []
    if not allowed:
        found.append("not-allowed")
    if not only:
        found.append("not-of-that-kind")
    if two_person:
        found.append("two-person")
    if not values:
        found.append("nothing-read")
    if not results:
        found.append("nothing-checked")
    if "failed" in results:
        found.append("rule-failed")
    if any(one not in ("passed", "failed") for one in results):
        found.append("rule-unknown")
    if any(one.confidence < one.threshold for one in values):
        found.append("low-confidence")
    if any(one.doubts for one in values):
        found.append("doubt")
    if any(one.required and one.empty for one in values):
        found.append("missing")
    return found


def drawn(digest: str, share: float) -> bool:
    """Whether the case with this SHA-256 (hexadecimal) is in the sample of ``share`` of all cases.

    The first 64 bits of a digest are as good as random and cannot be chosen by whoever decides, and anybody can draw
    again. ValueError for a share outside 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ValueError("a share lies between 0 and 1")
    return int(digest[:16], 16) < share * 2**64
