"""The sample's exercise book has something on every page."""

import pytest
from django.utils import timezone

from machi.base import sample as base_sample
from machi.base.models import Consortium, Person
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain import exercises as verbs
from machi.learning.domain import exercises_queries as queries
from machi.learning.engine.item_statistics import Word
from machi.learning.models import Attempt, Cohort, Enrolment, Exercise
from machi.learning.sample import exercises as sample

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
