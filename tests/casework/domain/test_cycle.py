"""From a file to a letter: taken in, read, checked, looked at, decided, told."""

from __future__ import annotations

import json

import pytest

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, Municipality, Role
from machi.base.scoping import in_municipality
from machi.casework.domain import correcting, ruling
from machi.casework.models import Application
from tests.base.factories import a_municipality, a_person
from tests.casework.desk import VALUES, a_pdf, a_procedure, look_at_all, taken, typed, value_of

pytestmark = pytest.mark.django_db
State = Application.State


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


def test_pdf_is_read_and_checked(town: Municipality) -> None:
    one = taken(town, a_procedure(town), a_pdf())
    with in_municipality(town):
        assert one.state == State.REVIEW
        assert one.applicant == "山田　太郎"
        assert value_of(one, "dog").value == "ポチ"
        assert value_of(one, "sex").value == "male"
        assert value_of(one, "vaccinated").value == "1"
        assert value_of(one, "born").value == "2024-05-01"
        assert value_of(one, "address").box is not None
        assert [check.result for check in one.checks.all()] == ["passed", "passed"]
        kinds = list(LedgerEntry.objects.values_list("system", "kind"))
        assert kinds.count(("casework.read_form", "result")) == 1
        assert kinds.count(("casework.check", "result")) == 1
        for entry in LedgerEntry.objects.all():
            for secret in (VALUES["name"], VALUES["address"], VALUES["phone"], "ポチ"):
                assert secret not in entry.body
        assert ledger.verify(town) == []


def test_low_confidence_is_looked_at_before_approval(town: Municipality) -> None:
    procedure = a_procedure(town, threshold=1.0)
    one = taken(town, procedure, a_pdf())
    person = a_person(Role.CLERK, town)
    with in_municipality(town):
        assert one.doubtful > 0
        with pytest.raises(Refused, match="確認していない欄"):
            ruling.approve(one, person)
        name = value_of(one, "name")
        assert correcting.look(name, person, "山田 次郎") is True
        name.refresh_from_db()
        assert (name.value, name.corrected, name.engine) == ("山田　次郎", True, "person")
        assert [before["value"] for before in correcting.earlier(name)] == ["山田　太郎"]
        assert correcting.look(name, person, "山田 次郎") is False  # only another blank
        dog = value_of(one, "dog")
        assert correcting.look(dog, person, "ポチ") is False
        dog.refresh_from_db()
        assert dog.corrected is False
        look_at_all(one, person)
        one.refresh_from_db()
        assert (one.doubtful, one.applicant) == (0, "山田　次郎")
        ruling.approve(one, person)
        one.refresh_from_db()
        assert (one.state, one.outcome) == (State.APPROVED, "approved")


def test_correction_is_checked_anew(town: Municipality) -> None:
    one = typed(town, a_procedure(town), {**VALUES, "vaccinated": ""})
    person = a_person(Role.CLERK, town)
    with in_municipality(town):
        assert one.failed == 1
        with pytest.raises(Refused, match="承認する理由"):
            ruling.approve(one, person)
        correcting.look(value_of(one, "vaccinated"), person, "1")
        one.refresh_from_db()
        assert one.failed == 0
        checks = LedgerEntry.objects.filter(system="casework.check").count()
        assert checks == 2


def test_refusal_needs_reason_and_remedy_and_makes_a_letter(town: Municipality) -> None:
    one = typed(town, a_procedure(town), {**VALUES, "vaccinated": ""})
    person = a_person(Role.CLERK, town)
    with in_municipality(town):
        with pytest.raises(Refused, match="理由"):
            ruling.refuse(one, person, " ")
        ruling.refuse(one, person, "注射をしていないため")
        one.refresh_from_db()
        assert (one.state, one.outcome) == (State.REFUSED, "refused")
        (letter,) = ruling.live_letters(one)
        said = json.loads(letter.content or "")
        assert {"items": ["注射をしていないため"]} in said["body"]
        assert any("行政不服審査法第18条" in str(block) for block in said["body"])
        body = LedgerEntry.objects.order_by("index").last()
        assert body is not None
        assert "注射" not in body.body


def test_second_person_must_be_another(town: Municipality) -> None:
    one = typed(town, a_procedure(town, two_person=True))
    first, second = a_person(Role.MANAGER, town), a_person(Role.MANAGER, town)
    with in_municipality(town):
        ruling.approve(one, first)
        one.refresh_from_db()
        assert (one.state, one.outcome) == (State.SECOND, "")
        assert not one.letters.exists()
        with pytest.raises(Refused, match="別の人"):
            ruling.second(one, first)
        with pytest.raises(Refused, match="別の人"):
            ruling.send_back(one, first, "やはり")
        ruling.second(one, second)
        one.refresh_from_db()
        assert one.state == State.APPROVED
        assert ruling.live_letters(one).count() == 1


def test_undo_until_notified(town: Municipality) -> None:
    one = typed(town, a_procedure(town))
    person = a_person(Role.CLERK, town)
    with in_municipality(town):
        ruling.approve(one, person)
        ruling.undo(one, person)
        one.refresh_from_db()
        assert (one.state, one.outcome) == (State.REVIEW, "")
        assert not ruling.live_letters(one).exists()
        ruling.approve(one, person)
        ruling.notify(one, person)
        with pytest.raises(Refused, match="通知済み"):
            ruling.undo(one, person)


def test_straight_through_only_where_allowed_and_never_a_refusal(town: Municipality) -> None:
    procedure = a_procedure(town)
    assert typed(town, procedure).state == State.REVIEW
    with in_municipality(town):
        procedure.straight_through, procedure.sampling_share = True, 1.0
        procedure.save()
    passed = typed(town, procedure, {**VALUES, "name": "鈴木 花子", "phone": "046-225-0009", "dog": "シロ"})
    failed = typed(town, procedure, {**VALUES, "vaccinated": ""})
    unread = typed(town, procedure, {**VALUES, "born": "令和6年2月31日"})
    with in_municipality(town):
        assert (passed.state, passed.straight_through) == (State.APPROVED, True)
        assert passed.rulings.get().person_id is None
        assert passed.audit.result == ""
        assert [failed.state, unread.state] == [State.REVIEW, State.REVIEW]
        assert not Application.objects.filter(outcome="refused").exists()
