"""52 towns, about 1,000 learners: one cohort from enrolment to completion, and pages that stay as quick as with few."""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import Workbook

from machi.base.models import Person, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain import courses as versions
from machi.learning.domain import courses_lists as lists
from machi.learning.domain.courses_completion import settle, settle_all
from machi.learning.domain.courses_progress import groups, learners, taking_part
from machi.learning.domain.courses_reminders import due
from machi.learning.models import Attempt, Certificate, Enrolment, Exercise, LessonProgress
from machi.learning.sample.courses import enrol_generated, learn_generated
from machi.learning.sample.generated import consortium_of
from tests.frontdesk.web.staff import queries
from tests.joint.factories import client_of, many_towns, towns_of
from tests.learning.courses import a_cohort, a_draft, url

pytestmark = pytest.mark.django_db
TOWNS, OF_ONE = 52, 20
State = Enrolment.State


@pytest.fixture
def big():
    consortium = many_towns(TOWNS)
    towns = towns_of(consortium)
    office = Person.objects.get(email=f"office{TOWNS}@machi.example")
    with in_municipality(towns[0]), in_consortium(consortium):
        draft = a_draft(consortium, towns[0], office, 8, 1)
        versions.publish(draft, towns[0], office)
        draft.refresh_from_db()
        cohort = a_cohort(consortium, towns[0], office, draft, begun=35, lasts=70)
    return consortium, towns, office, cohort


def a_list(town) -> bytes:
    book = Workbook()
    sheet = book.create_sheet()
    sheet.append(["氏名", "メールアドレス"])
    for number in range(OF_ONE):
        sheet.append([f"受講 {number}", f"staff{number:02}@{town.code}.example"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.long
def test_a_cohort_of_52_towns_from_enrolment_to_completion(big):
    consortium, towns, _office, cohort = big
    manager = Person.objects.get(appointments__municipality=towns[0], appointments__role=Role.MANAGER)
    with in_municipality(towns[0]), in_consortium(consortium):
        read = lists.read_list(cohort, towns[0], manager, a_list(towns[0]))
        assert read.problems == ()
        assert len(lists.take(cohort, towns[0], manager, read, way="list")) == OF_ONE
        chance = random.Random(7)
        enrol_generated(cohort, towns[1:], chance, OF_ONE)
        assert cohort.enrolments.count() == TOWNS * OF_ONE == 1_040

        # Half way: each town's learners have done from nothing to all of it.
        places = list(taking_part(cohort))
        today = timezone.localdate()
        shares = [(at % 5) / 4 for at in range(len(places))]
        learn_generated(cohort, places, shares, chance)
        found = learners(cohort, list(taking_part(cohort)), today)
        total, by_town = groups(found)
        assert (total.learners, total.completed, len(by_town)) == (1_040, 208, 52)
        assert total.share == pytest.approx(0.5, abs=0.01)
        # Half of the days are over: who has done a quarter or nothing is too far behind.
        late = {one.enrolment.pk for one in found if one.standing.share <= 0.25}
        assert late <= {one.enrolment.pk for one in found if one.standing.reasons}
        assert len(late) == 416
        told = {one.pk for one, _kind, _key in due(towns[3], today)}
        assert told == {
            one.enrolment.pk
            for one in found
            if one.enrolment.municipality_id == towns[3].pk and one.standing.reasons
        }

        # Everybody reads on and passes; in two towns by their own doing, settled by the daily work.
        LessonProgress.objects.exclude(enrolment__state=State.COMPLETED).delete()
        Attempt.objects.exclude(enrolment__state=State.COMPLETED).delete()
        unfinished = [one for one in places if one.state == State.ACTIVE]
        by_hand = [one for one in unfinished if one.municipality_id in (towns[0].pk, towns[1].pk)]
        others = [one for one in unfinished if one not in by_hand]
        learn_generated(cohort, others, [1.0] * len(others), chance)
        lessons, exercises = versions.lessons_of(cohort.version), list(Exercise.objects.all())
        now = timezone.now()
        LessonProgress.objects.bulk_create(
            LessonProgress(
                consortium=consortium, enrolment=one, lesson=lesson, opened_at=now, finished_at=now
            )
            for one in by_hand
            for lesson in lessons
        )
        Attempt.objects.bulk_create(
            Attempt(consortium=consortium, enrolment=one, exercise=exercise, percent=100, passed=True, at=now)
            for one in by_hand
            for exercise in exercises
        )
        assert settle(by_hand[0]) is not None
        assert sum(settle_all(cohort, town) for town in towns) == len(by_hand) - 1 == 31
        assert Certificate.objects.count() == 1_040
        assert len(set(Certificate.objects.values_list("code", flat=True))) == 1_040
        assert not cohort.enrolments.exclude(state=State.COMPLETED).exists()
        total, _towns = groups(learners(cohort, list(taking_part(cohort)), today))
        assert (total.completed, total.behind, total.share) == (1_040, 0, 1.0)


@pytest.mark.long
def test_pages_take_no_more_queries_with_a_thousand_learners(big):
    consortium, towns, office, cohort = big
    office_client = client_of(office)
    manager = client_of(
        Person.objects.get(appointments__municipality=towns[0], appointments__role=Role.MANAGER)
    )
    pages = [
        (office_client, url(towns[0], "cohort", cohort.pk)),
        (office_client, url(towns[0], "cohort", cohort.pk) + "?only=behind"),
        (office_client, url(towns[0], "cohorts")),
        (manager, url(towns[0], "cohort", cohort.pk)),
    ]
    counts = []
    for taking in (towns[:1], towns[1:]):
        with in_municipality(towns[0]), in_consortium(consortium):
            chance = random.Random(1)
            places = enrol_generated(cohort, taking, chance, OF_ONE)
            learn_generated(cohort, places, [chance.random() for _ in places], chance)
        counts.append([queries(client, address) for client, address in pages])
    assert counts[0] == counts[1]


def test_the_generated_sample_is_made_once_and_the_same_for_one_seed(db):
    from machi.base.domain.register import load_register

    load_register()
    consortium = consortium_of(6)
    with in_consortium(consortium):
        before = Enrolment.objects.count(), Attempt.objects.count(), Certificate.objects.count()
        assert before[0] == 180  # twenty of each town, and ten in the course before
        assert before[2] == Enrolment.objects.filter(state=State.COMPLETED).count() > 20
        assert LessonProgress.objects.filter(finished_at__gt=timezone.now()).count() == 0
    consortium_of(6)
    with in_consortium(consortium):
        assert (Enrolment.objects.count(), Attempt.objects.count(), Certificate.objects.count()) == before
