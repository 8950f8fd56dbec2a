"""What the cost models say: the curve of a purpose, where a town stands on it, what joint work might save.

A model is fitted once a process for each purpose and form (0.01 s with the table read); how well it does on
prefectures it has not seen takes 0.2 s more and is measured when first asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from machi.base.engine.jisx0402 import MunicipalityCode
from machi.joint.domain import partners_atlas as atlas
from machi.joint.engine.cost_model import (
    Elasticity,
    Form,
    HeldOut,
    Model,
    Towns,
    curve,
    elasticities,
    fit,
    held_out,
    log_per_head,
    subset,
)
from machi.joint.engine.cost_sample import Purpose, Sample, sample
from machi.joint.engine.joint_savings import Caveat, Savings, savings, together

SYSTEM = "joint.cost_model"
SIZES = (3_000, 10_000, 30_000, 100_000, 300_000)
STEPS = 60
"""Points of a curve."""
SCALE = {Purpose.STAFF: 1000.0}
"""Staff are told for 1,000 people; money as published, in 1,000 yen a head."""


@cache
def the_sample() -> Sample:
    return sample(atlas.table())


@cache
def model(purpose: Purpose, form: Form = Form.SPLINE) -> Model:
    found = the_sample()
    return fit(found.towns, found.costs[purpose], form)


@cache
def held_out_of(purpose: Purpose, form: Form) -> HeldOut:
    """How well the model predicts the towns of a prefecture that it was not fitted on."""
    found = the_sample()
    return held_out(found.towns, found.costs[purpose], found.prefectures, form)


def scale(purpose: Purpose) -> float:
    return SCALE.get(purpose, 1.0)


@dataclass(frozen=True, slots=True)
class Standing:
    """A town beside the model, per head (staff: per 1,000 people)."""

    code: MunicipalityCode
    population: int
    actual: float
    expected: float
    """Of a town with its people, density, ages and kind."""

    @property
    def off(self) -> float:
        """By what share it is above (below: negative) what is expected."""
        return self.actual / self.expected - 1


@dataclass(frozen=True, slots=True)
class CurvePoint:
    population: float
    value: float
    low: float
    high: float


def points(purpose: Purpose) -> NDArray[np.float64]:
    """Population and cost per head of every town of the sample."""
    found = the_sample()
    each = found.costs[purpose] / found.towns.population * scale(purpose)
    return np.column_stack([found.towns.population, each])


def curve_of(purpose: Purpose, form: Form, sizes: Sequence[float] | None = None) -> list[CurvePoint]:
    """The curve with its 95 % band; by default over the sizes of the sample."""
    fitted, found = model(purpose, form), the_sample()
    if sizes is None:
        low, high = np.log(fitted.population)
        sizes = np.exp(np.linspace(low, high, STEPS)).tolist()
    times = scale(purpose)
    return [
        CurvePoint(size, value * times, low * times, high * times)
        for size, (value, low, high) in zip(sizes, curve(fitted, found.towns, sizes), strict=True)
    ]


def elasticities_of(purpose: Purpose, form: Form) -> list[Elasticity]:
    return elasticities(model(purpose, form), the_sample().towns, SIZES)


def standings(purpose: Purpose, codes: Sequence[str], form: Form = Form.SPLINE) -> list[Standing]:
    """Of those of the towns that are in the sample."""
    rows = _rows(codes)
    found, fitted = the_sample(), model(purpose, form)
    some = subset(found.towns, rows)
    actual = found.costs[purpose][rows] / some.population * scale(purpose)
    expected = np.exp(log_per_head(fitted, some)) * scale(purpose)
    return [
        Standing(found.codes[at], int(some.population[place]), float(actual[place]), float(expected[place]))
        for place, at in enumerate(rows.tolist())
    ]


def together_before_and_after(
    purpose: Purpose, codes: Sequence[str], form: Form = Form.SPLINE
) -> tuple[Standing, Standing]:
    """The towns added up as they are, and as one: what they spend today times what the model expects of the one,
    divided by what it expects of them each. As ``joint_savings`` reckons, for the whole of the work."""
    rows = _rows(codes)
    some, fitted = subset(the_sample().towns, rows), model(purpose, form)
    people, times = float(some.population.sum()), scale(purpose)
    today = float(the_sample().costs[purpose][rows].sum()) / people * times
    each = float((some.population * np.exp(log_per_head(fitted, some))).sum()) / people * times
    one = float(np.exp(log_per_head(fitted, together(some)))[0]) * times
    code = the_sample().codes[int(rows[0])]
    return (
        Standing(code, int(people), today, each),
        Standing(code, int(people), today * one / each, one),
    )


@dataclass(frozen=True, slots=True)
class Estimate:
    """What some towns might save by doing a part of one purpose's work as one."""

    purpose: Purpose
    savings: Savings


def left_out(codes: Sequence[str]) -> list[str]:
    """Those of the towns of which no model speaks."""
    known = set(the_sample().codes)
    return [code for code in codes if code not in known]


def estimates(codes: Sequence[str], *, part: float = 1.0, form: Form = Form.SPLINE) -> list[Estimate]:
    """One for each purpose. ValueError for fewer than two towns of the sample."""
    rows = _rows(codes)
    found = the_sample()
    some: Towns = subset(found.towns, rows)
    halls = [atlas.places()[found.codes[at]] for at in rows.tolist()]
    return [
        Estimate(
            purpose,
            savings(model(purpose, form), some, found.costs[purpose][rows], part=part, places=halls),
        )
        for purpose in Purpose
    ]


def caveats(found: Sequence[Estimate]) -> list[Caveat]:
    """Those of all estimates, each once, in their own order."""
    told = {caveat for one in found for caveat in one.savings.caveats}
    return [caveat for caveat in Caveat if caveat in told]


def as_plain(found: Sequence[Estimate]) -> list[dict[str, Any]]:
    """For JSON: what was estimated, in the units as published (1,000 yen, people), rounded."""
    return [
        {
            "purpose": one.purpose.value,
            "share": [round(value, 4) for value in _three(one.savings.share)],
            "amount": [round(value, 1) for value in _three(one.savings.amount)],
            "per_head": [round(value, 6) for value in _three(one.savings.per_head)],
            "today": round(one.savings.today, 1),
            "part": one.savings.part,
            "caveats": [caveat.value for caveat in one.savings.caveats],
        }
        for one in found
    ]


def _three(one: Any) -> tuple[float, float, float]:
    return one.value, one.low, one.high


@cache
def _where() -> dict[str, int]:
    return {code: at for at, code in enumerate(the_sample().codes)}


def _rows(codes: Sequence[str]) -> NDArray[np.intp]:
    return np.array([_where()[code] for code in codes if code in _where()], dtype=np.intp)
