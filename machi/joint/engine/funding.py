"""Which subsidies fit a town and a plan, why or why not, and how much they give.

A programme's rules are data. The amount is the eligible cost times the rate, not above the ceiling, rounded down to
the programme's unit (most Japanese subsidies are whole thousands of yen, 千円未満切捨て), and nothing under the floor.
All in whole yen and exact fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Programme:
    """None and empty sets: no such condition."""

    key: str
    purposes: frozenset[str]
    """What it is for; a plan must share one."""
    rate: Fraction
    """Of the eligible cost, over 0 to 1."""
    ceiling: int | None = None
    """Yen."""
    floor: int = 0
    """Yen; what would be less is not granted."""
    unit: int = 1000
    opens: date | None = None
    deadline: date | None = None
    """The last day to apply."""
    kinds: frozenset[str] = frozenset()
    """Of municipality: city, town, village, special_ward."""
    prefectures: frozenset[str] = frozenset()
    """Six-digit codes."""
    population: tuple[int | None, int | None] = (None, None)
    """At least, at most; of every town that applies."""
    members: tuple[int | None, int | None] = (None, None)
    """How many towns apply together, at least, at most."""
    flags: frozenset[str] = frozenset()
    """What every town must be: depopulated area, island, ..."""
    costs: frozenset[str] = frozenset()
    """The kinds of cost that count. Empty: all."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """One town."""

    code: str
    kind: str
    prefecture: str
    population: int
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    purposes: frozenset[str]
    costs: Mapping[str, int]
    """Yen, by kind of cost."""


class Condition(StrEnum):
    PURPOSE = "purpose"
    KIND = "kind"
    PREFECTURE = "prefecture"
    POPULATION = "population"
    MEMBERS = "members"
    FLAGS = "flags"
    OPEN = "open"
    DEADLINE = "deadline"
    COSTS = "costs"
    """There is a cost that counts."""
    FLOOR = "floor"
    """What would be granted reaches the floor."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A condition that the programme sets, whether it is met, and by what it hangs."""

    condition: Condition
    met: bool
    about: tuple[str, ...] = ()
    """Met: the purposes or costs that count. Not met: the towns that fail, the flags that lack, the dates."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Yen."""

    eligible: int
    granted: int
    own: int
    """What remains of the whole plan's cost."""
    capped: bool
    """The ceiling cut it."""


@dataclass(frozen=True, slots=True)
class Match:
    programme: str
    fits: bool
    reasons: tuple[Reason, ...]
    amount: Amount
    """What it would give if it fitted."""
    days_left: int | None
    """Until the deadline, that day included as 0; None without one."""


def match(
    programmes: Iterable[Programme], applicants: Sequence[Applicant], plan: Plan, today: date
) -> list[Match]:
    """All programmes: those that fit first, the greater grant first, then the nearer deadline, then the key.

    ValueError for no applicants, one given twice, negative costs, or a programme whose rate, unit, floor, ceiling,
    ranges or dates make no sense.
    """
    if not applicants or len({one.code for one in applicants}) != len(applicants):
        raise ValueError("there must be towns, and they must differ")
    if any(yen < 0 for yen in plan.costs.values()):
        raise ValueError("a cost is not negative")
    found = [_match(one, applicants, plan, today) for one in programmes]
    return sorted(
        found, key=lambda one: (not one.fits, -one.amount.granted, _late(one.days_left), one.programme)
    )


def amount(programme: Programme, costs: Mapping[str, int]) -> Amount:
    """What a programme gives for costs by kind, by its rounding rule."""
    check(programme)
    eligible = sum(yen for kind, yen in costs.items() if not programme.costs or kind in programme.costs)
    exact = eligible * programme.rate
    capped = programme.ceiling is not None and exact > programme.ceiling
    if programme.ceiling is not None:
        exact = min(exact, Fraction(programme.ceiling))
    granted = exact.__floor__() // programme.unit * programme.unit
    if granted < programme.floor:
        granted = 0
    return Amount(eligible, granted, sum(costs.values()) - granted, capped)


def check(programme: Programme) -> None:
    """ValueError where a programme makes no sense; for forms and imports too."""
    if not 0 < programme.rate <= 1:
        raise ValueError(f"{programme.key}: the rate is over 0 and at most 1")
    if (
        programme.unit < 1
        or programme.floor < 0
        or (programme.ceiling is not None and programme.ceiling < programme.floor)
    ):
        raise ValueError(f"{programme.key}: unit, floor and ceiling do not fit")
    if programme.opens and programme.deadline and programme.deadline < programme.opens:
        raise ValueError(f"{programme.key}: it closes before it opens")
    for least, most in (programme.population, programme.members):
        if least is not None and most is not None and most < least:
            raise ValueError(f"{programme.key}: a range ends before it begins")


def _match(programme: Programme, applicants: Sequence[Applicant], plan: Plan, today: date) -> Match:
    money = amount(programme, plan.costs)
    reasons = tuple(_reasons(programme, applicants, plan, today, money))
    left = (programme.deadline - today).days if programme.deadline else None
    return Match(programme.key, all(one.met for one in reasons), reasons, money, left)


def _reasons(
    programme: Programme, applicants: Sequence[Applicant], plan: Plan, today: date, money: Amount
) -> Iterable[Reason]:
    shared = programme.purposes & plan.purposes
    yield Reason(Condition.PURPOSE, bool(shared), tuple(sorted(shared or programme.purposes)))
    if programme.kinds:
        yield _each(Condition.KIND, [one.code for one in applicants if one.kind not in programme.kinds])
    if programme.prefectures:
        outside = [one.code for one in applicants if one.prefecture not in programme.prefectures]
        yield _each(Condition.PREFECTURE, outside)
    if programme.population != (None, None):
        failing = [one.code for one in applicants if not _within(one.population, programme.population)]
        yield _each(Condition.POPULATION, failing)
    if programme.members != (None, None):
        yield Reason(Condition.MEMBERS, _within(len(applicants), programme.members), (str(len(applicants)),))
    if programme.flags:
        yield _each(Condition.FLAGS, [one.code for one in applicants if programme.flags - one.flags])
    if programme.opens:
        yield Reason(Condition.OPEN, programme.opens <= today, (programme.opens.isoformat(),))
    if programme.deadline:
        yield Reason(Condition.DEADLINE, today <= programme.deadline, (programme.deadline.isoformat(),))
    counting = sorted(kind for kind in plan.costs if not programme.costs or kind in programme.costs)
    yield Reason(Condition.COSTS, money.eligible > 0, tuple(counting or sorted(programme.costs)))
    if programme.floor and money.eligible:
        yield Reason(Condition.FLOOR, money.granted > 0, (str(programme.floor),))


def _each(condition: Condition, failing: Sequence[str]) -> Reason:
    return Reason(condition, not failing, tuple(failing))


def _within(value: int, limits: tuple[int | None, int | None]) -> bool:
    least, most = limits
    return (least is None or least <= value) and (most is None or value <= most)


def _late(days: int | None) -> float:
    return float("inf") if days is None else days
