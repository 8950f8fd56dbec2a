"""Use in real work from the ledger, monthly figures, the panel of towns, estimators; and a cohort of 1,000."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from machi.base.domain import rulings
from machi.base.domain.towns import members
from machi.base.models import LedgerEntry, LedgerRuling, Person, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain import follow_up as verbs
from machi.learning.domain import follow_up_effect as effect
from machi.learning.domain import follow_up_reminders as reminders
from machi.learning.domain.follow_up_counts import by_town, counts
from machi.learning.domain.follow_up_effect import Measure
from machi.learning.domain.follow_up_use import MONTHS, real_use, share_months
from machi.learning.engine.effect import Estimate, NotEstimable, next_month
from machi.learning.models import CheckIn, Cohort, Enrolment, MonthlyUse, PracticePlan, Reminder
from machi.learning.sample import courses as courses_sample
from machi.learning.sample import follow_up as sample
from tests.joint.factories import many_towns
from tests.learning.courses import a_course
from tests.learning.follow_up import GIVEN, finished, over, used

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    return a_course(lessons=1)


def test_results_and_rulings_are_counted_before_and_after_and_of_the_cohort_alone(work):
    places = [finished(work) for _ in range(5)]
    cohort = over(work, days=40, lasted=30)
    before, during = cohort.starts_on - timedelta(days=1), cohort.starts_on
    after, today = cohort.ends_on + timedelta(days=1), timezone.localdate()
    entries = []
    for place in places:
        used(work.town, place, before)
        used(work.town, place, during, 3)
        entries += used(work.town, place, after, 2)
    used(work.town, places[0], after, 7, "learning.exercise_check")  # practice is no real work
    used(work.town, _stranger(work), after, 50)
    for place, entry in zip(places, entries[::2], strict=True):
        with in_municipality(work.town):
            rulings.rule_on(entry, place.person, verdict="overrule", reason="ちがう")
    with work.inside():
        LedgerRuling.objects.update(at=timezone.now() - timedelta(days=2))
        found = real_use(cohort, work.town, today)
        assert (found.before.total, found.after.total) == (5, 10)
        assert (found.before.users, found.after.users) == (5, 5)
        assert [(one.before, one.after) for one in found.rows] == [(5, 10)]
        assert (found.rulings_after.agreed, found.rulings_after.overruled) == (0, 5)
        assert found.rulings_before.overruled == 0
        assert found.windows.after_days == 39
        Enrolment.objects.filter(pk=places[0].pk).update(state=Enrolment.State.WITHDRAWN)
        found = real_use(cohort, work.town, today)
        assert (found.enough, found.before.total, found.rulings_after.overruled) == (False, None, None)


def _stranger(work):
    """Somebody of the town who was not in the cohort."""
    return Enrolment(person=work.person(work.town, Role.CLERK))


def test_counting_use_takes_the_same_number_of_queries_for_five_and_for_ten(work):
    numbers = []
    places = [finished(work) for _ in range(10)]
    cohort = over(work)
    for some in (places[:5], places[5:]):
        for place in some:
            used(work.town, place, cohort.starts_on - timedelta(days=3))
        with work.inside(), CaptureQueriesContext(connection) as captured:
            real_use(cohort, work.town, timezone.localdate())
        numbers.append(len(captured))
    assert numbers == [5, 5]


def test_months_are_shared_once_with_few_people_hidden(work):
    places = [finished(work) for _ in range(5)]
    today = timezone.localdate()
    last = today.replace(day=1) - timedelta(days=1)
    before = last.replace(day=1) - timedelta(days=1)
    for place in places:
        used(work.town, place, last, 2)
    for place in places[:4]:
        used(work.town, place, before)
    used(work.town, places[0], today, 9)  # the month is not over
    with work.inside():
        shared = share_months(work.town, work.consortium, today)
        assert MONTHS - 1 <= shared <= MONTHS + 1
        rows = {one.month: (one.users, one.results) for one in MonthlyUse.objects.all()}
        assert rows[last.replace(day=1)] == (5, 10)
        assert rows[before.replace(day=1)] == (None, None)
        assert set(list(rows.values())[:-2]) == {(0, 0)}
        assert today.replace(day=1) not in rows
        assert LedgerEntry.objects.filter(subject=f"monthly_use:{work.town.code}").count() == 1
        assert share_months(work.town, work.consortium, today) == 0
        assert share_months(work.town, work.consortium, next_month(today)) == 1
        assert LedgerEntry.objects.filter(subject=f"monthly_use:{work.town.code}").count() == 2


class Fixed:
    key, version = "test.fixed", "1"

    def __init__(self, refuses=False):
        self.refuses = refuses

    def estimate(self, panel):
        if self.refuses:
            raise NotEstimable("始めた自治体が足りません。")
        return Estimate(1.0, 0.5, 1.5, 0.95, "試し", ("同じように動く。",))


def test_the_panel_has_every_town_and_month_and_no_effect_is_claimed_without_an_estimator(work):
    finished(work)
    months = [date(2026, 1, 1), date(2026, 2, 1)]
    today = timezone.localdate()
    with work.inside():
        for month in months:
            MonthlyUse.objects.create(
                consortium=work.consortium, municipality=work.town, month=month, users=6, results=None
            )
        found = effect.panel(work.consortium, Measure.USERS, today)
        assert found.periods == tuple(months)
        assert found.values[work.town.pk] == (6.0, 6.0)
        assert found.values[work.other.pk] == (None, None)
        assert found.first[work.town.pk] == work.cohort.starts_on.replace(day=1)
        assert found.first[work.other.pk] is None
        assert effect.panel(work.consortium, Measure.RESULTS, today).values[work.town.pk] == (None, None)
        assert next(one.means for one in effect.groups_for(found, office=True)) == (6.0, 6.0)
        assert {one for group in effect.groups_for(found, office=False) for one in group.means} == {None}
        assert effect.estimates(found) == []
        for refuses in (False, True):
            effect.register(Fixed(refuses))
            try:
                (said,) = effect.estimates(found)
            finally:
                effect.forget(Fixed.key)
            assert (said.estimate is None, said.why_not != "") == (refuses, refuses)


@pytest.mark.long
@pytest.mark.once
@pytest.mark.timeout(600)
def test_a_thousand_learners_of_52_towns_from_enrolment_to_the_90_day_check_in(settings):
    settings.MACHI_SAMPLE = True
    consortium = many_towns(52)
    with in_consortium(consortium):
        courses_sample.generate(consortium, 1)
        cohort = Cohort.objects.get()
        towns = list(members(consortium))
        everybody = Enrolment.objects.filter(cohort=cohort)
        assert everybody.count() == 1040
        assert everybody.values("municipality").distinct().count() == 52
        through = list(
            everybody.filter(state=Enrolment.State.COMPLETED)
            .select_related("person", "municipality", "consortium", "cohort")
            .order_by("municipality", "pk")
        )
        assert len(through) > 200

        # The last day has passed: whoever was enrolled may plan. One of each town does so by hand.
        made_on = cohort.ends_on + timedelta(days=1)
        Cohort.objects.update(state=Cohort.State.ENDED)
        first = {one.municipality_id: one for one in reversed(through)}
        by_hand = []
        for one in first.values():
            with in_municipality(one.municipality):
                one.cohort.state = Cohort.State.ENDED
                by_hand.append(verbs.make_plan(one, one.person, GIVEN, made_on))
        others = [one for one in through if first[one.municipality_id].pk != one.pk]
        sample.follow_generated(others, [1.0] * len(others), random.Random(1), made_on)
        assert PracticePlan.objects.count() == len(through)
        assert CheckIn.objects.count() == 0  # no day has come

        answered = 0
        for days in (30, 90):
            today = made_on + timedelta(days=days)
            mailed = 0
            for town in towns:
                with in_municipality(town):
                    assert list(reminders.due(town, today - timedelta(days=1))) == []
                    mailed += reminders.remind(town, consortium, today)
                    assert reminders.remind(town, consortium, today) == 0
            assert mailed == len(through)
            for plan in by_hand:
                with in_municipality(plan.enrolment.municipality):
                    told = {"outcome": "partly", "hours": 1}
                    verbs.check_in(plan, plan.enrolment.person, days, told, today)
            CheckIn.objects.bulk_create(
                sample._check_in(plan, days, random.Random(plan.pk))
                for plan in PracticePlan.objects.filter(enrolment__in=others)
            )
            answered += len(through)
            with CaptureQueriesContext(connection) as captured:
                found = counts(cohort, None, today)
            assert len(captured) == 3
            checked = found.check_ins[(30, 90).index(days)]
            assert (found.people, found.planners) == (1040, len(through))
            assert (checked.due, checked.answered) == (len(through), len(through))
            assert sum(value or 0 for value in checked.outcomes.values()) == len(through)
        assert CheckIn.objects.count() == answered
        assert Reminder.objects.count() == answered
        with CaptureQueriesContext(connection) as captured:
            rows = by_town(cohort, towns)
        assert len(captured) == 1
        assert [row.people for row in rows] == [20] * 52
        assert sum(row.answered[90] or 0 for row in rows) == len(through)
        assert Person.objects.filter(email__startswith="learner01@").count() == 52
