"""Answers without a name: once for each secret, whole or not at all, and no trace of the secret."""

import pytest

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, LedgerEntry, Municipality
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain import surveys_unnamed
from machi.learning.models import Survey, SurveyResponse
from tests.joint.factories import a_consortium, office_of, towns_of
from tests.learning.surveys import FULL, an_open_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    consortium = a_consortium()
    town = towns_of(consortium)[0]
    survey = an_open_survey(
        consortium, town, office_of(consortium), purpose=Survey.Purpose.SEMINAR, series="seminar-1"
    )
    with in_municipality(town), in_consortium(consortium):
        yield consortium, town, survey


def test_an_answer_is_kept_once_and_tells_nothing_of_who_gave_it(
    scene: tuple[Consortium, Municipality, Survey],
) -> None:
    _, town, survey = scene
    entries = LedgerEntry.objects.filter(municipality=town).count()
    kept = surveys_unnamed.answer(survey, "secret-1", FULL)
    stored = SurveyResponse.objects.get(pk=kept.pk)
    assert stored.answers == FULL
    assert (stored.town, stored.changed_by) == (None, None)
    assert "secret-1" not in stored.token_digest
    assert LedgerEntry.objects.filter(municipality=town).count() == entries
    assert surveys_unnamed.has_answered(survey, "secret-1")
    with pytest.raises(Refused, match="もう回答されています"):
        surveys_unnamed.answer(survey, "secret-1", FULL)
    assert SurveyResponse.objects.count() == 1


def test_free_text_is_not_readable_in_the_table(scene: tuple[Consortium, Municipality, Survey]) -> None:
    surveys_unnamed.answer(scene[2], "secret-1", FULL)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT words, choices FROM learning_surveyresponse")
        words, choices = cursor.fetchone()
    assert "財政" not in str(words)
    assert "財政" not in str(choices)


def test_what_does_not_fit_is_refused_in_words(scene: tuple[Consortium, Municipality, Survey]) -> None:
    with pytest.raises(Refused, match="使っているもの: 答えてください"):
        surveys_unnamed.answer(scene[2], "secret-1", {"uses": "yes"})
    assert not SurveyResponse.objects.exists()


def test_a_closed_questionnaire_takes_nothing(scene: tuple[Consortium, Municipality, Survey]) -> None:
    survey = scene[2]
    survey.state = Survey.State.CLOSED
    with pytest.raises(Refused, match="受け付けていません"):
        surveys_unnamed.answer(survey, "secret-1", FULL)
