"""What waits of joint projects: reports due, sent back and to be confirmed, questions to be answered, visits to follow
up, outcomes to be told."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from machi.base.models import Municipality, Person
from machi.base.rooms import Waiting
from machi.joint.domain import monitoring_reports as reports
from machi.joint.domain.monitoring_scope import is_office
from machi.joint.domain.projects import projects, projects_of
from machi.joint.models import JointProject, MentoringQuestion, ModelAdoption, ProjectReport, SiteVisit

TOLD_WITHIN = timedelta(days=180)
"""A town that adopted a model is asked after half a year what came of it."""
State = ProjectReport.State


def due(municipality: Municipality, person: Person) -> list[reports.Expected]:
    """Reports that wait: the town's own, or with the office of every town; most pressing first."""
    running = projects() if is_office(person, municipality) else projects_of(municipality)
    found = reports.with_reports(running.filter(state=JointProject.State.RUNNING))
    today = timezone.localdate()
    waiting = [one for one in reports.expected(found, today) if one.waits(today)]
    if not is_office(person, municipality):
        waiting = [one for one in waiting if one.town.pk == municipality.pk]
    return sorted(waiting, key=lambda one: (one.half, one.project.pk, one.town.code))


def waiting(municipality: Municipality, person: Person) -> list[Waiting]:
    return [*_of_town(municipality, person), *_of_office(municipality, person)]


def _of_town(municipality: Municipality, person: Person) -> list[Waiting]:
    if not person.has_perm(reports.WRITE, municipality) or is_office(person, municipality):
        return []
    own = due(municipality, person)
    back = sum(one.report is not None and one.report.state == State.RETURNED for one in own)
    since = timezone.localdate() - TOLD_WITHIN
    untold = ModelAdoption.objects.filter(
        town=municipality, state=ModelAdoption.State.TRYING, adopted_on__lt=since
    )
    return [
        Waiting(_("出す時期の共同事業の報告"), len(own) - back, "joint:reports_due"),
        Waiting(_("差し戻された共同事業の報告"), back, "joint:reports_due"),
        Waiting(_("結果をまだ伝えていない横展開"), untold.count(), "joint:model_sheets"),
    ]


def _of_office(municipality: Municipality, person: Person) -> list[Waiting]:
    if not is_office(person, municipality):
        return []
    today = timezone.localdate()
    late = sum(one.overdue(today) for one in due(municipality, person))
    unconfirmed = ProjectReport.objects.filter(state=State.SUBMITTED)
    unanswered = MentoringQuestion.objects.filter(answered_at__isnull=True)
    to_check = SiteVisit.objects.filter(follow_up_on__lte=today, followed_up="")
    return [
        Waiting(_("期限を過ぎた共同事業の報告"), late, "joint:reports_due"),
        Waiting(_("確認を待つ共同事業の報告"), unconfirmed.count(), "joint:reports_due"),
        Waiting(_("回答を待つ相談"), unanswered.count(), "joint:questions"),
        Waiting(_("その後を確かめる訪問"), to_check.count(), "joint:visits"),
    ]
