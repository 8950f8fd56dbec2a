"""Which towns hang together: neighbours, links over water, pieces of a block. Towns are numbered from 0."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from machi.joint.engine.boundaries import distance_km

Neighbours = Sequence[Collection[int]]


@dataclass(frozen=True, slots=True)
class Link:
    """Two towns that do not touch but are taken for neighbours, so that an island is not left alone."""

    one: str
    other: str
    kilometres: float


def neighbours(codes: Sequence[str], touching: Iterable[tuple[str, str]]) -> list[set[int]]:
    """Of each town those it touches; pairs with a town that is not asked about are passed over."""
    where = {code: at for at, code in enumerate(codes)}
    found: list[set[int]] = [set() for _ in codes]
    for one, other in touching:
        if one in where and other in where:
            found[where[one]].add(where[other])
            found[where[other]].add(where[one])
    return found


def linked(
    codes: Sequence[str], around: Neighbours, places: Sequence[tuple[float, float]]
) -> tuple[list[set[int]], list[Link]]:
    """Neighbours with the shortest links added that make one piece of all (Kruskal), and these links."""
    joined = [set(one) for one in around]
    piece = {at: number for number, some in enumerate(pieces(range(len(codes)), joined)) for at in some}
    ways = sorted(
        (distance_km(places[one], places[other]), one, other)
        for one, other in combinations(range(len(codes)), 2)
        if piece[one] != piece[other]
    )
    links = []
    for kilometres, one, other in ways:
        if piece[one] != piece[other]:
            gone = piece[other]
            piece = {at: piece[one] if number == gone else number for at, number in piece.items()}
            joined[one].add(other)
            joined[other].add(one)
            links.append(Link(codes[one], codes[other], kilometres))
    return joined, links


def pieces(towns: Iterable[int], around: Neighbours) -> list[set[int]]:
    """The connected pieces of some towns, each in which one can walk without leaving them."""
    left, found = set(towns), []
    while left:
        piece = set(steps(min(left), left, around))
        found.append(piece)
        left -= piece
    return found


def steps(start: int, inside: Collection[int], around: Neighbours) -> dict[int, int]:
    """How many borders must be crossed from ``start`` to each town, without leaving ``inside``."""
    far, row = {start: 0}, [start]
    for town in row:
        for other in sorted(around[town]):
            if other in inside and other not in far:
                far[other] = far[town] + 1
                row.append(other)
    return far
