"""Verbs of surveys: versions, answers of a town, what the ledger proves, results for whom, reminders, erasure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from machi.base import ledger
from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import Consortium, LedgerEntry, Municipality, Person, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain import surveys, surveys_answering, surveys_figures, surveys_reminders
from machi.learning.domain.surveys_next import leads
from machi.learning.domain.surveys_ready import begin_ready
from machi.learning.engine.maturity import parse_scoring, score
from machi.learning.engine.questionnaire import parse
from machi.learning.models import (
    Course,
    CourseVersion,
    Lesson,
    Module,
    Survey,
    SurveyFigures,
    SurveyReminder,
    SurveyResponse,
)
from tests.base.factories import a_person
from tests.joint.factories import a_consortium, many_towns, office_of, towns_of
from tests.learning.surveys import FULL, SMALL, an_open_survey, deliver

pytestmark = pytest.mark.django_db
State = SurveyResponse.State


class Scene:
    def __init__(self, consortium: Consortium) -> None:
        self.consortium = consortium
        self.towns = towns_of(consortium)
        self.town, self.other = self.towns[:2]
        self.office = office_of(consortium)
        self.people: dict[tuple[str, str], Person] = {}

    def who(self, town: Municipality, role: Role = Role.MANAGER) -> Person:
        key = (town.code, role)
        if key not in self.people:
            self.people[key] = a_person(role, town)
        return self.people[key]

    @contextmanager
    def at(self, town: Municipality | None = None) -> Iterator[None]:
        with in_municipality(town or self.town), in_consortium(self.consortium):
            yield

    def survey(self, **given: Any) -> Survey:
        return an_open_survey(self.consortium, self.town, self.office, **given)

    def hand_in(self, survey: Survey, town: Municipality, answers: Any = FULL) -> SurveyResponse:
        with self.at(town):
            response = surveys_answering.write(survey, town, self.who(town), answers)
            surveys_answering.hand_in(response, town, self.who(town))
            response.refresh_from_db()
        return response


@pytest.fixture
def scene() -> Scene:
    return Scene(a_consortium())


def test_what_is_published_does_not_change_when_questions_are_edited(scene: Scene) -> None:
    survey = scene.survey()
    with scene.at():
        surveys.remove_question(survey, scene.town, scene.office, "wish")
        survey.refresh_from_db()
        assert "wish" not in [one.id for one in surveys.edited(survey)]
        assert survey.current is not None
        assert survey.current.parsed() == parse(SMALL)
        assert surveys.has_changes(survey)


def test_a_new_version_carries_answers_over_and_returns_what_no_longer_fits(scene: Scene) -> None:
    survey = scene.survey()
    fits = scene.hand_in(survey, scene.town, {"uses": "no"})
    breaks = scene.hand_in(survey, scene.other, FULL)
    with scene.at():
        survey.refresh_from_db()
        tools = surveys.edited(survey)["tools"]
        surveys.put_question(survey, scene.town, scene.office, replace(tools, most=1), instead="tools")
        surveys.publish(survey, scene.town, scene.office, "1つだけ選ぶことにした")
        for one, state in ((fits, State.HANDED_IN), (breaks, State.DRAFT)):
            one.refresh_from_db()
            assert (one.state, one.version.number) == (state, 2)
        assert "第2版" in breaks.returned_because
        assert breaks.answers == FULL


def test_conditions_that_would_break_are_refused(scene: Scene) -> None:
    survey = scene.survey()
    with scene.at():
        with pytest.raises(Refused, match="条件は、これより前にある質問"):
            surveys.remove_question(survey, scene.town, scene.office, "uses")
        renamed = parse({"questions": [{**SMALL["questions"][0], "id": "in_use"}]}).questions[0]
        surveys.put_question(survey, scene.town, scene.office, renamed, instead="uses")
        survey.refresh_from_db()
        assert surveys.edited(survey)["tools"].when[0].question == "in_use"


def test_only_the_office_runs_surveys_and_only_who_speaks_hands_in(scene: Scene) -> None:
    survey = scene.survey()
    clerk, manager = scene.who(scene.town, Role.CLERK), scene.who(scene.town)
    with scene.at():
        for act in (surveys.publish, surveys.close):
            with pytest.raises(PermissionDenied):
                act(survey, scene.town, manager)
        response = surveys_answering.write(survey, scene.town, clerk, {"uses": "no"})
        with pytest.raises(PermissionDenied):
            surveys_answering.hand_in(response, scene.town, clerk)
    with scene.at(scene.other), pytest.raises(PermissionDenied):
        surveys_answering.hand_in(response, scene.other, scene.who(scene.other))


def test_handing_in_is_proved_by_the_towns_ledger_without_its_words(scene: Scene) -> None:
    survey = scene.survey()
    scene.hand_in(survey, scene.town)
    with scene.at():
        entry = LedgerEntry.objects.filter(subject__startswith="survey_response:").latest("index")
        body = json.loads(entry.body)
        assert (body["outputs"]["action"], body["outputs"]["version"]) == ("hand_in", 1)
        assert "財政" not in entry.body
        assert ledger.matches(entry, "answers", FULL)


def test_what_is_not_asked_any_more_is_left_out_when_handed_in(scene: Scene) -> None:
    survey = scene.survey()
    response = scene.hand_in(survey, scene.town, {**FULL, "uses": "no"})
    assert response.answers == {name: FULL[name] for name in ("fields", "since", "wish")} | {"uses": "no"}


def test_handed_in_answers_change_only_after_they_are_taken_back(scene: Scene) -> None:
    survey = scene.survey()
    response = scene.hand_in(survey, scene.town)
    manager = scene.who(scene.town)
    with scene.at():
        with pytest.raises(Refused, match="提出済み"):
            surveys_answering.write(survey, scene.town, manager, {"uses": "no"})
        with pytest.raises(Refused, match="理由"):
            surveys_answering.take_back(response, scene.town, manager, " ")
        surveys_answering.take_back(response, scene.town, manager, "数を直す")
        surveys_answering.write(survey, scene.town, manager, {"hours": 130})
        surveys.close(survey, scene.town, scene.office)
        with pytest.raises(Refused, match="受け付けていません"):
            surveys_answering.hand_in(response, scene.town, manager)
        surveys.reopen(survey, scene.town, scene.office, due_on=None, reason="延長")
        surveys_answering.hand_in(response, scene.town, manager)
        response.refresh_from_db()
        assert response.answers["hours"] == 130


def test_the_office_sends_an_answer_back_and_both_ledgers_have_it(scene: Scene) -> None:
    survey = scene.survey()
    response = scene.hand_in(survey, scene.other)
    with scene.at():
        surveys_answering.send_back(response, scene.town, scene.office, "人数を確かめてください")
    for town in (scene.town, scene.other):
        with in_municipality(town):
            last = LedgerEntry.objects.filter(subject=f"survey_response:{response.pk}").latest("index")
            assert json.loads(last.body)["outputs"]["action"] == "send_back"


def test_a_value_that_does_not_fit_keeps_nothing(scene: Scene) -> None:
    survey = scene.survey()
    with scene.at():
        for wrong in (
            {"uses": "maybe"},
            {"nobody": 1},
            {"hours": "many"},
            {"uses": "no", "tools": ["wrong"]},
        ):
            with pytest.raises(Refused):
                surveys_answering.write(survey, scene.town, scene.who(scene.town), wrong)
        assert not SurveyResponse.objects.exists()


def test_last_years_answers_fill_what_is_still_empty(scene: Scene) -> None:
    scene.hand_in(scene.survey(year=2025), scene.town)
    now = scene.survey(year=2026)
    with scene.at():
        surveys_answering.write(now, scene.town, scene.who(scene.town), {"uses": "no"})
        assert surveys_answering.take_last_years(now, scene.town, scene.who(scene.town)) == len(FULL) - 1
        own = surveys_answering.own(now, scene.town)
        assert own is not None
        assert own.answers == {**FULL, "uses": "no"}


def test_figures_are_renewed_only_when_several_towns_answers_are_new() -> None:
    scene = Scene(many_towns(12))
    survey = scene.survey()
    clerk = scene.who(scene.town, Role.CLERK)

    def counted() -> int | None:
        with scene.at():
            found = surveys_figures.results(survey, scene.town, clerk)
            return found.counted if found else None

    seen = []
    for town in scene.towns:
        scene.hand_in(survey, town, {"uses": "yes", "tools": ["chat"]})
        seen.append(counted())
    assert seen == [None] * 4 + [5] * 5 + [10] * 3
    with scene.at():
        surveys.close(survey, scene.town, scene.office)
        survey.refresh_from_db()
    assert counted() == 12
    with scene.at():
        assert SurveyFigures.objects.get().final
        found = surveys_figures.results(survey, scene.town, scene.office)
        assert found is not None
        assert not found.hidden


def test_a_survey_opened_again_and_closed_is_counted_anew() -> None:
    scene = Scene(many_towns(8))
    survey = scene.survey()
    for town in scene.towns[:6]:
        scene.hand_in(survey, town, {"uses": "no"})
    clerk = scene.who(scene.town, Role.CLERK)

    def closed() -> int:
        with scene.at():
            surveys.close(survey, scene.town, scene.office)
            survey.refresh_from_db()
            found = surveys_figures.results(survey, scene.town, clerk)
            assert found is not None
            return found.counted

    assert closed() == 6
    with scene.at():
        with pytest.raises(Refused, match="締め切った調査"):
            surveys.publish(survey, scene.town, scene.office, "変更")
        surveys.reopen(survey, scene.town, scene.office, due_on=None, reason="1自治体が遅れた")
    scene.hand_in(survey, scene.towns[6], {"uses": "no"})
    assert closed() == 7


def test_figures_of_an_earlier_version_show_what_was_counted_alike() -> None:
    scene = Scene(many_towns(8))
    survey = scene.survey()
    for town in scene.towns[:6]:
        scene.hand_in(survey, town, {"uses": "no"})
    clerk = scene.who(scene.town, Role.CLERK)
    with scene.at():
        assert surveys_figures.results(survey, scene.town, clerk) is not None
        new = parse({"questions": [{"id": "extra", "kind": "text", "words": "新しい質問"}]}).questions[0]
        surveys.put_question(survey, scene.town, scene.office, new)
        surveys.publish(survey, scene.town, scene.office, "質問を加えた")
        survey.refresh_from_db()
        found = surveys_figures.results(survey, scene.town, clerk)
        assert found is not None
        assert "extra" not in [one.id for one in found.form]


def test_where_towns_show_each_other_their_answers_results_are_live(scene: Scene) -> None:
    survey = scene.survey(named=True)
    scene.hand_in(survey, scene.town)
    with scene.at(scene.other):
        found = surveys_figures.results(survey, scene.other, scene.who(scene.other))
        assert found is not None
        assert (found.counted, found.hidden) == (1, False)
        given = {name: getattr(survey, name) for name in surveys.FIELDS} | {"named": False}
        with pytest.raises(Refused, match="変えられません"):
            surveys.change(survey, scene.town, scene.office, given)


def test_a_self_assessment_is_repeated_and_only_the_last_counts(scene: Scene) -> None:
    with scene.at():
        survey = begin_ready(scene.consortium, scene.town, scene.office, name="ai-maturity", year=2026)
        surveys.publish(survey, scene.town, scene.office)
        survey.refresh_from_db()
        names = [one.id for one in surveys.edited(survey) if one.options]
    scene.hand_in(survey, scene.town, dict.fromkeys(names, "l1"))
    manager = scene.who(scene.town)
    with scene.at():
        again = surveys_answering.begin_again(survey, scene.town, manager)
        assert again.answers == dict.fromkeys(names, "l1")
    scene.hand_in(survey, scene.town, dict.fromkeys(names, "l2"))
    with scene.at():
        rounds = [one.round for one in surveys_answering.past(survey, scene.town)]
        assert rounds == [2, 1]
        assert set(surveys_figures.latest_answers(survey)[scene.town.code].values()) == {"l2"}
        found = surveys_figures.results(survey, scene.other, scene.who(scene.other))
        assert found is None, "one town's level would be told"


def test_next_steps_lead_to_lessons_that_are_taught(scene: Scene) -> None:
    with scene.at():
        survey = begin_ready(scene.consortium, scene.town, scene.office, name="ai-maturity", year=2026)
        form, scoring = surveys.edited(survey), parse_scoring(survey.scoring)
        scores = score(form, scoring, {one.id: "l0" for one in form if one.options})
        assert leads(scores)["people"].lessons == ()
        course = Course.objects.create(consortium=scene.consortium, slug="ai", title="AI", summary="x")
        version = CourseVersion.objects.create(
            consortium=scene.consortium, course=course, number=1, state="published"
        )
        module = Module.objects.create(consortium=scene.consortium, version=version, order=1, title="x")
        lesson = Lesson.objects.create(
            consortium=scene.consortium,
            module=module,
            order=1,
            slug="what-generative-ai-is",
            title="生成AIとは",
            text="x",
        )
        found = leads(scores)["people"]
        assert found.lessons == (lesson,)
        assert found.skills == ("AI・自動化",)


@pytest.mark.parametrize(("left", "written"), [(14, True), (13, False), (0, True), (-1, False), (-7, True)])
def test_reminders_go_out_on_set_days(left: int, written: bool) -> None:
    today = date(2026, 11, 30)
    assert surveys_reminders.is_day(today + timedelta(days=left), today) is written


def test_towns_that_have_not_answered_are_written_to_once_a_day(scene: Scene) -> None:
    due = timezone.localdate() + timedelta(days=3)
    survey = scene.survey(due_on=due)
    speakers = [scene.who(town) for town in (scene.town, scene.other)]
    scene.who(scene.other, Role.CLERK)
    scene.hand_in(survey, scene.town)
    for town in scene.towns:
        for _ in range(2):
            with scene.at(town):
                surveys_reminders.each_day(town, scene.consortium)
    deliver()
    assert [one.to for one in mail.outbox] == [[speakers[1].email]]
    assert f"/m/{scene.other.code}/learning/surveys/{survey.pk}/" in mail.outbox[0].body
    assert "財政" not in mail.outbox[0].body
    with scene.at():
        assert SurveyReminder.objects.count() == 2  # the third town has nobody to write to
        assert surveys_reminders.remind_now(survey, scene.town, scene.office) == 0
        SurveyReminder.objects.all().delete()
        assert surveys_reminders.remind_now(survey, scene.town, scene.office) == 2


def test_free_text_is_erased_with_its_traces_and_counts_stay(scene: Scene) -> None:
    survey = scene.survey()
    response = scene.hand_in(survey, scene.town)
    erasing.erase(scene.town, f"survey_response:{response.pk}", ground=erasing.Ground.REQUEST)
    with scene.at():
        response.refresh_from_db()
        assert "wish" not in response.answers
        assert response.answers["uses"] == "yes"
        handed = LedgerEntry.objects.filter(subject=f"survey_response:{response.pk}").exclude(
            kind=ledger.ERASURE
        )
        assert not any(ledger.matches(entry, "answers", FULL) for entry in handed)
    with pytest.raises(Refused):
        erasing.erase(scene.other, f"survey_response:{response.pk}", ground=erasing.Ground.REQUEST)


def test_free_text_is_kept_five_years_after_the_survey_is_closed(scene: Scene) -> None:
    survey = scene.survey()
    response = scene.hand_in(survey, scene.town)
    with scene.at():
        surveys.close(survey, scene.town, scene.office)
    assert erasing.expired(scene.town) == []
    with scene.at():
        Survey.objects.update(closed_at=timezone.now() - timedelta(days=5 * 365 + 1))
    assert erasing.expired(scene.town) == [f"survey_response:{response.pk}"]
