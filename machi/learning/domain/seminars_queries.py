"""How a seminar stands, in figures for the office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from machi.base.models import Progress
from machi.learning.domain.seminars_report import PROGRESS
from machi.learning.domain.seminars_seats import R
from machi.learning.models import Seminar, SeminarMail, SeminarRegistration, SurveyResponse


@dataclass(frozen=True, slots=True)
class Standing:
    registered: int
    coming: int
    offered: int
    waiting: int
    cancelled: int
    came: int
    needs: int
    """Of those who come, how many ask for something."""
    sent: int
    failed: int
    """Letters that did not go out, and wait for the office."""
    queued: int
    answered: int


def standing(seminar: Seminar) -> Standing:
    """Three queries."""
    counted = seminar.registrations.aggregate(
        registered=Count("pk"),
        coming=Count("pk", filter=Q(state=R.CONFIRMED)),
        offered=Count("pk", filter=Q(state=R.OFFERED)),
        waiting=Count("pk", filter=Q(state=R.WAITING)),
        cancelled=Count("pk", filter=Q(state__in=(R.CANCELLED, R.LAPSED))),
        came=Count("pk", filter=Q(attended_at__isnull=False)),
    )
    S = SeminarMail.State  # noqa: N806
    letters = SeminarMail.objects.filter(registration__seminar=seminar).aggregate(
        sent=Count("pk", filter=Q(state=S.SENT)),
        failed=Count("pk", filter=Q(state__in=(S.FAILED, S.SENDING))),
        queued=Count("pk", filter=Q(state=S.QUEUED)),
    )
    answered = SurveyResponse.objects.filter(
        survey__seminar=seminar, state=SurveyResponse.State.HANDED_IN
    ).count()
    # The needs are encrypted: they are read, not counted by the database.
    needs = sum(
        bool(text) for text in seminar.registrations.filter(state=R.CONFIRMED).values_list("needs", flat=True)
    )
    return Standing(**counted, **letters, answered=answered, needs=needs)


def people(seminar: Seminar) -> QuerySet[SeminarRegistration, Any]:
    return (
        seminar.registrations.select_related("town__prefecture")
        .prefetch_related("choices__session")
        .order_by("number")
    )


def letters(seminar: Seminar) -> QuerySet[SeminarMail, Any]:
    return SeminarMail.objects.filter(registration__seminar=seminar).select_related("registration")


def progress_of(seminar: Seminar) -> Progress | None:
    """Of the report that a worker makes."""
    return Progress.objects.filter(key=f"{PROGRESS}:{seminar.pk}").first()
