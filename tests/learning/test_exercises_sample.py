"""The sample's exercise book, and attempts of a generated cohort."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from machi.base import sample as base_sample
from machi.base.models import Consortium, Person, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain import exercises as verbs
from machi.learning.domain import exercises_queries as queries
from machi.learning.engine.item_statistics import Word
from machi.learning.models import Attempt, Cohort, Enrolment, Exercise
from machi.learning.sample import exercises as sample
from tests.base.factories import a_person
from tests.joint.factories import a_consortium, towns_of
from tests.learning.exercises import enrol

pytestmark = pytest.mark.django_db


def test_sample_is_loaded_once_and_has_something_on_every_page() -> None:
    base_sample.load()
    consortium = Consortium.objects.get()
    with in_consortium(consortium):
        sample.load(consortium)
        counted = (Exercise.objects.count(), Enrolment.objects.count(), Attempt.objects.count())
        assert counted == (12, 12, 72)
        sample.load(consortium)
        assert (Exercise.objects.count(), Enrolment.objects.count(), Attempt.objects.count()) == counted
        cohort = Cohort.objects.get()
        assert [one.email for one in cohort.instructors.all()] == ["joint-office@machi.example"]
        lines = [line for one in queries.statistics_of(cohort) for _about, line in one.lines]
        assert {Word.FEW, Word.GOOD} <= {word for line in lines for word in line.words}
        clerk = Person.objects.get(email="clerk@atsugi.example")
        town = Enrolment.objects.get(person=clerk).municipality
        with in_municipality(town):
            found, _following = queries.reviews(clerk, town, timezone.localdate())
            assert found
            for made in Attempt.objects.filter(enrolment__person=clerk):
                assert verbs.shown(made).result.percent == made.percent


def test_generated_attempts_are_the_same_for_the_same_seed_and_quick() -> None:
    consortium = a_consortium()
    town = towns_of(consortium)[0]
    with in_consortium(consortium):
        version = sample.book(consortium)
        today = timezone.localdate()
        cohort = Cohort.objects.create(
            consortium=consortium, version=version, title="生成", starts_on=today, ends_on=today
        )
        for _ in range(30):
            enrol(cohort, town, a_person(Role.LEARNER, town))
        with CaptureQueriesContext(connection) as captured:
            sample.generate(consortium, 1)
        assert len(captured) < 12
        first = list(Attempt.objects.order_by("pk").values_list("enrolment", "exercise", "items", "percent"))
        assert 30 * 12 * 0.75 < len(first) <= 30 * 12
        sample.generate(consortium, 1)
        assert Attempt.objects.count() == len(first)
        Attempt.objects.all().delete()
        sample.generate(consortium, 1)
        assert (
            list(Attempt.objects.order_by("pk").values_list("enrolment", "exercise", "items", "percent"))
            == first
        )
        lines = [line for one in queries.statistics_of(cohort) for _about, line in one.lines]
        discriminating = [line.discrimination for line in lines if line.discrimination is not None]
        assert sum(discriminating) / len(discriminating) > 0.1
