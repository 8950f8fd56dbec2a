"""Calls over HTTP: who reads and does what, in problem details where it cannot be."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from machi.base.models import Role
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.models import Call, Proposal
from tests.base.factories import a_person
from tests.joint.calls import (
    a_submitted,
    acting,
    an_evaluated,
    an_open_call,
    office,
    screened,
    three_proposals,
)
from tests.joint.factories import a_consortium, client_of, towns_of
from tests.joint.web.test_calls import GOOD, a_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium():
    return a_consortium()


@pytest.fixture
def by(consortium):
    return office(consortium)


def api(town, *parts):
    return "/api/v1/joint/" + "/".join([town.code, "calls", *(str(part) for part in parts)])


def test_calls_are_read_signed_in_and_here(consortium, by):
    first, *_others = towns_of(consortium)
    with in_consortium(consortium):
        call = an_open_call(consortium, by)
    assert Client().get(api(first)).status_code == 401
    stranger = a_person(Role.CLERK, None)
    stranger.appointments.all().delete()
    assert client_of(stranger).get(api(first)).status_code == 403
    [told] = client_of(a_person(Role.CLERK, first)).get(api(first)).json()
    assert (told["id"], told["state"], told["budget"], len(told["criteria"])) == (
        call.pk,
        "open",
        50_000_000,
        5,
    )


def test_proposals_show_a_town_its_own_and_no_screening(consortium, by):
    first, second, third = towns_of(consortium)
    with in_consortium(consortium):
        call = three_proposals(consortium, by)
        screened(call, by)
    path = api(first, call.pk, "proposals")
    told = client_of(a_person(Role.CLERK, first)).get(path).json()
    assert [(one["number"], one["state"]) for one in told] == [(1, "submitted"), (3, "submitted")]
    told = client_of(by.person).get(path).json()
    assert [(one["number"], one["state"]) for one in told] == [(1, "passed"), (2, "passed"), (3, "passed")]
    assert told[0]["members"] == [first.pk, second.pk]
    assert third.pk not in told[0]["members"]


def test_the_office_assigns_and_ranks_and_towns_do_not(consortium, by):
    first, *_others = towns_of(consortium)
    with in_consortium(consortium):
        call = an_evaluated(consortium, by, budget=45_000_000)
    clerk, desk = client_of(a_person(Role.CLERK, first)), client_of(by.person)
    for name in ("ranking", "assignment"):
        assert clerk.post(api(first, call.pk, name)).status_code == 403
    assert clerk.get(api(first, call.pk, "ranking")).status_code == 403
    assert desk.post(api(first, call.pk, "assignment")).json() == {
        "pairs": 6,
        "least": 3,
        "most": 3,
        "without_knowledge": 6,
    }
    told = desk.post(api(first, call.pk, "ranking")).json()
    assert [(one["number"], one["recommended"]) for one in told["places"]] == [
        (1, True),
        (2, True),
        (3, False),
    ]
    assert desk.get(api(first, call.pk, "ranking")).json() == told


def test_what_a_verb_refuses_is_a_conflict_with_its_reason(consortium, by):
    first, *_others = towns_of(consortium)
    with in_consortium(consortium):
        call = an_open_call(consortium, by)
    answer = client_of(by.person).post(api(first, call.pk, "ranking"))
    assert answer.status_code == 409
    assert answer.json()["detail"] == "審査中の公募でだけできます。"
    with in_municipality(first):
        RegisteredSystem.objects.filter(key__startswith="joint.").update(
            state=RegisteredSystem.State.SUSPENDED
        )
    answer = client_of(by.person).post(api(first, call.pk, "ranking"))
    assert (answer.status_code, answer.json()["system"]) == (403, "joint.project_selection")


def test_a_list_is_a_dry_run_unless_told_otherwise(consortium, by):
    first, *_others = towns_of(consortium)
    with in_consortium(consortium):
        call = an_open_call(consortium, by)
    desk, path = client_of(by.person), api(first, call.pk, "proposals/import")
    assert desk.post(path, {"file": a_list(GOOD)}).json() == {
        "taken": 0,
        "would_be_taken": 1,
        "problems": [],
    }
    assert desk.post(path + "?dry_run=false", {"file": a_list(GOOD)}).json()["taken"] == 1
    wrong = desk.post(path + "?dry_run=false", {"file": SimpleUploadedFile("x.csv", b"a,b\n1,2\n")}).json()
    assert (wrong["taken"], len(wrong["problems"])) == (0, 1)
    with in_consortium(consortium):
        assert Proposal.objects.count() == 1


def test_an_unknown_call_and_a_foreign_consortium_are_not_there(consortium, by):
    first, second, _third = towns_of(consortium)
    with in_consortium(consortium):
        call = an_open_call(consortium, by)
        a_submitted(call, first, second)
        assert acting(first).town == first
        assert Call.objects.count() == 1
    desk = client_of(by.person)
    assert desk.get(api(first, 99, "proposals")).status_code == 404
    assert desk.get(api(first) + "?consortium=99").status_code == 404
