"""The read side for staff: what waits, what could not be answered, and how satisfied residents were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from machi.base.models import Appointment, Division, Municipality, Person
from machi.frontdesk.engine.similar import group_similar
from machi.frontdesk.models import Citation, Faq, HandOver, Inquiry, QualityMeasurement

WAITING = (HandOver.State.OPEN, HandOver.State.TAKEN)
MOST_UNANSWERED = 2_000
"""Questions read for the report of unanswered ones, the newest: they are stored encrypted and compared here."""


def queue(*, division: Division | None = None, state: str | None = None) -> QuerySet[HandOver]:
    """Hand-overs of ``division`` (None: of all) in ``state`` (None: whatever waits), the most pressing first."""
    found = HandOver.objects.select_related("inquiry", "division", "taken_by").order_by("due_at", "pk")
    found = found.filter(state=state) if state else found.filter(state__in=WAITING)
    return found.filter(division=division) if division else found


def own_divisions(person: Person, municipality: Municipality) -> list[int]:
    """The divisions this person answers for, by id: those they are appointed in, and those that nobody is, for what
    is sent there would wait unseen. Empty for a person of no division, who sees all."""
    # Named twice on purpose: appointments are not scoped, and a division must be the town's own.
    appointed = Appointment.objects.filter(municipality=municipality, division__municipality=municipality)
    own = set(appointed.filter(person=person).values_list("division_id", flat=True))
    if not own:
        return []
    nobodys = Division.objects.exclude(pk__in=appointed.values("division_id")).values_list("pk", flat=True)
    return sorted(own.union(nobodys))


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """How much waits: in all, past its deadline, due before the end of the day, taken by nobody."""

    waiting: int
    overdue: int
    due_today: int
    untaken: int


def queue_figures(found: QuerySet[HandOver], now: datetime) -> QueueFigures:
    """Counts ``found`` (from ``queue``) in one query; ``due_today`` leaves out what is overdue."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(now), datetime.max.time()))
    return QueueFigures(
        **found.filter(state__in=WAITING).aggregate(
            waiting=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lt=now)),
            due_today=Count("pk", filter=Q(due_at__gte=now, due_at__lte=midnight)),
            untaken=Count("pk", filter=Q(state=HandOver.State.OPEN)),
        )
    )


@dataclass(frozen=True, slots=True)
class UnansweredGroup:
    """Similar questions for which the desk found no answer, or gave one that did not help."""

    question_example: str
    """The newest of them."""
    count: int
    urgent: bool
    """Some were shown emergency numbers."""
    not_helped: int
    """Those that had an answer from the desk."""
    last_at: datetime
    inquiry_ids: list[int]
    """Newest first."""
    hand_over: HandOver | None
    """Of the newest that staff have got."""
    faq: Faq | None
    """The newest FAQ made from one of them, proposed or approved."""


def unanswered(days: int = 30) -> list[UnansweredGroup]:
    """Groups of the last ``days`` days, the largest first, then the newest (three queries)."""
    found = list(
        Inquiry.objects.annotate(cited=_cited())
        .filter(
            Q(cited=False) | Q(helped=False),
            asked_at__gte=timezone.now() - timedelta(days=days),
            erased_at=None,
        )
        .select_related("hand_over")
        .order_by("-asked_at", "-pk")[:MOST_UNANSWERED]
    )
    faqs: dict[int | None, Faq] = {}
    for faq in Faq.objects.filter(
        inquiry__in=[inquiry.pk for inquiry in found], state__in=[Faq.State.PROPOSED, Faq.State.APPROVED]
    ).order_by("proposed_at", "pk"):
        faqs[faq.inquiry_id] = faq
    groups = [
        _group([found[position] for position in positions], faqs)
        for positions in group_similar([inquiry.question for inquiry in found])
    ]
    return sorted(groups, key=lambda group: group.count, reverse=True)


def _group(inquiries: list[Inquiry], faqs: dict[int | None, Faq]) -> UnansweredGroup:
    handed = [inquiry.hand_over for inquiry in inquiries if hasattr(inquiry, "hand_over")]
    known = [faqs[inquiry.pk] for inquiry in inquiries if inquiry.pk in faqs]
    return UnansweredGroup(
        question_example=inquiries[0].question,
        count=len(inquiries),
        urgent=any(inquiry.urgent for inquiry in inquiries),
        not_helped=sum(bool(inquiry.cited) for inquiry in inquiries),  # type: ignore[attr-defined]
        last_at=inquiries[0].asked_at,
        inquiry_ids=[inquiry.pk for inquiry in inquiries],
        hand_over=handed[0] if handed else None,
        faq=max(known, key=lambda faq: (faq.proposed_at, faq.pk), default=None),
    )


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """What became of the inquiries of one week. ``asked == answered + unknown``."""

    week_start: date
    """Monday."""
    asked: int = 0
    answered: int = 0
    """The desk gave an answer with citations."""
    unknown: int = 0
    handed_over: int = 0
    helped: int = 0
    not_helped: int = 0
    answered_in_time: int = 0
    """Handed over and answered by staff before the deadline."""
    late: int = 0
    """Answered after the deadline, or past it and still without an answer."""

    @property
    def judged(self) -> int:
        """Answers of which somebody said whether they helped."""
        return self.helped + self.not_helped

    @property
    def helped_percent(self) -> int | None:
        """Of those who said whether it helped; None where nobody did."""
        return _percent(self.helped, self.judged)

    @property
    def answered_percent(self) -> int | None:
        return _percent(self.answered, self.asked)

    @property
    def in_time_percent(self) -> int | None:
        """Of those whose deadline has told: what may still be answered in time does not count."""
        return _percent(self.answered_in_time, self.answered_in_time + self.late)


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def satisfaction(weeks: int = 12) -> list[WeekFigures]:
    """The last ``weeks`` weeks, this one last; a week in which nobody asked is all zeros (one query)."""
    now = timezone.now()
    today = timezone.localdate(now)
    monday = today - timedelta(days=today.weekday())
    mondays = [monday - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]
    start = timezone.make_aware(datetime.combine(mondays[0], datetime.min.time()))
    rows = (
        Inquiry.objects.filter(asked_at__gte=start)
        .annotate(cited=_cited(), week=TruncWeek("asked_at"))
        .order_by()
        .values("week")
        .annotate(
            asked=Count("pk"),
            answered=Count("pk", filter=Q(cited=True)),
            unknown=Count("pk", filter=Q(cited=False)),
            handed_over=Count("hand_over"),
            # Named aside: an aggregate may not have the name of a field.
            did_help=Count("pk", filter=Q(helped=True)),
            not_helped=Count("pk", filter=Q(helped=False)),
            answered_in_time=Count("pk", filter=Q(hand_over__answered_at__lte=F("hand_over__due_at"))),
            late=Count(
                "pk",
                filter=Q(hand_over__answered_at__gt=F("hand_over__due_at"))
                | Q(hand_over__answered_at__isnull=True, hand_over__due_at__lt=now),
            ),
        )
    )
    by_week = {
        row["week"].date(): WeekFigures(
            week_start=row["week"].date(),
            asked=row["asked"],
            answered=row["answered"],
            unknown=row["unknown"],
            handed_over=row["handed_over"],
            helped=row["did_help"],
            not_helped=row["not_helped"],
            answered_in_time=row["answered_in_time"],
            late=row["late"],
        )
        for row in rows
    }
    return [by_week.get(week, WeekFigures(week)) for week in mondays]


def total(weeks: Sequence[WeekFigures]) -> WeekFigures:
    """All of them as one; ``week_start`` is the first's."""
    figures = [name for name in WeekFigures.__slots__ if name != "week_start"]
    return WeekFigures(
        weeks[0].week_start, **{name: sum(getattr(w, name) for w in weeks) for name in figures}
    )


def quality(limit: int = 50) -> list[QualityMeasurement]:
    """The newest ``limit`` measurements of search, oldest first."""
    return list(QualityMeasurement.objects.order_by("-at", "-pk")[:limit])[::-1]


def _cited() -> Exists:
    return Exists(Citation.objects.filter(inquiry=OuterRef("pk")))
