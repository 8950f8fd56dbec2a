"""The signed monthly root of a municipality's log, which it publishes, and files that are verified without machi.

A root says how long the log was when a month ended and what it hashed to. Whoever has kept one can prove later that
an entry was there, or that history was rewritten; that each grew out of the one before is proven beside it. The
formats are those of ``machi.base.engine.offline``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.engine import offline
from machi.base.engine.checkpoint import Checkpoint, CheckpointError, open_checkpoint, sign_checkpoint
from machi.base.engine.merkle import Frontier, TreeHead
from machi.base.engine.proof import prove_consistency, prove_inclusion, verify_consistency
from machi.base.models import LedgerCheckpoint, LedgerEntry, LedgerHead, LedgerRoot, Municipality
from machi.base.scoping import in_municipality

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class NotIntact(Exception):
    """The log is not what was signed before, so nothing more is signed."""


def publish(municipality: Municipality, month: str) -> LedgerRoot:
    """The root of the month (``2026-10``), signed when it is asked for first. Refused: the month is not over, or the
    log was empty then, or a later month is already published. NotIntact: verification found something."""
    if not _MONTH.fullmatch(month) or month >= f"{timezone.localdate():%Y-%m}":
        raise Refused(_("終わった月を「2026-10」のように指定してください。"), field="month")
    with in_municipality(municipality):
        if published := LedgerRoot.objects.filter(month=month).first():
            return published
        if LedgerRoot.objects.filter(month__gt=month).exists():
            raise Refused(_("あとの月がもう公表されています。"), field="month")
        if findings := ledger.verify(municipality):
            raise NotIntact(f"ledger of {municipality.code}: {findings[0].message}")
        size = _size_when_it_ended(month)
        if not size:
            raise Refused(_("その月の終わりには、まだ記録がありませんでした。"), field="month")
        head = Frontier.read(size, ledger.read_subtrees).head()
        before = LedgerRoot.objects.last()
        if before is not None and not _grew(municipality, before, head):
            raise NotIntact(f"ledger of {municipality.code}: not grown out of the root of {before.month}")
        checkpoint = Checkpoint(ledger.origin(municipality), head, (f"month {month}",))
        note = sign_checkpoint(checkpoint, ledger.signer())
        with transaction.atomic():
            root = LedgerRoot.objects.create(
                municipality=municipality, month=month, size=size, note=note, at=timezone.now()
            )
            ledger.record(
                municipality,
                system="base.ledger",
                kind="root",
                subject=f"root:{month}",
                outputs={"month": month, "size": size, "root": head.root.hex()},
            )
        ledger.file_note(municipality, note)
        return root


def publish_due(municipality: Municipality) -> list[LedgerRoot]:
    """The roots of all months that are over and were not published yet, oldest first."""
    with in_municipality(municipality):
        first = LedgerEntry.objects.order_by("index").values_list("at", flat=True).first()
        last = LedgerRoot.objects.order_by("-month").values_list("month", flat=True).first()
    if first is None:
        return []
    month = _next(last) if last else f"{timezone.localtime(first):%Y-%m}"
    published = []
    while month < f"{timezone.localdate():%Y-%m}":
        published.append(publish(municipality, month))
        month = _next(month)
    return published


def head_of(root: LedgerRoot) -> TreeHead:
    """What the root's note says, its signature verified; CheckpointError otherwise."""
    return open_checkpoint(root.note, [ledger.signer().verifier], ledger.origin(root.municipality)).head


def heads_document(municipality: Municipality, *, until_now: bool = False) -> dict[str, object]:
    """Every published root with the proof that it grew out of the one before; with ``until_now``, where the log
    stands at this moment too, so that a whole log can be verified."""
    with in_municipality(municipality):
        signed = [(root.month, root.note) for root in LedgerRoot.objects.all()]
        if until_now and (last := ledger.checkpoint(municipality)):
            signed.append(("", last.note))
        heads: list[dict[str, object]] = []
        before: TreeHead | None = None
        for month, note in signed:
            head = _opened(municipality, note)
            heads.append({"month": month, "note": note, "consistency": _proof_of_growth(before, head)})
            before = head
    return {**_signed_by_us(offline.HEADS, municipality), "heads": heads}


def proof_document(entry: LedgerEntry) -> dict[str, object]:
    """The entry with the proof that it is in the log that was signed first after it."""
    note = covering_note(entry.municipality, entry.index + 1)
    size = Checkpoint.parse(note.rpartition("\n\n")[0] + "\n").head.size
    proof = prove_inclusion(entry.index, size, ledger.read_subtrees)
    return {
        **_signed_by_us(offline.PROOF, entry.municipality),
        "entry": entry.body,
        "inclusion": proof.to_json(),
        "note": note,
    }


def covering_note(municipality: Municipality, size: int) -> str:
    """A published root, else a checkpoint, of at least ``size`` entries; signed now where there is none yet."""
    root = LedgerRoot.objects.filter(size__gte=size).first()
    kept = root or LedgerCheckpoint.objects.filter(size__gte=size).first() or ledger.checkpoint(municipality)
    if kept is None or kept.size < size:
        raise Refused(_("台帳にない記録です。"))
    return kept.note


def log_lines(municipality: Municipality) -> Iterator[bytes]:
    """The log itself, an entry a line; entries made while it is read are left out."""
    with in_municipality(municipality):
        size = (
            LedgerHead.objects.filter(municipality=municipality).values_list("size", flat=True).first() or 0
        )
        entries = LedgerEntry.objects.filter(index__lt=size).order_by("index").values_list("body", flat=True)
        for body in entries.iterator(chunk_size=2000):
            yield body.encode() + b"\n"


def as_text(document: dict[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _signed_by_us(kind: str, municipality: Municipality) -> dict[str, object]:
    key = ledger.signer().verifier.encode()
    return {"format": kind, "origin": ledger.origin(municipality), "key": key}


def _size_when_it_ended(month: str) -> int:
    year, number = map(int, _next(month).split("-"))
    end = timezone.make_aware(datetime.combine(date(year, number, 1), time.min))
    later = LedgerEntry.objects.filter(at__gte=end).order_by("index").values_list("index", flat=True).first()
    return LedgerEntry.objects.count() if later is None else later


def _opened(municipality: Municipality, note: str) -> TreeHead | None:
    try:
        return open_checkpoint(note, [ledger.signer().verifier], ledger.origin(municipality)).head
    except CheckpointError:  # whoever verifies the file will find it
        return None


def _proof_of_growth(before: TreeHead | None, head: TreeHead | None) -> dict[str, object] | None:
    """None for the first; None too where the log is broken, which whoever verifies the file will find."""
    if before is None or head is None:
        return None
    try:
        return prove_consistency(before.size, head.size, ledger.read_subtrees).to_json()
    except (LookupError, ValueError):
        return None


def _grew(municipality: Municipality, before: LedgerRoot, head: TreeHead) -> bool:
    earlier = head_of(before)
    if earlier.size > head.size:
        return False
    proof = prove_consistency(earlier.size, head.size, ledger.read_subtrees)
    return verify_consistency(proof, earlier, head)


def _next(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02}"
