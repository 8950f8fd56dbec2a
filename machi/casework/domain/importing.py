"""What the rows of another system's file would become: looked at against forms and what is there; nothing is stored."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.engine.tables import LARGEST, heading
from machi.casework.domain.engines import plain
from machi.casework.domain.importing_words import Sort, Told
from machi.casework.domain.mappings import faults, procedure_key
from machi.casework.domain.storing import forms_of
from machi.casework.engine.importing import Line, read
from machi.casework.engine.output import ERRORS
from machi.casework.engine.output import Mapping as Layout
from machi.casework.engine.types import FieldDefinition, FormDefinition
from machi.casework.models import ImportedRow, Procedure

_MARKS = ("check", "seal", "signature")
_NO = ("×", "✕", "✗", "✖")
"""A cross in a table says no; on a form it is a mark."""
_AT_ONCE = 500
MOST = 3_000
"""Rows of a file: they are stored in one transaction, for which nobody else should wait long."""
_NOT_TAKEN = ("@outcome", "@decided")


@dataclass(frozen=True, slots=True)
class Fresh:
    """A row that nobody has taken yet."""

    row: int
    given: Mapping[str, Mapping[str, str]]
    """Values by form and field."""
    cells: Mapping[str, tuple[str, str]]
    """By field, the column's title and what stands there."""
    reference: str
    received: datetime | None
    """None: the file does not say."""
    identity: str
    content: str


@dataclass(slots=True)
class Preview:
    """What taking a file would do: nothing at all where there is an error."""

    procedure: Procedure
    rows: int = 0
    fresh: list[Fresh] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    @property
    def errors(self) -> list[Told]:
        return [one for one in self.told if one.sort == "error"]

    @property
    def wrong(self) -> int:
        """Rows with an error; at least one where the file as a whole has one."""
        return len({one.row for one in self.errors})

    @property
    def known(self) -> int:
        return len({one.row for one in self.told if one.sort == "known"})

    def tell(
        self, sort: Sort, key: str, row: int = 0, column: str = "", value: str = "", text: str = ""
    ) -> None:
        self.told.append(Told(sort, row, column, key, value, text[:60]))


def look(
    layout: Layout, data: bytes, now: datetime, show: Callable[[int, int], None] = lambda done, total: None
) -> Preview:
    """Reads and checks all of it. Refused where the procedure is not in use, or its forms have not the fields."""
    procedure = Procedure.objects.filter(key=procedure_key(layout.key)).first()
    if procedure is None or not procedure.active:
        raise Refused(_("この手続は、いま受け付けていません。"), "mapping")
    forms = forms_of(procedure)
    if wrong := faults(layout, forms):
        raise Refused(
            _("様式が変わり、この形では取り込めません。%(why)s") % {"why": " ".join(wrong)}, "mapping"
        )
    preview = Preview(procedure)
    if len(data) > LARGEST:
        preview.tell("error", "too-large", value=str(LARGEST // 1_000_000))
        return preview
    found = read(layout, data)
    lines, preview.rows = found.lines, found.report.rows
    if len(lines) > MOST:
        preview.tell("error", "too-many-rows", value=str(MOST))
        return preview
    cells = {line.number: line.cells for line in lines}
    for one in (*found.report.errors, *found.report.warnings):
        text = cells.get(one.row, {}).get(one.column, "")
        sort: Sort = "error" if one.key in ERRORS else "warning"
        preview.tell(sort, one.key, one.row, one.column, one.value, text)
    for column in layout.columns:
        if column.field in _NOT_TAKEN and any(line.cells[column.title].strip() for line in lines):
            preview.tell("warning", "not-taken", column=column.title)
    if not lines and not preview.errors:
        preview.tell("error", "no-rows")
    fields = {column.field for column in layout.columns}
    absent = [
        one.label for form in forms[:1] for one in form.fields if one.required and one.key not in fields
    ]
    if absent and lines:
        preview.tell("warning", "no-column", value="、".join(absent))
    read_rows = []
    for at, line in enumerate(lines):
        show(at, len(lines))
        read_rows.append(_row(layout, forms, line, now, preview))
    found_rows = _not_known(read_rows, preview, _reference_column(layout))
    wrong_rows = {one.row for one in preview.errors}
    preview.fresh = [one for one in found_rows if one.row not in wrong_rows]
    preview.told.sort(key=lambda one: one.row)
    return preview


def _row(
    layout: Layout, forms: Sequence[FormDefinition], line: Line, now: datetime, preview: Preview
) -> Fresh:
    given: dict[str, dict[str, str]] = {}
    cells: dict[str, tuple[str, str]] = {}
    columns = {column.field: column for column in layout.columns if column.field}
    for form in forms:
        for one in form.fields:
            if one.key not in columns:
                continue
            column = columns[one.key]
            text = line.cells[column.title].strip(" 　")
            value = line.values[one.key]
            if one.kind == "choice" and value and not column.codes:
                value = _chosen(one, value, line.number, column.title, preview)
            elif one.kind in _MARKS and value in _NO:
                value = ""
            given.setdefault(form.key, {})[one.key] = value
            cells[one.key] = (column.title, text)
            for doubt in plain(one.kind, value).doubts if value else ():
                preview.tell("warning", "doubt", line.number, column.title, doubt, text)
    title = _reference_column(layout)
    reference = line.cells[title].strip(" 　") if title else ""
    content = _digest(
        layout, json.dumps([line.cells[c.title].strip(" 　") for c in layout.columns if c.field])
    )
    identity = _digest(layout, heading(reference)) if reference else content
    if len(reference) > 120:
        preview.tell("error", "too-long-reference", line.number, title, text=reference)
    return Fresh(
        line.number, given, cells, reference, _received(layout, line, now, preview), identity, content
    )


def _chosen(one: FieldDefinition, text: str, row: int, column: str, preview: Preview) -> str:
    """The keys of the options whose words, or keys, stand there."""
    known = {heading(option.key): option.key for option in one.options}
    known |= {heading(option.label): option.key for option in one.options}
    whole = known.get(heading(text))
    parts = [whole] if whole else [known.get(heading(part)) for part in re.split("[,、，]", text)]
    if any(part is None for part in parts):
        options = "、".join(option.label for option in one.options)
        preview.tell("error", "not-an-option", row, column, options[:200], text)
        return ""
    return ",".join(part for part in parts if part)


def _received(layout: Layout, line: Line, now: datetime, preview: Preview) -> datetime | None:
    """When the other system received it. A day alone is its beginning; today is now."""
    title = next((column.title for column in layout.columns if column.field == "@received"), "")
    text = line.values.get("@received", "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        preview.tell("error", "no-day", line.number, title, text=line.cells[title])
        return None
    today = timezone.localdate(now)
    if day > today:
        preview.tell("error", "in-future", line.number, title, text=line.cells[title])
    return now if day == today else timezone.make_aware(datetime.combine(day, time.min))


def _reference_column(layout: Layout) -> str:
    titles = {column.field: column.title for column in layout.columns}
    return titles.get("@origin", titles.get("@reference", ""))


def _digest(layout: Layout, text: str) -> str:
    """Keyed with the installation's secret: without it nobody can try numbers or names against it. Of one layout alone:
    two systems may give the same number."""
    return salted_hmac(f"casework.import.{layout.key}", text, algorithm="sha256").hexdigest()


def _not_known(rows: Sequence[Fresh], preview: Preview, reference_column: str) -> list[Fresh]:
    """Those that were not taken before, and do not stand in the file twice."""
    taken = dict(taken_before([one.identity for one in rows]))
    seen: dict[str, Fresh] = {}
    found = []
    for one in rows:
        column = reference_column if one.reference else ""
        if one.identity in taken:
            content, number = taken[one.identity]
            preview.tell("known", "known", one.row, column, number, one.reference)
            if content != one.content:
                preview.tell("warning", "changed", one.row, column, number, one.reference)
        elif (first := seen.get(one.identity)) is None:
            seen[one.identity] = one
            found.append(one)
        elif first.content == one.content:
            preview.tell("known", "same-row", one.row, column, str(first.row), one.reference)
        else:
            preview.tell("error", "reference-twice", one.row, column, str(first.row), one.reference)
    return found


def taken_before(identities: Sequence[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Of those that are there, the digest of the row, and the application's number."""
    for first in range(0, len(identities), _AT_ONCE):
        rows = ImportedRow.objects.filter(identity__in=identities[first : first + _AT_ONCE])
        for identity, content, number in rows.values_list("identity", "content", "application__number"):
            yield identity, (content, number)
