"""Is it worth it: what a project costs once and every year, the hours it saves, when it breaks even. Ranges only.

Every figure is a range (low, likely, high). Two answers are given. The *bounds* are interval arithmetic: nothing
worse or better can come of figures within their ranges. The *spread* is by Monte Carlo: each figure is drawn from a
triangular distribution over its range, independently of the others, seeded, and the 5th, 50th and 95th percentile
are told. Figures that go wrong together (all costs at once) make the truth wider than the spread, never wider than
the bounds. Money is in yen of today, without discounting unless ``discount`` is given (the cost-benefit manuals of
Japanese ministries use 4 %).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

SAMPLES = 10_000
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class Range:
    low: float
    likely: float
    high: float


class Kind(StrEnum):
    ONE_OFF = "one_off"
    """Yen, before the first year."""
    RUNNING = "running"
    """Yen a year."""
    HOURS_BEFORE = "hours_before"
    """Staff hours a year without the project."""
    HOURS_AFTER = "hours_after"
    HOURS_TO_SET_UP = "hours_to_set_up"
    """Staff hours once: training, moving data."""
    OTHER_SAVING = "other_saving"
    """Yen a year no longer spent: old contracts, paper, post."""


@dataclass(frozen=True, slots=True)
class Line:
    key: str
    kind: Kind
    amount: Range


@dataclass(frozen=True, slots=True)
class Plan:
    lines: tuple[Line, ...]
    wage: Range
    """Yen an hour, all in."""
    years: int
    """How long it is looked at."""
    people: int
    """Residents of the towns that take part."""
    discount: float = 0.0
    """A year."""


@dataclass(frozen=True, slots=True)
class Spread:
    p5: float
    p50: float
    p95: float
    worst: float
    best: float
    """By interval arithmetic. For costs ``worst`` is the greatest."""


@dataclass(frozen=True, slots=True)
class Sheet:
    first_cost: Spread
    """Yen before the first year, set-up hours included."""
    yearly_saving: Spread
    """Yen a year: hours and other savings less running cost."""
    hours_saved: Spread
    """A year."""
    net: Spread
    """Yen over all years (present value with a discount)."""
    net_per_head: Spread
    break_even: Spread
    """Years until the first cost is earned back; infinite: never."""
    chance: float
    """Share of draws that break even within the years."""
    drivers: tuple[tuple[str, float], ...]
    """What the net hangs on: rank correlation of each figure with it, strongest first; ``wage`` is the wage."""
    samples: int


class Deviation(StrEnum):
    AS_PLANNED = "as_planned"
    """Within the range."""
    BELOW = "below"
    ABOVE = "above"
    MISSING = "missing"
    """No fact yet."""


@dataclass(frozen=True, slots=True)
class Compared:
    key: str
    planned: Range
    actual: float | None
    deviation: Deviation
    share: float | None
    """(actual - likely) / likely; None without a fact or where 0 was likely."""


def sheet(plan: Plan, *, samples: int = SAMPLES, seed: int = 0) -> Sheet:
    """The whole sheet; the same seed gives the same figures.

    ValueError for ranges that are negative or out of order, lines given twice, no years, people or samples, or a
    discount of -100 % or less.
    """
    _check(plan, samples)
    rng = np.random.default_rng(seed)
    drawn = {line.key: _draw(rng, line.amount, samples) for line in plan.lines}
    wage = _draw(rng, plan.wage, samples)
    middle = _outcome(plan, drawn, wage)
    worst, best = _extreme(plan, best=False), _extreme(plan, best=True)
    spreads = {key: _spread(values, worst[key], best[key]) for key, values in middle.items()}
    heads = plan.people
    per_head = _spread(middle["net"] / heads, worst["net"] / heads, best["net"] / heads)
    figures = {**drawn, "wage": wage}
    drivers = [(key, _correlation(values, middle["net"])) for key, values in figures.items()]
    return Sheet(
        spreads["first_cost"],
        spreads["yearly_saving"],
        spreads["hours_saved"],
        spreads["net"],
        per_head,
        spreads["break_even"],
        float(np.mean(middle["break_even"] <= plan.years)),
        tuple(sorted(drivers, key=lambda one: (-abs(one[1]), one[0]))),
        samples,
    )


def compare(plan: Plan, actual: Mapping[str, float]) -> list[Compared]:
    """Plan and fact, line by line. ValueError for facts of lines that were not planned."""
    if actual.keys() - {line.key for line in plan.lines}:
        raise ValueError("a fact of a line that was not planned")
    return [_compared(line, actual.get(line.key)) for line in plan.lines]


def _compared(line: Line, actual: float | None) -> Compared:
    if actual is None:
        return Compared(line.key, line.amount, None, Deviation.MISSING, None)
    deviation = Deviation.AS_PLANNED
    if actual < line.amount.low:
        deviation = Deviation.BELOW
    if actual > line.amount.high:
        deviation = Deviation.ABOVE
    likely = line.amount.likely
    return Compared(line.key, line.amount, actual, deviation, (actual - likely) / likely if likely else None)


def _outcome(
    plan: Plan, amounts: Mapping[str, NDArray[np.float64]], wage: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    def total(kind: Kind) -> NDArray[np.float64]:
        sums = np.zeros_like(wage)
        for one in plan.lines:
            if one.kind is kind:
                sums += amounts[one.key]
        return sums

    hours = total(Kind.HOURS_BEFORE) - total(Kind.HOURS_AFTER)
    first = total(Kind.ONE_OFF) + wage * total(Kind.HOURS_TO_SET_UP)
    yearly = wage * hours + total(Kind.OTHER_SAVING) - total(Kind.RUNNING)
    worth = sum((1 + plan.discount) ** -year for year in range(1, plan.years + 1))
    even = np.divide(first, yearly, out=np.full_like(first, np.inf), where=yearly > 0)
    return {
        "first_cost": first,
        "yearly_saving": yearly,
        "hours_saved": hours,
        "net": worth * yearly - first,
        "break_even": np.where(first <= 0, 0.0, even),
    }


def _extreme(plan: Plan, *, best: bool) -> dict[str, float]:
    """Each outcome with every figure at its worst (or best) end. Which end of the wage that is depends on whether
    hours are saved on the whole, and differs by outcome: both are tried."""
    gains = {Kind.HOURS_BEFORE, Kind.OTHER_SAVING}
    amounts = {
        line.key: np.full(
            2, line.amount.high if (line.kind in gains) == best else line.amount.low, dtype=np.float64
        )
        for line in plan.lines
    }
    ends = _outcome(plan, amounts, np.array([plan.wage.low, plan.wage.high], dtype=np.float64))
    costs = {"first_cost", "break_even"}
    return {
        key: float(values.max() if (key in costs) != best else values.min()) for key, values in ends.items()
    }


def _draw(rng: np.random.Generator, amount: Range, samples: int) -> NDArray[np.float64]:
    if amount.low == amount.high:
        return np.full(samples, amount.low, dtype=np.float64)
    return rng.triangular(amount.low, amount.likely, amount.high, samples)


def _spread(values: NDArray[np.float64], worst: float, best: float) -> Spread:
    low, middle, high = np.quantile(values, (LOW, 0.5, HIGH), method="nearest")
    return Spread(float(low), float(middle), float(high), worst, best)


def _correlation(figure: NDArray[np.float64], outcome: NDArray[np.float64]) -> float:
    """Spearman's; 0 for a figure that does not vary."""
    if figure.min() == figure.max() or outcome.min() == outcome.max():
        return 0.0
    ranks = np.array([np.argsort(np.argsort(one)) for one in (figure, outcome)])
    return float(np.corrcoef(ranks)[0, 1])


def _check(plan: Plan, samples: int) -> None:
    ranges: Sequence[Range] = [plan.wage, *(line.amount for line in plan.lines)]
    if any(not 0 <= one.low <= one.likely <= one.high < np.inf for one in ranges):
        raise ValueError("a range is low, likely, high, and not negative")
    if len({line.key for line in plan.lines}) != len(plan.lines) or any(
        one.key == "wage" for one in plan.lines
    ):
        raise ValueError("lines must differ, and none is called wage")
    if plan.years < 1 or plan.people < 1 or samples < 1 or plan.discount <= -1:
        raise ValueError("years, people and samples must be positive, and the discount a rate")
