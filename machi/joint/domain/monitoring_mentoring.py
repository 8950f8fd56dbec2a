"""Mentoring: questions of project towns to the joint office with answers kept, and notes of site visits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.joint.domain.monitoring_scope import is_office, takes_part
from machi.joint.domain.projects import record
from machi.joint.models import JointProject, MentoringQuestion, SiteVisit

VISIT = ("town", "visited_on", "present", "seen", "agreed", "follow_up_on", "followed_up")
ASK = "joint.ask_office"


def questions(municipality: Municipality, person: Person) -> QuerySet[MentoringQuestion, Any]:
    """The office reads all; a town those of its projects, and what the office opened to everyone."""
    found = MentoringQuestion.objects.select_related("project", "town", "town__prefecture", "asked_by")
    if not is_office(person, municipality):
        mine = JointProject.objects.filter(members=municipality).values("pk")
        found = found.filter(Q(project__in=mine) | Q(for_all=True, answered_at__isnull=False))
    return found.order_by(F("answered_at").desc(nulls_first=True), "-asked_at", "-pk")


def visits(municipality: Municipality, person: Person) -> QuerySet[SiteVisit, Any]:
    found = SiteVisit.objects.select_related("project", "town", "town__prefecture")
    if not is_office(person, municipality):
        mine = JointProject.objects.filter(members=municipality).values("pk")
        found = found.filter(project__in=mine)
    return found.order_by("-visited_on", "-pk")


@transaction.atomic
def ask(
    project: JointProject, municipality: Municipality, person: Person, *, title: str, question: str
) -> MentoringQuestion:
    if not (takes_part(project, municipality) and person.has_perm(ASK, municipality)):
        raise PermissionDenied
    asked = MentoringQuestion.objects.create(
        consortium=project.consortium,
        project=project,
        town=municipality,
        title=title.strip(),
        question=question.strip(),
        asked_by=person,
    )
    record(project, municipality, person, "ask", inputs={"question": question}, question=asked.pk)
    return asked


@transaction.atomic
def answer(
    question: MentoringQuestion, municipality: Municipality, person: Person, *, text: str, for_all: bool
) -> None:
    """Given once; a later one replaces it, and the ledger knows of both."""
    if not is_office(person, municipality):
        raise PermissionDenied
    if not text.strip():
        raise Refused(_("回答を書いてください。"), "answer")
    current = MentoringQuestion.objects.select_for_update().get(pk=question.pk)
    action = "answer_again" if current.answered_at else "answer"
    current.answer, current.for_all = text.strip(), for_all
    current.answered_by, current.answered_at = person, timezone.now()
    current.save()
    record(
        current.project,
        municipality,
        person,
        action,
        inputs={"answer": text},
        question=current.pk,
        for_all=for_all,
    )


@transaction.atomic
def note_visit(
    project: JointProject,
    municipality: Municipality,
    person: Person,
    given: Mapping[str, Any],
    visit: SiteVisit | None = None,
) -> SiteVisit:
    """A new note, or ``visit`` written anew. Who was there stays out of the ledger."""
    if not is_office(person, municipality):
        raise PermissionDenied
    if not takes_part(project, given["town"]):
        raise Refused(_("この事業に参加していない自治体です。"), "town")
    if given["visited_on"] > timezone.localdate():
        raise Refused(_("訪問日は今日までの日にしてください。"), "visited_on")
    if given["follow_up_on"] and given["follow_up_on"] < given["visited_on"]:
        raise Refused(_("次に確かめる日は、訪問日より後にしてください。"), "follow_up_on")
    action = "change_visit" if visit else "note_visit"
    noted = visit or SiteVisit(consortium=project.consortium, project=project)
    for name in VISIT:
        setattr(noted, name, given[name])
    noted.save()
    record(
        project,
        municipality,
        person,
        action,
        inputs={"seen": noted.seen, "agreed": noted.agreed, "followed_up": noted.followed_up},
        visit=noted.pk,
        town=noted.town_id,
        on=noted.visited_on.isoformat(),
    )
    return noted
