"""Against the text of which day the articles were held that rules cite. What nobody has held says so.

machi ships rules in its own words and has no law texts: whoever takes a procedure into use looks the articles up and
leaves the day. A law that changed afterwards is looked up again, and the later day stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Person
from machi.casework.domain.procedure_data import data_of
from machi.casework.domain.record import SYSTEM
from machi.casework.engine.checking_rules import Law
from machi.casework.models import Procedure

_KEPT = "law_dates"


@dataclass(frozen=True, slots=True)
class Cited:
    name: str
    """Law and article: 児童手当法 第9条."""
    about: list[str]
    as_of: date | None
    """The day of the text it was held against; None: nobody has."""


def cited(procedure: Procedure) -> list[Cited]:
    """The articles that its description and its rules cite, each once, the unchecked first."""
    data = data_of(procedure)
    laws = [*data.about.law, *(rule.law for rule in data.rules if rule.law)]
    about: dict[str, list[str]] = {}
    for law in laws:
        about.setdefault(named(law), []).append(law.about)
    found = [
        Cited(name, list(dict.fromkeys(filter(None, said))), _as_of(procedure, name))
        for name, said in about.items()
    ]
    return sorted(found, key=lambda one: one.as_of is not None)


def by_rule(procedure: Procedure | None) -> dict[str, date | None]:
    """The day by the key of each rule that cites a law."""
    if procedure is None:
        return {}
    return {rule.key: _as_of(procedure, named(rule.law)) for rule in data_of(procedure).rules if rule.law}


def confirm(procedure: Procedure, person: Person, name: str, as_of: date) -> None:
    """A person has held the article against the text of that day. Refused for a day to come."""
    if as_of > timezone.localdate():
        raise Refused(_("これからの日は選べません。"), "as_of")
    with transaction.atomic():
        current = Procedure.objects.select_for_update().get(pk=procedure.pk)
        if name not in [one.name for one in cited(current)]:
            raise Refused(_("この手続は、その条文を根拠にしていません。"), "name")
        current.content = {
            **current.content,
            _KEPT: {**current.content.get(_KEPT, {}), name: as_of.isoformat()},
        }
        current.save(update_fields=["content"])
        ledger.record(
            current.municipality,
            system=SYSTEM,
            kind="setting",
            subject=f"procedure:{current.pk}",
            actor=person,
            outputs={"action": "confirm_law", "law": name, "as_of": as_of.isoformat()},
        )


def named(law: Law) -> str:
    return f"{law.name} {law.article}".strip()


def _as_of(procedure: Procedure, name: str) -> date | None:
    kept = procedure.content.get(_KEPT, {}).get(name)
    return date.fromisoformat(kept) if kept else None
