"""The ledger: what is recorded can be proven, and nothing can be changed unseen."""

import json
import random

import pytest
from django.db import connection

from machi.base import ledger
from machi.base.engine.merkle import Frontier, TreeHead, leaf_hash
from machi.base.engine.proof import verify_inclusion
from machi.base.models import LedgerCheckpoint, LedgerEntry, LedgerHead, Municipality
from machi.base.scoping import in_municipality
from tests.base.factories import a_municipality, a_person

pytestmark = pytest.mark.django_db


def _fill(municipality: Municipality, count: int) -> None:
    for number in range(count):
        ledger.record(
            municipality,
            system="test.system",
            subject=f"thing:{number}",
            inputs={"question": f"質問{number}"},
            outputs={"known": number % 2 == 0, "confidence": number / 100},
        )


def test_record_keeps_digests_of_inputs_not_the_inputs():
    town = a_municipality()
    entry = ledger.record(
        town, system="test.system", subject="inquiry:1", inputs={"question": "山田太郎です"}
    )
    assert "山田" not in entry.body
    with in_municipality(town):
        assert ledger.matches(entry, "question", "山田太郎です")
        assert not ledger.matches(entry, "question", "山田花子です")


def test_record_names_actor_by_reference_only():
    town = a_municipality()
    person = a_person()
    entry = ledger.record(town, system="test.system", subject="faq:1", actor=person)
    assert json.loads(entry.body)["actor"] == f"person:{person.pk}"
    assert person.name not in entry.body


def test_every_entry_is_proven_to_be_in_the_log():
    town = a_municipality()
    _fill(town, 9)
    with in_municipality(town):
        stored = LedgerHead.objects.get(municipality=town)
        head = TreeHead(stored.size, bytes.fromhex(stored.root))
        for entry in LedgerEntry.objects.all():
            assert verify_inclusion(ledger.prove(entry), leaf_hash(entry.body.encode()), head)


def test_logs_of_municipalities_are_apart():
    atsugi, kurashiki = a_municipality("142123"), a_municipality("332020")
    _fill(atsugi, 3)
    _fill(kurashiki, 1)
    assert LedgerHead.objects.get(municipality=atsugi).size == 3
    assert LedgerHead.objects.get(municipality=kurashiki).size == 1
    assert ledger.verify(atsugi) == ledger.verify(kurashiki) == []


def test_erasing_a_subject_leaves_the_log_verifiable():
    town = a_municipality()
    entry = ledger.record(town, system="test.system", subject="inquiry:7", inputs={"question": "秘密"})
    with in_municipality(town):
        assert ledger.erase("inquiry:7") == 1
        assert not ledger.matches(entry, "question", "秘密")
    assert ledger.verify(town) == []


def test_ruling_is_an_entry_of_its_own():
    town = a_municipality()
    entry = ledger.record(town, system="test.system", subject="inquiry:1")
    ruling = ledger.rule(entry, person=a_person(), verdict="overrule", reason="出典が古い")
    assert json.loads(ruling.body)["outputs"] == {
        "entry": entry.index,
        "entry_hash": entry.leaf_hash,
        "verdict": "overrule",
    }
    assert ledger.verify(town) == []


def _tamper(town: Municipality, choose: random.Random) -> str:
    """One change behind machi's back, of a kind drawn at random; what was done."""
    entries = list(LedgerEntry.objects.order_by("index"))
    one, other = choose.sample(entries, 2)
    kind = choose.choice(["edit", "column", "rehash", "remove", "swap", "truncate", "truncate and move head"])
    if kind == "edit":
        LedgerEntry.objects.filter(pk=one.pk).update(body=one.body.replace('"known":', '"known" :', 1))
    elif kind == "column":
        LedgerEntry.objects.filter(pk=one.pk).update(subject="thing:999")
    elif kind == "rehash":  # an edit together with its own hash
        body = one.body.replace("thing:", "thong:")
        LedgerEntry.objects.filter(pk=one.pk).update(
            body=body, subject=one.subject.replace("thing", "thong"), leaf_hash=leaf_hash(body.encode()).hex()
        )
    elif kind == "remove":
        _delete(entries[choose.randrange(len(entries))].pk)
    elif kind == "swap":
        LedgerEntry.objects.filter(pk=one.pk).update(index=10_000)
        LedgerEntry.objects.filter(pk=other.pk).update(index=one.index)
        LedgerEntry.objects.filter(pk=one.pk).update(index=other.index)
    else:
        for entry in entries[-3:]:
            _delete(entry.pk)
        if kind == "truncate and move head":
            head = LedgerHead.objects.get(municipality=town)
            shorter = Frontier()
            for entry in entries[:-3]:
                shorter, _ = shorter.append(bytes.fromhex(entry.leaf_hash))
            head.size, head.root = shorter.size, shorter.root().hex()
            head.frontier = [one.hex() for one in shorter.hashes]
            head.save()
    return kind


def _delete(pk: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM base_ledgersalt WHERE entry_id = %s", [pk])
        cursor.execute("DELETE FROM base_ledgerentry WHERE id = %s", [pk])


@pytest.mark.parametrize("seed", range(60))
def test_verify_finds_every_tampering(seed):
    town = a_municipality()
    _fill(town, 12)
    ledger.checkpoint(town)
    assert ledger.verify(town) == []
    with in_municipality(town):
        kind = _tamper(town, random.Random(seed))
    assert ledger.verify(town) != [], kind


def test_verify_finds_a_log_rewritten_from_scratch():
    """Someone with the whole database rebuilds a consistent log; the checkpoint file outside it tells."""
    town = a_municipality()
    _fill(town, 5)
    ledger.checkpoint(town)
    with in_municipality(town):
        LedgerCheckpoint.objects.all().delete()
        for entry in LedgerEntry.objects.all():
            _delete(entry.pk)
    LedgerHead.objects.all().delete()
    _fill(town, 5)
    assert [finding.kind for finding in ledger.verify(town)] == ["rewritten"]


def test_verify_finds_a_forged_checkpoint():
    town = a_municipality()
    _fill(town, 3)
    with in_municipality(town):
        checkpoint = ledger.checkpoint(town)
        assert checkpoint is not None
        LedgerCheckpoint.objects.update(note=checkpoint.note.replace("\n3\n", "\n2\n"))
    assert [finding.kind for finding in ledger.verify(town)] == ["head"]
