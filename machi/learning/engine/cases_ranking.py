"""From passages that were found to the cases they are of.

A case stands in the index as several passages (``PARTS``), each under a number that says which case, which revision
and which part, so that a changed text is a new entry, as the index wants it, without a table beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from machi.language.engine.types import Hit, IndexEntry

PARTS = ("problem", "way", "risk")
_REVISIONS = 100_000
_BASE = 10
NEAR = 0.78
"""Cosine from which a passage counts as found although it shares no word with the question. Questions about what no
case tells of reach 0.74, the right case of a question 0.83 as a rule (bench/learning_cases.py)."""


@dataclass(frozen=True, slots=True)
class CaseText:
    """What of a case is searched."""

    key: int
    revision: int
    title: str
    labels: tuple[str, ...]
    """Field, tool, system, town: found like headings."""
    problem: str
    way: str
    risk: str


@dataclass(frozen=True, slots=True)
class Found:
    key: int
    score: float
    """Of its best passage."""
    by_words: bool
    """The best passage has a word of the question."""


def number(key: int, revision: int, part: int) -> int:
    """The passage's number. ValueError for what cannot be told apart again."""
    if not (0 < revision < _REVISIONS and 0 <= part < len(PARTS) and key > 0):
        raise ValueError(f"case {key}, revision {revision}, part {part}")
    return (key * _REVISIONS + revision) * _BASE + part


def case_of(passage: int) -> tuple[int, int]:
    """Number and revision of the case that a passage is of."""
    return divmod(passage // _BASE, _REVISIONS)


def entries(text: CaseText) -> list[IndexEntry]:
    """A passage for each part that has words."""
    return [
        IndexEntry(number(text.key, text.revision, at), text.title, text.labels, getattr(text, part))
        for at, part in enumerate(PARTS)
        if getattr(text, part).strip()
    ]


def ranked(hits: Sequence[Hit], allowed: Collection[int] | None = None) -> list[Found]:
    """Cases by their best passage, best first; of equals the earlier case. Passages that share no word with the
    question and are not ``NEAR`` it are not found. ``allowed``: only these cases; None: all."""
    best: dict[int, Found] = {}
    for hit in hits:
        key, _revision = case_of(hit.passage_id)
        if (allowed is not None and key not in allowed) or (hit.bm25 <= 0 and (hit.cosine or 0.0) < NEAR):
            continue
        if key not in best or hit.score > best[key].score:
            best[key] = Found(key, hit.score, hit.bm25 > 0)
    return sorted(best.values(), key=lambda one: (-one.score, one.key))
