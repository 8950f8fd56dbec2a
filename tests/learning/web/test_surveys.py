"""The pages of surveys: the whole cycle, who may come in, what is shown to whom, files, constant numbers of queries."""

from __future__ import annotations

import io
import json
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from machi.base.models import Consortium, ConsortiumMember, Municipality, Person, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain import surveys, surveys_answering
from machi.learning.domain.surveys_ready import begin_ready
from machi.learning.models import Survey, SurveyResponse
from tests.base.factories import a_person
from tests.joint.factories import a_consortium, client_of, office_of, towns_of
from tests.learning.surveys import FULL, an_open_survey, url

pytestmark = pytest.mark.django_db
State = SurveyResponse.State


class Scene:
    """Three towns, their office, and in the first a clerk and a manager."""

    def __init__(self) -> None:
        self.consortium: Consortium = a_consortium()
        self.town, self.other, self.third = towns_of(self.consortium)
        self.office: Person = office_of(self.consortium)
        self.clerk = a_person(Role.CLERK, self.town)
        self.manager = a_person(Role.MANAGER, self.town)

    def open(self, **given: Any) -> Survey:
        return an_open_survey(self.consortium, self.town, self.office, **given)

    def hand_in(self, survey: Survey, town: Municipality, answers: Any = FULL) -> SurveyResponse:
        speaker = self.manager if town == self.town else a_person(Role.MANAGER, town)
        with in_municipality(town), in_consortium(self.consortium):
            response = surveys_answering.write(survey, town, speaker, answers)
            surveys_answering.hand_in(response, town, speaker)
            response.refresh_from_db()
            return response


@pytest.fixture
def scene() -> Scene:
    return Scene()


def _text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode()


def _file(client: Client, address: str, **asked: str) -> bytes:
    """A file, read to its end and closed."""
    response = client.get(address, asked)
    assert response.status_code == 200, address
    data = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    return data


SENT = {
    "q_uses": "yes",
    "q_tools": ["chat", "ocr"],
    "q_fields_tax": "now",
    "q_fields_care": "not",
    "q_hours": "120",
    "q_since": "2025-10-01",
    "q_wish": "財政の支援をお願いします",
    "base": "{}",
}


def test_a_clerk_writes_a_manager_hands_in_and_the_office_reads(scene: Scene) -> None:
    survey = scene.open()
    clerk, manager, office = client_of(scene.clerk), client_of(scene.manager), client_of(scene.office)
    answer = url(scene.town, "answer_survey", survey.pk)
    assert "問1" in _text(clerk, answer)
    clerk.post(answer, {"q_uses": "yes", "base": "{}"})
    assert "あと1か所" in _text(clerk, url(scene.town, "survey", survey.pk))
    sent = clerk.post(answer, {**SENT, "base": '{"uses": "yes"}', "onward": "1"})
    assert sent.headers["Location"] == url(scene.town, "hand_in_survey", survey.pk)
    assert clerk.get(sent.headers["Location"]).status_code == 403
    assert "管理職の提出を待っています" in _text(clerk, url(scene.town, "survey", survey.pk))
    with in_consortium(scene.consortium):
        response = SurveyResponse.objects.get()
        assert response.answers == FULL
    assert office.get(url(scene.town, "survey_response", survey.pk, response.pk)).status_code == 404
    manager.post(url(scene.town, "hand_in_survey", survey.pk))
    read = _text(office, url(scene.town, "survey_response", survey.pk, response.pk))
    assert "財政の支援をお願いします" in read
    assert "税: 導入済み" in read


def test_what_is_missing_is_shown_at_the_questions_before_handing_in(scene: Scene) -> None:
    survey = scene.open()
    manager = client_of(scene.manager)
    manager.post(url(scene.town, "answer_survey", survey.pk), {"q_uses": "yes", "base": "{}"})
    asked = manager.get(url(scene.town, "hand_in_survey", survey.pk))
    assert asked.headers["Location"].endswith("?check=1")
    page = _text(manager, asked.headers["Location"])
    assert '<a href="#id_q_tools">' in page
    assert "答えてください。" in page


def test_what_cannot_be_read_keeps_the_rest_and_what_was_typed(scene: Scene) -> None:
    survey = scene.open()
    clerk = client_of(scene.clerk)
    page = clerk.post(
        url(scene.town, "answer_survey", survey.pk), {**SENT, "q_hours": "たくさん"}
    ).content.decode()
    assert "数を半角で入れてください。" in page
    assert 'value="たくさん"' in page
    with in_consortium(scene.consortium):
        kept = SurveyResponse.objects.get().answers
    assert kept == {name: value for name, value in FULL.items() if name != "hours"}


def test_two_who_write_at_once_do_not_undo_each_other(scene: Scene) -> None:
    survey = scene.open()
    address = url(scene.town, "answer_survey", survey.pk)
    one, other = client_of(scene.clerk), client_of(scene.manager)
    one.post(address, {"q_uses": "yes", "q_wish": "一人目", "base": "{}"})
    page = other.post(address, {"q_hours": "5", "q_wish": "二人目", "base": "{}"}).content.decode()
    assert "ほかの人がこの答えを先に変えました" in page
    with in_consortium(scene.consortium):
        response = SurveyResponse.objects.get()
        assert response.answers == {"uses": "yes", "wish": "一人目", "hours": 5}
    base = json.dumps({"hours": 5, "wish": "一人目"}, ensure_ascii=False)
    other.post(address, {"q_hours": "5", "q_wish": "二人目", "base": base})
    with in_consortium(scene.consortium):
        assert SurveyResponse.objects.get().answers == {"uses": "yes", "wish": "二人目", "hours": 5}


def test_the_draft_is_kept_while_writing(scene: Scene) -> None:
    survey = scene.open()
    clerk = client_of(scene.clerk)
    saved = clerk.post(
        url(scene.town, "save_survey", survey.pk), {"q_uses": "yes", "q_hours": "x", "base": "{}"}
    )
    assert saved.status_code == 200
    assert json.loads(saved.json()["base"]) == {"uses": "yes"}
    assert "直すところがあります" in saved.json()["message"]
    with in_consortium(scene.consortium):
        assert SurveyResponse.objects.get().answers == {"uses": "yes"}


def test_excel_goes_out_is_filled_in_and_comes_back(scene: Scene) -> None:
    survey = scene.open()
    clerk = client_of(scene.clerk)
    book = openpyxl.load_workbook(
        io.BytesIO(clerk.get(url(scene.town, "survey_file", survey.pk, "xlsx")).content)
    )
    sheet = book["回答"]
    answers = {"uses": "使っている", "tools:chat": "○", "fields:tax": "導入済み", "hours": "百"}
    for row in sheet.iter_rows():
        if row[5].value in answers:
            row[3].value = answers[row[5].value]

    def sent() -> str:
        out = io.BytesIO()
        book.save(out)
        out.seek(0)
        out.name = "回答.xlsx"
        upload = url(scene.town, "upload_survey", survey.pk)
        return clerk.post(upload, {"file": out}, follow=True).content.decode()

    page = sent()
    hours = next(row[0].row for row in sheet.iter_rows() if row[5].value == "hours")
    assert f"{hours}行目の「答え」（「百」）: 数を半角で入れてください。" in page
    with in_consortium(scene.consortium):
        assert not SurveyResponse.objects.exists()
    sheet.cell(hours, 4).value = 100
    assert "取り込みました" in sent()
    with in_consortium(scene.consortium):
        assert SurveyResponse.objects.get().answers == {
            "uses": "yes",
            "tools": ["chat"],
            "fields": {"tax": "now"},
            "hours": 100,
        }


def test_files_are_there_empty_and_filled_in(scene: Scene) -> None:
    survey = scene.open()
    scene.hand_in(survey, scene.town)
    clerk = client_of(scene.clerk)
    for kind in ("pdf", "xlsx", "csv", "csv-cp932", "schema.json"):
        assert _file(clerk, url(scene.town, "survey_file", survey.pk, kind)), kind
    filled = _file(clerk, url(scene.town, "survey_file", survey.pk, "csv-cp932"), filled="1")
    assert "財政の支援をお願いします" in filled.decode("cp932")
    assert clerk.get(url(scene.town, "survey_file", survey.pk, "exe")).status_code == 404
    assert _file(clerk, url(scene.town, "survey_file", survey.pk, "pdf"))[:4] == b"%PDF"


def test_the_office_builds_a_survey_on_screen(scene: Scene) -> None:
    office = client_of(scene.office)
    begun = office.post(
        url(scene.town, "begin_survey"),
        {"purpose": "yearly", "series": "ai", "year": "2026", "title": "小さな調査"},
    )
    with in_consortium(scene.consortium):
        survey = Survey.objects.get()
    assert begun.headers["Location"] == url(scene.town, "edit_survey", survey.pk)
    add = url(scene.town, "add_question", survey.pk)
    office.post(
        f"{add}?kind=single",
        {"text": "使いますか", "required": "on", "options": "yes = はい | Yes\nいいえ", "sign": "uses"},
    )
    office.post(f"{add}?kind=text", {"text": "なぜですか", "sign": "why", "longest": "100"})
    when = url(scene.town, "question_when", survey.pk, "why")
    assert "使いますか" in _text(office, when)
    office.post(f"{when}?on=uses", {"options": ["yes"]})
    assert "問1で「はい」を選んだときに答えてください。" in _text(
        office, url(scene.town, "edit_survey", survey.pk)
    )
    moved = office.post(url(scene.town, "move_question", survey.pk, "why"), {"to": "up"}, follow=True)
    assert "条件は、これより前にある質問にだけ付けられます" in moved.content.decode()
    preview = url(scene.town, "preview_survey", survey.pk)
    assert "答えてください。" in office.post(preview, {}).content.decode()
    assert "このまま提出できる回答です" in office.post(preview, {"q_uses": "yes"}).content.decode()
    office.post(url(scene.town, "publish_survey", survey.pk))
    survey.refresh_from_db()
    assert survey.state == Survey.State.OPEN
    assert "使いますか" in _text(office, url(scene.town, "survey_version", survey.pk, 1))
    office.post(url(scene.town, "remove_question", survey.pk, "why"))
    assert "公開していない変更があります" in _text(office, url(scene.town, "survey", survey.pk))
    refused = office.post(url(scene.town, "publish_survey", survey.pk), {"changes": ""}).content.decode()
    assert "前の版から変えたことを書いてください" in refused


def test_a_question_of_another_survey_is_taken_over(scene: Scene) -> None:
    scene.open()
    mine = an_open_survey(scene.consortium, scene.town, scene.office, series="other")
    office = client_of(scene.office)
    with in_consortium(scene.consortium):
        source = Survey.objects.get(series="ai")
    assert "使っているもの" in _text(office, url(scene.town, "reuse_question", mine.pk) + "?words=使って")
    office.post(url(scene.town, "reuse_question", mine.pk), {"survey": str(source.pk), "question": "tools"})
    mine.refresh_from_db()
    last = surveys.edited(mine).questions[-1]
    assert last.id.startswith("tools_")
    assert (last.when, len(last.options)) == ((), 3)


def test_ready_surveys_can_be_begun_and_published(scene: Scene) -> None:
    office = client_of(scene.office)
    for name in ("ai-adoption", "ai-maturity"):
        office.post(url(scene.town, "begin_ready_survey"), {"name": name, "year": "2026"})
        with in_consortium(scene.consortium):
            survey = Survey.objects.get(series=name)
        office.post(url(scene.town, "publish_survey", survey.pk))
        survey.refresh_from_db()
        assert survey.state == Survey.State.OPEN
        assert "※必須" in _text(client_of(scene.clerk), url(scene.town, "answer_survey", survey.pk))


def test_a_draft_of_the_office_is_not_seen_by_towns(scene: Scene) -> None:
    with in_municipality(scene.town), in_consortium(scene.consortium):
        survey = begin_ready(scene.consortium, scene.town, scene.office, name="ai-adoption", year=2026)
    clerk = client_of(scene.clerk)
    assert str(survey.title) not in _text(clerk, url(scene.town, "surveys"))
    assert clerk.get(url(scene.town, "survey", survey.pk)).status_code == 404


OFFICE_ONLY = (
    "change_survey", "survey_again", "publish_survey", "close_survey", "reopen_survey", "remind_survey",
    "edit_survey", "preview_survey", "reuse_question",
)  # fmt: skip


def test_what_is_the_offices_is_closed_to_towns(scene: Scene) -> None:
    survey = scene.open()
    manager = client_of(scene.manager)
    for name in OFFICE_ONLY:
        assert manager.get(url(scene.town, name, survey.pk)).status_code == 403, name
        assert client_of(scene.office).get(url(scene.town, name, survey.pk)).status_code == 200, name
    assert manager.get(url(scene.town, "begin_survey")).status_code == 403
    auditor = client_of(a_person(Role.AUDITOR, scene.town))
    assert auditor.get(url(scene.town, "answer_survey", survey.pk)).status_code == 403
    assert auditor.get(url(scene.town, "survey", survey.pk)).status_code == 200
    learner = client_of(a_person(Role.LEARNER, scene.town))
    assert learner.get(url(scene.town, "surveys")).status_code == 403


def test_a_town_reads_anothers_answers_only_where_towns_show_them(scene: Scene) -> None:
    hidden, shown = scene.open(), scene.open(series="named", named=True)
    clerk = client_of(scene.clerk)
    for survey, status in ((hidden, 404), (shown, 200)):
        theirs = scene.hand_in(survey, scene.other)
        page = clerk.get(url(scene.town, "survey_response", survey.pk, theirs.pk))
        assert page.status_code == status
    assert clerk.get(url(scene.town, "survey_responses", hidden.pk)).status_code == 403
    assert clerk.get(url(scene.town, "survey_responses", shown.pk)).status_code == 200
    drafted = scene.open(series="drafted", named=True)
    stranger = a_person(Role.CLERK, scene.third)
    with in_municipality(scene.third), in_consortium(scene.consortium):
        draft = surveys_answering.write(drafted, scene.third, stranger, {"uses": "yes"})
    assert clerk.get(url(scene.town, "survey_response", drafted.pk, draft.pk)).status_code == 404


def test_another_consortiums_survey_is_not_there(scene: Scene) -> None:
    survey = scene.open()
    other = Consortium.objects.create(name="別の共同体")
    ConsortiumMember.objects.create(consortium=other, municipality=scene.town, since="2026-04-01")
    clerk = client_of(scene.clerk)
    assert clerk.get(url(scene.town, "survey", survey.pk) + f"?consortium={other.pk}").status_code == 404


def test_results_hide_small_counts_from_towns_and_nothing_from_the_office(scene: Scene) -> None:
    survey = scene.open()
    for town in (scene.town, scene.other, scene.third):
        scene.hand_in(survey, town)
    address = url(scene.town, "survey_results", survey.pk)
    assert "まだ見せられる数がありません" in _text(client_of(scene.clerk), address)
    office = _text(client_of(scene.office), address)
    assert "100%（3）" in office
    assert _file(client_of(scene.office), address, format="xlsx")[:2] == b"PK"
    answers = _file(client_of(scene.office), url(scene.town, "survey_responses", survey.pk), format="csv")
    assert len(answers.splitlines()) == 4
    question = url(scene.town, "question_results", survey.pk, "fields")
    page = _text(client_of(scene.office), question)
    assert 'class="map"' in page
    assert client_of(scene.clerk).get(question).status_code == 404


@pytest.mark.parametrize("question", ["uses", "tools", "fields", "hours", "since", "wish"])
def test_question_that_nobody_was_asked_or_answered_has_a_page(scene: Scene, question: str) -> None:
    survey = scene.open(named=True)
    scene.hand_in(survey, scene.town, {"uses": "no"})
    address = url(scene.town, "question_results", survey.pk, question)
    for person in (scene.office, scene.clerk):
        assert client_of(person).get(address).status_code == 200


def test_trend_over_two_years(scene: Scene) -> None:
    before = scene.open(year=2025, named=True)
    scene.hand_in(before, scene.town, {"uses": "no"})
    now = scene.open(year=2026, named=True)
    scene.hand_in(now, scene.town, FULL)
    page = _text(client_of(scene.clerk), url(scene.town, "question_results", now.pk, "uses"))
    assert "2025年度（1）" in page
    assert "2026年度（1）" in page
    for name in ("tools", "hours", "since", "wish"):
        _text(client_of(scene.clerk), url(scene.town, "question_results", now.pk, name))
    assert "前の年の答えを使う" not in _text(client_of(scene.clerk), url(scene.town, "survey", now.pk))


def test_self_assessment_gives_levels_reasons_and_next_steps(scene: Scene) -> None:
    with in_municipality(scene.town), in_consortium(scene.consortium):
        survey = begin_ready(scene.consortium, scene.town, scene.office, name="ai-maturity", year=2026)
        surveys.publish(survey, scene.town, scene.office)
        form = surveys.edited(survey)
    survey.refresh_from_db()
    answers = {one.id: "l1" for one in form if one.options} | {"gov_rules": "l3"}
    response = scene.hand_in(survey, scene.town, answers)
    page = _text(client_of(scene.manager), url(scene.town, "maturity", survey.pk, response.pk))
    assert "まず取り組むこと" in page
    assert "この段階を決めた答え" in page
    told = _file(client_of(scene.manager), url(scene.town, "maturity", survey.pk, response.pk), format="csv")
    assert "AIを使うときの決まりは" in told.decode("utf-8-sig")
    stranger = client_of(a_person(Role.MANAGER, scene.other))
    assert stranger.get(url(scene.other, "maturity", survey.pk, response.pk)).status_code == 404
    office = client_of(scene.office)
    assert office.get(url(scene.town, "maturity", survey.pk, response.pk)).status_code == 200
    again = client_of(scene.manager).post(url(scene.town, "next_round", survey.pk))
    assert again.headers["Location"] == url(scene.town, "answer_survey", survey.pk)
    assert "AI活用の自己点検" in _text(client_of(scene.clerk), url(scene.town, "assessments"))


def test_lists_need_the_same_number_of_queries_however_long(scene: Scene) -> None:
    client = client_of(scene.clerk)

    def queries(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address).status_code == 200
        return len(counted)

    first = scene.open(named=True)
    scene.hand_in(first, scene.town)
    lists = [url(scene.town, "surveys"), url(scene.town, "survey_responses", first.pk)]
    results = url(scene.town, "survey_results", first.pk)
    before = [queries(one) for one in (*lists, results)]
    for at in range(2):
        scene.hand_in(scene.open(series=f"more-{at}"), scene.town)
    for town in (scene.other, scene.third):
        scene.hand_in(first, town)
    assert [queries(one) for one in (*lists, results)] == before
    assert "3 / 3" in _text(client, lists[0])
    exported = _file(client, lists[0], format="csv").decode("utf-8-sig").splitlines()
    assert (len(exported), exported[1].split(",")[-2:]) == (4, ["3", "3"])


def test_an_empty_list_says_what_to_do(scene: Scene) -> None:
    assert "そろっている調査から始める" in _text(client_of(scene.office), url(scene.town, "surveys"))
    assert "共同事務局が公開すると" in _text(client_of(scene.clerk), url(scene.town, "surveys"))
