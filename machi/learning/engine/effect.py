"""The effect of a course on a town's work: what an estimator is given, and what it must give back.

When towns start at different times, those not yet started show what would have happened anyway, if all would have
moved alike: staggered difference-in-differences (Callaway and Sant'Anna 2021; Sun and Abraham 2021; Goodman-Bacon
2021 on why one regression with two fixed effects does not do). Here is only the interface: an estimator is another
room's work, and until one is registered nothing here claims an effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol


class NotEstimable(Exception):
    """The panel does not allow an estimate; the message says why, for people to read."""


@dataclass(frozen=True, slots=True)
class Panel:
    """``periods``: first days of consecutive months, in order. ``first``: unit (town) -> the period in which its first
    people began the course, None: not yet. ``values``: unit -> a value for each period, None: hidden or unknown."""

    outcome: str
    periods: tuple[date, ...]
    first: Mapping[str, date | None]
    values: Mapping[str, tuple[float | None, ...]]

    def __post_init__(self) -> None:
        if self.first.keys() != self.values.keys():
            raise ValueError("a start (or None) and values for the same units")
        if any(len(one) != len(self.periods) for one in self.values.values()):
            raise ValueError("a value for each period")
        if any(next_month(one) != other for one, other in zip(self.periods, self.periods[1:], strict=False)):
            raise ValueError("periods are consecutive months")


@dataclass(frozen=True, slots=True)
class Estimate:
    """``effect`` in the outcome's unit per town and month, with its interval at ``level`` (0.95)."""

    effect: float
    low: float
    high: float
    level: float
    method: str
    assumptions: tuple[str, ...]
    """In sentences, each with what speaks against it in these data, if anything does."""


class EffectEstimator(Protocol):
    """Deterministic; raises NotEstimable."""

    key: str
    version: str

    def estimate(self, panel: Panel) -> Estimate: ...


@dataclass(frozen=True, slots=True)
class StartGroup:
    """Towns that began in the same month (None: not yet) and their mean in each period, over those with a value."""

    start: date | None
    units: tuple[str, ...]
    means: tuple[float | None, ...]
    before: float | None
    after: float | None
    """Means of ``means`` before, and from the start on; None for those that have not begun."""
    others_before: float | None
    others_after: float | None
    """The same months of the towns that have not begun at all."""


def next_month(day: date) -> date:
    """First day of the month after that of ``day``."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def start_groups(panel: Panel, fewest: int = 1) -> list[StartGroup]:
    """A description, no effect: towns that begin early may differ from others in everything else. By start, those
    not yet begun last. A mean of fewer than ``fewest`` towns is None."""
    starts: dict[date | None, list[str]] = {}
    for unit, start in panel.first.items():
        starts.setdefault(start, []).append(unit)
    idle = _means(panel, starts.get(None, []), fewest)
    found = []
    for start in sorted(starts, key=lambda one: one or date.max):
        means = _means(panel, starts[start], fewest)
        halves = [_halves(panel.periods, one, start) for one in (means, idle)]
        found.append(StartGroup(start, tuple(sorted(starts[start])), means, *halves[0], *halves[1]))
    return found


def long_rows(panel: Panel) -> Iterator[tuple[str, str, int, str, int, float | None]]:
    """One row a unit and period, as did estimators take it: unit, period (YYYY-MM), time (1, 2, ...), first treated
    (YYYY-MM or empty), first treated as time (0: not so far; begun before the panel: 1),
    value."""
    for unit in sorted(panel.values):
        start = panel.first[unit]
        when = f"{start:%Y-%m}" if start else ""
        time_of_start = _time(panel, start) if start else 0
        for at, (period, value) in enumerate(zip(panel.periods, panel.values[unit], strict=True), 1):
            yield unit, f"{period:%Y-%m}", at, when, time_of_start, value


def _time(panel: Panel, start: date) -> int:
    if not panel.periods:
        return 1
    first = panel.periods[0]
    at = (start.year - first.year) * 12 + start.month - first.month + 1
    return max(at, 1)  # begun before the panel does: treated in all of it, never 0, which says "never"


def _means(panel: Panel, units: list[str], fewest: int) -> tuple[float | None, ...]:
    return tuple(
        _mean([panel.values[unit][at] for unit in units], fewest) for at in range(len(panel.periods))
    )


def _halves(
    periods: tuple[date, ...], means: tuple[float | None, ...], start: date | None
) -> tuple[float | None, float | None]:
    if start is None:
        return None, None
    pairs = list(zip(periods, means, strict=True))
    return (
        _mean([value for period, value in pairs if period < start]),
        _mean([value for period, value in pairs if period >= start]),
    )


def _mean(values: list[float | None], fewest: int = 1) -> float | None:
    known = [one for one in values if one is not None]
    return sum(known) / len(known) if len(known) >= max(fewest, 1) else None
