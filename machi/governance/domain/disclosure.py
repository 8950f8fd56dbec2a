"""Entries of the ledger for a request under the information-disclosure rules (情報公開請求・開示請求).

People are told by their role, personal information in free text is masked, and beside each masked row stands the
fingerprint of the entry as it is, with the proof that it is in the signed log: what was left out is seen to be
nothing but what was masked. The disclosure is itself an entry of the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.entries import body_of
from machi.base.domain.errors import Refused
from machi.base.domain.ledger_words import kind_label, subject_label, system_label
from machi.base.domain.roots import covering_note
from machi.base.engine import offline
from machi.base.engine.checkpoint import Checkpoint, sign_note
from machi.base.engine.proof import prove_inclusion
from machi.base.models import LedgerEntry, Municipality, Person, Role

SYSTEM = "governance.disclosure"
KIND = "disclosure"
MOST = 2_000
"""Entries in one disclosure: each text in them is read for personal information while the person waits."""
_PERSON = re.compile(r"person:(\d+)")
_PERSON_NAMES = frozenset({"person", "actor", "to"})
_NO_TEXT = re.compile(r"(?:[0-9a-f]{64}|[a-z_]+(?:[.:; ]+[a-z_]+)*)?")
"""Digests and codes: nobody's name or number stands in them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as it is given away."""

    index: int
    at: str
    kind: str
    system: str
    version: str
    subject: str
    actor: str
    outputs: dict[str, Any]
    sources: list[Any]
    explanation: str

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


class Masker:
    """Masks the entries of one municipality; the same text is read once."""

    def __init__(self, municipality: Municipality) -> None:
        self._municipality = municipality
        self._texts: dict[str, str] = {}
        self._roles: dict[int, str] = {}

    def row(self, entry: LedgerEntry) -> Row:
        body = body_of(entry)
        return Row(
            index=entry.index,
            at=timezone.localtime(entry.at).isoformat(timespec="seconds"),
            kind=kind_label(entry.kind),
            system=system_label(entry.system),
            version=str(body.get("version", "")),
            subject=self._subject(entry.subject),
            actor=self._people(entry.actor) if entry.actor else _("職員以外"),
            outputs={name: self._value(name, one) for name, one in dict(body.get("outputs", {})).items()},
            sources=self._value("", body.get("sources", [])),
            explanation=self._text(str(body.get("explanation", ""))),
        )

    def _subject(self, subject: str) -> str:
        return self._people(subject) if _PERSON.fullmatch(subject) else subject_label(subject)

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {inner: self._value(inner, one) for inner, one in value.items()}
        if isinstance(value, list):
            return [self._value(name, one) for one in value]
        if isinstance(value, str):
            return self._text(value)
        if name in _PERSON_NAMES and isinstance(value, int) and not isinstance(value, bool):
            return self._role(value)
        return value

    def _people(self, text: str) -> str:
        return _PERSON.sub(lambda found: self._role(int(found[1])), text)

    def _text(self, text: str) -> str:
        text = self._people(text)
        if _NO_TEXT.fullmatch(text):
            return text
        if text not in self._texts:
            from machi.language.engine.personal import (  # a language model: loaded when needed first
                find,
                mask,
            )

            self._texts[text] = mask(text, find(text))
        return self._texts[text]

    def _role(self, pk: int) -> str:
        if pk not in self._roles:
            person = Person.objects.filter(pk=pk).first()
            held = sorted(person.roles_in(self._municipality)) if person else []
            self._roles[pk] = "・".join(str(Role(role).label) for role in held) or _("職員（いまは役割なし）")
        return self._roles[pk]


def disclose(
    municipality: Municipality,
    person: Person,
    found: QuerySet[LedgerEntry],
    *,
    reference: str,
    left_out: Sequence[int] = (),
) -> dict[str, Any]:
    """The document (``offline.DISCLOSURE``) of these entries, oldest first, and the ledger entry that tells of it.

    ``left_out``: entries that are not given away at all. Refused where nothing is left, or too much.
    """
    chosen = list(found.exclude(index__in=left_out).order_by("index")[: MOST + 1])
    if not chosen:
        raise Refused(_("開示する記録が選ばれていません。"))
    if len(chosen) > MOST:
        raise Refused(_("一度に開示できるのは%(most)s件までです。しぼりこんでください。") % {"most": MOST})
    masker, origin, signer = Masker(municipality), ledger.origin(municipality), ledger.signer()
    with transaction.atomic():
        note = covering_note(municipality, chosen[-1].index + 1)
        size = Checkpoint.parse(note.rpartition("\n\n")[0] + "\n").head.size
        prove = partial(prove_inclusion, tree_size=size, read=ledger.read_subtrees)
        rows = [
            {
                **masker.row(one).to_json(),
                "leaf_hash": one.leaf_hash,
                "inclusion": prove(one.index).to_json(),
            }
            for one in chosen
        ]
        digest = offline.disclosure_digest(rows)
        ledger.record(
            municipality,
            system=SYSTEM,
            kind=KIND,
            subject=f"disclosure:{digest[:12]}",
            actor=person,
            outputs={"reference": reference.strip(), "entries": len(rows), "digest": digest},
        )
    return {
        "format": offline.DISCLOSURE,
        "origin": origin,
        "key": signer.verifier.encode(),
        "note": note,
        "rows": rows,
        "signature": sign_note(f"{offline.disclosure_origin(origin)}\n{digest}\n", [signer]),
    }


def proof_of(row: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """What verifies one row by itself (``offline.LEAF``), for lists in which each row stands alone."""
    whole = {name: document[name] for name in ("origin", "key", "note")}
    return {
        "format": offline.LEAF,
        **whole,
        **{name: row[name] for name in ("leaf_hash", "inclusion")},
    }


def disclosures() -> QuerySet[LedgerEntry]:
    """What was given away so far, the newest first."""
    return LedgerEntry.objects.filter(system=SYSTEM, kind=KIND).order_by("-index")
