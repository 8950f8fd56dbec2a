"""Mails after a course: to make a plan, and to look back on it. Once each, within two weeks of the day, and none to
whoever does not want them. Nothing of what the plan says is in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from machi.base.models import Consortium, Municipality
from machi.base.scoping import in_consortium
from machi.learning.domain.courses_reminders import Kind, page_of, written_once
from machi.learning.domain.follow_up_access import may_plan
from machi.learning.domain.follow_up_use import share_months
from machi.learning.engine.check_in import DAYS, PLAN_AFTER, REMIND_FOR, ask_for_plan, to_remind
from machi.learning.models import Enrolment, PracticePlan, Reminder


def each_day(municipality: Municipality, consortium: Consortium) -> None:
    """People are reminded, and the months that are over are counted. Safe to repeat."""
    today = timezone.localdate()
    remind(municipality, consortium, today)
    share_months(municipality, consortium, today)


def remind(municipality: Municipality, consortium: Consortium, today: date) -> int:
    """Mails to the town's people; how many were written."""
    return sum(
        written_once(consortium, enrolment, kind, key, send_follow_up)
        for enrolment, kind, key in due(municipality, today)
    )


def due(municipality: Municipality, today: date) -> Iterator[tuple[Enrolment, Kind, str]]:
    """Who is told what today, and under which key once (three queries)."""
    wanted = Q(municipality=municipality, reminders=True, erased_at=None, person__is_active=True)
    people = Enrolment.objects.filter(wanted).exclude(state=Enrolment.State.WITHDRAWN)
    since = today - timedelta(days=PLAN_AFTER + REMIND_FOR)
    finished = people.filter(
        Q(completed_at__date__gte=since) | Q(completed_at=None, cohort__ends_on__gte=since), plans=None
    )
    for one in finished.select_related("cohort"):
        day = timezone.localdate(one.completed_at) if one.completed_at else one.cohort.ends_on
        if ask_for_plan(day, today):
            yield one, Kind.PLAN, "plan"
    plans = (
        PracticePlan.objects.filter(
            enrolment__in=people, erased_at=None, made_on__gte=today - timedelta(days=max(DAYS) + REMIND_FOR)
        )
        .select_related("enrolment")
        .prefetch_related("check_ins")
    )
    for plan in plans:
        days = to_remind(plan.made_on, today, {one.days for one in plan.check_ins.all()})
        if days is not None:
            yield plan.enrolment, Kind.CHECK_IN, f"{days}-{plan.pk}"


@task()
def send_follow_up(consortium: int, pk: int) -> None:
    with in_consortium(Consortium.objects.get(pk=consortium)), translation.override("ja"):
        reminder = Reminder.objects.select_related(
            "enrolment__person", "enrolment__cohort__version__course", "enrolment__municipality"
        ).get(pk=pk)
        enrolment = reminder.enrolment
        wanted = (
            enrolment.reminders and enrolment.person.is_active and may_plan(enrolment, timezone.localdate())
        )
        mail = letter(reminder) if wanted else None
        if mail is not None:
            mail.send()


def letter(reminder: Reminder) -> EmailMessage | None:
    """None: it has been done since it was written."""
    enrolment = reminder.enrolment
    course = enrolment.cohort.version.course.title
    if reminder.kind == Kind.PLAN:
        if enrolment.plans.exists():
            return None
        subject = _("研修「%(course)s」のあとにやることを、1つ決めませんか") % {"course": course}
        told = _("30日のうちに自分の仕事で試すことを1つ書くと、30日後と90日後に振り返れます。")
        address = page_of(enrolment)
    else:
        days, _dash, number = reminder.key.partition("-")
        plan = PracticePlan.objects.filter(pk=int(number), erased_at=None).first()
        if plan is None or plan.check_ins.filter(days=int(days)).exists():
            return None
        subject = _("研修「%(course)s」の計画から%(days)s日がたちました") % {"course": course, "days": days}
        told = _(
            "できたことも、できなかったことも、1分で書けます。できなかった理由は、次の研修に生かします。"
        )
        path = reverse("learning:practice_plan", args=[enrolment.municipality_id, plan.pk])
        address = f"{settings.MACHI_URL.rstrip('/')}{path}?consortium={enrolment.consortium_id}"
    stop = _("このお知らせは、研修のページの「お知らせのメール」で止められます。")
    return EmailMessage(
        subject,
        "\n".join([told, "", address, "", stop]),
        settings.DEFAULT_FROM_EMAIL,
        [enrolment.person.email],
    )
