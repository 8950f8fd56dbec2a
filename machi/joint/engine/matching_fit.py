"""How well an expert fits a posting: 0 to 1, part by part, and preferences made of it where a side gives none.

Each part is a plain share that can be checked by hand; the whole is their weighted mean. What cannot work at all is
barred, with the reason, and fits 0: it is kept apart from a poor fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from machi.joint.engine.boundaries import distance_km

STEP = 0.01
"""Fits that round to the same hundredth are ties: finer differences say nothing."""


class Skill(StrEnum):
    IT_STRATEGY = "it_strategy"
    DATA_ANALYSIS = "data_analysis"
    CYBERSECURITY = "cybersecurity"
    CLOUD = "cloud"
    SERVICE_DESIGN = "service_design"
    AI_AUTOMATION = "ai_automation"


class Part(StrEnum):
    SKILLS = "skills"
    HOURS = "hours"
    PLACE = "place"
    PERIOD = "period"
    FEE = "fee"


class Bar(StrEnum):
    CONFLICT = "conflict"
    NO_SKILL = "no_skill"
    """None of the skills asked for."""
    FAR = "far"
    """Days on site are asked for, farther away than the expert travels, or the expert comes on no day."""
    PERIOD = "period"
    """No day in common."""


WEIGHTS: Mapping[Part, float] = {
    Part.SKILLS: 50,
    Part.HOURS: 15,
    Part.PLACE: 15,
    Part.PERIOD: 10,
    Part.FEE: 10,
}
"""Where the joint office sets no others. A choice, not a measurement."""


@dataclass(frozen=True, slots=True)
class Need:
    """A town's posting. ``skills``: level asked, 1 (can work with guidance) to 3 (can lead); hours and yen a month.

    ``on_site`` days a month (0: remote); ``place`` latitude and longitude in degrees; ``first`` and ``last`` day.
    """

    skills: Mapping[Skill, int]
    hours: int
    on_site: int
    place: tuple[float, float]
    first: date
    last: date
    budget: int


@dataclass(frozen=True, slots=True)
class Profile:
    """An expert. ``on_site``: most days a month; ``travels``: most km one way; ``fee``: yen an hour."""

    skills: Mapping[Skill, int]
    hours: int
    on_site: int
    place: tuple[float, float]
    travels: int
    first: date
    last: date
    fee: int


@dataclass(frozen=True, slots=True)
class PartScore:
    """``score`` 0 to 1; ``asked`` and ``given`` the two figures it compares (levels, hours, km, days, yen)."""

    part: Part
    score: float
    weight: float
    asked: float
    given: float


@dataclass(frozen=True, slots=True)
class Fit:
    """``total`` 0 to 1 (0 where barred); ``missing``: skills below the level asked."""

    total: float
    parts: tuple[PartScore, ...]
    missing: tuple[Skill, ...]
    bars: tuple[Bar, ...]


def fit(
    need: Need, profile: Profile, *, conflict: bool = False, weights: Mapping[Part, float] = WEIGHTS
) -> Fit:
    """Every part, the whole and what bars the pair.

    skills   levels reached of those asked, none counted above what is asked
    hours    hours offered of those asked
    place    1 where remote; else days offered of those asked, times 1 up to half the distance the expert travels,
             falling to 0.5 at its end
    period   days in common of those asked
    fee      1 within the budget, else budget of the cost (hours asked times fee)
    ValueError for a posting without skills, hours or days, and for weights that are negative or all 0.
    """
    asked_level = sum(need.skills.values())
    period = (need.last - need.first).days + 1
    if asked_level <= 0 or need.hours <= 0 or period <= 0:
        raise ValueError("a posting asks for a skill, for hours and for days")
    if any(weights[part] < 0 for part in Part) or not sum(weights[part] for part in Part):
        raise ValueError("weights must not be negative, nor all 0")
    given_level = sum(min(profile.skills.get(skill, 0), level) for skill, level in need.skills.items())
    shared = max(0, (min(need.last, profile.last) - max(need.first, profile.first)).days + 1)
    distance = distance_km(need.place, profile.place)
    cost = need.hours * profile.fee
    measured = (
        (Part.SKILLS, given_level / asked_level, asked_level, given_level),
        (Part.HOURS, min(1.0, profile.hours / need.hours), need.hours, profile.hours),
        (Part.PLACE, _place(need, profile, distance), profile.travels, distance),
        (Part.PERIOD, shared / period, period, shared),
        (Part.FEE, 1.0 if cost <= need.budget else need.budget / cost, need.budget, cost),
    )
    parts = tuple(PartScore(part, score, weights[part], a, g) for part, score, a, g in measured)
    away = need.on_site > 0 and (distance > profile.travels or profile.on_site == 0)
    bars = tuple(
        bar
        for bar, holds in (
            (Bar.CONFLICT, conflict),
            (Bar.NO_SKILL, given_level == 0),
            (Bar.FAR, away),
            (Bar.PERIOD, shared == 0),
        )
        if holds
    )
    whole = sum(one.score * one.weight for one in parts) / sum(one.weight for one in parts)
    missing = tuple(skill for skill, level in need.skills.items() if profile.skills.get(skill, 0) < level)
    return Fit(0.0 if bars else whole, parts, missing, bars)


def tiers(fits: Mapping[int, float], step: float = STEP) -> list[list[int]]:
    """A preference list from fits: best first, those that round alike share a tier; a fit of 0 is not listed."""
    ranked: dict[int, list[int]] = {}
    for one, value in fits.items():
        if value > 0:
            ranked.setdefault(round(value / step), []).append(one)
    return [sorted(ranked[level]) for level in sorted(ranked, reverse=True)]


def preferences(
    fits: Sequence[Mapping[int, float]], others: int
) -> tuple[list[list[list[int]]], list[list[list[int]]]]:
    """Both sides' nested lists from the fits of pairs: ``fits[i][j]`` of expert i and town j, ``others`` towns."""
    by_town: list[dict[int, float]] = [{} for _ in range(others)]
    for expert, row in enumerate(fits):
        for town, value in row.items():
            by_town[town][expert] = value
    return [tiers(row) for row in fits], [tiers(row) for row in by_town]


def _place(need: Need, profile: Profile, distance: float) -> float:
    if not need.on_site:
        return 1.0
    if distance > profile.travels:
        return 0.0
    near = profile.travels / 2
    reach = 1.0 if distance <= near else 1 - 0.5 * (distance - near) / near
    return min(1.0, profile.on_site / need.on_site) * reach
