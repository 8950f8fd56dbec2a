"""What waits, what was not answered, how satisfied residents were."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from machi.base.scoping import in_municipality
from machi.frontdesk.domain import reports
from machi.frontdesk.models import Faq, HandOver, Inquiry, QualityMeasurement
from tests.base.factories import a_division, a_municipality, a_person
from tests.frontdesk.factories import a_document, a_faq, a_hand_over, a_question, a_source

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def town():
    return a_municipality()


def test_queue_shows_what_waits_most_pressing_first(town):
    division = a_division(town)
    later = a_hand_over(town, division, due_in=3 * DAY)
    sooner = a_hand_over(town, division, due_in=-DAY, taken_by=a_person())
    a_hand_over(town, division, answered_after=HOUR)
    with in_municipality(town):
        assert list(reports.queue()) == [sooner, later]


def test_queue_of_one_division_and_state(town):
    waste, citizens = a_division(town, "ごみ対策課"), a_division(town, "市民課")
    answered = a_hand_over(town, waste, answered_after=HOUR)
    a_hand_over(town, waste)
    a_hand_over(town, citizens, answered_after=HOUR)
    with in_municipality(town):
        assert list(reports.queue(division=waste, state=HandOver.State.ANSWERED)) == [answered]


def test_queue_of_another_town_is_not_seen(town):
    a_hand_over(a_municipality("332020"))
    with in_municipality(town):
        assert list(reports.queue()) == []


def test_queue_figures_tell_overdue_from_due_today(town):
    division = a_division(town)
    now = datetime(2026, 4, 1, 10, tzinfo=timezone.get_default_timezone())
    for due_at, taken_by in [
        (now - HOUR, None),
        (now + HOUR, a_person()),
        (now + DAY, None),
    ]:
        handed = a_hand_over(town, division, taken_by=taken_by)
        with in_municipality(town):
            HandOver.objects.filter(pk=handed.pk).update(due_at=due_at)
    a_hand_over(town, division, answered_after=HOUR)
    with in_municipality(town):
        figures = reports.queue_figures(reports.queue(), now)
    assert figures == reports.QueueFigures(waiting=3, overdue=1, due_today=1, untaken=2)


def test_unanswered_brings_similar_questions_together_newest_as_example(town):
    now = timezone.now()
    first = a_question(town, "粗大ごみの出し方を教えてください", asked_at=now - 2 * DAY)
    second = a_question(town, "粗大ゴミの出し方は？", asked_at=now - DAY)
    other = a_question(town, "図書館の開館時間は？", asked_at=now)
    with in_municipality(town):
        groups = reports.unanswered()
    assert [(g.question_example, g.count, g.inquiry_ids) for g in groups] == [
        ("粗大ゴミの出し方は？", 2, [second.pk, first.pk]),
        ("図書館の開館時間は？", 1, [other.pk]),
    ]
    assert groups[0].last_at == second.asked_at


def test_unanswered_holds_answers_that_did_not_help_and_leaves_out_those_that_did(town):
    document = a_document(a_source(town))
    a_question(town, "粗大ごみの手数料は", cites=document, helped=False)
    a_question(town, "図書館の休館日は", cites=document, helped=True)
    a_question(town, "保育園の申込みは", cites=document)
    with in_municipality(town):
        groups = reports.unanswered()
    assert [(g.question_example, g.not_helped) for g in groups] == [("粗大ごみの手数料は", 1)]


def test_unanswered_leaves_out_what_is_older_than_asked_for(town):
    a_question(town, "粗大ごみの手数料は", asked_at=timezone.now() - 8 * DAY)
    with in_municipality(town):
        assert reports.unanswered(days=7) == []
        assert len(reports.unanswered(days=9)) == 1


def test_unanswered_says_what_has_become_of_it(town):
    inquiry = a_question(town, "粗大ごみの手数料は", state=Inquiry.State.HANDED_OVER)
    handed = a_hand_over(town, inquiry=inquiry)
    a_faq(town, inquiry=inquiry, state=Faq.State.REJECTED)
    with in_municipality(town):
        group = reports.unanswered()[0]
    assert (group.hand_over, group.faq) == (handed, None)
    faq = a_faq(town, inquiry=inquiry)
    with in_municipality(town):
        assert reports.unanswered()[0].faq == faq


@pytest.mark.parametrize("count", [1, 3])
def test_unanswered_takes_two_queries(town, count, django_assert_num_queries):
    division = a_division(town)
    for question in ["粗大ごみの手数料は", "図書館の休館日は", "保育園の申込みは"][:count]:
        a_hand_over(town, division, inquiry=a_question(town, question))
    with in_municipality(town), django_assert_num_queries(2):
        assert len(reports.unanswered()) == count


def test_satisfaction_counts_what_became_of_a_weeks_questions(town):
    document, division = a_document(a_source(town)), a_division(town)
    a_question(town, cites=document, helped=True)
    a_hand_over(town, division, inquiry=a_question(town, cites=document, helped=False), answered_after=HOUR)
    a_hand_over(town, division, inquiry=a_question(town), due_in=HOUR, answered_after=2 * HOUR)
    a_hand_over(town, division, inquiry=a_question(town), due_in=-HOUR)
    a_hand_over(town, division, inquiry=a_question(town))
    with in_municipality(town):
        weeks = reports.satisfaction(weeks=2)
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    assert weeks == [
        reports.WeekFigures(monday - timedelta(days=7)),
        reports.WeekFigures(
            monday,
            asked=5,
            answered=2,
            unknown=3,
            handed_over=4,
            helped=1,
            not_helped=1,
            answered_in_time=1,
            late=2,
        ),
    ]
    assert (weeks[1].answered_percent, weeks[1].helped_percent, weeks[1].in_time_percent) == (40, 50, 33)
    assert (weeks[0].answered_percent, weeks[0].helped_percent, weeks[0].in_time_percent) == (
        None,
        None,
        None,
    )


def test_satisfaction_begins_a_week_on_monday_by_the_towns_clock(town):
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    midnight = timezone.make_aware(datetime.combine(monday, datetime.min.time()))
    a_question(town, asked_at=midnight - timedelta(seconds=1))
    a_question(town, asked_at=midnight)
    with in_municipality(town):
        assert [week.asked for week in reports.satisfaction(weeks=2)] == [1, 1]


def test_total_adds_up_all_weeks():
    week = reports.WeekFigures(date(2026, 3, 30), asked=3, answered=2, unknown=1, helped=1)
    both = reports.total([week, reports.WeekFigures(date(2026, 4, 6), asked=1, unknown=1, late=2)])
    assert both == reports.WeekFigures(date(2026, 3, 30), asked=4, answered=2, unknown=2, helped=1, late=2)


def test_quality_gives_the_newest_measurements_oldest_first(town):
    with in_municipality(town):
        made = [
            QualityMeasurement.objects.create(
                municipality=town,
                at=timezone.now() - age * DAY,
                index_revision=str(age),
                questions=10,
                hit_1=0.5,
                hit_3=0.7,
                hit_10=0.9,
                mrr_10=0.6,
            )
            for age in (3, 2, 1)
        ]
        assert reports.quality(limit=2) == made[1:]
