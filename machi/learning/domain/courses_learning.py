"""What a learner does with a lesson: opens it, says that they are through with it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Person
from machi.learning.domain.courses_cohorts import TAUGHT
from machi.learning.domain.courses_completion import settle
from machi.learning.models import Cohort, Enrolment, Lesson, LessonProgress

State = Enrolment.State


@transaction.atomic
def open_lesson(enrolment: Enrolment, lesson: Lesson, person: Person) -> None:
    """Notes that the learner has it before them; reading it again changes nothing."""
    _ensure_own(enrolment, person)
    if enrolment.state == State.WITHDRAWN or enrolment.cohort.state not in TAUGHT:
        raise PermissionDenied
    LessonProgress.objects.get_or_create(
        enrolment=enrolment,
        lesson=lesson,
        defaults={"consortium": enrolment.consortium, "opened_at": timezone.now()},
    )


@transaction.atomic
def finish_lesson(enrolment: Enrolment, lesson: Lesson, person: Person) -> None:
    """The learner says that they are through with it. Completing the course follows (``settle``)."""
    _ensure_own(enrolment, person)
    if enrolment.state == State.WITHDRAWN:
        raise Refused(_("取りやめた研修です。"))
    if enrolment.cohort.state != Cohort.State.RUNNING:
        raise Refused(_("この回は終わっています。"))
    now = timezone.now()
    progress, _new = LessonProgress.objects.select_for_update().get_or_create(
        enrolment=enrolment, lesson=lesson, defaults={"consortium": enrolment.consortium, "opened_at": now}
    )
    if progress.finished_at is None:
        progress.finished_at = now
        progress.save(update_fields=["finished_at"])
    settle(enrolment)


def _ensure_own(enrolment: Enrolment, person: Person) -> None:
    if enrolment.person_id != person.pk:
        raise PermissionDenied


@transaction.atomic
def choose_reminders(enrolment: Enrolment, person: Person, wanted: bool) -> None:
    """Whether the learner is reminded of this course by mail. Their own choice alone."""
    _ensure_own(enrolment, person)
    enrolment.reminders = wanted
    enrolment.save(update_fields=["reminders"])
