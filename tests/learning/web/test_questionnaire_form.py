"""A questionnaire as a form: what is read, what is said at which question, and that nothing typed is lost."""

from django.http import QueryDict
from django.utils import translation

from machi.learning.web.questionnaire_form import QuestionnaireForm, check_again
from tests.learning.surveys import FULL, small


def _sent(text: str) -> QueryDict:
    return QueryDict(text)


FILLED = (
    "q_uses=yes&q_tools=chat&q_tools=ocr&q_fields_tax=now&q_fields_care=not&q_hours=１２０"
    "&q_since=令和7年10月1日&q_wish=財政の支援をお願いします"
)


def test_what_is_filled_in_is_read_in_the_forms_kinds() -> None:
    form = QuestionnaireForm(small(), _sent(FILLED))
    assert form.is_valid(), form.errors
    assert form.answers == FULL


def test_what_is_missing_is_said_at_its_question() -> None:
    form = QuestionnaireForm(small(), _sent("q_uses=yes"))
    assert not form.is_valid()
    assert dict(form.errors) == {"q_tools": ["答えてください。"]}


def test_a_draft_may_be_half_done_and_keeps_what_fits_beside_what_does_not() -> None:
    form = QuestionnaireForm(small(), _sent("q_uses=yes&q_hours=たくさん&q_wish=x"), complete=False)
    assert not form.is_valid()
    assert dict(form.errors) == {"q_hours": ["数を半角で入れてください。"]}
    assert form.answers == {"uses": "yes", "wish": "x"}


def test_a_draft_keeps_an_answer_that_is_not_asked_now_and_handing_in_does_not() -> None:
    sent = "q_uses=no&q_tools=chat"
    draft = QuestionnaireForm(small(), _sent(sent), complete=False)
    assert draft.is_valid()
    assert draft.answers == {"uses": "no", "tools": ["chat"]}
    whole = QuestionnaireForm(small(), _sent(sent))
    assert whole.is_valid()
    assert whole.answers == {"uses": "no"}


def test_a_wrong_row_is_named() -> None:
    form = QuestionnaireForm(small(), _sent("q_uses=no&q_fields_tax=soon"))
    assert not form.is_valid()
    assert dict(form.errors) == {"q_fields": ["税: 選択肢の中から選んでください。"]}


def test_kept_answers_come_back_into_the_fields() -> None:
    html = QuestionnaireForm(small(), given=FULL).as_p()
    assert 'value="yes" ' in html
    assert "checked" in html
    assert '<option value="now" selected>' in html
    assert 'value="2025-10-01"' in html


def test_checking_again_shows_all_that_is_missing() -> None:
    assert set(check_again(small(), {"uses": "yes"}).errors) == {"q_tools"}
    assert not check_again(small(), FULL).errors


def test_questions_have_legends_and_say_when_they_are_asked() -> None:
    form = QuestionnaireForm(small())
    html = form["q_tools"].as_field_group()
    assert "<legend>" in html
    assert "問1で「使っている」を選んだときに答えてください。" in html
    assert "※必須" in html
    with translation.override("en"):
        assert "Do you use AI?" in QuestionnaireForm(small())["q_uses"].as_field_group()
