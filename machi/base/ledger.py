"""The spine: one ledger that all rooms share, in which nothing can be changed unseen.

``record`` appends an entry to the municipality's Merkle log (RFC 9162). The entry holds no personal data:
inputs are salted digests, everything else is references and figures, so a record outlives an erasure.
``verify`` finds any edit, removal, reordering or truncation, also against checkpoints kept outside the
database. A ruling on an entry is itself an entry, so what a person overruled is never lost.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from machi.base.engine.canonical import canonical_json, matches_salted_digest, salted_digest
from machi.base.engine.checkpoint import (
    Checkpoint,
    CheckpointError,
    Signer,
    Verifier,
    open_checkpoint,
    sign_checkpoint,
)
from machi.base.engine.merkle import EMPTY_ROOT, HASH_SIZE, Frontier, Subtree, TreeHead, leaf_hash
from machi.base.engine.proof import InclusionProof, prove_inclusion
from machi.base.engine.verify import Finding, FindingKind, StoredEntry, verify_entries
from machi.base.models import (
    LedgerCheckpoint,
    LedgerEntry,
    LedgerHead,
    LedgerRoot,
    LedgerSalt,
    Municipality,
    Person,
)
from machi.base.rooms import AISystem, ai_system
from machi.base.running import ensure_may_run_in
from machi.base.scoping import in_municipalities, in_municipality
from machi.base.secretfile import kept

_log = logging.getLogger(__name__)
ENTRIES_BETWEEN_CHECKPOINTS = 100
RESULT = "result"
"""Kind of the entries in which AI systems leave their results."""
RULING = "ruling"
ERASURE = "erasure"
_HEAD = ("size", "root", "frontier", "note")


def record(
    municipality: Municipality,
    *,
    system: str,
    subject: str,
    kind: str = RESULT,
    actor: Person | None = None,
    inputs: Mapping[str, Any] | None = None,
    outputs: Mapping[str, Any] | None = None,
    sources: Sequence[Mapping[str, Any]] = (),
    explanation: str = "",
) -> LedgerEntry:
    """Appends one entry and returns it; call it in the transaction that stores the result it speaks of.

    ``system``   key of a declared AI system, or ``room.function`` for what people did
    ``subject``  what it is about: a reference such as ``inquiry:12``, never a name
    ``inputs``   values of any JSON kind; only their salted digests are kept
    ``outputs``, ``sources``, ``explanation``  kept as they are: no personal data in them

    Raises NotApproved for a result of an AI system that may not run there: what nobody approved leaves no trace
    that could pass for a result.
    """
    (entry,) = record_each(
        [municipality],
        system=system,
        subject=subject,
        kind=kind,
        actor=actor,
        inputs=inputs,
        outputs=outputs,
        sources=sources,
        explanation=explanation,
    )
    return entry


def record_each(
    municipalities: Sequence[Municipality],
    *,
    system: str,
    subject: str,
    kind: str = RESULT,
    actor: Person | None = None,
    inputs: Mapping[str, Any] | None = None,
    outputs: Mapping[str, Any] | None = None,
    own: Mapping[str, Mapping[str, Any]] | None = None,
    sources: Sequence[Mapping[str, Any]] = (),
    explanation: str = "",
) -> list[LedgerEntry]:
    """``record`` in the log of each of these towns at once: every log grows and is signed by itself, but rows are read
    and written together. ``own``: what the entry of a town (by its code) says besides. Returns the entries in the
    towns' order.

    Raises NotApproved where a result's AI system may not run in one of them; ValueError for a town given twice.
    """
    if len({one.pk for one in municipalities}) != len(municipalities):
        raise ValueError("a town can be given one entry at a time")
    declared = _declared(system)
    if kind == RESULT and declared:
        ensure_may_run_in(municipalities, system)
    at, key = timezone.now(), signer()
    said: dict[str, Any] = {
        "at": at.isoformat(),
        "kind": kind,
        "system": system,
        "version": declared.version if declared else "",
        "subject": subject,
        "actor": f"person:{actor.pk}" if actor else "",
        "sources": [dict(source) for source in sources],
        "explanation": explanation,
    }
    entries, salts = [], []
    with in_municipalities(municipalities), transaction.atomic():
        heads = _locked_heads(municipalities)
        for town in municipalities:
            salt = secrets.token_bytes(32)
            body = {
                **said,
                "municipality": town.code,
                "inputs": {name: salted_digest(salt, value) for name, value in (inputs or {}).items()},
                "outputs": {**(outputs or {}), **(own or {}).get(town.pk, {})},
            }
            entries.append(_grown(town, heads[town.pk], body, at, key))
            salts.append(salt)
        LedgerEntry.objects.bulk_create(entries)
        LedgerSalt.objects.bulk_create(
            LedgerSalt(municipality_id=entry.municipality_id, entry=entry, salt=salt)
            for entry, salt in zip(entries, salts, strict=True)
        )
        LedgerHead.objects.bulk_create(
            heads.values(), update_conflicts=True, unique_fields=["municipality"], update_fields=_HEAD
        )
        for town in municipalities:
            if heads[town.pk].size % ENTRIES_BETWEEN_CHECKPOINTS == 0:
                checkpoint(town)
    return entries


def _locked_heads(municipalities: Sequence[Municipality]) -> dict[str, LedgerHead]:
    """Where each log stands, held until the transaction ends; in the order of codes, so that two joint decisions at
    once wait for each other and do not lock each other out."""
    codes = [one.pk for one in municipalities]
    found = LedgerHead.objects.select_for_update().filter(municipality__in=codes).order_by("municipality_id")
    heads = {one.municipality_id: one for one in found}
    if len(heads) < len(codes):
        empty = [
            LedgerHead(municipality=one, root=EMPTY_ROOT.hex())
            for one in municipalities
            if one.pk not in heads
        ]
        LedgerHead.objects.bulk_create(empty, ignore_conflicts=True)
        heads = {one.municipality_id: one for one in found.all()}
    return heads


def _grown(
    town: Municipality, head: LedgerHead, body: Mapping[str, Any], at: datetime, key: Signer
) -> LedgerEntry:
    """The town's next entry; ``head`` moves on by it. Nothing is written here."""
    frontier = Frontier(head.size, tuple(bytes.fromhex(h) for h in head.frontier))
    text = canonical_json({"index": head.size, **body})
    leaf = leaf_hash(text)
    frontier, completed = frontier.append(leaf)
    entry = LedgerEntry(
        municipality=town,
        index=head.size,
        body=text.decode(),
        leaf_hash=leaf.hex(),
        subtrees=[one.hex() for one in completed[1:]],
        at=at,
        **{name: body[name] for name in ("kind", "system", "subject", "actor")},
    )
    head.note = _sign_on(town, head, frontier.head(), key)
    head.size, head.root = frontier.size, frontier.root().hex()
    head.frontier = [one.hex() for one in frontier.hashes]
    return entry


def rule(entry: LedgerEntry, *, person: Person, verdict: str, reason: str) -> LedgerEntry:
    """Records a person's ruling (``agree`` or ``overrule``) on an earlier entry."""
    return record(
        entry.municipality,
        system=entry.system,
        subject=entry.subject,
        kind=RULING,
        actor=person,
        outputs={"entry": entry.index, "entry_hash": entry.leaf_hash, "verdict": verdict},
        inputs={"reason": reason},
    )


def matches(entry: LedgerEntry, name: str, value: Any) -> bool:
    """Was ``value`` the input ``name`` of this entry? False too once the salt has been erased."""
    return matches_with(LedgerSalt.objects.filter(entry=entry).first(), entry, name, value)


def matches_with(salt: LedgerSalt | None, entry: LedgerEntry, name: str, value: Any) -> bool:
    """As ``matches``, with the entry's salt as the caller has read it."""
    recorded = json.loads(entry.body)["inputs"].get(name)
    return (
        salt is not None and recorded is not None and matches_salted_digest(bytes(salt.salt), value, recorded)
    )


def erase(subject: str) -> int:
    """Erases the salts of a subject's entries: their digests say nothing any more, and the log stays whole."""
    erased, _ = LedgerSalt.objects.filter(entry__subject=subject).delete()
    return erased


def checkpoint(municipality: Municipality) -> LedgerCheckpoint | None:
    """Signs where the log stands, in the database and in a file beside it; None for an empty log."""
    with in_municipality(municipality):
        head = LedgerHead.objects.filter(municipality=municipality, size__gt=0).first()
        if head is None:
            return None
        last = LedgerCheckpoint.objects.last()
        if last is not None and last.size == head.size:
            return last
        note = head.note  # signed when the last entry was appended; verification finds another head beside it
        file_note(municipality, note)
        return LedgerCheckpoint.objects.create(
            municipality=municipality, size=head.size, note=note, at=timezone.now()
        )


def verify(municipality: Municipality) -> list[Finding]:
    """Reads the whole log and compares it with itself, its head and everything signed. Empty: all is well."""
    with in_municipality(municipality):
        head = LedgerHead.objects.filter(municipality=municipality).first()
        stored_head = TreeHead(head.size, _hash(head.root)) if head else TreeHead(0, EMPTY_ROOT)
        known = signer().verifier
        found = list(_head_findings(municipality, head, known)) if head else []
        checkpoints: list[TreeHead] = []
        for note in sorted(_notes(municipality)):
            try:
                checkpoints.append(open_checkpoint(note, [known], origin(municipality)).head)
            except CheckpointError as error:
                found.append(Finding("head", 0, stored_head.size, f"a checkpoint cannot be trusted: {error}"))
        in_log = list(verify_entries(_stored(municipality, found), stored_head, checkpoints))
        return in_log + found


def prove(entry: LedgerEntry) -> InclusionProof:
    """The proof that this entry is in the log as it stands."""
    size = LedgerHead.objects.get(municipality=entry.municipality).size
    return prove_inclusion(entry.index, size, read_subtrees)


def signer() -> Signer:
    """The installation's own key, made once."""
    path = Path(settings.MACHI_HOME) / "secrets" / "ledger_key"
    return Signer.parse(kept(path, lambda: Signer("machi", secrets.token_bytes(32)).encode()))


def _declared(system: str) -> AISystem | None:
    try:
        return ai_system(system)
    except KeyError:
        return None


def origin(municipality: Municipality) -> str:
    """The log's name in everything that is signed."""
    return f"machi/ledger/{municipality.code}"


def file_note(municipality: Municipality, note: str) -> None:
    """Keeps what was signed in the file beside the database."""
    path = _checkpoint_file(municipality)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(note, ensure_ascii=False) + "\n")


def _checkpoint_file(municipality: Municipality) -> Path:
    return Path(settings.MACHI_HOME) / "ledger" / f"{municipality.code}.checkpoints"


def _notes(municipality: Municipality) -> set[str]:
    """Everything signed that we still have: in the database, and in the file beside it."""
    kept = set(LedgerCheckpoint.objects.values_list("note", flat=True))
    kept |= set(LedgerRoot.objects.values_list("note", flat=True))
    return kept | set(_filed(municipality))


def _filed(municipality: Municipality) -> Iterator[str]:
    path = _checkpoint_file(municipality)
    if path.exists():
        for line in path.read_bytes().splitlines():
            try:
                yield str(json.loads(line))
            except ValueError:
                yield ""  # no note: verification says so


def _sign_on(municipality: Municipality, head: LedgerHead, grown: TreeHead, key: Signer) -> str:
    """The signed note of the grown log. On a head that was not signed nothing is signed any more: the work goes on,
    and what was done to the log is not covered up by the next entry."""
    if head.size and (wrong := next(_head_findings(municipality, head, key.verifier), None)):
        _log.error("ledger of %s: %s; new heads are not signed", municipality.code, wrong.message)
        return head.note
    return sign_checkpoint(Checkpoint(origin(municipality), grown), key)


def _head_findings(municipality: Municipality, head: LedgerHead, known: Verifier) -> Iterator[Finding]:
    """The head must be the one signed, and the frontier, from which the log grows, must give it."""
    try:
        signed = open_checkpoint(head.note, [known], origin(municipality)).head
    except CheckpointError as error:
        yield Finding("head", head.size, head.size, f"the stored head is not signed: {error}")
    else:
        if signed != TreeHead(head.size, _hash(head.root)):
            yield Finding("head", head.size, head.size, f"the head signed last has {signed.size} entries")
    try:
        told = Frontier(head.size, tuple(_hash(str(one)) for one in head.frontier)).root()
    except (TypeError, ValueError):
        told = b""
    if told != _hash(head.root):
        yield Finding("head", head.size, head.size, "the stored frontier does not give the stored root")


def _stored(municipality: Municipality, found: list[Finding]) -> Iterator[StoredEntry]:
    """The entries as stored; what differs beside the content is told in ``found``."""
    for entry in LedgerEntry.objects.order_by("index").iterator(chunk_size=2000):
        try:
            body = json.loads(entry.body)
            claimed = body["index"]
            told = tuple(body[name] for name in ("municipality", "at", "kind", "system", "subject", "actor"))
        except (ValueError, KeyError, TypeError):  # no entry any more; its hash says so
            claimed, told = None, None
        columns = (
            municipality.code,
            entry.at.isoformat(),
            entry.kind,
            entry.system,
            entry.subject,
            entry.actor,
        )
        if told != columns:
            found.append(_beside("edited", entry, "the columns to search by differ from the content"))
        if not entry.subtrees and entry.index & 1:  # every second entry completes a subtree
            found.append(_beside("subtrees", entry, "its subtree hashes are missing"))
        yield StoredEntry(
            entry.index,
            entry.body.encode(),
            _hash(entry.leaf_hash),
            tuple(_hash(str(one)) for one in (entry.subtrees if isinstance(entry.subtrees, list) else [""])),
            claimed if isinstance(claimed, int) else None,
        )


def _beside(kind: FindingKind, entry: LedgerEntry, message: str) -> Finding:
    return Finding(kind, entry.index, entry.index + 1, f"entry {entry.index}: {message}")


def _hash(text: str) -> bytes:
    """A stored hash; what is no hash any more becomes one that matches nothing."""
    try:
        value = bytes.fromhex(text)
    except ValueError:
        value = b""
    return value if len(value) == HASH_SIZE else bytes(HASH_SIZE)


def read_subtrees(wanted: Sequence[Subtree]) -> list[bytes]:
    """The ``HashReader`` over the stored log of the municipality in whose scope we are; LookupError: broken."""
    completing = {subtree.completed_by for subtree in wanted}
    entries = {
        index: [leaf, *above]
        for index, leaf, above in LedgerEntry.objects.filter(index__in=completing).values_list(
            "index", "leaf_hash", "subtrees"
        )
    }
    return [bytes.fromhex(entries[subtree.completed_by][subtree.level]) for subtree in wanted]
