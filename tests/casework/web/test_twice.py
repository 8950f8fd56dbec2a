"""The same paper twice: pointed out, looked at side by side, and ended without a decision by a person only."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from PIL import Image

from machi.base.models import Municipality, Role
from machi.base.scoping import in_municipality
from machi.casework.domain import erasure, likeness
from machi.casework.domain.checking import against_straight_through
from machi.casework.models import Application, Likeness, ValueKey
from tests.base.factories import a_municipality
from tests.casework.desk import VALUES, a_procedure, a_scan, signed_in, taken, typed, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


def scanned_again(data: bytes) -> bytes:
    """Other bytes of the same paper: a little askew, and as JPEG."""
    out = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("RGB").rotate(0.6, fillcolor="white").save(out, "JPEG", quality=80)
    return out.getvalue()


def test_paper_scanned_twice_is_pointed_out_with_both_pictures_and_ended(town: Municipality) -> None:
    procedure = a_procedure(town)
    first = taken(town, procedure, a_scan())
    second = taken(town, procedure, scanned_again(a_scan()))
    clerk = signed_in(town)
    assert "二度届いた" not in clerk.get(url(town, "application", first.pk)).content.decode()
    assert "並べて見比べる" in clerk.get(url(town, "application", second.pk)).content.decode()
    compare = url(town, "compare_applications", second.pk, first.pk)
    page = clerk.get(compare).content.decode()
    for one in (first, second):
        assert url(town, "page_image", one.pk, 0) in page
    assert "選んでください" in clerk.post(compare, {}).content.decode()
    assert clerk.post(compare, {"answer": "same"}).status_code == 302
    with in_municipality(town):
        second.refresh_from_db()
        assert (second.state, second.outcome, second.letters.count()) == ("closed", "", 0)
        first.refresh_from_db()
        assert first.state == "review"
    shown = Client().get(url(town, "status", second.token)).content.decode()
    assert "決定をせずに終わりました" in shown
    assert first.number not in shown
    again = clerk.post(compare, {"answer": "different"})
    assert again.status_code == 200
    assert clerk.post(url(town, "undo", second.pk)).status_code == 302
    with in_municipality(town):
        second.refresh_from_db()
        assert second.state == "review"


def test_two_people_are_not_alike_and_an_answer_is_asked_for_once(town: Municipality) -> None:
    procedure = a_procedure(town, rules=[], straight_through=True)
    first = typed(town, procedure)
    stranger = typed(
        town,
        procedure,
        {**VALUES, "name": "鈴木 花子", "phone": "046-225-0001", "dog": "シロ", "born": "令和5年1月2日"},
    )
    again = typed(town, procedure, {**VALUES, "dog": "シロ"})
    with in_municipality(town):
        assert not likeness.unanswered(stranger).exists()
        [found] = likeness.unanswered(again)
        assert (found.other_id, found.equal, found.compared) == (first.pk, 4, 5)
        assert "alike" in against_straight_through(again)
        assert again.state == "review"  # nothing that may be there twice is approved by itself
    clerk = signed_in(town)
    assert (
        clerk.post(url(town, "compare_applications", again.pk, first.pk), {"answer": "different"}).status_code
        == 302
    )
    with in_municipality(town):
        likeness.look(again, list(again.values.all()))
        assert not likeness.unanswered(again).exists()


def test_comparing_and_ending_are_for_those_who_process_here(town: Municipality) -> None:
    procedure = a_procedure(town)
    first, second = typed(town, procedure), typed(town, procedure)
    compare = url(town, "compare_applications", second.pk, first.pk)
    end = url(town, "close_application", second.pk)
    elsewhere = a_municipality("332020")
    for address in (compare, end):
        assert signed_in(town, Role.AUDITOR).get(address).status_code == 403
        assert signed_in(elsewhere).get(address).status_code == 403
    clerk = signed_in(town)
    assert clerk.post(end, {"reason": ""}).status_code == 200
    assert clerk.post(end, {"reason": "取下げ"}).status_code == 302
    with in_municipality(town):
        second.refresh_from_db()
        assert second.state == Application.State.CLOSED


def test_erasing_takes_the_digests_too(town: Municipality) -> None:
    procedure = a_procedure(town)
    typed(town, procedure)
    second = typed(town, procedure)
    with in_municipality(town):
        assert ValueKey.objects.filter(application=second).exists()
        erasure.erase_application(town, second.pk, ground="request")
        assert not ValueKey.objects.filter(application=second).exists()
        assert not Likeness.objects.exists()
