"""Which town gains what from routes and requests, in figures that name nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SMALLEST = 5
"""Counts of people's doings below this are not shown, except none at all."""


@dataclass(frozen=True, slots=True)
class Gain:
    """Of one town."""

    code: str
    spots: int
    plans: int
    """Routes with at least one visit there."""
    visits: int
    requests: int
    accepted: int
    people: int
    """In accepted requests."""


COUNTED = ("plans", "visits", "requests", "accepted", "people")


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as it may be shown: ``value`` None means that it is too small; ``about``: rounded down to tens."""

    value: int | None
    about: bool = False


def shown(count: int) -> Shown:
    return Shown(None if 0 < count < SMALLEST else count)


def table(gains: Sequence[Gain]) -> dict[str, dict[str, Shown]]:
    """By town and column. Where others' visits are hidden, so are the people: they follow from few requests."""
    return {
        gain.code: {
            name: Shown(None)
            if name == "people" and 0 < gain.accepted < SMALLEST
            else shown(getattr(gain, name))
            for name in COUNTED
        }
        for gain in gains
    }


def totals(gains: Sequence[Gain]) -> dict[str, Shown]:
    """Sums over the towns. With a hidden figure among them they are rounded down to tens, so that it cannot be found
    by taking away the others."""
    cells = table(gains)
    sums = {}
    for name in COUNTED:
        total = sum(getattr(gain, name) for gain in gains)
        hidden = any(row[name].value is None for row in cells.values())
        sums[name] = Shown(total // 10 * 10, about=True) if hidden else Shown(total)
    return sums
