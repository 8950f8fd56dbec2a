"""Forms that came as Excel, Word, mail or plain text: values found beside, below or behind their printed labels.

Nothing is recognised here, the letters are the file's own; what can go wrong is which label a value belongs to. A label
that stands twice (氏名 of the applicant and of the child) is taken in the order of the form.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from machi.casework.engine.intake_types import Opened, Sheet
from machi.casework.engine.types import EngineName, FieldDefinition, FieldReading, FormDefinition, FormReading
from machi.casework.engine.values import plain
from machi.casework.engine.values_addresses import AddressRegister, register_of_japan

ENOUGH = 0.4
"""Share of a form's labels that must stand in a file for it to be that form; half as many where its title does."""
FEW = 5
"""Fields up to which a form is not known by its labels alone."""
SURE, UNSURE, DOUBTED = 0.995, 0.95, 0.5
"""Probabilities, as the letters are the file's own: beside the only such label, beside one of several, with a doubt."""
_REACH = 12
"""Columns to the right in which a value is looked for, rows below where there is none: 1."""
_LABELLED = re.compile(
    r"\s*[・●■○◎◇◆*\-]?\s*(?:【(?P<a>[^】]{1,30})】|(?P<b>[^:：\t]{1,30}?)\s*[:：\t])\s*(?P<value>.*)"
)
_NOT_LABEL = re.compile(r"[\s*＊※:：]|[(（](?:必須|任意|※)[)）]")
_TICKED, _BOXES, _CIRCLES = "☑☒■✔✓●◉レ", "□☐", "○◯〇"
_ENGINES: Mapping[str, EngineName] = {
    "excel": "sheet",
    "word": "document",
    "mail": "mail",
    "text": "document",
}

Place = tuple[int, int]
Grid = Mapping[Place, str]


def read(
    opened: Opened, definitions: Sequence[FormDefinition], register: AddressRegister | None = None
) -> list[FormReading]:
    """The forms in a file that has cells or text; each sheet of a workbook may be one. Attachments are left alone.

    Of a choice ``raw`` is the keys chosen, as a scan's is, or the words where they are none of the options. Addresses
    are held against ``register``, by default all towns of Japan.
    """
    register = register or register_of_japan()
    engine = _ENGINES.get(opened.kind)
    if engine is None:
        return []
    if opened.kind == "excel":
        grids = [sheet.cells for sheet in opened.sheets]
        readings = [found for grid in grids if (found := _read(grid, definitions, engine, register))]
        if readings or len(grids) < 2:
            return readings
    found = _read(_whole(opened.sheets, opened.text), definitions, engine, register)
    return [found] if found else []


def _whole(sheets: Sequence[Sheet], text: str) -> Grid:
    """All tables below each other, then the lines of text, ``label: value`` as two cells."""
    grid: dict[Place, str] = {}
    below = 0
    for sheet in sheets:
        grid |= {(row + below, column): words for (row, column), words in sheet.cells.items()}
        below += max((row for row, _column in sheet.cells), default=0) + 1
    tabled = {_form(words) for words in grid.values()}
    for line in text.splitlines():
        if not line.strip() or _form(line) in tabled:
            continue  # a Word document's text repeats its tables
        below += 1
        match = _LABELLED.fullmatch(line)
        if match:
            grid[below, 1] = match["a"] or match["b"]
            if match["value"].strip():
                grid[below, 2] = match["value"].strip()
        else:
            grid[below, 1] = line.strip()
    return grid


@dataclass(frozen=True, slots=True)
class _Labels:
    """Where each field's label stands, and which cells are labels."""

    places: Mapping[str, Place]
    several: frozenset[str]
    """Fields whose label stands more than once in the form."""
    taken: frozenset[Place]


def _read(
    grid: Grid,
    definitions: Sequence[FormDefinition],
    engine: EngineName,
    register: AddressRegister,
) -> FormReading | None:
    best: tuple[float, FormDefinition, _Labels] | None = None
    words = "".join(_form(text) for text in grid.values())
    for form in definitions:
        labels = _labels(grid, form)
        titled = any(_form(mark) in words for mark in (form.title, *form.marks) if mark)
        share = len(labels.places) / max(1, len(form.fields))
        # 氏名, 生年月日 and 住所 stand on every form: a paper of so few labels must be named too.
        enough = share >= ENOUGH / 2 if titled else share >= ENOUGH and len(form.fields) > FEW
        if enough and labels.places and (best is None or len(labels.places) > len(best[2].places)):
            best = share, form, labels
    if best is None:
        return None
    share, form, labels = best
    fields = {
        field.key: _field(grid, field, labels, engine, register)
        for field in form.fields
        if field.key in labels.places
    }
    return FormReading(form.key, form.version, fields, (), share)


def _labels(grid: Grid, form: FormDefinition) -> _Labels:
    """The nth field of a label has the nth cell of it, in the order of reading."""
    cells: dict[str, list[Place]] = defaultdict(list)
    for place in sorted(grid):
        cells[_form(grid[place].split("\n")[0])].append(place)
    asked: dict[str, list[FieldDefinition]] = defaultdict(list)
    for field in form.fields:
        asked[_form(field.anchors[0] if field.anchors else field.label)].append(field)
    places: dict[str, Place] = {}
    several: set[str] = set()
    for label, fields in asked.items():
        for number, field in enumerate(fields):
            if number < len(cells[label]):
                places[field.key] = cells[label][number]
            if len(fields) > 1 or len(cells[label]) > 1:
                several.add(field.key)
    taken = set(places.values())
    for field in form.fields:
        if field.key in places:
            continue
        for other in (field.label, *field.anchors[1:]):
            free = [place for place in cells[_form(other)] if place not in taken]
            if free:
                places[field.key] = free[0]
                taken.add(free[0])
                break
    return _Labels(places, frozenset(several), frozenset(taken))


def _field(
    grid: Grid,
    field: FieldDefinition,
    labels: _Labels,
    engine: EngineName,
    register: AddressRegister,
) -> FieldReading:
    label = labels.places[field.key]
    found = list(_beside(grid, label, labels.taken))
    if field.options:
        raw = "　".join(found) or _below(grid, label, labels.taken)
        value, doubts = _chosen(raw, field)
        raw = raw if doubts else value
    else:
        raw = found[0] if found else _below(grid, label, labels.taken)
        if field.kind in ("check", "seal", "signature"):
            raw = raw[:1] if raw[:1] in _TICKED + _BOXES else raw
        told = plain(field.kind, raw, register)
        value, doubts = told.value, told.doubts
    confidence = DOUBTED if doubts else UNSURE if field.key in labels.several else SURE
    return FieldReading(field.key, raw, value, confidence, engine, None, doubts)


def _beside(grid: Grid, label: Place, taken: frozenset[Place]) -> Iterator[str]:
    """Cells to the right, up to the next label."""
    row, column = label
    for right in range(column + 1, column + _REACH + 1):
        if (row, right) in taken:
            return
        if text := grid.get((row, right), "").strip():
            yield text


def _below(grid: Grid, label: Place, taken: frozenset[Place]) -> str:
    below = (label[0] + 1, label[1])
    return "" if below in taken else grid.get(below, "").strip()


def _chosen(raw: str, field: FieldDefinition) -> tuple[str, tuple[str, ...]]:
    """The options that are ticked, or circled where none is, or that are all that stands there; a doubt where words say
    neither."""
    text = unicodedata.normalize("NFC", raw).strip()
    for marks in (_TICKED, _CIRCLES):
        ticked = [one.key for one in field.options if _is_marked(text, one.label, marks)]
        if len(ticked) > 0 and (marks == _TICKED or len(ticked) < len(field.options)):
            return ",".join(ticked), ()
    if not text or any(mark in text for mark in _TICKED + _BOXES):
        return "", ()
    parts = {_form(part) for part in re.split(r"[、,，・/　\n]", text)} | {_form(text)}
    alone = [one.key for one in field.options if _form(one.label) in parts or one.key in parts]
    return (",".join(alone), ()) if alone else ("", ("not-a-mark",))


def _is_marked(text: str, label: str, marks: str) -> bool:
    """Marks stand before their words, or behind them where the text does not begin with one."""
    before = text[:1] in marks + _BOXES + _CIRCLES
    words = re.escape(label)
    return bool(re.search(rf"[{marks}]\s*{words}" if before else rf"{words}\s*[{marks}]", text))


def _form(text: str) -> str:
    """The form in which labels are compared: without width, blanks, colons and marks of requirement."""
    return _NOT_LABEL.sub("", unicodedata.normalize("NFKC", text)).casefold()
