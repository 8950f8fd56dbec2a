"""Hand-over: to the right people, due on working days, answered on sources or with a reason."""

from datetime import datetime

import pytest
from django.utils import timezone

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.scoping import in_municipality
from machi.frontdesk.domain import hand_over as desk
from machi.frontdesk.models import HandOver, Inquiry
from tests.base.factories import a_division, a_municipality, a_person
from tests.frontdesk.factories import a_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    town = a_municipality()
    a_division(town, "環境課", duties="ごみ 粗大ごみ リサイクル")
    a_division(town, "市民課", duties="住民票 戸籍")
    a_division(town, "総合案内", is_default=True)
    return town


def handed(town: Municipality, question: str = "粗大ごみを出したい", **fields: str) -> HandOver:
    inquiry = a_question(town, question)
    return desk.hand_over(inquiry, **fields)


@pytest.mark.parametrize(
    ("question", "division"),
    [("粗大ごみを出したい", "環境課"), ("住民票がほしい", "市民課"), ("ドローンを飛ばしたい", "総合案内")],
)
def test_question_goes_to_the_division_whose_duties_name_it(town: Municipality, question: str, division: str):
    with in_municipality(town):
        assert handed(town, question).division.name == division


def test_town_without_divisions_says_so():
    town = a_municipality("332020")
    with in_municipality(town), pytest.raises(Refused):
        handed(town)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2025-05-01", "2025-05-08"),  # Golden Week: 2, 7 and 8 May are the working days
        ("2025-12-26", "2026-01-07"),  # offices close from 29 December to 3 January
        ("2025-06-02", "2025-06-05"),
    ],
)
def test_answer_is_due_after_three_working_days(asked: str, due: str):
    start = timezone.make_aware(datetime.fromisoformat(f"{asked}T10:00"))
    assert timezone.localtime(desk.due(start)).isoformat()[:16] == f"{due}T17:15"


def test_second_hand_over_is_refused(town: Municipality):
    with in_municipality(town):
        first = handed(town)
        with pytest.raises(Refused):
            desk.hand_over(first.inquiry)


def test_taken_hand_over_is_not_taken_by_another(town: Municipality):
    with in_municipality(town):
        one = handed(town)
        desk.take(one, a_person())
        with pytest.raises(Refused):
            desk.take(one, a_person())


def test_answer_needs_a_source_or_a_reason(town: Municipality):
    with in_municipality(town):
        one = handed(town)
        with pytest.raises(Refused):
            desk.answer(one, a_person(), "明日です。", [])
        desk.answer(one, a_person(), "明日です。", [], no_source="課内の予定表による")
        one.refresh_from_db()
        assert one.state == HandOver.State.ANSWERED
        assert one.inquiry.state == Inquiry.State.CLOSED
        assert [message.internal for message in one.messages.order_by("pk")] == [False, True]


def test_resident_who_writes_again_reopens_it(town: Municipality):
    with in_municipality(town):
        one = handed(town)
        desk.answer(one, a_person(), "明日です。", [], no_source="口頭で確認")
        desk.resident_writes(one, "午後でもよいですか")
        one.refresh_from_db()
        assert one.state == HandOver.State.OPEN
        assert one.inquiry.state == Inquiry.State.HANDED_OVER


def test_move_keeps_the_deadline_and_leaves_a_note(town: Municipality):
    with in_municipality(town):
        one = handed(town)
        due = one.due_at
        other = a_division(town, "税務課")
        desk.move(one, a_person(), other, "税の話です")
        one.refresh_from_db()
        assert (one.division, one.due_at) == (other, due)
        assert one.messages.get().internal


def test_contact_details_are_encrypted_and_not_in_the_ledger(town: Municipality):
    from django.db import connection

    with in_municipality(town):
        handed(town, name="山田太郎", email="taro@example.com", telephone="090-1234-5678")
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, email, telephone FROM frontdesk_handover")
            stored = "".join(cursor.fetchone())
        bodies = "".join(ledger.LedgerEntry.objects.values_list("body", flat=True))
    for secret in ("山田", "taro@example.com", "1234"):
        assert secret not in stored
        assert secret not in bodies
