"""The ledger for people: in words, by person, ruled on, taken along, and published."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

import machi
from machi.base import ledger
from machi.base.domain import erasing, roots, rulings
from machi.base.domain.ledger_words import kind_label, subject_label, system_label
from machi.base.engine import offline
from machi.base.models import LedgerEntry, LedgerRoot, LedgerRuling, Municipality, Person, Role
from machi.base.scoping import in_municipality
from tests.base.clock import Clock
from tests.base.factories import a_person
from tests.base.web.test_ledger import LEDGER, an_entry, content, indexes

pytestmark = pytest.mark.django_db
RULE = f"{LEDGER}0/rule/"


def test_list_says_kinds_systems_subjects_and_people_in_words(as_auditor: Client, town: Municipality) -> None:
    person = a_person(Role.CLERK, town)
    an_entry(town, 7)
    ledger.record(town, system="base.people", kind="people", subject="person:7", actor=person)
    page = as_auditor.get(LEDGER).content.decode()
    for words in (
        "AIの結果",
        "総合窓口の自動回答",
        "問い合わせ 7",
        "職員と権限",
        "職員 7",
        person.name,
        "職員以外",
    ):
        assert words in page
    assert "<code>" not in page


def test_every_kind_system_and_subject_that_is_recorded_has_words() -> None:
    """Read from the source: ``kind=``, ``system=`` and ``SYSTEM =`` of whatever calls ``ledger.record``."""
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in Path(machi.__file__).parent.rglob("domain/*.py")
        if "ledger.record(" in path.read_text(encoding="utf-8")
    )
    calls = re.findall(r"ledger\.record\((.*?)\n\s*\)\n", text, re.DOTALL)
    assert len(calls) >= 10
    told = "\n".join(calls)
    kinds = set(re.findall(r'kind="(\w+)"', told))
    subjects = set(re.findall(r'subject=f?"(\w+)[:"]', told))
    systems = set(re.findall(r'(?:system=|SYSTEM = )"([\w.]+)"', text))
    assert {kind for kind in kinds if kind_label(kind) == kind} == set()
    assert {system for system in systems if system_label(system) == system} == set()
    assert {subject for subject in subjects if subject_label(f"{subject}:1") == f"{subject}:1"} == set()


def test_an_entry_may_use_any_name(as_auditor: Client, town: Municipality) -> None:
    """A template takes ``values.items`` for an entry of that name before it takes it for the method."""
    names = dict.fromkeys(("items", "keys", "0", ""), 7)
    an_entry(town, outputs=names, sources=[names], inputs=names)
    assert as_auditor.get(f"{LEDGER}0/").context["shown"].outputs == sorted(names.items())


def test_list_is_filtered_by_person(as_auditor: Client, town: Municipality) -> None:
    one, other = a_person(Role.CLERK, town), a_person(Role.MANAGER, town)
    an_entry(town)
    an_entry(town, actor=one)
    an_entry(town, actor=other)
    assert indexes(as_auditor, person=f"person:{one.pk}") == [1]
    assert indexes(as_auditor, person="nobody") == [0]
    form = as_auditor.get(LEDGER).context["form"]
    assert (f"person:{one.pk}", one.name) in form.fields["person"].choices
    assert as_auditor.get(LEDGER, {"person": "person:999"}).context["form"].errors.keys() == {"person"}


def test_list_and_entry_show_what_was_ruled(
    as_auditor: Client, town: Municipality, count_queries: Callable[..., int]
) -> None:
    results = [an_entry(town, number) for number in range(3)]
    with in_municipality(town):
        rulings.rule_on(results[0], a_person(Role.CLERK, town), verdict="overrule", reason="古い")
    assert [line["verdict"] for line in as_auditor.get(LEDGER).context["shown"]] == ["", "", "", "overrule"]
    once, entry_once = count_queries(LEDGER), count_queries(f"{LEDGER}0/")
    with in_municipality(town):
        for result in results:
            rulings.rule_on(result, a_person(Role.CLERK, town), verdict="agree", reason="")
    assert count_queries(LEDGER) == once
    assert count_queries(f"{LEDGER}0/") == entry_once


def test_a_result_is_ruled_on_from_its_page(
    town: Municipality, as_person: Callable[[Person], Client]
) -> None:
    officer = a_person(Role.AI_OFFICER, town)
    client = as_person(officer)
    an_entry(town)
    assert RULE in client.get(f"{LEDGER}0/").content.decode()
    assert "12" in client.get(RULE).content.decode()
    refused = client.post(RULE, {"verdict": "overrule", "reason": ""})
    assert refused.context["form"].errors.keys() == {"reason"}
    done = client.post(RULE, {"verdict": "overrule", "reason": "出典が\n古い"}, follow=True)
    assert done.redirect_chain == [(f"{LEDGER}0/", 302)]
    assert "出典が<br>古い" in done.content.decode()
    with in_municipality(town):
        assert LedgerRuling.objects.get().person == officer


def test_a_clerk_rules_without_reading_the_ledger(
    town: Municipality, as_person: Callable[[Person], Client]
) -> None:
    client = as_person(a_person(Role.CLERK, town))
    an_entry(town)
    done = client.post(RULE, {"verdict": "agree"}, follow=True)
    assert done.redirect_chain == [(RULE, 302)]
    assert f'href="{LEDGER}1/"' not in done.content.decode()
    assert client.get(f"{LEDGER}0/").status_code == 403


def test_an_auditor_does_not_rule(as_auditor: Client, town: Municipality) -> None:
    an_entry(town)
    assert as_auditor.post(RULE, {"verdict": "agree"}).status_code == 403
    assert RULE not in as_auditor.get(f"{LEDGER}0/").content.decode()


def test_what_is_no_result_or_another_town_s_is_not_ruled_on(
    town: Municipality, other: Municipality, as_person: Callable[[Person], Client]
) -> None:
    client = as_person(a_person(Role.AI_OFFICER, town))
    an_entry(other)
    assert client.post(RULE, {"verdict": "agree"}).status_code == 404
    ledger.record(town, system="base.people", kind="people", subject="person:1")
    assert client.post(RULE, {"verdict": "agree"}).status_code == 404
    assert RULE not in client.get(f"{LEDGER}0/").content.decode()


def test_an_entry_says_that_what_it_speaks_of_was_erased(as_auditor: Client, town: Municipality) -> None:
    result = an_entry(town)
    with in_municipality(town):
        rulings.rule_on(result, a_person(Role.CLERK, town), verdict="overrule", reason="毒島さんの件")
        erasing.erase_traces(
            town,
            ["inquiry:1"],
            ground="request",
            reference="",
            person=None,
            system="frontdesk.erasure",
            erased={},
        )
    page = as_auditor.get(f"{LEDGER}0/").content.decode()
    assert "に消去されました" in page
    assert "変わらずにあります" in page
    assert "毒島" not in page
    assert f'href="{LEDGER}2/"' in page


def test_a_proof_is_taken_along_and_verified(as_auditor: Client, town: Municipality) -> None:
    for number in range(3):
        an_entry(town, number)
    assert f"{LEDGER}1/proof.json" in as_auditor.get(f"{LEDGER}1/").content.decode()
    response = as_auditor.get(f"{LEDGER}1/proof.json")
    assert response["Content-Disposition"] == 'attachment; filename="142123-1.proof.json"'
    expected = offline.Expected(ledger.signer().verifier.encode(), town.code)
    assert json.loads(offline.check_proof(response.json(), expected))["index"] == 1


def test_a_broken_log_gives_no_proof_and_says_so(as_auditor: Client, town: Municipality) -> None:
    for number in range(3):
        an_entry(town, number)
    with in_municipality(town):
        LedgerEntry.objects.filter(index=0).update(leaf_hash="zz")
    page = as_auditor.get(f"{LEDGER}1/proof.json", follow=True).content.decode()
    assert "証明を作れません" in page


def test_the_whole_log_is_taken_along_and_verified(as_auditor: Client, town: Municipality) -> None:
    for number in range(5):
        an_entry(town, number)
    heads = as_auditor.get(f"{LEDGER}heads.json").json()
    lines = content(as_auditor.get(f"{LEDGER}log.jsonl", {"format": "jsonl"})).splitlines(keepends=True)
    assert offline.check_log(lines, heads, offline.Expected(municipality=town.code)) == 5


@pytest.fixture
def published(town: Municipality, monkeypatch: pytest.MonkeyPatch) -> LedgerRoot:
    clock = Clock(monkeypatch)
    clock.set("2026-09-10T12:00")
    an_entry(town, inputs={"question": "秘密"})
    clock.set("2026-10-10T12:00")
    an_entry(town)
    clock.set("2026-11-22T12:00")
    return roots.publish_due(town)[-1]


def test_roots_are_for_everybody(published: LedgerRoot, town: Municipality) -> None:
    page = Client().get(f"{LEDGER}roots/").content.decode()
    assert page.index("2026-10") < page.index("2026-09")
    assert published.note.split("\n")[2] in page
    assert ledger.signer().verifier.encode() in page
    document = Client().get(f"{LEDGER}roots.json").json()
    expected = offline.Expected(ledger.signer().verifier.encode(), town.code)
    assert [head.month for head in offline.check_heads(document, expected)] == ["2026-09", "2026-10"]


def test_roots_before_the_first_say_when_they_come(town: Municipality, other: Municipality) -> None:
    assert "まだ公表した月はありません" in Client().get("/m/332020/ledger/roots/").content.decode()
    assert Client().get("/m/332020/ledger/roots.json").json()["heads"] == []


def test_a_root_whose_signature_does_not_hold_is_told(published: LedgerRoot, town: Municipality) -> None:
    with in_municipality(town):
        LedgerRoot.objects.filter(month="2026-09").update(note="x")
    assert "署名が合いません" in Client().get(f"{LEDGER}roots/").content.decode()
    with pytest.raises(offline.Broken):
        offline.check_heads(Client().get(f"{LEDGER}roots.json").json())


def test_the_verifier_is_handed_out_as_it_is(town: Municipality) -> None:
    assert Client().get(f"{LEDGER}offline.py").content == Path(offline.__file__).read_bytes()
