"""One entry in many towns' logs at once: the same as one by one, in fewer queries."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.base import ledger
from machi.base.domain import recording
from machi.base.domain.register import load_register
from machi.base.domain.towns import members
from machi.base.engine.canonical import digest
from machi.base.engine.merkle import TreeHead, leaf_hash
from machi.base.engine.proof import verify_inclusion
from machi.base.models import Consortium, LedgerCheckpoint, LedgerEntry, LedgerHead, Municipality
from machi.base.running import NotApproved
from machi.base.sample_generated import members_only
from machi.base.scoping import in_municipality
from tests.base.factories import TOWNS, a_municipality, a_person, approve

pytestmark = pytest.mark.django_db


def bodies(town: Municipality) -> list[dict[str, Any]]:
    with in_municipality(town):
        return [json.loads(one.body) for one in LedgerEntry.objects.all()]


def test_each_log_grows_by_an_entry_of_its_own_and_every_entry_is_proven():
    towns = [a_municipality(code) for code in TOWNS]
    for number in range(7):  # logs of different lengths, so that none can have been signed for another
        ledger.record(towns[0], system="test.system", subject=f"thing:{number}")
    ledger.record(towns[1], system="test.system", subject="thing:0")
    person = a_person()
    entries = ledger.record_each(
        towns,
        system="test.system",
        subject="purchase:1",
        actor=person,
        inputs={"ceiling": 1000},
        outputs={"action": "confirm"},
        own={towns[2].pk: {"pays": 5}},
        explanation="みんなで決めた",
    )
    assert [(one.municipality_id, one.index) for one in entries] == list(
        zip((one.pk for one in towns), (7, 1, 0), strict=True)
    )
    for town, entry in zip(towns, entries, strict=True):
        told = bodies(town)[-1]
        assert told["municipality"] == town.pk
        assert told["outputs"] == {"action": "confirm", **({"pays": 5} if town == towns[2] else {})}
        assert ledger.verify(town) == []
        with in_municipality(town):
            assert ledger.matches(entry, "ceiling", 1000)
            stored = LedgerHead.objects.get(municipality=town)
            head = TreeHead(stored.size, bytes.fromhex(stored.root))
            assert verify_inclusion(ledger.prove(entry), leaf_hash(entry.body.encode()), head)
    assert len({bodies(town)[-1]["inputs"]["ceiling"] for town in towns}) == 3  # each under its own salt


def test_one_by_one_and_all_at_once_leave_the_same_entry():
    one, other = a_municipality("142123"), a_municipality("332020")
    said = {"system": "test.system", "subject": "thing:1", "outputs": {"a": 1}, "sources": [{"page": "x"}]}
    ledger.record(one, **said)
    ledger.record_each([one, other], **said)
    first, second = bodies(one)
    (third,) = bodies(other)
    for told in (first, second, third):
        for name in ("at", "index", "municipality"):
            told.pop(name)
    assert first == second == third


def test_a_town_that_has_not_approved_the_system_keeps_the_result_out_of_every_log():
    one, other = a_municipality("142123"), a_municipality("332020", approved=False)
    with pytest.raises(NotApproved, match="倉敷市"):
        ledger.record_each([one, other], system="joint.purchase_advice", subject="purchase:1")
    assert not bodies(one)
    assert not bodies(other)
    approve(other, "joint.purchase_advice")
    ledger.record_each([one, other], system="joint.purchase_advice", subject="purchase:1")
    assert len(bodies(one)) == len(bodies(other)) == 1


def test_a_log_that_was_tampered_with_is_signed_no_more_and_the_others_are():
    one, other = a_municipality("142123"), a_municipality("332020")
    ledger.record_each([one, other], system="test.system", subject="thing:1")
    LedgerHead.objects.filter(municipality=one).update(root="00" * 32)
    ledger.record_each([one, other], system="test.system", subject="thing:2")
    assert ledger.verify(one) != []
    assert ledger.verify(other) == []


def test_the_hundredth_entry_leaves_a_checkpoint_in_its_own_town():
    one, other = a_municipality("142123"), a_municipality("332020")
    for number in range(99):
        ledger.record(one, system="test.system", subject=f"thing:{number}")
    ledger.record_each([one, other], system="test.system", subject="thing:100")
    with in_municipality(one):
        assert [checkpoint.size for checkpoint in LedgerCheckpoint.objects.all()] == [100]
    with in_municipality(other):
        assert not LedgerCheckpoint.objects.exists()


def test_a_town_given_twice_is_a_mistake():
    town = a_municipality()
    with pytest.raises(ValueError, match="at a time"):
        ledger.record_each([town, town], system="test.system", subject="thing:1")


def test_queries_do_not_grow_with_the_towns():
    load_register()
    towns = list(members(members_only(60)))
    counts = []
    for some in (towns[:2], towns[2:60], towns[:60]):  # logs that begin, and logs that go on
        with CaptureQueriesContext(connection) as queries:
            ledger.record_each(some, system="test.system", subject="thing:1")
        counts.append(len(queries))
    assert counts[0] == counts[1] >= counts[2]
    assert all(ledger.verify(town) == [] for town in towns)


def test_a_long_list_stands_whole_where_it_was_decided_and_by_its_digest_elsewhere():
    consortium = Consortium.objects.create(name="三市共同体")
    towns = [a_municipality(code) for code in TOWNS]
    pays = {town.pk: 100 for town in towns}
    recording.record(
        consortium,
        towns[0],
        a_person(),
        system="joint.procurement",
        kind="joint_purchase",
        subject="joint_purchase:1",
        concerned=towns,
        outputs={"action": "choose_rule"},
        own={code: {"pays_here": yen} for code, yen in pays.items()},
        lists={"pays": pays},
    )
    assert bodies(towns[0])[-1]["outputs"] == {
        "consortium": consortium.pk,
        "action": "choose_rule",
        "pays": pays,
        "pays_here": 100,
    }
    assert bodies(towns[1])[-1]["outputs"] == {
        "consortium": consortium.pk,
        "action": "choose_rule",
        "decided_in": towns[0].pk,
        "pays_sha256": digest(pays),
        "pays_here": 100,
    }
