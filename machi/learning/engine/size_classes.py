"""Towns of like size: classes of population, joined until each has enough towns to be compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

EDGES = (5_000, 10_000, 30_000, 50_000, 100_000, 300_000)
"""People at which a class begins; round figures as statistics of municipalities use them."""
BOUNDS: Sequence[tuple[int, int | None]] = tuple(zip((0, *EDGES), (*EDGES, None), strict=True))
"""Of each class, smallest first: the least people and the first that are too many (None: no end)."""
LEAST = 10
"""Towns that a class has at least, where there are as many."""


@dataclass(frozen=True, slots=True)
class SizeClass:
    """``low`` people or more, fewer than ``high`` (None: no end). ``towns``: codes, sorted."""

    low: int
    high: int | None
    towns: tuple[str, ...]


def class_of(people: int) -> int:
    """Place in ``BOUNDS`` of a town with so many people, 0 the smallest. ValueError for fewer than none."""
    if people < 0:
        raise ValueError(f"{people} people")
    return sum(people >= edge for edge in EDGES)


def size_classes(populations: Mapping[str, int], least: int = LEAST) -> tuple[SizeClass, ...]:
    """The classes of the towns given, smallest first. A class with fewer than ``least`` towns is joined with the next
    larger one, the last with the one before; empty where there are no towns."""
    parts = [
        SizeClass(
            low, high, tuple(sorted(code for code, people in populations.items() if _in(people, low, high)))
        )
        for low, high in BOUNDS
    ]
    found: list[SizeClass] = []
    for part in parts:
        if found and len(found[-1].towns) < least:
            found[-1] = _joined(found[-1], part)
        else:
            found.append(part)
    while len(found) > 1 and len(found[-1].towns) < least:
        found[-2:] = [_joined(found[-2], found[-1])]
    return tuple(one for one in found if one.towns)


def _in(people: int, low: int, high: int | None) -> bool:
    return people >= low and (high is None or people < high)


def _joined(one: SizeClass, other: SizeClass) -> SizeClass:
    return SizeClass(one.low, other.high, tuple(sorted((*one.towns, *other.towns))))
