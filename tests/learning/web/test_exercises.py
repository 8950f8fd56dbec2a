"""The pages of exercises: done in a course, practised without trace, reviewed, and their items' figures."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from machi.base.models import Municipality, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.learning.domain import exercises as verbs
from machi.learning.engine import exercises as engine
from machi.learning.engine.exercise_mask import key as mask_key
from machi.learning.models import Attempt, Cohort, CourseVersion, Exercise
from tests.base.factories import a_person
from tests.joint.factories import client_of
from tests.learning.domain.test_exercises import rows
from tests.learning.exercises import KURASHIKI, TASKS, Class, a_class, enrol

pytestmark = pytest.mark.django_db


@pytest.fixture
def work() -> Class:
    return a_class()


def page(response: HttpResponse) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "lxml")


def told(soup: BeautifulSoup) -> str:
    main = soup.find("main")
    assert main is not None
    return main.get_text(" ", strip=True)


def posted(exercise: Exercise) -> dict[str, Any]:
    """The key of an exercise as its form sends it."""
    (name, full), *_rest = engine.key(exercise.kind, exercise.task).items()
    if not isinstance(full, dict):
        return {name: full}
    sent: dict[str, Any] = {}
    for item in exercise.task[name]:
        value = full[item["id"]]
        if item.get("kind") == "order":
            sent |= {f"item.{item['id']}.{one}": str(place) for place, one in enumerate(value, start=1)}
        elif item.get("kind") == "match":
            sent |= {f"item.{item['id']}.{left}": right for left, right in value.items()}
        else:
            sent[f"item.{item['id']}"] = value
    return sent


@pytest.mark.parametrize("slug", sorted(TASKS))
def test_every_exercise_is_done_and_its_result_tells_why(work: Class, slug: str) -> None:
    exercise, client = work.exercise(slug), work.client
    address = work.url("exercise", work.enrolment.pk, exercise.pk)
    shown = page(client.get(address))
    assert exercise.task["question"].split("\n")[0] in told(shown)
    for item in engine.items_of(exercise.kind, exercise.task):
        assert item.why not in told(shown)
    response = client.post(address, posted(exercise))
    assert response.status_code == 302, told(page(response))
    result = told(page(client.get(response["Location"])))
    assert "100 %" in result.replace("100%", "100 %")
    assert "合格" in result
    for item in engine.items_of(exercise.kind, exercise.task):
        assert item.why in result
    with in_consortium(work.consortium):
        assert Attempt.objects.get().passed


@pytest.mark.parametrize("slug", sorted(TASKS))
def test_nothing_answered_scores_0_and_says_what_to_read_again(work: Class, slug: str) -> None:
    exercise, client = work.exercise(slug), work.client
    response = client.post(work.url("exercise", work.enrolment.pk, exercise.pk), {}, follow=True)
    result = told(page(response))
    assert "もう一度" in result
    assert exercise.task["read_again"] in result
    with in_consortium(work.consortium):
        assert Attempt.objects.get().percent == 0


@pytest.mark.parametrize("slug", sorted(TASKS))
def test_practising_writes_no_row_anywhere(work: Class, slug: str) -> None:
    exercise, client = work.exercise(slug), work.client
    address = work.url("practise", exercise.pk)
    client.get(address)
    before = rows()
    shown = page(client.post(address, posted(exercise)))
    assert rows() == before
    assert "保存されず" in told(shown)
    assert shown.find(id="outcome-heading") is not None
    again = page(client.post(address, {}))
    assert "もう一度" in told(again)
    assert rows() == before


def test_practice_keeps_what_was_typed_on_the_page(work: Class) -> None:
    exercise = work.exercise("summarise-notice")
    shown = page(work.client.post(work.url("practise", exercise.pk), {"summary": "手数料は1点500円。"}))
    area = shown.find("textarea")
    assert area is not None
    assert area.get_text().strip() == "手数料は1点500円。"
    exercise = work.exercise("mask-callback")
    shown = page(work.client.post(work.url("practise", exercise.pk), {"words": ["2", "3"]}))
    assert [box["value"] for box in shown.select("input[name=words][checked]")] == ["2", "3"]


def test_masked_text_shows_what_was_found_missed_and_too_much(work: Class) -> None:
    exercise = work.exercise("mask-callback")
    key = mask_key(exercise.task)["words"]
    sent = {"words": [str(one) for one in key[1:]] + ["0"]}
    shown = page(work.client.post(work.url("practise", exercise.pk), sent))
    (missed,) = shown.select("p.marked mark.missed")
    assert missed.get_text() == "見落とし: 山田"
    assert "4月3日" in shown.select("p.marked mark.over")[0].get_text()


def test_a_tampered_choice_is_an_error_and_loses_nothing(work: Class) -> None:
    exercise = work.exercise("ground-bulky")
    sent = {**posted(exercise), "item.fee": "made-up"}
    shown = page(work.client.post(work.url("exercise", work.enrolment.pk, exercise.pk), sent))
    assert "入力内容を確認してください" in told(shown)
    assert len(shown.select("input[checked]")) == 5
    with in_consortium(work.consortium):
        assert not Attempt.objects.exists()


def test_a_my_number_is_refused_in_the_form_with_the_text_still_there(work: Class) -> None:
    exercise = work.exercise("instruct-notice")
    text = "個人番号123456789018の人に案内文を作ってください。"
    shown = page(
        work.client.post(work.url("exercise", work.enrolment.pk, exercise.pk), {"instruction": text})
    )
    area = shown.find("textarea")
    assert area is not None
    assert area.get_text().strip() == text
    assert shown.select(".notice-error")
    with in_consortium(work.consortium):
        assert not Attempt.objects.exists()


def test_where_the_check_is_not_approved_the_page_says_so(work: Class) -> None:
    with in_municipality(work.town):
        RegisteredSystem.objects.filter(key=verbs.CHECK).update(state=RegisteredSystem.State.SUSPENDED)
    exercise = work.exercise("mask-callback")
    for address in (
        work.url("exercise", work.enrolment.pk, exercise.pk),
        work.url("practise", exercise.pk),
    ):
        shown = page(work.client.get(address))
        assert "いま採点できません" in told(shown)
        assert shown.select("main form") == []
        assert work.client.post(address, posted(exercise)).status_code == 403
    assert page(work.client.get(work.url("practise", work.exercise("quiz-rules").pk))).select("main form")


def test_others_see_nothing_of_ones_place_and_results(work: Class) -> None:
    exercise = work.exercise("quiz-rules")
    work.client.post(work.url("exercise", work.enrolment.pk, exercise.pk), posted(exercise))
    with in_consortium(work.consortium):
        made = Attempt.objects.get()
    addresses = [
        work.url("exercise", work.enrolment.pk, exercise.pk),
        work.url("exercise_result", made.pk),
        work.url("attempts", work.enrolment.pk),
    ]
    other_town = Municipality.objects.get(code=KURASHIKI)
    for person in (
        a_person(Role.LEARNER, work.town),
        a_person(Role.MANAGER, work.town),
        work.office,
    ):
        for address in addresses:
            assert client_of(person).get(address).status_code == 404, address
    for address in addresses:
        assert client_of(a_person(Role.LEARNER, other_town)).get(address).status_code == 403
        assert work.client.get(address).status_code == 200
        assert work.client.get(address.replace("/142123/", "/332020/")).status_code == 403


def test_exercises_of_drafts_and_other_courses_are_not_there(work: Class) -> None:
    exercise = work.exercise("quiz-rules")
    with in_consortium(work.consortium):
        CourseVersion.objects.update(state=CourseVersion.State.DRAFT)
    assert work.client.get(work.url("practise", exercise.pk)).status_code == 404
    assert "まだありません" in told(page(work.client.get(work.url("practice"))))
    assert work.client.get(work.url("exercise", work.enrolment.pk, exercise.pk + 10_000)).status_code == 404
    with in_consortium(work.consortium):
        work.enrolment.state = "withdrawn"
        work.enrolment.save()
    assert work.client.get(work.url("exercise", work.enrolment.pk, exercise.pk)).status_code == 404


def test_attempts_are_listed_filtered_and_exported(work: Class) -> None:
    client = work.client
    assert "まだ挑戦していません" in told(page(client.get(work.url("attempts", work.enrolment.pk))))
    for slug in ("quiz-rules", "quiz-basics", "quiz-rules"):
        exercise = work.exercise(slug)
        client.post(work.url("exercise", work.enrolment.pk, exercise.pk), posted(exercise))
    address = work.url("attempts", work.enrolment.pk)
    assert len(page(client.get(address)).select("tbody tr")) == 3
    only = f"{address}?exercise={work.exercise('quiz-rules').pk}"
    assert len(page(client.get(only)).select("tbody tr")) == 2
    assert client.get(f"{address}?exercise=x").status_code == 404
    response = client.get(f"{only}&format=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == ["日時", "レッスン", "演習", "種類", "点（%）", "合格"]
    assert sheet.max_row == 3


def test_result_after_erasure_shows_figures_and_says_that_words_are_gone(work: Class) -> None:
    exercise, client = work.exercise("summarise-notice"), work.client
    client.post(work.url("exercise", work.enrolment.pk, exercise.pk), {"summary": "手数料は1点500円。"})
    with in_consortium(work.consortium):
        made = Attempt.objects.get()
        Attempt.objects.update(answer=None)
    shown = told(page(client.get(work.url("exercise_result", made.pk))))
    assert "消去されています" in shown
    assert "手数料は1点500円。" not in shown
    assert "20 %" in shown.replace("20%", "20 %")


def test_review_lists_what_is_due_and_leads_to_it(work: Class) -> None:
    client, exercise = work.client, work.exercise("quiz-rules")
    assert "次の日からここに出ます" in told(page(client.get(work.url("review"))))
    address = work.url("exercise", work.enrolment.pk, exercise.pk)
    client.post(address, posted(exercise))
    assert "次の復習は" in told(page(client.get(work.url("review"))))
    with in_consortium(work.consortium):
        Attempt.objects.update(at=timezone.now() - timedelta(days=2))
    shown = page(client.get(work.url("review")))
    assert "1日後の復習" in told(shown)
    assert shown.select_one(f'a[href="{address}"]') is not None
    assert b"quiz" not in b"".join(client.get(work.url("review") + "?format=csv").streaming_content)
    client.post(address, posted(exercise))
    assert "今日の復習はありません" in told(page(client.get(work.url("review"))))


def test_statistics_are_the_instructors_and_the_offices(work: Class) -> None:
    exercise = work.exercise("quiz-rules")
    instructor = a_person(Role.CLERK, work.town)
    with in_municipality(work.town), in_consortium(work.consortium):
        work.cohort.instructors.add(instructor)
        places = [enrol(work.cohort, work.town, a_person(Role.LEARNER, work.town)) for _ in range(5)]
        key = engine.key("quiz", exercise.task)["items"]
        for number, place in enumerate(places):
            answer = {"items": dict(list(key.items())[:number])}
            verbs.attempt(place, exercise, place.person, answer)
    address = work.url("item_statistics", work.cohort.pk)
    for person in (instructor, work.office):
        client = client_of(person)
        assert work.cohort.title in told(page(client.get(work.url("exercise_statistics"))))
        shown = page(client.get(address))
        rows_of_it = shown.select(f"section[aria-labelledby='exercise-{exercise.pk}'] tbody tr")
        assert [row.select("td")[0].get_text() for row in rows_of_it] == ["0.80", "0.60", "0.40", "0.20"]
        assert "5人未満のため示しません" in told(shown)
        listed = b"".join(client.get(f"{address}?format=csv").streaming_content).decode("utf-8-sig")
        assert listed.splitlines()[0] == "演習,種類,設問,人数,正答率,識別力,見立て"
        assert "きまりを確かめる,クイズ,個人番号（マイナンバー）は何桁ですか。,5,0.8," in listed
    for person in (work.learner, a_person(Role.MANAGER, work.town)):
        client = client_of(person)
        assert client.get(address).status_code == 404
        assert "担当している回はありません" in told(page(client.get(work.url("exercise_statistics"))))


def queries_of(client: Any, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_lists_ask_the_database_as_often_for_three_as_for_one(work: Class) -> None:
    client, office = work.client, client_of(work.office)

    def do(slug: str, days: int) -> None:
        exercise = work.exercise(slug)
        client.post(work.url("exercise", work.enrolment.pk, exercise.pk), posted(exercise))
        with in_consortium(work.consortium):
            made = Attempt.objects.latest("pk")
            made.at = timezone.now() - timedelta(days=days)
            made.save()

    def counted() -> dict[str, int]:
        lists = {
            "attempts": (client, work.url("attempts", work.enrolment.pk)),
            "review": (client, work.url("review")),
            "practice": (client, work.url("practice")),
            "cohorts": (office, work.url("exercise_statistics")),
            "statistics": (office, work.url("item_statistics", work.cohort.pk)),
        }
        return {name: queries_of(who, address) for name, (who, address) in lists.items()}

    do("quiz-rules", 3)
    one = counted()
    for slug in ("quiz-basics", "ground-bulky"):
        do(slug, 4)
    with in_consortium(work.consortium):
        for number in range(2):
            Cohort.objects.create(
                consortium=work.consortium,
                version=work.version,
                title=f"別の回{number}",
                starts_on=timezone.localdate(),
                ends_on=timezone.localdate(),
            )
    assert counted() == one
