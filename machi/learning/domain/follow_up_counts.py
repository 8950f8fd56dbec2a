"""Counts of plans and check-ins of a cohort: of a town's people, or of all. Never of a person: groups of fewer than
five people are not shown, nor counts from which theirs could be had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from machi.base.models import Municipality
from machi.joint.engine.suppression import SMALLEST, Figure, suppress
from machi.learning.engine.check_in import DAYS
from machi.learning.models import CheckIn, Cohort, Enrolment, PracticePlan

Outcome = CheckIn.Outcome


@dataclass(frozen=True, slots=True)
class CheckInCounts:
    """Of one of the two check-ins. None: hidden."""

    days: int
    due: int
    """Plans whose day has come."""
    answered: int | None
    outcomes: dict[str, int | None]
    hours: Decimal | None
    """A month, of all who told them; None where fewer than five did."""
    told_hours: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """``people`` take part (known to whoever enrolled them), ``planners`` of them have a plan. ``check_ins`` is empty
    for a group that is too small to be shown."""

    people: int
    planners: int | None
    plans: int | None
    check_ins: tuple[CheckInCounts, ...]


@dataclass(frozen=True, slots=True)
class TownCounts:
    town: Municipality
    people: int
    planners: int | None
    answered: dict[int, int | None]
    """Check-in (30, 90) -> how many."""


def cohorts_begun(today: date) -> QuerySet[Cohort, Any]:
    """Those that have begun, with how many take part; the newest first."""
    part = ~Q(enrolments__state=Enrolment.State.WITHDRAWN)
    return (
        Cohort.objects.filter(starts_on__lte=today)
        .exclude(state=Cohort.State.PLANNED)
        .select_related("version__course")
        .annotate(learners=Count("enrolments", filter=part))
        .order_by("-starts_on", "-pk")
    )


def counts(cohort: Cohort, town: Municipality | None, today: date) -> Counts:
    """``town`` None: everybody in the cohort. Three queries."""
    people = _people(cohort, town).count()
    if people < SMALLEST:
        return Counts(people, None, None, ())
    plans = PracticePlan.objects.filter(enrolment__in=_people(cohort, town))
    made = plans.aggregate(
        plans=Count("pk"),
        planners=Count("enrolment", distinct=True),
        **{f"due{days}": Count("pk", filter=Q(made_on__lte=today - timedelta(days=days))) for days in DAYS},
    )
    told = list(
        CheckIn.objects.filter(plan__enrolment__in=_people(cohort, town)).values_list(
            "days", "outcome", "hours", "plan__enrolment"
        )
    )
    return Counts(
        people,
        made["planners"],
        made["plans"],
        tuple(_of(days, made[f"due{days}"], [one for one in told if one[0] == days]) for days in DAYS),
    )


def _of(days: int, due: int, told: Sequence[tuple[int, str, Decimal | None, int]]) -> CheckInCounts:
    """Somebody with three plans tells three times: people are counted, not plans, where it is about hiding."""
    each = {one.value: sum(outcome == one for _d, outcome, _h, _p in told) for one in Outcome}
    people = {person for _d, _o, _h, person in told}
    if 0 < len(people) < SMALLEST:
        return CheckInCounts(days, due, None, dict.fromkeys(each), None, None)
    figures = [Figure(name, value, frozenset({name})) for name, value in each.items()]
    safe = suppress([*figures, Figure("all", len(told), frozenset(each))])
    hours = {person for _d, _o, saved, person in told if saved is not None}
    enough = len(hours) >= SMALLEST
    return CheckInCounts(
        days,
        due,
        safe["all"],
        {name: safe[name] for name in each},
        sum((saved for _d, _o, saved, _p in told if saved is not None), Decimal()) if enough else None,
        len(hours) if enough else None,
    )


def by_town(cohort: Cohort, towns: Sequence[Municipality]) -> list[TownCounts]:
    """Each town with people in the cohort (one query). Where the hidden towns together are fewer than five people,
    the next smallest is hidden too: theirs could be had from the figure of all."""
    answered = {
        f"answered{days}": Count(
            "pk", filter=Q(Exists(CheckIn.objects.filter(plan__enrolment=OuterRef("pk"), days=days)))
        )
        for days in DAYS
    }
    rows: list[Mapping[str, Any]] = list(
        _people(cohort, None)
        .values("municipality")
        .annotate(
            people=Count("pk"),
            planners=Count("pk", filter=Q(Exists(PracticePlan.objects.filter(enrolment=OuterRef("pk"))))),
            **answered,
        )
        .order_by("people", "municipality")
    )
    hidden: set[str] = set()
    behind = 0
    for row in rows:
        if row["people"] >= SMALLEST and not 0 < behind < SMALLEST:
            break
        hidden.add(row["municipality"])
        behind += row["people"]
    known = {one.pk: one for one in towns}
    found = [
        TownCounts(
            known[row["municipality"]],
            row["people"],
            None if row["municipality"] in hidden else row["planners"],
            {days: None if row["municipality"] in hidden else row[f"answered{days}"] for days in DAYS},
        )
        for row in rows
        if row["municipality"] in known
    ]
    return sorted(found, key=lambda one: one.town.code)


def _people(cohort: Cohort, town: Municipality | None) -> QuerySet[Enrolment]:
    found = Enrolment.objects.filter(cohort=cohort).exclude(state=Enrolment.State.WITHDRAWN)
    return found if town is None else found.filter(municipality=town)
