"""The sample consortium's surveys, and a generated consortium's."""

import pytest

from machi.base import sample as base_sample
from machi.base.models import Consortium, Municipality
from machi.base.scoping import in_consortium
from machi.learning.models import Survey, SurveyResponse
from machi.learning.sample import surveys
from tests.joint.factories import many_towns

pytestmark = pytest.mark.django_db
State = SurveyResponse.State


def test_the_sample_has_two_years_and_a_self_assessment_and_loads_once(settings, tmp_path) -> None:
    settings.MACHI_HOME = tmp_path
    base_sample.load()
    consortium = Consortium.objects.get()
    with in_consortium(consortium):
        surveys.load(consortium)
        adoption = list(Survey.objects.filter(series="ai-adoption").order_by("year"))
        assert [one.state for one in adoption] == [Survey.State.CLOSED, Survey.State.OPEN]
        assert [one.responses.filter(state=State.HANDED_IN).count() for one in adoption] == [3, 2]
        assert adoption[1].responses.filter(state=State.DRAFT).count() == 1
        check = Survey.objects.get(series="ai-maturity")
        rounds = check.responses.filter(state=State.HANDED_IN).order_by("town", "round")
        assert list(rounds.values_list("town", "round")) == [("142123", 1), ("142123", 2), ("222127", 1)]
        surveys.load(consortium)
        assert Survey.objects.count() == 3


def test_a_generated_consortium_has_answers_of_every_town_last_year() -> None:
    consortium = many_towns(12)
    with in_consortium(consortium):
        surveys.generate(consortium, 1)
        before = Survey.objects.filter(series="ai-adoption").earliest("year")
        assert before.responses.count() == 12
        surveys.generate(consortium, 1)
        assert Survey.objects.count() == 3
    assert Municipality.objects.filter(memberships__consortium=consortium).count() == 12
