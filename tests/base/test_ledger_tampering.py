"""A thousand changes made in the database behind machi's back, drawn at random: ``ledger.verify`` finds each."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from machi.base import ledger
from machi.base.domain import roots
from machi.base.engine import offline
from machi.base.engine.canonical import canonical_json
from machi.base.engine.checkpoint import Checkpoint, Signer, sign_checkpoint
from machi.base.engine.merkle import Frontier, TreeHead, leaf_hash
from machi.base.models import LedgerCheckpoint, LedgerEntry, LedgerHead, LedgerRoot, Municipality
from machi.base.scoping import every_municipality, in_municipality
from tests.base.factories import a_municipality

pytestmark = pytest.mark.django_db
ENTRIES, TRIALS = 13, 1000
FORGER = Signer("machi", bytes(range(32)))


class _Undo(Exception):
    """Ends the transaction in which a tampering was tried."""


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> Municipality:
    town = a_municipality("142123")
    monkeypatch.setattr(ledger, "ENTRIES_BETWEEN_CHECKPOINTS", 5)
    for number in range(ENTRIES):
        ledger.record(
            town,
            system="test.system",
            subject=f"thing:{number}",
            kind="test",
            inputs={"question": f"質問{number}"},
            outputs={"known": number % 2 == 0},
        )
    other = a_municipality("332020")
    ledger.record(other, system="test.system", subject="thing:0", kind="test")
    return town


def _execute(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _delete(index: int) -> None:
    pk = LedgerEntry.objects.values_list("pk", flat=True).get(index=index)
    _execute("DELETE FROM base_ledgersalt WHERE entry_id = %s", pk)
    _execute("DELETE FROM base_ledgerentry WHERE id = %s", pk)


def _bodies() -> list[dict[str, object]]:
    return [json.loads(body) for body in LedgerEntry.objects.order_by("index").values_list("body", flat=True)]


def _rewrite(bodies: list[dict[str, object]]) -> None:
    """The whole log anew with every hash, up to the head and its frontier: all but a signature."""
    for index in LedgerEntry.objects.filter(index__gte=len(bodies)).values_list("index", flat=True):
        _delete(index)
    frontier = Frontier()
    for index, body in enumerate(bodies):
        text = canonical_json({**body, "index": index})
        frontier, completed = frontier.append(leaf_hash(text))
        columns = {name: body[name] for name in ("at", "kind", "system", "subject", "actor")}
        LedgerEntry.objects.update_or_create(
            index=index,
            municipality_id="142123",
            defaults={
                "body": text.decode(),
                "leaf_hash": completed[0].hex(),
                "subtrees": [one.hex() for one in completed[1:]],
                **columns,
            },
        )
    LedgerHead.objects.filter(municipality="142123").update(
        size=frontier.size, root=frontier.root().hex(), frontier=[one.hex() for one in frontier.hashes]
    )


def edit(draw: random.Random) -> None:
    entry = LedgerEntry.objects.get(index=draw.randrange(ENTRIES))
    place = draw.randrange(len(entry.body))
    other = draw.choice([one for one in 'x0あ" ' if one != entry.body[place]])
    entry.body = entry.body[:place] + other + entry.body[place + 1 :]
    LedgerEntry.objects.filter(pk=entry.pk).update(body=entry.body)


def edit_column(draw: random.Random) -> None:
    values = {"kind": "other", "system": "no.system", "subject": "thing:99", "actor": "person:99"}
    name = draw.choice(list(values))
    LedgerEntry.objects.filter(index=draw.randrange(ENTRIES)).update(**{name: values[name]})


def edit_with_hash(draw: random.Random) -> None:
    entry = LedgerEntry.objects.get(index=draw.randrange(ENTRIES))
    text = canonical_json({**json.loads(entry.body), "explanation": f"{draw.random()}"})
    LedgerEntry.objects.filter(pk=entry.pk).update(body=text.decode(), leaf_hash=leaf_hash(text).hex())


def edit_hash(draw: random.Random) -> None:
    other = draw.choice([f"{draw.getrandbits(256):064x}", "", "zz"])
    LedgerEntry.objects.filter(index=draw.randrange(ENTRIES)).update(leaf_hash=other)


def edit_subtrees(draw: random.Random) -> None:
    index = draw.randrange(ENTRIES // 2) * 2 + 1
    other = draw.choice([[], ["00" * 32], [f"{draw.getrandbits(256):064x}"] * 4, 7, {"a": 1}])
    LedgerEntry.objects.filter(index=index).update(subtrees=other)


def remove(draw: random.Random) -> None:
    _delete(draw.randrange(ENTRIES))


def remove_and_renumber(draw: random.Random) -> None:
    gone = draw.randrange(ENTRIES - 1)
    _delete(gone)
    for index in range(gone + 1, ENTRIES):
        LedgerEntry.objects.filter(index=index).update(index=index - 1)


def swap(draw: random.Random) -> None:
    one, other = draw.sample(range(ENTRIES), 2)
    LedgerEntry.objects.filter(index=one).update(index=10_000)
    LedgerEntry.objects.filter(index=other).update(index=one)
    LedgerEntry.objects.filter(index=10_000).update(index=other)


def duplicate(draw: random.Random) -> None:
    entry = LedgerEntry.objects.get(index=draw.randrange(ENTRIES))
    entry.pk, entry.index = None, ENTRIES  # in other places the database itself refuses a second one
    entry.save()


def truncate(draw: random.Random) -> None:
    for index in range(draw.randrange(ENTRIES - 4, ENTRIES), ENTRIES):
        _delete(index)


def forge_head(draw: random.Random) -> None:
    values = [
        {"size": draw.choice([0, 1, ENTRIES - 1, ENTRIES + 1])},
        {"root": draw.choice([f"{draw.getrandbits(256):064x}", "zz", ""])},
        {"frontier": draw.choice([[], ["00" * 32] * 3, 7])},
        {"note": draw.choice(["", "x", LedgerCheckpoint.objects.all()[0].note])},
    ]
    LedgerHead.objects.filter(municipality="142123").update(**draw.choice(values))


def rewrite_edited(draw: random.Random) -> None:
    bodies = _bodies()
    bodies[draw.randrange(ENTRIES)]["explanation"] = f"{draw.random()}"
    _rewrite(bodies)


def rewrite_shorter(draw: random.Random) -> None:
    bodies = _bodies()
    del bodies[draw.randrange(ENTRIES)]
    _rewrite(bodies)


def rewrite_with_forged_signature(draw: random.Random) -> None:
    """And whatever was signed is signed anew, with a key of the forger's own."""
    rewrite_edited(draw)
    head = LedgerHead.objects.get(municipality="142123")
    note = sign_checkpoint(
        Checkpoint("machi/ledger/142123", TreeHead(head.size, bytes.fromhex(head.root))), FORGER
    )
    LedgerHead.objects.filter(municipality="142123").update(note=note)
    LedgerCheckpoint.objects.all().delete()


def append(draw: random.Random) -> None:
    """An entry more, as the application writes it, but for the signature."""
    bodies = _bodies()
    _rewrite([*bodies, {**draw.choice(bodies), "subject": "thing:99"}])


def alter_signature(draw: random.Random) -> None:
    one = draw.choice(list(LedgerCheckpoint.objects.all()))
    place = draw.randrange(len(one.note))
    other = draw.choice([char for char in "A0\n " if char != one.note[place]])
    LedgerCheckpoint.objects.filter(pk=one.pk).update(note=one.note[:place] + other + one.note[place + 1 :])


def forge_root(draw: random.Random) -> None:
    size = draw.randrange(1, ENTRIES)
    forged = Checkpoint("machi/ledger/142123", TreeHead(size, draw.randbytes(32)), ("month 2026-01",))
    note = draw.choice([sign_checkpoint(forged, FORGER), "", forged.text()])
    LedgerRoot.objects.create(
        municipality_id="142123", month="2026-01", size=size, note=note, at=LedgerEntry.objects.all()[0].at
    )


def swap_municipality(draw: random.Random) -> None:
    statement = (
        'UPDATE base_ledgerentry SET municipality_id = %s, "index" = 500 '
        'WHERE municipality_id = %s AND "index" = %s'
    )
    with every_municipality():  # PostgreSQL's row-level security refuses it to anybody else
        _execute(statement, "332020", "142123", draw.randrange(ENTRIES))


def swap_note(draw: random.Random) -> None:
    """Another town's log is as truly signed, and is not this one's."""
    head = LedgerHead.objects.get(municipality="332020")
    if draw.random() < 0.5:
        LedgerHead.objects.filter(municipality="142123").update(
            note=head.note, size=head.size, root=head.root, frontier=head.frontier
        )
    else:
        LedgerCheckpoint.objects.filter(pk=LedgerCheckpoint.objects.all()[0].pk).update(note=head.note)


def launder(draw: random.Random) -> None:
    """A forged log, then the application's own next entry: it must not vouch for what it found."""
    draw.choice([append, rewrite_edited])(draw)
    ledger.record(
        Municipality.objects.get(pk="142123"), system="test.system", subject="thing:100", kind="test"
    )


TAMPERINGS: list[Callable[[random.Random], None]] = [
    edit, edit_column, edit_with_hash, edit_hash, edit_subtrees, remove, remove_and_renumber, swap, duplicate,
    truncate, forge_head, rewrite_edited, rewrite_shorter, rewrite_with_forged_signature, append, alter_signature,
    forge_root, swap_municipality, swap_note, launder,
]  # fmt: skip


def _state() -> list[object]:
    tables = ("base_ledgerentry", "base_ledgerhead", "base_ledgercheckpoint", "base_ledgerroot")
    rows: list[object] = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            rows.append(cursor.fetchall())
    return rows


@pytest.mark.long
def test_verify_finds_every_one_of_a_thousand_tamperings(
    town: Municipality, caplog: pytest.LogCaptureFixture
) -> None:
    assert ledger.verify(town) == []
    with in_municipality(town):
        before = _state()
    draw = random.Random(9162)
    missed: Counter[str] = Counter()
    made: Counter[str] = Counter()
    for number in range(TRIALS):
        tamper = TAMPERINGS[number % len(TAMPERINGS)]
        try:
            with in_municipality(town), transaction.atomic():
                tamper(draw)
                assert _state() != before, tamper.__name__
                missed[tamper.__name__] += not ledger.verify(town)
                made[tamper.__name__] += 1
                raise _Undo
        except _Undo:
            pass
    assert sum(made.values()) == TRIALS
    assert {name: count for name, count in missed.items() if count} == {}
    assert ledger.verify(town) == []  # every one was undone


def test_a_published_root_tells_when_everything_else_was_forged(town: Municipality) -> None:
    """Who has the database, the file beside it and the key rewrites all of it; the root that somebody kept tells."""
    kept = LedgerHead.objects.get(municipality=town).note
    with in_municipality(town):
        bodies = _bodies()
        bodies[3]["explanation"] = "nothing happened"
        _rewrite(bodies)
        head = LedgerHead.objects.get(municipality=town)
        head.note = sign_checkpoint(
            Checkpoint("machi/ledger/142123", TreeHead(head.size, bytes.fromhex(head.root))), ledger.signer()
        )
        head.save()
        LedgerCheckpoint.objects.all().delete()
    ledger._checkpoint_file(town).unlink()
    assert ledger.verify(town) == []  # the house itself can no longer tell
    document = roots.heads_document(town, until_now=True)
    document["heads"] = [{"month": "", "note": kept, "consistency": None}]
    with pytest.raises(offline.Broken):
        offline.check_log(roots.log_lines(town), document)
