"""An AI system that is not approved refuses everywhere: web, stream, API, command line, jobs. The staff stay."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from machi.base.models import LedgerEntry, Municipality
from machi.base.rooms import rooms
from machi.base.running import NotApproved, why_not
from machi.base.scoping import in_municipality
from machi.frontdesk.apps import ANSWERS
from machi.frontdesk.cli import ask
from machi.frontdesk.domain import indexing, quality
from machi.frontdesk.domain.hand_over import suggested_sources
from machi.frontdesk.models import Inquiry, QualityMeasurement
from machi.governance.models import RegisteredSystem
from tests.base.factories import a_division, a_municipality
from tests.frontdesk.factories import a_hand_over, a_question
from tests.frontdesk.web.desks import QUESTION, an_inquiry, an_open_desk

pytestmark = pytest.mark.django_db
State = RegisteredSystem.State
NOTICE = "点検のため止めています。"
FIRE = "隣の家が燃えています"


def standing_of(state: str) -> dict[str, object]:
    """How the register says it; ``lapsed`` and ``old`` are approvals that do not hold any more."""
    if state == "lapsed":
        return {"state": State.APPROVED, "approved_until": timezone.localdate() - timedelta(days=1)}
    if state == "old":
        return {"state": State.APPROVED, "version": "0"}
    return {"state": state, "notice": NOTICE if state == State.SUSPENDED else ""}


@pytest.fixture(params=[*(s.value for s in State if s != State.APPROVED), "lapsed", "old"])
def town(request: pytest.FixtureRequest, db: None) -> Municipality:
    town = an_open_desk()
    with in_municipality(town):
        RegisteredSystem.objects.filter(key=ANSWERS).update(**standing_of(request.param))
    return town


def inquiries(town) -> int:
    with in_municipality(town):
        return Inquiry.objects.count()


def results(town) -> int:
    with in_municipality(town):
        return LedgerEntry.objects.filter(kind="result").count()


def test_web_shows_why_and_keeps_the_question(town, client: Client) -> None:
    response = client.post(f"/m/{town.code}/ask/", {"question": QUESTION})
    page = response.content.decode()
    assert response.status_code == 403
    assert str(why_not(town, ANSWERS)) in page
    assert QUESTION in page
    assert f'action="/m/{town.code}/ask/staff/"' in page
    assert (inquiries(town), results(town)) == (0, 0)


def test_web_still_shows_emergency_numbers(town, client: Client) -> None:
    page = client.post(f"/m/{town.code}/ask/", {"question": FIRE}).content.decode()
    assert 'href="tel:119"' in page[page.index('class="emergency"') :]


def test_desk_says_so_before_anybody_asks(town, client: Client) -> None:
    response = client.get(f"/m/{town.code}/")
    assert response.status_code == 200
    assert str(why_not(town, ANSWERS)) in response.content.decode()
    assert "data-stream" not in response.content.decode()


def test_stream_gives_no_line_so_that_the_page_falls_back(town, client: Client) -> None:
    response = client.post(f"/m/{town.code}/ask/stream/", {"question": QUESTION})
    assert b"".join(response.streaming_content) == b""
    assert (inquiries(town), results(town)) == (0, 0)


def test_api_answers_403_with_problem_details(town, client: Client) -> None:
    response = client.post(
        "/api/v1/inquiries",
        json.dumps({"municipality": town.code, "question": QUESTION}),
        content_type="application/json",
    )
    assert response.status_code == 403
    assert response["Content-Type"].startswith("application/problem+json")
    told = response.json()
    assert (told["status"], told["title"], told["system"]) == (403, "Forbidden", ANSWERS)
    assert told["detail"] == str(why_not(town, ANSWERS))
    assert told["urgent"] == []
    assert (inquiries(town), results(town)) == (0, 0)


def test_api_still_tells_emergency_numbers(town, client: Client) -> None:
    response = client.post(
        "/api/v1/inquiries",
        json.dumps({"municipality": town.code, "question": FIRE}),
        content_type="application/json",
    )
    assert response.status_code == 403
    assert response.json()["urgent"][0]["numbers"][0]["number"] == "119"


def test_command_line_ends_with_status_3_and_the_reason(town) -> None:
    result = CliRunner().invoke(ask, [QUESTION, "-m", town.code])
    assert result.exit_code == 3
    assert str(why_not(town, ANSWERS)) in result.output
    assert (inquiries(town), results(town)) == (0, 0)


def test_measuring_job_refuses_and_the_job_of_embedding_goes_on_without_it(town) -> None:
    with in_municipality(town):
        document = indexing.index_of(town)
        with pytest.raises(NotApproved):
            quality.measure(town, document)
    indexing.embed_task.call(town.code)
    with in_municipality(town):
        assert not QualityMeasurement.objects.exists()


def test_staff_get_no_suggestions_found_by_it(town) -> None:
    handed = a_hand_over(town, a_division(town, "総務課"), inquiry=a_question(town, QUESTION))
    with in_municipality(town):
        assert suggested_sources(handed) == []


def test_residents_question_goes_to_staff_without_an_answer(town, client: Client) -> None:
    response = client.post(f"/m/{town.code}/ask/staff/", {"question": FIRE})
    assert response.status_code == 302
    assert response["Location"].endswith("/staff/")
    page = client.get(response["Location"]).content.decode()
    assert "AIは答えていません" in page
    sent = client.post(response["Location"], {"wish": "急ぎません", "name": "", "email": "", "telephone": ""})
    assert sent.status_code == 302
    assert client.get(sent["Location"]).status_code == 200  # the status page works
    with in_municipality(town):
        inquiry = Inquiry.objects.get()
        assert inquiry.state == Inquiry.State.HANDED_OVER
        assert inquiry.reasons == [["not_running", {}]]
        assert "fire" in inquiry.urgent[0]
        assert not inquiry.citations.exists()
    assert results(town) == 0
    answer_page = client.get(response["Location"].removesuffix("staff/")).content.decode()
    assert "職員が答えます" in answer_page


def test_an_approved_desk_also_leads_past_the_machine_to_the_staff(client: Client) -> None:
    town = an_open_desk()
    assert f'formaction="/m/{town.code}/ask/staff/"' in client.get(f"/m/{town.code}/").content.decode()
    client.post(f"/m/{town.code}/ask/staff/", {"question": QUESTION})
    with in_municipality(town):
        assert Inquiry.objects.get().reasons == [["not_asked", {}]]
    assert results(town) == 0


def test_asking_nothing_of_the_staff_is_refused(client: Client) -> None:
    town = an_open_desk()
    assert client.post(f"/m/{town.code}/ask/staff/", {"question": " "}).status_code == 200
    assert client.get(f"/m/{town.code}/ask/staff/").status_code == 302
    assert inquiries(town) == 0


def test_a_result_in_the_ledger_is_refused_too(town) -> None:
    from machi.base import ledger

    with pytest.raises(NotApproved):
        ledger.record(town, system=ANSWERS, subject="inquiry:1", outputs={"known": True})


def test_every_declared_system_refuses_where_nobody_approved_it() -> None:
    town = a_municipality(approved=False)
    systems = [system.key for room in rooms() for system in room.ai_systems]
    assert ANSWERS in systems
    assert [key for key in systems if why_not(town, key) is None] == []


def test_another_towns_approval_counts_nothing_here(client: Client) -> None:
    an_inquiry(an_open_desk("332020"))
    town = a_municipality(approved=False)
    assert client.post(f"/m/{town.code}/ask/", {"question": QUESTION}).status_code == 403
