"""People who have finished a course, for the tests of what comes after."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from machi.base import ledger
from machi.base.models import LedgerEntry, Municipality
from machi.base.scoping import in_municipality
from machi.learning.domain import follow_up as verbs
from machi.learning.models import Cohort, Enrolment, PracticePlan
from tests.learning.courses import Work

GIVEN: dict[str, Any] = {
    "will": "会議の要点をAIの要約と比べる。",
    "work": "課内会議の記録",
    "see": "かかった時間を書きとめる。",
    "system": "",
    "shared": False,
}
SECRETS = ("会議の要点", "課内会議", "書きとめる")


def finished(work: Work, town: Municipality | None = None) -> Enrolment:
    """Somebody who has completed the course today."""
    place = work.learner(town or work.town)
    with work.inside():
        place.state, place.completed_at = Enrolment.State.COMPLETED, timezone.now()
        place.save()
    return place


def planned(work: Work, place: Enrolment, ago: int = 0, **given: Any) -> PracticePlan:
    """A plan made ``ago`` days ago."""
    with work.inside():
        plan = verbs.make_plan(place, place.person, {**GIVEN, **given})
        plan.made_on -= timedelta(days=ago)
        plan.save()
    return plan


def over(work: Work, days: int = 40, lasted: int = 30) -> Cohort:
    """The cohort, ended ``days`` ago."""
    with work.inside():
        ended = timezone.localdate() - timedelta(days=days)
        Cohort.objects.filter(pk=work.cohort.pk).update(
            state=Cohort.State.ENDED, starts_on=ended - timedelta(days=lasted), ends_on=ended
        )
        work.cohort.refresh_from_db()
    return work.cohort


def used(
    town: Municipality, place: Enrolment, day: date, count: int = 1, system: str = "frontdesk.drafts"
) -> list[LedgerEntry]:
    """Results that somebody had made on a day: real entries, dated back in the column that is searched."""
    made = []
    with in_municipality(town):
        for _ in range(count):
            entry = ledger.record(town, system=system, subject="inquiry:1", actor=place.person)
            made.append(entry)
        at = timezone.make_aware(datetime.combine(day, time(12)))
        LedgerEntry.objects.filter(pk__in=[one.pk for one in made]).update(at=at)
    return made
