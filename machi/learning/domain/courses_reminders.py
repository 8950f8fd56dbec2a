"""Mails to learners: before the first day, when they fall behind, before the last day. Once each, and none to whoever
does not want them. They say what and where, and nothing of how well somebody did: mail is no safe place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks.base import Task

from machi.base.models import Consortium, Municipality
from machi.base.scoping import in_consortium
from machi.learning.domain.courses_calendar import cohort_calendar
from machi.learning.domain.courses_cohorts import begin_due
from machi.learning.domain.courses_completion import settle_all
from machi.learning.domain.courses_progress import learners
from machi.learning.models import Cohort, Enrolment, Reminder

STARTS_BEFORE, ENDS_BEFORE = timedelta(days=7), timedelta(days=7)
Kind = Reminder.Kind


def each_day(municipality: Municipality, consortium: Consortium) -> None:
    """Cohorts begin, what was completed is settled, and the town's learners are reminded. Safe to repeat."""
    today = timezone.localdate()
    begin_due(municipality, today)
    for cohort in Cohort.objects.filter(state=Cohort.State.RUNNING).select_related("version__course"):
        settle_all(cohort, municipality)
    remind(municipality, consortium, today)


def remind(municipality: Municipality, consortium: Consortium, today: date) -> int:
    """Mails to the town's learners; how many were written."""
    return sum(
        written_once(consortium, enrolment, kind, key, send_reminder)
        for enrolment, kind, key in due(municipality, today)
    )


@transaction.atomic
def written_once(
    consortium: Consortium, enrolment: Enrolment, kind: Kind, key: str, send: Task[[int, int], None]
) -> bool:
    """Has ``send`` mail it (consortium, number of the Reminder), unless it was before; whether it does."""
    reminder, new = Reminder.objects.get_or_create(
        enrolment=enrolment,
        key=key,
        defaults={"consortium": consortium, "kind": kind, "at": timezone.now()},
    )
    if new:  # the mail waits in the database, so that it is sent if and only if the row holds
        send.enqueue(consortium.pk, reminder.pk)
    return new


def due(municipality: Municipality, today: date) -> Iterator[tuple[Enrolment, Kind, str]]:
    """Who should be told what today, and under which key it is told once."""
    states = (Cohort.State.OPEN, Cohort.State.RUNNING)
    found = Cohort.objects.filter(
        state__in=states, ends_on__gte=today, enrolments__municipality=municipality
    ).select_related("version__course")
    for cohort in found.distinct():
        wanted = cohort.enrolments.filter(
            municipality=municipality, state=Enrolment.State.ACTIVE, reminders=True, person__is_active=True
        ).select_related("person")
        year, week, _day = today.isocalendar()
        for one in learners(cohort, list(wanted), today):
            if today < cohort.starts_on <= today + STARTS_BEFORE:
                yield one.enrolment, Kind.STARTS, "starts"
            elif cohort.starts_on <= today and cohort.ends_on <= today + ENDS_BEFORE:
                yield one.enrolment, Kind.ENDS, "ends"
            elif cohort.state == Cohort.State.RUNNING and one.standing.reasons:
                yield one.enrolment, Kind.BEHIND, f"behind-{year}-W{week:02}"


@task()
def send_reminder(consortium: int, pk: int) -> None:
    with in_consortium(Consortium.objects.get(pk=consortium)), translation.override("ja"):
        reminder = Reminder.objects.select_related(
            "enrolment__person", "enrolment__cohort__version__course", "enrolment__municipality"
        ).get(pk=pk)
        enrolment = reminder.enrolment
        if not (
            enrolment.reminders and enrolment.person.is_active and enrolment.state == Enrolment.State.ACTIVE
        ):
            return  # changed since it was written
        letter(reminder).send()


def letter(reminder: Reminder) -> EmailMessage:
    enrolment = reminder.enrolment
    cohort = enrolment.cohort
    course = cohort.version.course.title
    subject, told = {
        Kind.STARTS: (
            _("研修「%(course)s」が%(day)sに始まります")
            % {"course": course, "day": date_format(cohort.starts_on)},
            _("日程の予定表（.ics）を付けました。"),
        ),
        Kind.BEHIND: (
            _("研修「%(course)s」の続きがあります") % {"course": course},
            _(
                "少し間が空いています。1レッスンだけでも進めてみませんか。困っているときは、講師に聞いてください。"
            ),
        ),
        Kind.ENDS: (
            _("研修「%(course)s」は%(day)sまでです") % {"course": course, "day": date_format(cohort.ends_on)},
            _("残っているレッスンと演習を、次のページで確かめられます。"),
        ),
    }[Kind(reminder.kind)]
    address = page_of(enrolment)
    stop = _("このお知らせは、研修のページの「お知らせのメール」で止められます。")
    mail = EmailMessage(
        subject,
        "\n".join([told, "", cohort.title, address, "", stop]),
        settings.DEFAULT_FROM_EMAIL,
        [enrolment.person.email],
    )
    if reminder.kind == Kind.STARTS:
        mail.attach("course.ics", cohort_calendar(cohort, address), "text/calendar")
    return mail


def page_of(enrolment: Enrolment) -> str:
    """Full address of the learner's page; it names the consortium, so that it opens wherever they were last."""
    path = reverse("learning:my_course", args=[enrolment.municipality_id, enrolment.pk])
    return f"{settings.MACHI_URL.rstrip('/')}{path}?consortium={enrolment.consortium_id}"
