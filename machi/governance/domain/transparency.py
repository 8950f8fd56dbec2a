"""What everybody may know of a municipality's AI systems: made from the register, never written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.models import LedgerEntry, LedgerRuling, Municipality
from machi.base.rooms import AISystem, QualityLine
from machi.governance.domain import register
from machi.governance.models import RegisteredSystem

State = RegisteredSystem.State


@dataclass(frozen=True, slots=True)
class PublicSystem:
    system: AISystem
    state: str
    """``running``, or why it is not: ``draft``, ``under_review``, ``suspended``, ``retired``, ``lapsed``."""
    state_label: str
    since: date | None
    """Since when it is so, where somebody has decided it."""
    version: str
    """The version approved; empty where none ever was."""
    conditions: str
    until: date | None
    notice: str
    decided_by: str
    """The role, not the name: who answers for it."""
    quality: Sequence[QualityLine]
    results: int
    """How many results it has given."""
    agreed: int
    """Results that a person looked at and found right."""
    overruled: int


def published(municipality: Municipality) -> list[PublicSystem]:
    """Every AI system of the house as it stands there (constant number of queries besides the rooms' own)."""
    results = dict(
        LedgerEntry.objects.filter(kind=ledger.RESULT)
        .order_by()
        .values_list("system")
        .annotate(n=Count("pk"))
    )
    rulings = {
        (row["on__system"], row["verdict"]): row["n"]
        for row in LedgerRuling.objects.order_by().values("on__system", "verdict").annotate(n=Count("pk"))
    }
    return [
        _published(municipality, entry, results.get(entry.system.key, 0), rulings)
        for entry in register.entries(municipality)
    ]


def _published(
    municipality: Municipality, entry: register.Entry, results: int, rulings: dict[tuple[str, str], int]
) -> PublicSystem:
    row, key = entry.row, entry.system.key
    state = _state(entry)
    approved = state in ("running", "suspended", "lapsed")
    return PublicSystem(
        system=entry.system,
        state=state,
        state_label=_labels()[state],
        since=localdate(row.decided_at) if row.decided_at and state != "lapsed" else None,
        version=row.version,
        conditions=row.conditions if approved else "",
        until=row.approved_until if approved else None,
        notice=row.notice if state == "suspended" else "",
        decided_by=_("AI責任者（CAIO）") if row.decided_at else "",
        quality=entry.system.measured(municipality),
        results=results,
        agreed=rulings.get((key, "agree"), 0),
        overruled=rulings.get((key, "overrule"), 0),
    )


def _state(entry: register.Entry) -> str:
    if entry.runs:
        return "running"
    return "lapsed" if entry.row.state == State.APPROVED else str(entry.row.state)


def _labels() -> dict[str, str]:
    return {
        "running": _("承認されて、使っています"),
        "draft": _("まだ審査しておらず、使っていません"),
        "under_review": _("審査中で、使っていません"),
        "suspended": _("いまは止めています"),
        "retired": _("使うのをやめました"),
        "lapsed": _("承認が切れたか新しい版に変わったため、止まっています"),
    }
