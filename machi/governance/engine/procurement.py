"""From a need to what is asked of vendors: which items of the checklist, which must be met, what each weighs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from machi.governance.engine.checklist import LATEST, concerns, items

MUST = frozenset(
    {
        "human-decides",
        "safety-stop",
        "fairness-access",
        "privacy-minimum",
        "privacy-masking",
        "security-access",
        "security-network",
        "security-incident",
        "competition-rights",
        "municipal-raw-output",
        "municipal-log",
        "municipal-no-training",
        "municipal-jurisdiction",
        "municipal-exit",
    }
)
"""Items that a municipality can hardly do without: proposed as requirements that must be met, and free to change."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked of vendors, with its texts."""

    code: str
    principle: str
    title: str
    requirement: str
    criterion: str
    question: str
    clause: str
    follows: str
    selected: bool
    must: bool
    weight: Decimal


def propose(facts: Mapping[str, object], version: str = LATEST) -> tuple[Asked, ...]:
    """The whole checklist as items to ask, those that do not concern a system with these facts not selected.

    Weights are proposed for the selected items that need not be met (``share``). KeyError: no such version.
    """
    known = [(item, concerns(item, facts)) for item in items(version)]
    weights = share([item.id for item, selected in known if selected and item.id not in MUST])
    return tuple(
        Asked(
            item.id,
            item.principle,
            item.title,
            item.requirement,
            item.criterion,
            item.question,
            item.clause,
            item.follows,
            selected,
            item.id in MUST,
            weights.get(item.id, Decimal(0)),
        )
        for item, selected in known
    )


def share(codes: Sequence[str]) -> dict[str, Decimal]:
    """100 in whole weights, as equal as can be, the first ones getting what is left over; empty for nothing."""
    if not codes:
        return {}
    each, left = divmod(100, len(codes))
    return {code: Decimal(each + (at < left)) for at, code in enumerate(codes)}
