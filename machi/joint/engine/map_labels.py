"""What stands on a map of towns: names that do not cover each other, and fills by which neighbours differ."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    text: str
    x: float
    """Of its middle, in pixels."""
    y: float


def labels(
    wanted: Sequence[tuple[str, tuple[float, float]]], *, size: float, width: float, height: float
) -> list[Label]:
    """Those of the texts that find room at their place, first come first served; ``size`` of letters in pixels.

    A text that would leave the map to the left or right is moved inside.
    """
    placed: list[tuple[float, float, float, float]] = []
    found = []
    for text, (x, y) in wanted:
        half = text_width(text, size) / 2
        x = min(max(x, half + 1), max(width - half - 1, half + 1))
        y = min(max(y, size / 2 + 1), height - size / 2 - 1)
        box = (x - half, y - size / 2, x + half, y + size / 2)
        if any(_overlap(box, other) for other in placed):
            continue
        placed.append(box)
        found.append(Label(text, round(x, 1), round(y, 1)))
    return found


def text_width(text: str, size: float) -> float:
    """About how wide a text is drawn: wide characters as wide as they are high, others a little over half."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.56 for one in text) * size


def fills(groups: Sequence[Iterable[str]], touching: Iterable[tuple[str, str]]) -> list[int]:
    """A number for each group, low ones first, such that groups that touch have different ones.

    Groups with most neighbours choose first (Welsh & Powell, The Computer Journal 10, 1967).
    """
    where: Mapping[str, int] = {code: at for at, group in enumerate(groups) for code in group}
    beside: list[set[int]] = [set() for _ in groups]
    for one, other in touching:
        if one in where and other in where and where[one] != where[other]:
            beside[where[one]].add(where[other])
            beside[where[other]].add(where[one])
    found = [-1] * len(groups)
    for at in sorted(range(len(groups)), key=lambda at: (-len(beside[at]), at)):
        taken = {found[other] for other in beside[at]}
        found[at] = next(number for number in range(len(groups)) if number not in taken)
    return found


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
