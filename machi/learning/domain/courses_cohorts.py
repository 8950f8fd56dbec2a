"""Cohorts: people of several towns who take one version of a course together, and who instructs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality, Person
from machi.learning.domain.courses_access import ensure_office, record
from machi.learning.models import Cohort, CourseVersion, Enrolment

State = Cohort.State
FIELDS = ("title", "starts_on", "ends_on")
ONWARD: Mapping[str, tuple[str, ...]] = {
    State.PLANNED: (State.OPEN,),
    State.OPEN: (State.RUNNING, State.PLANNED),
    State.RUNNING: (State.ENDED,),
    State.ENDED: (State.RUNNING,),
}
"""State -> those it may pass into, the usual one first. Ended by mistake, it runs again."""
TAKES_PEOPLE = (State.OPEN, State.RUNNING)
TAUGHT = (State.RUNNING, State.ENDED)
"""Lessons can be read, after the end as well: what was learnt is to be looked up."""


def cohorts() -> QuerySet[Cohort, Any]:
    """All of the consortium, the latest first, with ``learners``, ``completed`` and ``towns`` counted."""
    present = ~Q(enrolments__state=Enrolment.State.WITHDRAWN)
    done = Q(enrolments__state=Enrolment.State.COMPLETED)
    return (
        Cohort.objects.select_related("version__course", "consortium")
        .annotate(
            learners=Count("enrolments", filter=present, distinct=True),
            completed=Count("enrolments", filter=done, distinct=True),
            towns=Count("enrolments__municipality", filter=present, distinct=True),
        )
        .order_by("-starts_on", "-pk")
    )


@transaction.atomic
def create_cohort(
    consortium: Consortium,
    municipality: Municipality,
    person: Person,
    given: Mapping[str, Any],
    version: CourseVersion,
    instructors: Sequence[Person],
) -> Cohort:
    """``given``: title, starts_on, ends_on. Of a published version only."""
    ensure_office(person, municipality)
    current = CourseVersion.objects.select_for_update().get(pk=version.pk)
    if current.state != CourseVersion.State.PUBLISHED:
        raise Refused(_("公開中の版を選んでください。"), "version")
    _ensure_dates(given)
    cohort = Cohort.objects.create(
        consortium=consortium, version=current, **{name: given[name] for name in FIELDS}
    )
    cohort.instructors.set(instructors)
    _record(cohort, municipality, person, "create", _dates(cohort, instructors))
    return cohort


@transaction.atomic
def change_cohort(
    cohort: Cohort,
    municipality: Municipality,
    person: Person,
    given: Mapping[str, Any],
    instructors: Sequence[Person],
) -> None:
    """Its name, dates and instructors; the version it is of stays."""
    ensure_office(person, municipality)
    current = locked(cohort)
    _ensure_dates(given)
    for name in FIELDS:
        setattr(current, name, given[name])
    current.save()
    current.instructors.set(instructors)
    _record(current, municipality, person, "change", _dates(current, instructors))


@transaction.atomic
def pass_into(cohort: Cohort, municipality: Municipality, person: Person, state: str) -> None:
    """Opened for enrolment, begun, ended."""
    ensure_office(person, municipality)
    current = locked(cohort)
    if state not in ONWARD[current.state]:
        raise Refused(_("「%(state)s」からは変えられません。") % {"state": State(current.state).label})
    if state == State.PLANNED and current.enrolments.exists():
        raise Refused(_("受講者がいるので、準備中には戻せません。"))
    current.state = State(state)
    current.save(update_fields=["state"])
    _record(current, municipality, person, str(state), {})


def locked(cohort: Cohort) -> Cohort:
    return (
        Cohort.objects.select_for_update(of=("self",))
        .select_related("version__course", "consortium")
        .get(pk=cohort.pk)
    )


@transaction.atomic
def begin_due(municipality: Municipality, today: date) -> int:
    """Cohorts that are open and whose first day has come begin by themselves; how many did."""
    due = list(
        Cohort.objects.select_for_update().filter(state=State.OPEN, starts_on__lte=today, ends_on__gte=today)
    )
    for cohort in due:
        cohort.state = State.RUNNING
        cohort.save(update_fields=["state"])
        _record(cohort, municipality, None, str(State.RUNNING), {})
    return len(due)


def _ensure_dates(given: Mapping[str, Any]) -> None:
    if given["ends_on"] <= given["starts_on"]:
        raise Refused(_("終わる日は、始まる日より後にしてください。"), "ends_on")


def _dates(cohort: Cohort, instructors: Sequence[Person]) -> dict[str, Any]:
    return {
        "version": cohort.version_id,
        "from": cohort.starts_on.isoformat(),
        "until": cohort.ends_on.isoformat(),
        "instructors": sorted(one.pk for one in instructors),
    }


def _record(
    cohort: Cohort,
    municipality: Municipality,
    person: Person | None,
    action: str,
    outputs: Mapping[str, Any],
) -> None:
    record(
        cohort.consortium,
        municipality,
        person,
        f"cohort:{cohort.pk}",
        action,
        inputs={"title": cohort.title},
        **outputs,
    )
