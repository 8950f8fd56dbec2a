"""`machi gate`: how the gate stands, and asking through it, from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from machi.base.models import LedgerEntry, Municipality, Role
from machi.base.scoping import in_municipality
from machi.frontdesk.apps import DRAFTS
from machi.governance.domain.gate_budget import set_cap
from machi.governance.gate_cli import gate
from machi.governance.models import AllowedDestination, RegisteredSystem
from tests.base.factories import a_municipality, a_person
from tests.governance.gates import an_endpoint
from tests.language_model_server.scripted import Scripted, says, scripted, status


@pytest.fixture
def town(db: None) -> Municipality:
    return a_municipality()


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as running:
        yield running


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(gate, list(arguments))
    return done.exit_code, done.stdout, done.stderr


def test_status_without_a_model_says_that_answers_are_extracted(town: Municipality) -> None:
    assert run("status", "-m", town.code) == (0, "network: closed\nno model: answers are extracted\n", "")


def test_status_tells_of_endpoints_and_caps_and_never_of_keys(town: Municipality, server: Scripted) -> None:
    an_endpoint(town, server)
    with in_municipality(town):
        set_cap(town, by=a_person(Role.AI_OFFICER, town), division=None, yen=1000, tokens=5)
    code, out, _err = run("status", "-m", town.code, "--json")
    told = json.loads(out)
    assert (code, told["profile"]) == (0, "closed")
    assert [(one["model"], one["breaker"], one["blocked"]) for one in told["endpoints"]] == [
        ("m", "closed", "")
    ]
    assert told["caps"] == [{"division": None, "yen": 0.0, "yen_cap": 1000, "tokens": 0, "tokens_cap": 5}]
    assert "sk-very-secret" not in out
    assert "0.00 of 1,000 yen, 0 of 5 tokens" in run("status", "-m", town.code)[1]


def test_status_fails_where_an_endpoint_is_blocked(town: Municipality, server: Scripted) -> None:
    an_endpoint(town, server)
    with in_municipality(town):
        AllowedDestination.objects.all().delete()
    assert run("status", "-m", town.code)[0] == 1


def test_try_asks_in_the_name_of_a_system_and_is_recorded(town: Municipality, server: Scripted) -> None:
    an_endpoint(town, server)
    server.steps = [says("こんにちは。", (4, 3))]
    code, out, err = run("try", "やあ", "-m", town.code, "--system", DRAFTS)
    assert (code, out) == (0, "こんにちは。\n")
    assert "4 + 3 tokens" in err
    with in_municipality(town):
        assert LedgerEntry.objects.filter(system=DRAFTS, subject="gate:try").count() == 1


@pytest.mark.parametrize("state", ["draft", "suspended", "retired"])
def test_try_refuses_in_the_name_of_an_unapproved_system(
    state: str, town: Municipality, server: Scripted
) -> None:
    an_endpoint(town, server)
    with in_municipality(town):
        RegisteredSystem.objects.filter(key=DRAFTS).update(state=state)
    code, out, _err = run("try", "やあ", "-m", town.code, "--system", DRAFTS)
    assert (code, out, server.received) == (1, "", [])


def test_try_says_what_is_wrong(town: Municipality, server: Scripted) -> None:
    assert "no AI system has the key" in run("try", "やあ", "-m", town.code, "--system", "none")[2]
    an_endpoint(town, server)
    server.steps = [status(401)]
    code, _out, err = run("try", "やあ", "-m", town.code, "--system", DRAFTS)
    assert (code, "モデル名や鍵を確かめてください" in err) == (1, True)
