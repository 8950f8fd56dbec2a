"""The fit of one expert to very many postings at once: ``matching_fit.fit`` in arrays, equal but for rounding.

For lists of thousands by thousands, where one call a pair would take minutes. Which parts a pair is made of, and what
bars it, ``fit`` says of the few pairs that people look at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from machi.joint.engine.boundaries import KM_PER_DEGREE
from machi.joint.engine.matching_fit import WEIGHTS, Bar, Need, Part, Profile, Skill

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class NeedTable:
    """Postings as columns. ValueError for one without skills, hours or days, as ``fit`` has it."""

    def __init__(self, needs: Sequence[Need]) -> None:
        self.asked = np.array([[need.skills.get(skill, 0) for skill in Skill] for need in needs], float)
        self.asked = self.asked.reshape(len(needs), len(Skill))
        self.hours = np.array([need.hours for need in needs], float)
        self.on_site = np.array([need.on_site for need in needs], float)
        self.place = np.radians(np.array([need.place for need in needs], float).reshape(-1, 2))
        self.first = np.array([need.first.toordinal() for need in needs], float)
        self.last = np.array([need.last.toordinal() for need in needs], float)
        self.budget = np.array([need.budget for need in needs], float)
        self.days = self.last - self.first + 1
        self.level = self.asked.sum(axis=1)
        if (self.level <= 0).any() or (self.hours <= 0).any() or (self.days <= 0).any():
            raise ValueError("a posting asks for a skill, for hours and for days")


def fit_all(
    table: NeedTable, profile: Profile, conflict: Flags, weights: Mapping[Part, float] = WEIGHTS
) -> tuple[Floats, dict[Bar, Flags]]:
    """Of every posting the whole fit (0 where barred), and where each bar holds."""
    given = np.minimum(table.asked, [profile.skills.get(skill, 0) for skill in Skill]).sum(axis=1)
    shared = np.minimum(table.last, profile.last.toordinal())
    shared = np.maximum(0, shared - np.maximum(table.first, profile.first.toordinal()) + 1)
    distance = _distance(table.place, np.radians(profile.place))
    cost = table.hours * profile.fee
    scores = {
        Part.SKILLS: given / table.level,
        Part.HOURS: np.minimum(1, profile.hours / table.hours),
        Part.PLACE: _place(table, profile, distance),
        Part.PERIOD: shared / table.days,
        Part.FEE: np.where(cost <= table.budget, 1, table.budget / np.maximum(cost, 1)),
    }
    bars = {
        Bar.CONFLICT: conflict,
        Bar.NO_SKILL: given == 0,
        Bar.FAR: (table.on_site > 0) & ((distance > profile.travels) | (profile.on_site == 0)),
        Bar.PERIOD: shared == 0,
    }
    barred = np.logical_or.reduce(list(bars.values()))
    whole = sum(scores[part] * weights[part] for part in Part) / sum(weights[part] for part in Part)
    return np.where(barred, 0, whole), bars


def _place(table: NeedTable, profile: Profile, distance: Floats) -> Floats:
    near = max(profile.travels / 2, 1e-9)
    reach = np.where(distance <= near, 1, 1 - 0.5 * (distance - near) / near)
    days = np.minimum(1, profile.on_site / np.maximum(table.on_site, 1))
    there = np.where(distance > profile.travels, 0, days * reach)
    return np.where(table.on_site > 0, there, 1.0)


def _distance(places: Floats, here: Floats) -> Floats:
    """Great-circle kilometres, by the haversine formula."""
    half = np.sin((places[:, 0] - here[0]) / 2) ** 2
    half += np.cos(here[0]) * np.cos(places[:, 0]) * np.sin((places[:, 1] - here[1]) / 2) ** 2
    kilometres: Floats = 2 * np.degrees(np.arcsin(np.sqrt(half))) * KM_PER_DEGREE
    return kilometres
