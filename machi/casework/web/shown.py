"""How applications, their values and deadlines are shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from machi.base.engine.workdays import is_working_day
from machi.casework.domain import spots, words
from machi.casework.domain.checking import is_doubtful
from machi.casework.domain.correcting import earlier
from machi.casework.domain.output_words import place_words
from machi.casework.engine.types import FieldDefinition
from machi.casework.engine.workload import working_days_between
from machi.casework.models import Application, FieldValue

TYPED = ("web", "import")
KINDS = {"passed": "success", "failed": "danger", "unknown": "warning"}
_STATES = {
    "review": ("info", ""),
    "second": ("info", "person"),
    "amendment": ("warning", "mail"),
    "approved": ("success", "check-circle"),
    "refused": ("danger", "close"),
    "notified": ("success", "mail"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    kind: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class ShownValue:
    value: FieldValue
    text: str
    written: str
    """As it stands on the page, where its plain form differs."""
    doubtful: bool
    doubts: list[str]
    engine: str
    where: str
    """Its cell or line, of an Office file, a mail or a text."""
    percent: str
    before: list[str]
    cell: str = ""
    """Of what came as a row of another system's file: row, column, and what stands there."""

    @property
    def typed(self) -> bool:
        """Nothing was read by a machine, so there is nothing to be sure or unsure of."""
        return self.value.engine in TYPED


def due_chip(application: Application, today: date) -> Chip | None:
    """Working days that are left; None once it is decided or ended."""
    if application.outcome or application.state == Application.State.CLOSED:
        return None
    if application.due_on < today:
        late = working_days_between(application.due_on, today, is_working_day)
        return Chip(_("期限を%(days)s開庁日超過") % {"days": max(late, 1)}, "danger", "warning")
    left = working_days_between(today, application.due_on, is_working_day)
    if left == 0:
        return Chip(_("今日が期限"), "warning", "schedule")
    return Chip(_("あと%(days)s開庁日") % {"days": left}, "warning" if left <= 2 else "", "schedule")


def state_chip(application: Application) -> Chip:
    kind, icon = _STATES.get(application.state, ("", ""))
    return Chip(application.get_state_display(), kind, icon)


def shown(value: FieldValue, definition: FieldDefinition | None, cells: Mapping[str, str]) -> ShownValue:
    """``cells``: of ``cells_of`` its application."""
    text = text_of(value.kind, value.value or value.raw or "", definition)
    marked = value.kind in ("check", "choice", "seal", "signature")
    return ShownValue(
        value=value,
        text=text,
        written="" if marked or value.raw == text else value.raw or "",
        doubtful=is_doubtful(value),
        doubts=words.doubts(value.doubts) if value.looked_at is None else [],
        engine=str(words.ENGINES.get(value.engine, value.engine)),
        where=spots.in_words(spot) if (spot := spots.spot_of(value)) else "",
        percent=percent(value.confidence),
        before=[str(one.get("raw") or one.get("value") or "") for one in earlier(value)],
        cell=cells.get(value.field, _("ファイルにない欄") if cells and value.engine == "import" else ""),
    )


def cells_of(application: Application) -> dict[str, str]:
    """By field, where it stands in the file it was taken from, and what: ``3行目「生年月日」: 5081130``."""
    row = getattr(application, "imported", None)
    if row is None:
        return {}
    return {
        field: f"{place_words(row.row, title)}: {text or '–'}"
        for field, (title, text) in json.loads(row.cells).items()
    }


def text_of(kind: str, text: str, definition: FieldDefinition | None) -> str:
    """A value in words: of marks whether there is one, of choices what is printed beside them."""
    if kind in ("check", "seal", "signature"):
        return _("ある") if text else _("ない")
    if kind == "choice" and definition is not None:
        labels = {one.key: one.label for one in definition.options}
        return "、".join(labels.get(one, one) for one in text.split(",") if one)
    return text


def percent(confidence: float) -> str:
    """Never rounded up to what it is not: 99.96 % is not 100."""
    return f"{int(confidence * 1000) / 10:g}"
