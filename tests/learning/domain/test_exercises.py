"""Answers kept, recorded, and erased; and the practice room, where nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from machi.base.domain import erasing
from machi.base.domain.daily import run_daily
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, LedgerSalt, Municipality, Role
from machi.base.running import NotApproved
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import ModelCall, RegisteredSystem
from machi.learning.domain import exercises as verbs
from machi.learning.domain import exercises_queries as queries
from machi.learning.engine import exercises as engine
from machi.learning.models import Attempt, Cohort, Enrolment, Exercise
from tests.base.factories import a_person
from tests.governance.gates import an_endpoint
from tests.language_model_server.scripted import Scripted, says, scripted
from tests.learning.exercises import KURASHIKI, TASKS, Class, a_class, enrol

MY_NUMBER = "123456789018"
"""Its check digit holds."""


@pytest.fixture
def work(db: None) -> Iterator[Class]:
    made = a_class()
    with in_municipality(made.town), in_consortium(made.consortium):
        yield made


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as running:
        yield running


def tries(work: Class, slug: str, answer: dict[str, object] | None = None) -> Attempt:
    exercise = work.exercise(slug)
    given = engine.key(exercise.kind, exercise.task) if answer is None else answer
    return verbs.attempt(work.enrolment, exercise, work.learner, given)


def last_entry(town: Municipality) -> dict[str, object]:
    with in_municipality(town):
        body: dict[str, object] = json.loads(LedgerEntry.objects.latest("index").body)
    return body


def rows() -> dict[str, int]:
    """How many rows every table of the database has, past every scope."""
    with connection.cursor() as cursor:
        counted = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            counted[table] = cursor.fetchone()[0]
    return counted


@pytest.mark.parametrize("slug", sorted(TASKS))
def test_an_answer_of_each_kind_is_scored_kept_and_recorded(work: Class, slug: str) -> None:
    made = tries(work, slug)
    assert (made.percent, made.passed) == (100, True)
    assert set(made.items.values()) == {1.0}
    entry = last_entry(work.town)
    by_machine = work.exercise(slug).kind in verbs.BY_MACHINE
    assert entry["system"] == (verbs.CHECK if by_machine else verbs.SYSTEM)
    assert entry["kind"] == ("result" if by_machine else "exercise")
    assert entry["subject"] == f"exercise_answers:{work.enrolment.pk}"
    outputs = entry["outputs"]
    assert isinstance(outputs, dict)
    assert (outputs["percent"], outputs["passed"], outputs["attempt"]) == (100, True, made.pk)
    assert set(outputs["reasons"]) == set(made.items)
    assert verbs.shown(Attempt.objects.get(pk=made.pk)).result.percent == 100


def test_a_poor_answer_is_kept_and_does_not_pass(work: Class) -> None:
    made = tries(work, "quiz-rules", {"items": {"digits": "12", "word": "ハルシネーション"}})
    assert (made.percent, made.passed) == (50, False)


def test_words_are_encrypted_and_in_no_entry(work: Class) -> None:
    words = "図書館の貸出の秘密の言葉ヤマネコ"
    tries(work, "summarise-minutes", {"summary": words})
    with connection.cursor() as cursor:
        cursor.execute("SELECT answer FROM learning_attempt")
        (kept,) = cursor.fetchone()
    assert "ヤマネコ" not in kept
    assert json.loads(Attempt.objects.get().answer)["summary"] == words
    assert "ヤマネコ" not in json.dumps(last_entry(work.town), ensure_ascii=False)


def test_only_ones_own_place_and_exercises_of_its_course(work: Class) -> None:
    exercise, key = work.exercise("quiz-rules"), engine.key("quiz", TASKS["quiz-rules"])
    stranger = a_person(Role.LEARNER, work.town)
    with pytest.raises(PermissionDenied):
        verbs.attempt(work.enrolment, exercise, stranger, key)
    other = Exercise.objects.select_related("lesson__module").get(pk=exercise.pk)
    other.lesson.module.version_id = work.version.pk + 1
    with pytest.raises(PermissionDenied):
        verbs.attempt(work.enrolment, other, work.learner, key)
    work.enrolment.state = Enrolment.State.WITHDRAWN
    with pytest.raises(PermissionDenied):
        verbs.attempt(work.enrolment, exercise, work.learner, key)
    assert not Attempt.objects.exists()


def test_before_the_course_begins_it_is_refused(work: Class) -> None:
    work.cohort.starts_on = timezone.localdate() + timedelta(days=1)
    work.enrolment.cohort = work.cohort
    with pytest.raises(Refused, match="まだ始まっていません"):
        tries(work, "quiz-rules")


def test_kinds_of_the_ai_system_run_only_where_it_is_approved(work: Class) -> None:
    RegisteredSystem.objects.filter(key=verbs.CHECK).update(state=RegisteredSystem.State.SUSPENDED)
    for slug in ("mask-callback", "instruct-notice", "summarise-notice"):
        exercise = work.exercise(slug)
        assert verbs.closed(work.town, exercise)
        with pytest.raises(NotApproved):
            tries(work, slug)
        with pytest.raises(NotApproved):
            verbs.practise(work.town, exercise, engine.key(exercise.kind, exercise.task))
    assert not Attempt.objects.exists()
    assert not ModelCall.objects.exists()
    assert tries(work, "quiz-rules").passed
    assert not verbs.closed(work.town, work.exercise("quiz-rules"))


def test_an_instruction_is_run_through_the_gate(work: Class, server: Scripted) -> None:
    an_endpoint(work.town, server, purpose=verbs.OUTPUT)
    made_up = "粗大ごみは予約制です。手数料は1点につき500円です。回収は毎朝6時です。"
    server.steps = [says(made_up)]
    made = tries(work, "instruct-notice")
    assert made.exercise.task["source"]["text"].split("。")[0] in server.everything
    kept = json.loads(made.answer or "")
    assert (kept["output"], kept["by_model"]) == (made_up, True)
    assert made.items["grounded"] == pytest.approx(2 / 3, abs=0.001)
    assert made.items["fee"] == 1
    assert ModelCall.objects.get().system == verbs.OUTPUT
    assert verbs.shown(Attempt.objects.get()).result.percent == made.percent


def test_with_no_model_or_none_approved_the_extractive_engine_answers(work: Class, server: Scripted) -> None:
    made = tries(work, "instruct-notice")
    assert (made.percent, json.loads(made.answer or "")["by_model"]) == (100, False)
    assert ModelCall.objects.get().reason == "no_endpoint"
    an_endpoint(work.town, server, purpose=verbs.OUTPUT)
    RegisteredSystem.objects.filter(key=verbs.OUTPUT).update(state=RegisteredSystem.State.SUSPENDED)
    assert tries(work, "instruct-notice").percent == 100
    assert server.received == []
    assert ModelCall.objects.count() == 1


def test_a_my_number_is_refused_and_nothing_of_it_kept(work: Class) -> None:
    with pytest.raises(Refused):
        tries(work, "instruct-notice", {"instruction": f"個人番号{MY_NUMBER}の人に案内文を作ってください。"})
    assert not Attempt.objects.exists()


def test_an_output_cannot_be_handed_in(work: Class) -> None:
    given = {"instruction": "案内文を作ってください。", "output": "手数料は1点500円", "by_model": True}
    kept = json.loads(tries(work, "instruct-notice", given).answer or "")
    assert kept["output"] == "\n".join(
        f"{one}。" for one in work.exercise("instruct-notice").task["source"]["text"].split("。") if one
    )
    assert kept["by_model"] is False


@pytest.mark.parametrize("slug", sorted(TASKS))
def test_practice_leaves_no_row_and_calls_no_model(work: Class, slug: str, server: Scripted) -> None:
    an_endpoint(work.town, server, purpose=verbs.OUTPUT)
    exercise = work.exercise(slug)
    before = rows()
    tried = verbs.practise(work.town, exercise, engine.key(exercise.kind, exercise.task))
    assert tried.result.percent == 100
    assert rows() == before
    assert server.received == []


def test_words_go_when_the_cohort_has_ended_and_scores_stay(work: Class) -> None:
    made = tries(work, "quiz-rules")
    late = tries(work, "mask-callback", {"words": [2]})
    assert run_daily() == 0
    assert Attempt.objects.filter(answer=None).count() == 0
    Cohort.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert erasing.expired(work.town) == [f"exercise_answers:{work.enrolment.pk}"]
    assert run_daily() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(answer) FROM learning_attempt")
        assert cursor.fetchone()[0] == 0
    made.refresh_from_db()
    assert (made.percent, made.passed, set(made.items.values())) == (100, True, {1.0})
    entry = last_entry(work.town)
    assert (entry["kind"], entry["subject"]) == ("erasure", f"exercise_answers:{work.enrolment.pk}")
    assert not LedgerSalt.objects.filter(
        entry__subject=f"exercise_answers:{work.enrolment.pk}", entry__kind="result"
    ).exists()
    told = verbs.shown(Attempt.objects.select_related("exercise").get(pk=late.pk))
    assert told.answer == {}
    assert told.result.percent == late.percent
    assert {item.id: item.points for item in told.result.items} == late.items
    assert all(item.why and not item.reasons for item in told.result.items)
    assert erasing.expired(work.town) == []


def test_ended_early_counts_as_ended_and_other_towns_erase_their_own(work: Class) -> None:
    other = Municipality.objects.get(code=KURASHIKI)
    person = a_person(Role.LEARNER, other)
    place = enrol(work.cohort, other, person)
    exercise = work.exercise("quiz-rules")
    verbs.attempt(place, exercise, person, engine.key("quiz", exercise.task))
    tries(work, "quiz-rules")
    Cohort.objects.update(state=Cohort.State.ENDED)
    assert erasing.expired(work.town) == [f"exercise_answers:{work.enrolment.pk}"]
    assert erasing.expired(other) == [f"exercise_answers:{place.pk}"]
    with pytest.raises(Refused):
        erasing.erase(work.town, f"exercise_answers:{place.pk}", ground="request")
    erasing.erase(other, f"exercise_answers:{place.pk}", ground="request", reference="第1号")
    assert Attempt.objects.get(enrolment=place).answer is None
    assert Attempt.objects.get(enrolment=work.enrolment).answer
    with pytest.raises(Refused, match="消去する答えはありません"):
        erasing.erase(other, f"exercise_answers:{place.pk}", ground="request")


def test_erasing_an_enrolment_erases_the_traces_of_its_answers_too(work: Class) -> None:
    tries(work, "quiz-rules")
    erasing.erase(work.town, f"enrolment:{work.enrolment.pk}", ground="request")
    assert Attempt.objects.get().answer is None
    assert not LedgerSalt.objects.filter(entry__subject=f"exercise_answers:{work.enrolment.pk}").exists()


def at(made: Attempt, days_ago: int) -> None:
    Attempt.objects.filter(pk=made.pk).update(at=timezone.now() - timedelta(days=days_ago))


def test_what_was_passed_comes_again_and_is_due_until_done(work: Class) -> None:
    today = timezone.localdate()
    made = tries(work, "quiz-rules")
    assert queries.reviews(work.learner, work.town, today) == ([], today + timedelta(days=1))
    at(made, 8)
    at(tries(work, "quiz-basics"), 3)
    at(tries(work, "ground-bulky", {}), 5)
    found, following = queries.reviews(work.learner, work.town, today)
    assert [(one.exercise.slug, one.review.step, one.days) for one in found] == [
        ("quiz-rules", 0, 1),
        ("quiz-basics", 0, 1),
    ]
    assert following is None
    tries(work, "quiz-rules")
    found, following = queries.reviews(work.learner, work.town, today)
    assert [one.exercise.slug for one in found] == ["quiz-basics"]
    assert following == today + timedelta(days=6)


def test_withdrawn_places_and_other_people_have_no_reviews(work: Class) -> None:
    at(tries(work, "quiz-rules"), 3)
    today = timezone.localdate()
    assert queries.reviews(a_person(Role.LEARNER, work.town), work.town, today) == ([], None)
    Enrolment.objects.update(state=Enrolment.State.WITHDRAWN)
    assert queries.reviews(work.learner, work.town, today) == ([], None)


def test_statistics_are_of_first_attempts_and_hidden_below_five(work: Class) -> None:
    exercise = work.exercise("quiz-rules")
    key = engine.key("quiz", exercise.task)["items"]
    places = [work.enrolment] + [
        enrol(work.cohort, work.town, a_person(Role.LEARNER, work.town)) for _ in range(4)
    ]
    for number, place in enumerate(places):
        given = {one: key[one] for one in list(key)[: number if number < 4 else None]}
        verbs.attempt(place, exercise, place.person, {"items": given})
        verbs.attempt(place, exercise, place.person, {"items": key})
        (one,) = (one for one in queries.statistics_of(work.cohort) if one.exercise == exercise)
        assert one.learners == number + 1
        if number < 4:
            assert {line.difficulty for _about, line in one.lines} == {None}
    assert [line.difficulty for _about, line in one.lines] == [0.8, 0.6, 0.4, 0.2]
    assert all(line.discrimination and line.discrimination > 0.5 for _about, line in one.lines)
