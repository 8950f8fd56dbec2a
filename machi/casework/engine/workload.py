"""How many applications to expect, and how long they took. Simple on purpose: a person can check it by hand.

Forecast: the mean of the same weekday over the last weeks, with the 80 % prediction interval of a normal sample
(Student's t with n - 1 degrees of freedom, s * sqrt(1 + 1/n)). Days on which the office is closed are left out of
both. It knows no season and no campaign; the page says so.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEKS = 8
_T80 = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356)
"""Student's t, two-sided 80 %, for 1 to 12 degrees of freedom."""


@dataclass(frozen=True, slots=True)
class Expected:
    day: date
    mean: float
    low: float
    high: float
    weeks: int
    """Days it rests on."""


@dataclass(frozen=True, slots=True)
class Times:
    """Of decided cases, in working days: half were done in ``median``, nine of ten in ``ninth``."""

    count: int
    median: float
    ninth: float
    late: int


def forecast(
    counts: Mapping[date, int],
    today: date,
    days: int,
    is_open: Callable[[date], bool],
    *,
    weeks: int = WEEKS,
    since: date | None = None,
) -> list[Expected]:
    """The next ``days`` open days after ``today``. ``counts``: arrivals a day, days without any left out; ``since``:
    the first day that was counted. A weekday with fewer than two open days behind it is left out."""
    found: list[Expected] = []
    day = today
    while len(found) < days and day < today + timedelta(days=days * 3 + 14):
        day += timedelta(days=1)
        if not is_open(day):
            continue
        back = [day - timedelta(weeks=one) for one in range(1, weeks + 3)]
        past = [one for one in back if one < today and is_open(one) and (since is None or one >= since)]
        values = [counts.get(one, 0) for one in past[:weeks]]
        if len(values) < 2:
            continue
        mean, spread = statistics.fmean(values), statistics.stdev(values)
        t = _T80[min(len(values) - 1, len(_T80)) - 1]
        reach = t * spread * math.sqrt(1 + 1 / len(values))
        found.append(Expected(day, mean, max(0.0, mean - reach), mean + reach, len(values)))
    return found


def times(spans: Sequence[tuple[int, bool]]) -> Times | None:
    """``spans``: working days from receipt to decision, and whether it came after the deadline. None for none."""
    if not spans:
        return None
    taken = sorted(days for days, _late in spans)
    ninth = taken[min(len(taken) - 1, math.ceil(len(taken) * 0.9) - 1)]
    return Times(len(taken), statistics.median(taken), ninth, sum(late for _days, late in spans))


def working_days_between(start: date, end: date, is_open: Callable[[date], bool]) -> int:
    """Open days after ``start`` up to and with ``end``; 0 where ``end`` is not later."""
    count, day = 0, start
    while day < end:
        day += timedelta(days=1)
        count += is_open(day)
    return count
