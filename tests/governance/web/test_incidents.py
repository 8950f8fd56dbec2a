"""Incidents: filed by anyone, seen by those who handle them, closed only when everything owed is done."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from machi.base import ledger
from machi.base.models import LedgerEntry, Role
from machi.base.scoping import in_municipality
from machi.governance.domain import incidents as verbs
from machi.governance.domain.incident_mail import send_filed
from machi.governance.domain.permission import why_not
from machi.governance.models import Incident, IncidentDuty
from tests.base.factories import a_municipality
from tests.frontdesk.factories import signed_in
from tests.frontdesk.web.staff import lines, queries
from tests.governance.pages import text, url

pytestmark = pytest.mark.django_db
WORDS = "住民の佐藤さんの住所をAIに入れてしまった"
SYSTEM = "frontdesk.answers"


@pytest.fixture
def town():
    return a_municipality()


@pytest.fixture
def officer(town):
    return signed_in(town, Role.AI_OFFICER)


def given(**changes):
    noticed = timezone.localtime() - timedelta(hours=1)
    return {
        "happened": WORDS,
        "kind": "personal_information",
        "severity": "high",
        "noticed_at": f"{noticed:%Y-%m-%dT%H:%M}",
        "systems": [SYSTEM],
        "affected": "",
        **changes,
    }


def filed(town, client, **changes):
    assert client.post(url(town, "file_incident"), given(**changes)).status_code == 302
    with in_municipality(town):
        return Incident.objects.first()


def duties(town, incident):
    with in_municipality(town):
        return set(IncidentDuty.objects.filter(incident=incident).values_list("duty", flat=True))


def stored(town, incident):
    with in_municipality(town):
        return Incident.objects.get(pk=incident.pk)


def test_clerk_files_and_sees_their_own_only(town, officer):
    clerk, colleague = signed_in(town), signed_in(town)
    incident = filed(town, clerk)
    assert WORDS in text(clerk.get(url(town, "incident", incident.pk)))
    assert WORDS in text(officer.get(url(town, "incident", incident.pk)))
    assert colleague.get(url(town, "incident", incident.pk)).status_code == 404
    assert f"#{incident.pk}" not in text(colleague.get(url(town, "incidents")))
    assert clerk.post(url(town, "close_incident", incident.pk), {"lesson": "x"}).status_code == 403


def test_leak_that_must_be_reported_has_its_deadlines_and_says_why(town, officer):
    incident = filed(town, officer, leaked="on", my_number="on")
    assert duties(town, incident) == {
        "first_response",
        "preliminary_report",
        "tell_people",
        "final_report",
        "lesson",
    }
    page = text(officer.get(url(town, "incident", incident.pk)))
    assert "個人情報の保護に関する法律 第68条" in page
    assert "マイナンバーを含む（番号法" in page


def test_deadlines_follow_the_facts_and_what_is_done_stays(town, officer):
    incident = filed(town, officer, leaked="on", affected="100")
    assert duties(town, incident) == {"first_response", "lesson"}
    officer.post(url(town, "incident_facts", incident.pk), given(leaked="on", affected="101"))
    assert "preliminary_report" in duties(town, incident)
    officer.post(url(town, "meet_duty", incident.pk, "preliminary_report"))
    officer.post(url(town, "incident_facts", incident.pk), given(leaked="on", affected="1"))
    assert duties(town, incident) == {"first_response", "preliminary_report", "lesson"}


def test_states_run_from_reported_to_closed_with_a_lesson(town, officer):
    incident = filed(town, officer, leaked="on", sensitive="on")
    assert stored(town, incident).state == "reported"
    refused = text(officer.post(url(town, "close_incident", incident.pk), {"lesson": "学んだ"}))
    assert "広がりを止めた" in refused
    officer.post(url(town, "contain_incident", incident.pk))
    assert stored(town, incident).state == "contained"
    for duty in ("preliminary_report", "final_report"):
        officer.post(url(town, "meet_duty", incident.pk, duty))
    assert stored(town, incident).state == "reported_outside"
    refused = text(officer.post(url(town, "close_incident", incident.pk), {"lesson": "学んだ"}))
    assert "まだ済んでいない対応があります: 本人への通知" in refused
    officer.post(url(town, "meet_duty", incident.pk, "tell_people"))
    officer.post(url(town, "close_incident", incident.pk), {"lesson": "学んだ"})
    assert stored(town, incident).state == "closed"
    assert "学んだ" in text(officer.get(url(town, "incident", incident.pk)))
    officer.post(url(town, "reopen_incident", incident.pk), {"body": "別の漏れ"})
    assert stored(town, incident).state == "reported_outside"
    with in_municipality(town):
        assert ledger.verify(town) == []


def test_lesson_is_not_met_by_its_button(town, officer):
    incident = filed(town, officer)
    assert "もう済んでいます" in text(
        officer.post(url(town, "meet_duty", incident.pk, "lesson"), follow=True)
    )


def test_ai_system_is_stopped_from_the_incident_at_once(town, officer):
    from machi.base.rooms import ai_system

    incident = filed(town, officer)
    manager = signed_in(town, Role.MANAGER)
    assert manager.get(url(town, "suspend_for_incident", incident.pk, SYSTEM)).status_code == 403
    assert why_not(town, ai_system(SYSTEM)) is None
    assert "すぐに止めますか" in text(officer.get(url(town, "suspend_for_incident", incident.pk, SYSTEM)))
    officer.post(url(town, "suspend_for_incident", incident.pk, SYSTEM), {"notice": "調べています"})
    assert why_not(town, ai_system(SYSTEM)) == "調べています"
    assert "動いていません" in text(officer.get(url(town, "incident", incident.pk)))
    assert officer.get(url(town, "suspend_for_incident", incident.pk, "no.such")).status_code == 404


def test_only_handlers_are_assigned(town, officer):
    incident, clerk, manager = filed(town, officer), signed_in(town), signed_in(town, Role.MANAGER)
    officer.post(url(town, "assign_incident", incident.pk), {"assignee": clerk.person.pk})
    assert stored(town, incident).assignee is None
    officer.post(url(town, "assign_incident", incident.pk), {"assignee": manager.person.pk})
    assert stored(town, incident).assignee == manager.person


def test_words_are_encrypted_and_in_no_ledger_entry_letter_or_export(town, officer):
    clerk = signed_in(town)
    incident = filed(town, clerk)
    officer.post(url(town, "incident_note", incident.pk), {"body": f"{WORDS}と聞いた"})
    officer.post(url(town, "contain_incident", incident.pk))
    officer.post(url(town, "meet_duty", incident.pk, "first_response"))
    officer.post(url(town, "close_incident", incident.pk), {"lesson": WORDS})
    with in_municipality(town):
        bodies = "".join(LedgerEntry.objects.values_list("body", flat=True))
        send_filed.call(town.code, incident.pk, officer.person.pk)
    for table, column in (
        ("governance_incident", "happened"),
        ("governance_incident", "lesson"),
        ("governance_incidentnote", "body"),
    ):
        with in_municipality(town), connection.cursor() as cursor:
            cursor.execute(f"SELECT {column} FROM {table}")
            rows = cursor.fetchall()
        assert rows
        bodies += str(rows)
    [letter] = mail.outbox
    exported = str(lines(officer.get(url(town, "incidents") + "?state=all&format=csv")))
    assert "佐藤" not in bodies + letter.body + letter.subject + exported
    assert letter.to == [officer.person.email]


def test_overdue_is_shown_where_staff_begin_and_in_the_list(town, officer):
    incident = filed(town, officer)
    with in_municipality(town):
        IncidentDuty.objects.update(due_at=timezone.now() - timedelta(hours=3))
        assert [one.count for one in verbs.waiting(town, officer.person)] == [1, 1]
        assert verbs.waiting(town, signed_in(town).person) == []
    page = text(officer.get(url(town, "incidents") + "?overdue=on"))
    assert f"#{incident.pk}" in page
    assert "期限を3時間超過" in page


def test_time_of_noticing_cannot_lie_ahead(town, officer):
    later = timezone.localtime() + timedelta(days=1)
    page = text(officer.post(url(town, "file_incident"), given(noticed_at=f"{later:%Y-%m-%dT%H:%M}")))
    assert "今よりあと" in page


def test_another_town_reaches_nothing(town, officer):
    incident = filed(town, officer)
    other = a_municipality("332020")
    stranger = signed_in(other, Role.AI_OFFICER)
    assert stranger.get(url(town, "incident", incident.pk)).status_code == 403
    assert stranger.get(url(other, "incident", incident.pk)).status_code == 404
    assert stranger.post(url(other, "contain_incident", incident.pk)).status_code == 404


def test_list_takes_as_many_queries_for_three_as_for_one(town, officer):
    filed(town, officer)
    one = queries(officer, url(town, "incidents"))
    for _number in range(2):
        filed(town, officer)
    assert queries(officer, url(town, "incidents")) == one


def test_page_shows_who_did_what_to_those_who_handle(town, officer):
    clerk = signed_in(town)
    incident = filed(town, clerk)
    officer.post(url(town, "contain_incident", incident.pk))
    officer.post(url(town, "suspend_for_incident", incident.pk, SYSTEM), {"notice": "調べています"})
    page = text(officer.get(url(town, "incident", incident.pk)))
    told = page[page.index("台帳の記録") :]
    assert told.index("報告した</p>") < told.index("広がりを止めた</p>") < told.index("AIを止めた</p>")
    assert "台帳の記録" not in text(clerk.get(url(town, "incident", incident.pk)))
