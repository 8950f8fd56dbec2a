"""Plans and check-ins: who may, who sees, what is counted, what is mailed, what is erased."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, Role
from machi.base.scoping import in_municipality
from machi.learning.domain import follow_up as verbs
from machi.learning.domain import follow_up_reminders as reminders
from machi.learning.domain.courses_learning import choose_reminders
from machi.learning.domain.follow_up_access import shared_plans
from machi.learning.domain.follow_up_counts import by_town, counts
from machi.learning.domain.follow_up_erasure import expired_plans
from machi.learning.domain.follow_up_queries import follow_up_of, own_plans
from machi.learning.models import CheckIn, Cohort, Enrolment, PracticePlan
from tests.learning.courses import a_course
from tests.learning.follow_up import GIVEN, SECRETS, finished, over, planned

pytestmark = pytest.mark.django_db
TOLD = {"outcome": "done", "reason": "", "hours": 2, "helped": "係の助け", "hindered": ""}


@pytest.fixture
def work():
    return a_course(lessons=1)


def test_a_plan_is_made_once_the_course_is_behind(work):
    place = work.learner(work.town)
    with work.inside():
        assert not follow_up_of(place, timezone.localdate()).asked
        with pytest.raises(Refused, match="修了してから"):
            verbs.make_plan(place, place.person, GIVEN)
    over(work, days=1)
    with work.inside():
        place.refresh_from_db()
        assert follow_up_of(Enrolment.objects.get(pk=place.pk), timezone.localdate()).room
        with pytest.raises(PermissionDenied):
            verbs.make_plan(place, work.office, GIVEN)
        for name in verbs.TEXTS:
            with pytest.raises(Refused) as refused:
                verbs.make_plan(place, place.person, {**GIVEN, name: " "})
            assert refused.value.field == name
        with pytest.raises(Refused, match="台帳にない"):
            verbs.make_plan(place, place.person, {**GIVEN, "system": "no.such"})
        for _ in range(verbs.MOST_PLANS):
            verbs.make_plan(place, place.person, GIVEN)
        with pytest.raises(Refused, match="3つまで"):
            verbs.make_plan(place, place.person, GIVEN)
        place.state = Enrolment.State.WITHDRAWN
        place.save()
        with pytest.raises(Refused):
            verbs.make_plan(place, place.person, GIVEN)


def test_the_ledger_knows_that_and_not_what(work):
    place = finished(work)
    plan = planned(work, place, ago=30)
    with work.inside():
        verbs.share_plan(plan, place.person, True)
        verbs.share_plan(plan, place.person, True)  # nothing new
        verbs.check_in(plan, place.person, 30, {**TOLD, "outcome": "given_up", "reason": "忙しい"})
        entries = LedgerEntry.objects.filter(subject=f"practice_plan:{plan.pk}")
        bodies = [json.loads(one.body) for one in entries]
        assert [one["outputs"]["action"] for one in bodies] == ["make", "share", "check_in"]
        text = "".join(one.body for one in entries)
        assert not [word for word in (*SECRETS, "忙しい", "係の助け", "given_up") if word in text]
        with connection.cursor() as cursor:  # row-level security answers in the scope alone
            cursor.execute("SELECT will, work, see FROM learning_practiceplan")
            (columns,) = cursor.fetchall()
        assert not [word for word in SECRETS for column in columns if word in column]


def test_a_check_in_is_told_once_on_its_days_and_says_why_it_was_given_up(work):
    place = finished(work)
    plan = planned(work, place, ago=29)
    with work.inside():
        with pytest.raises(Refused, match="いまは書けません"):
            verbs.check_in(plan, place.person, 30, TOLD)
        tomorrow = timezone.localdate() + timedelta(days=1)
        with pytest.raises(Refused) as refused:
            verbs.check_in(plan, place.person, 30, {**TOLD, "outcome": "given_up"}, tomorrow)
        assert refused.value.field == "reason"
        with pytest.raises(Refused):
            verbs.check_in(plan, place.person, 31, TOLD, tomorrow)
        with pytest.raises(PermissionDenied):
            verbs.check_in(plan, work.office, 30, TOLD, tomorrow)
        verbs.check_in(plan, place.person, 30, TOLD, tomorrow)
        with pytest.raises(Refused):
            verbs.check_in(plan, place.person, 30, TOLD, tomorrow)
        with pytest.raises(Refused, match="直せません"):
            verbs.change_plan(plan, place.person, GIVEN)
        assert CheckIn.objects.get().helped == "係の助け"


def test_only_shared_plans_are_seen_and_only_by_instructors_and_the_towns_managers(work):
    place = finished(work)
    plan, hidden = planned(work, place, shared=True), planned(work, place)
    teacher, officer = work.person(work.other, Role.CLERK), work.person(work.town, Role.AI_OFFICER)
    with work.inside():
        work.cohort.instructors.add(teacher)
        seen = {
            who: [one.pk for one in shared_plans(person, town)]
            for who, person, town in (
                ("manager", work.person(work.town), work.town),
                ("other manager", work.person(work.other), work.other),
                ("teacher", teacher, work.other),
                ("officer", officer, work.town),
                ("office", work.office, work.town),
                ("self", place.person, work.town),
            )
        }
        assert seen == {
            "manager": [plan.pk],
            "teacher": [plan.pk],
            "other manager": [],
            "officer": [],
            "office": [],
            "self": [],
        }
        assert {one.pk for one in own_plans(place.person)} == {plan.pk, hidden.pk}
        verbs.share_plan(plan, place.person, False)
        assert not shared_plans(teacher, work.other).exists()


def told(work, plan, **given):
    with work.inside():
        return CheckIn.objects.create(
            consortium=work.consortium,
            plan=plan,
            **{"days": 30, "outcome": "done", "at": timezone.now(), **given},
        )


def test_counts_of_a_town_and_of_all_hide_small_groups(work):
    places = [finished(work) for _ in range(6)]
    others = [finished(work, work.other) for _ in range(4)]
    plans = [planned(work, one, ago=40) for one in places]
    planned(work, others[0], ago=1)
    today = timezone.localdate()
    for plan in plans[:5]:
        told(work, plan, hours=2)
    with work.inside():
        found = counts(work.cohort, work.town, today)
        assert (found.people, found.planners, found.plans) == (6, 6, 6)
        month, quarter = found.check_ins
        assert (month.due, month.answered, month.outcomes["done"]) == (6, 5, 5)
        assert month.hours == 10
        assert month.told_hours == 5
        assert (quarter.due, quarter.answered) == (0, 0)
        small = counts(work.cohort, work.other, today)
        assert (small.people, small.planners, small.check_ins) == (4, None, ())
        everybody = counts(work.cohort, None, today)
        assert (everybody.people, everybody.planners) == (10, 7)
        # 7 of all less 6 of the first would tell of the other town's four: both are hidden.
        towns = {one.town.pk: one.planners for one in by_town(work.cohort, work.towns)}
        assert towns == {work.town.pk: None, work.other.pk: None}
    told(work, plans[5], outcome="given_up", hours=None)
    with work.inside():
        month, _quarter = counts(work.cohort, work.town, today).check_ins
        assert month.outcomes["given_up"] is None  # one person
        assert None in (month.outcomes["done"], month.answered)  # nor by subtraction
        CheckIn.objects.exclude(plan=plans[0]).delete()
        month, _quarter = counts(work.cohort, work.town, today).check_ins
        assert (month.answered, month.hours, set(month.outcomes.values())) == (None, None, {None})


@pytest.fixture
def sent(settings):
    """Mails as they are sent: jobs run at once."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}
    }
    return mail.outbox


def remind(work, day, town=None):
    town = town or work.town
    with work.inside(town):
        return reminders.remind(town, work.consortium, timezone.localdate() + timedelta(days=day))


def test_mails_go_out_once_for_each_thing_and_tell_nothing_of_the_plan(work, sent):
    place = finished(work)
    assert [remind(work, day) for day in (0, 2, 3, 4, 20)] == [0, 0, 1, 0, 0]
    plan = planned(work, place)
    assert remind(work, 30, work.other) == 0
    assert [remind(work, day) for day in (29, 30, 31, 44, 89, 90, 91)] == [0, 1, 0, 0, 0, 1, 0]
    assert [one.to for one in sent] == [[place.person.email]] * 3
    assert "1つ決めませんか" in sent[0].subject
    assert "30日がたちました" in sent[1].subject
    assert f"/learning/plans/{plan.pk}/?consortium={work.consortium.pk}" in sent[2].body
    assert not [word for one in sent for word in SECRETS if word in one.body + one.subject]


def test_no_mail_to_who_does_not_want_it_has_done_it_or_left(work, sent):
    place, done, quick = finished(work), finished(work), finished(work)
    planned(work, place, ago=30)
    told(work, planned(work, done, ago=30))
    planned(work, quick, ago=0)
    with work.inside():
        choose_reminders(place, place.person, False)
    assert remind(work, 0) == 0
    with work.inside():
        choose_reminders(place, place.person, True)
        place.person.is_active = False
        place.person.save()
    assert remind(work, 0) == 0
    with work.inside():
        place.person.is_active = True
        place.person.save()
        Enrolment.objects.filter(pk=place.pk).update(erased_at=timezone.now())
    assert remind(work, 0) == 0
    assert remind(work, 3) == 0  # all have a plan
    assert sent == []


def test_a_mail_that_waited_is_not_sent_when_the_thing_was_done_meanwhile(work, sent):
    place = finished(work)
    plan = planned(work, place, ago=30)
    with work.inside():
        ((enrolment, kind, key),) = reminders.due(work.town, timezone.localdate())
        told(work, plan)
        assert reminders.written_once(work.consortium, enrolment, kind, key, reminders.send_follow_up)
    assert sent == []


def test_reminding_takes_the_same_number_of_queries_for_one_and_many(work):
    numbers = []
    for _ in range(2):
        for _ in range(2):
            planned(work, finished(work), ago=30)
        with work.inside(), CaptureQueriesContext(connection) as captured:
            list(reminders.due(work.town, timezone.localdate()))
        numbers.append(len(captured))
    assert numbers == [3, 3]


def test_erasing_takes_the_words_and_leaves_the_figures(work):
    place = finished(work)
    plan = planned(work, place, ago=30, shared=True)
    told(work, plan, hours=3, helped="助け", reason="理由")
    with pytest.raises(Refused):
        erasing.erase(work.other, f"practice_plan:{plan.pk}", ground="request")
    erasing.erase(work.town, f"practice_plan:{plan.pk}", ground="request")
    with pytest.raises(Refused, match="消去されています"):
        erasing.erase(work.town, f"practice_plan:{plan.pk}", ground="request")
    with work.inside():
        plan.refresh_from_db()
        assert (plan.will, plan.work, plan.see, plan.shared) == (None, None, None, False)
        check = CheckIn.objects.get()
        assert (check.helped, check.reason, check.outcome) == (None, None, "done")
        assert check.hours == 3
        assert not own_plans(place.person).exists()
        with pytest.raises(Refused):
            verbs.share_plan(plan, place.person, True)


def test_erasing_a_place_erases_its_plans(work):
    place = finished(work)
    plan = planned(work, place)
    erasing.erase(work.town, f"enrolment:{place.pk}", ground="request")
    with work.inside():
        plan.refresh_from_db()
        assert plan.will is None
        assert plan.erased_at is not None


def test_words_expire_a_year_after_the_cohort(work):
    place = finished(work)
    plan = planned(work, place, ago=300)
    over(work, days=364)
    with in_municipality(work.town):
        now = timezone.now()
        assert expired_plans(work.town, now) == []
        assert expired_plans(work.town, now + timedelta(days=2)) == [plan.pk]
        assert expired_plans(work.other, now + timedelta(days=2)) == []
    with work.inside():
        PracticePlan.objects.update(made_on=timezone.localdate() - timedelta(days=100))
        assert Cohort.objects.count() == 1
        assert expired_plans(work.town, now + timedelta(days=2)) == []  # its check-in is still to come
