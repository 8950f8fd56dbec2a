"""Monthly roots: when they are signed, that each grew out of the one before, and what is never signed."""

import json

import pytest

from machi.base import ledger
from machi.base.domain import roots
from machi.base.domain.errors import Refused
from machi.base.engine import offline
from machi.base.models import LedgerEntry, LedgerRoot, Municipality
from machi.base.scoping import in_municipality
from tests.base.clock import Clock
from tests.base.factories import a_municipality

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def town(clock: Clock) -> Municipality:
    """Two entries in August, none in September, one in October; now it is November."""
    town = a_municipality()
    for at in ("2026-08-03T09:00", "2026-08-31T23:59", "2026-10-01T00:00"):
        clock.set(at)
        an_entry(town)
    clock.set("2026-11-22T12:00")
    return town


def an_entry(town: Municipality, **given: object) -> LedgerEntry:
    return ledger.record(town, **{"system": "test.system", "kind": "test", "subject": "thing:1", **given})


def expected(town: Municipality) -> offline.Expected:
    return offline.Expected(ledger.signer().verifier.encode(), town.code)


def test_all_months_that_are_over_are_published_in_turn(town: Municipality) -> None:
    published = roots.publish_due(town)
    assert [(root.month, root.size) for root in published] == [("2026-08", 2), ("2026-09", 2), ("2026-10", 3)]
    assert roots.publish_due(town) == []
    assert ledger.verify(town) == []
    heads = offline.check_heads(roots.heads_document(town), expected(town))
    assert [(head.month, head.size) for head in heads] == [("2026-08", 2), ("2026-09", 2), ("2026-10", 3)]


def test_publishing_is_an_entry_of_the_ledger(town: Municipality) -> None:
    roots.publish(town, "2026-08")
    with in_municipality(town):
        last = LedgerEntry.objects.last()
    assert last is not None
    assert (last.kind, last.subject) == ("root", "root:2026-08")
    assert json.loads(last.body)["outputs"]["size"] == 2


def test_a_month_is_published_once_and_the_same_ever_after(town: Municipality) -> None:
    first = roots.publish(town, "2026-08")
    an_entry(town)
    assert roots.publish(town, "2026-08") == first


@pytest.mark.parametrize("month", ["2026-11", "2026-12", "2027-01", "2026-07", "2026-13", "2026-8", "x", ""])
def test_a_month_that_is_not_over_or_was_empty_is_refused(town: Municipality, month: str) -> None:
    with pytest.raises(Refused):
        roots.publish(town, month)
    with in_municipality(town):
        assert not LedgerRoot.objects.exists()


def test_a_month_before_one_that_is_published_is_refused(town: Municipality) -> None:
    roots.publish(town, "2026-10")
    with pytest.raises(Refused):
        roots.publish(town, "2026-09")


def test_the_month_ends_at_midnight_in_japan(town: Municipality) -> None:
    """The third entry is of 2026-09-30T15:00 in UTC."""
    assert roots.publish(town, "2026-09").size == 2


def test_nothing_is_signed_on_a_log_that_is_not_intact(town: Municipality) -> None:
    with in_municipality(town):
        LedgerEntry.objects.filter(index=1).update(subject="thing:2")
    with pytest.raises(roots.NotIntact):
        roots.publish(town, "2026-08")
    with in_municipality(town):
        assert not LedgerRoot.objects.exists()


def test_towns_have_roots_of_their_own(town: Municipality) -> None:
    other = a_municipality("332020")
    roots.publish_due(town)
    assert roots.publish_due(other) == []
    with in_municipality(other):
        assert not LedgerRoot.objects.exists()
    with pytest.raises(offline.Broken):
        offline.check_heads(roots.heads_document(town), expected(other))


def test_the_whole_log_is_verified_from_its_files(town: Municipality) -> None:
    roots.publish_due(town)
    an_entry(town, inputs={"question": "秘密"}, outputs={"score": 0.5}, explanation="あいう")
    document = roots.heads_document(town, until_now=True)
    assert offline.check_log(roots.log_lines(town), document, expected(town)) == 7
    lines = list(roots.log_lines(town))
    assert "秘密" not in b"".join(lines).decode()
    lines[6] = lines[6].replace(b"test.system", b"tast.system")
    with pytest.raises(offline.Broken):
        offline.check_log(lines, document, expected(town))


def test_a_proof_leads_to_the_published_root_where_there_is_one(town: Municipality) -> None:
    published = roots.publish(town, "2026-08")
    an_entry(town)
    with in_municipality(town):
        documents = [roots.proof_document(entry) for entry in LedgerEntry.objects.all()]
    assert documents[0]["note"] == published.note
    assert documents[4]["note"] != published.note
    told = [json.loads(offline.check_proof(document, expected(town))) for document in documents]
    assert [entry["index"] for entry in told] == [0, 1, 2, 3, 4]


def test_an_altered_root_is_told_by_verify_and_by_its_file(town: Municipality) -> None:
    published = roots.publish(town, "2026-08")
    with in_municipality(town):
        LedgerRoot.objects.update(note=published.note.replace("\n2\n", "\n1\n"))
    assert [finding.kind for finding in ledger.verify(town)] == ["head"]
    with pytest.raises(offline.Broken):
        offline.check_heads(roots.heads_document(town), expected(town))
