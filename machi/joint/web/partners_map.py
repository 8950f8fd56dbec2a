"""What a page needs to draw a map of towns as SVG: shapes, names that find room, fills, links."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from machi.base.engine.jisx0402 import MunicipalityCode
from machi.base.models import Municipality
from machi.joint.domain import partners_atlas as atlas
from machi.joint.engine.boundaries import joined
from machi.joint.engine.map_labels import Label, fills, labels
from machi.joint.engine.map_svg import Map, draw

WIDTH = 480.0
LETTER = 12.0
FILLS = 6
"""Fills that the style sheet and ``patterns.html`` have."""


@dataclass(frozen=True, slots=True)
class TownOnMap:
    code: str
    name: str
    path: str
    """Empty: a point."""
    x: float
    y: float
    chosen: bool
    own: bool
    url: str
    fill: int | None


@dataclass(frozen=True, slots=True)
class MapView:
    width: float
    height: float
    towns: list[TownOnMap]
    labels: list[Label]
    edges: list[str]
    """Paths around blocks."""
    outlying: list[Municipality]
    """Far islands that are not on it."""


def to_choose(
    towns: Sequence[Municipality], own: str, chosen: Collection[str], url: Callable[[str], str]
) -> MapView:
    """A map on which each town is a link that chooses it, or lets it go."""
    shown, outlying = _split(towns)
    drawn = _drawn(tuple(one.code for one in shown))
    names = {one.code: str(one) for one in shown}
    on_map = [
        TownOnMap(
            shape.code,
            names[shape.code],
            shape.path,
            *shape.middle,
            shape.code in chosen,
            shape.code == own,
            url(shape.code),
            0 if shape.code in chosen else None,
        )
        for shape in drawn.shapes
    ]
    first = sorted(
        on_map, key=lambda one: (not one.own, not one.chosen, -atlas.populations().get(one.code, 0))
    )
    on_map.sort(key=lambda one: one.own)  # drawn last, so that no neighbour covers its thick line
    return MapView(drawn.width, drawn.height, on_map, _labels(drawn, first), [], outlying)


def of_blocks(towns: Sequence[Municipality], own: str, blocks: Sequence[Sequence[str]]) -> MapView:
    """A map of blocks: neighbours differ in colour and pattern, and each town carries its block's number."""
    shown, outlying = _split(towns)
    drawn = _drawn(tuple(one.code for one in shown))
    names = {one.code: str(one) for one in shown}
    block_of = {code: at for at, block in enumerate(blocks) for code in block}
    number = fills(blocks, atlas.touching())
    on_map = [
        TownOnMap(
            shape.code,
            names[shape.code],
            shape.path,
            *shape.middle,
            False,
            shape.code == own,
            "",
            number[block_of[shape.code]] % FILLS,
        )
        for shape in drawn.shapes
    ]
    wanted = [(str(block_of[one.code] + 1), (one.x, one.y)) for one in on_map]
    numbers = labels(wanted, size=LETTER, width=drawn.width, height=drawn.height)
    return MapView(drawn.width, drawn.height, on_map, numbers, _edges(names, blocks), outlying)


def fill_numbers(blocks: Sequence[Sequence[str]]) -> list[int]:
    """Of each block, for the legend."""
    return [one % FILLS for one in fills(blocks, atlas.touching())]


def _split(towns: Sequence[Municipality]) -> tuple[list[Municipality], list[Municipality]]:
    far = atlas.outlying([one.code for one in towns])
    return [one for one in towns if one.code not in far], [one for one in towns if one.code in far]


def _labels(drawn: Map, towns: Sequence[TownOnMap]) -> list[Label]:
    wanted = [(one.name, (one.x, one.y)) for one in towns]
    return labels(wanted, size=LETTER, width=drawn.width, height=drawn.height)


def _edges(shown: Collection[str], blocks: Sequence[Sequence[str]]) -> list[str]:
    """Around each block, on the same map: the same arcs but those within."""
    inside = [[code for code in block if code in shown] for block in blocks]
    groups = {MunicipalityCode(some[0]): some for some in inside if some}
    merged = joined(atlas.boundaries(), groups)
    known = [code for code in groups if merged.rings.get(code)]
    return [shape.path for shape in draw(merged, known, width=WIDTH).shapes if shape.path]


@lru_cache(maxsize=64)
def _drawn(codes: tuple[str, ...]) -> Map:
    """20 ms for a prefecture of 77 towns."""
    return draw(atlas.boundaries(), codes, width=WIDTH, points=atlas.places())
