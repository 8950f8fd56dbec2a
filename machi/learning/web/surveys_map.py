"""A map of towns by what they answered, for those who may see each town's answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.base.models import Municipality
from machi.joint.domain import partners_atlas as atlas
from machi.joint.engine.map_labels import Label, labels
from machi.joint.engine.map_svg import Map, draw
from machi.learning.engine.questionnaire import Answers, Kind, Question, said

WIDTH = 480.0
LETTER = 12.0
FILLS = 6
"""Fills that ``joint/partners/patterns.html`` has; further options share the last."""
MOST_TOWNS = 300
"""Of more, one prefecture is drawn at a time."""
_PARTS = 4
_TOWN = 0.003
"""Radians across a town of middling size."""
_SEEN = 20.0
"""Pixels that a town must measure for its fill to be seen."""


@dataclass(frozen=True, slots=True)
class TownOnMap:
    """``fill`` None: did not answer. ``words``: what is read aloud and shown on pointing. ``dot``: too small to be seen
    by its shape."""

    path: str
    dot: bool
    x: float
    y: float
    own: bool
    fill: int | None
    words: str


@dataclass(frozen=True, slots=True)
class MapView:
    width: float
    height: float
    towns: Sequence[TownOnMap]
    labels: Sequence[Label]
    legend: Sequence[tuple[int, str, int]]
    """Fill, its words, how many towns."""
    unanswered: int
    outlying: Sequence[Municipality]
    rows: Sequence[tuple[str, str]]
    """The same as a table: town and answer."""


def answer_map(
    question: Question,
    answers: Mapping[str, Answers],
    towns: Sequence[Municipality],
    own: str,
    *,
    row: str = "",
    option: str = "",
) -> MapView:
    """``row`` of a matrix, ``option`` of a multiple choice (taken or not). ValueError without towns to draw."""
    groups = _groups(question, answers, row, option)
    fill_of = {town: min(at, FILLS - 1) for at, (_words, some) in enumerate(groups) for town in some}
    words_of = {town: words for words, some in groups for town in some}
    far = atlas.outlying([one.code for one in towns]) if len(towns) > 2 else set()
    shown = [one for one in towns if one.code not in far]
    drawn = _drawn(tuple(one.code for one in shown))
    far_apart = drawn.scale * _TOWN < _SEEN
    names = {one.code: str(one) for one in towns}
    none = _("回答なし")
    on_map = [
        TownOnMap(
            shape.path,
            far_apart or not shape.path,
            *shape.middle,
            shape.code == own,
            fill_of.get(shape.code),
            f"{names[shape.code]}: {words_of.get(shape.code, none)}",
        )
        for shape in drawn.shapes
    ]
    people = atlas.populations()
    first = sorted(drawn.shapes, key=lambda one: (one.code != own, -people.get(one.code, 0)))
    above = 2 * LETTER if far_apart else 0.0
    wanted = [(names[one.code], (one.middle[0], max(one.middle[1] - above, LETTER))) for one in first]
    here = {one.code for one in towns}
    return MapView(
        drawn.width,
        drawn.height,
        sorted(on_map, key=lambda one: one.own),  # drawn last, so that no neighbour covers its thick line
        labels(wanted, size=LETTER, width=drawn.width, height=drawn.height),
        [(min(at, FILLS - 1), words, len(here & set(some))) for at, (words, some) in enumerate(groups)],
        sum(one.code not in words_of for one in towns),
        [one for one in towns if one.code in far],
        [(str(one), words_of.get(one.code, none)) for one in towns],
    )


def _groups(
    question: Question, answers: Mapping[str, Answers], row: str, option: str
) -> list[tuple[str, list[str]]]:
    """What each fill stands for, and the towns that have it."""
    language = get_language() or "ja"
    given: dict[str, Any] = {town: one[question.id] for town, one in answers.items() if question.id in one}
    if question.kind is Kind.MULTIPLE:
        taken = [town for town, one in given.items() if option in one]
        return [(_("選んだ"), taken), (_("選んでいない"), [town for town in given if town not in taken])]
    if question.kind is Kind.NUMBER:
        return _ranges(given, said(question.unit, language))
    if question.kind is Kind.MATRIX:
        given = {town: one.get(row) for town, one in given.items()}
    return [
        (said(one.words, language), [town for town, value in given.items() if value == one.id])
        for one in question.options
    ]


def _ranges(given: Mapping[str, float], unit: str) -> list[tuple[str, list[str]]]:
    """Quarters of the towns, from low to high; equal numbers stay together."""
    order = sorted(set(given.values()))
    if not order:
        return []
    edges = sorted({order[min(len(order) - 1, len(order) * at // _PARTS)] for at in range(_PARTS)})
    found = []
    for low, high in zip(edges, [*edges[1:], None], strict=True):
        some = [town for town, one in given.items() if one >= low and (high is None or one < high)]
        top = max(given[town] for town in some)
        words = f"{number_format(low, force_grouping=True)}〜{number_format(top, force_grouping=True)} {unit}".strip()
        found.append((words, some))
    return found


@lru_cache(maxsize=64)
def _drawn(codes: tuple[str, ...]) -> Map:
    return draw(atlas.boundaries(), codes, width=WIDTH, points=atlas.places())
