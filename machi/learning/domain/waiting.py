"""What the room says on the page where staff begin: what one has to learn, to answer and to decide."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from machi.base.domain.waiting import in_each_consortium
from machi.base.models import Municipality, Person
from machi.base.rooms import Waiting
from machi.learning.domain import cases, discussion_moderation
from machi.learning.domain.courses_access import LEARN
from machi.learning.domain.discussion import MODERATE
from machi.learning.domain.exercises_queries import reviews
from machi.learning.domain.follow_up_queries import followed, own_plans
from machi.learning.domain.surveys_record import HAND_IN
from machi.learning.domain.surveys_reminders import to_hand_in


def waiting(municipality: Municipality, person: Person) -> list[Waiting]:
    return in_each_consortium((_of_learner, _of_town, _of_office), municipality, person)


def _of_learner(municipality: Municipality, person: Person) -> list[Waiting]:
    if not person.has_perm(LEARN, municipality):
        return []
    today = timezone.localdate()
    again, _next = reviews(person, municipality, today)
    looked_back = sum(followed(plan, today).open is not None for plan in own_plans(person))
    return [
        Waiting(_("もう一度解く問題"), len(again), "learning:review"),
        Waiting(_("ふり返る計画"), looked_back, "learning:my_plans"),
    ]


def _of_town(municipality: Municipality, person: Person) -> list[Waiting]:
    if not person.has_perm(HAND_IN, municipality):
        return []
    return [Waiting(_("提出していない調査"), to_hand_in(municipality).count(), "learning:surveys")]


def _of_office(municipality: Municipality, person: Person) -> list[Waiting]:
    found = []
    if person.has_perm(cases.REVIEW, municipality):
        found.append(Waiting(_("確認を待つ事例"), cases.waiting().count(), "learning:cases_waiting"))
    if person.has_perm(MODERATE, municipality):
        told = discussion_moderation.reports().count()
        found.append(Waiting(_("確かめる書き込み"), told, "learning:post_reports"))
    return found
