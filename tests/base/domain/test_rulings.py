"""Rulings: who agrees, who overrules and why; the reason beside the ledger, its digest in it."""

import json

import pytest

from machi.base import ledger
from machi.base.domain import entries, rulings
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, LedgerRuling, Municipality, Role
from machi.base.scoping import in_municipality
from tests.base.factories import a_municipality, a_person

pytestmark = pytest.mark.django_db
REASON = "田中さんの件は、出典が古い版でした。"


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


def a_result(town: Municipality) -> LedgerEntry:
    return ledger.record(town, system="frontdesk.answers", subject="inquiry:1")


def test_a_ruling_is_kept_and_recorded_without_its_reason(town: Municipality) -> None:
    result, clerk = a_result(town), a_person(Role.CLERK, town)
    with in_municipality(town):
        ruling = rulings.rule_on(result, clerk, verdict="overrule", reason=f" {REASON} ")
        assert (ruling.reason, ruling.on, ruling.person) == (REASON, result, clerk)
        assert REASON not in ruling.entry.body
        assert json.loads(ruling.entry.body)["outputs"] == {
            "entry": 0,
            "entry_hash": result.leaf_hash,
            "verdict": "overrule",
        }
        assert [one.as_recorded for one in entries.rulings_on(result)] == [True]
    assert ledger.verify(town) == []


def test_a_reason_that_was_changed_is_told(town: Municipality) -> None:
    result = a_result(town)
    with in_municipality(town):
        rulings.rule_on(result, a_person(), verdict="agree", reason="資料どおり")
        LedgerRuling.objects.update(reason="別の理由")
        assert [one.as_recorded for one in entries.rulings_on(result)] == [False]


def test_the_last_ruling_stands_and_all_are_kept(town: Municipality) -> None:
    result, other = a_result(town), a_result(town)
    with in_municipality(town):
        rulings.rule_on(result, a_person(), verdict="agree", reason="")
        rulings.rule_on(result, a_person(), verdict="overrule", reason=REASON)
        assert entries.verdicts([result, other]) == {result.pk: "overrule"}
        assert [one.ruling.verdict for one in entries.rulings_on(result)] == ["agree", "overrule"]
        assert rulings.counts("frontdesk.answers", result.at) == (1, 1)
        assert rulings.counts("other.system", result.at) == (0, 0)


@pytest.mark.parametrize(
    ("verdict", "reason"), [("overrule", ""), ("overrule", " "), ("maybe", "x"), ("", "x")]
)
def test_a_ruling_without_verdict_or_needed_reason_is_refused(
    town: Municipality, verdict: str, reason: str
) -> None:
    result = a_result(town)
    with in_municipality(town), pytest.raises(Refused):
        rulings.rule_on(result, a_person(), verdict=verdict, reason=reason)
    with in_municipality(town):
        assert LedgerEntry.objects.count() == 1


def test_only_results_are_ruled_on(town: Municipality) -> None:
    entry = ledger.record(town, system="base.people", kind="people", subject="person:1")
    with in_municipality(town), pytest.raises(Refused):
        rulings.rule_on(entry, a_person(), verdict="agree", reason="")
