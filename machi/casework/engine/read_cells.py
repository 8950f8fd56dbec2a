"""Forms that came as Excel, Word, mail or plain text: values found beside, below or behind their printed labels.

Nothing is recognised here, the letters are the file's own; what can go wrong is which label a value belongs to. Each
value keeps its cell or line (``Spot``), and what is not clear is a doubt: a person looks at it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from machi.casework.engine.cell_labels import WHICH, Label, Labels, form, is_heading, labels_of
from machi.casework.engine.cells import Cells, Place, of_sheet, of_text
from machi.casework.engine.intake_types import Opened
from machi.casework.engine.types import EngineName, FieldDefinition, FieldReading, FormDefinition, FormReading
from machi.casework.engine.values import plain
from machi.casework.engine.values_addresses import AddressRegister, register_of_japan

ENOUGH = 0.4
"""Share of a form's labels that must stand in a file for it to be that form; half as many where its title does."""
FEW = 5
"""Fields up to which a form is not known by its labels alone."""
SURE, UNSURE, DOUBTED = 0.995, 0.95, 0.5
"""Probabilities, as the letters are the file's own: beside the only such label, beside one of several, with a doubt."""
MORE_BESIDE, MORE_ROWS = "more-beside", "more-rows"
"""Doubts: further words stand beside a value; further rows stand below the one that was read."""
DOUBTS = (WHICH, MORE_BESIDE, MORE_ROWS)
_TICKED, _BOXES, _CIRCLES = "☑☒■✔✓●◉レ", "□☐", "○◯〇"
_ENGINES: Mapping[str, EngineName] = {
    "excel": "sheet",
    "word": "document",
    "mail": "mail",
    "text": "document",
}
_IN_PIECES = frozenset({"date", "number", "yen", "postal_code", "telephone", "my_number"})
"""Kinds that forms give a cell for each digit or part."""
_TEMPLATE = re.compile(r"[\s令和平成昭年月日時分頃〒円金通人名〇_＿.・,，、()（）:：/／\-－―—‐ー~～]*")
"""What a form prints where nothing has been written yet."""
_NOTE = re.compile(r"[(（※*＊例注印㊞←]|記入")
_SHORT = 4
"""Letters of a piece (2026, 1511, 令和)."""
_SPELT = 3
"""Cells from which letters in cells of their own are one word."""
_UNITS = frozenset("年月日円人名通個張枚㎡様印㊞台時分歳") | {"m2", "殿"}


@dataclass(frozen=True, slots=True)
class _Stands:
    """What stands for a field, where (the first and last of its cells), and what is not clear about it."""

    raw: str
    first: Place
    last: Place
    doubts: tuple[str, ...] = ()
    below: bool = False


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
        grids = [of_sheet(sheet, number) for number, sheet in enumerate(opened.sheets, 1)]
        readings = [found for grid in grids if (found := _read(grid, definitions, engine, register))]
        if readings or len(grids) < 2:
            return readings
    found = _read(of_text(opened), definitions, engine, register)
    return [found] if found else []


def _read(
    cells: Cells,
    definitions: Sequence[FormDefinition],
    engine: EngineName,
    register: AddressRegister,
) -> FormReading | None:
    best: tuple[float, FormDefinition, Labels] | None = None
    words = "".join(form(text) for text in cells.texts.values())
    for definition in definitions:
        labels = labels_of(cells, definition)
        titled = any(form(mark) in words for mark in (definition.title, *definition.marks) if mark)
        share = len(labels.of) / max(1, len(definition.fields))
        # 氏名, 生年月日 and 住所 stand on every form: a paper of so few labels must be named too.
        enough = share >= ENOUGH / 2 if titled else share >= ENOUGH and len(definition.fields) > FEW
        if enough and labels.of and (best is None or len(labels.of) > len(best[2].of)):
            best = share, definition, labels
    if best is None:
        return None
    share, definition, labels = best
    standing = {
        field.key: _stands(cells, field, labels, register)
        for field in definition.fields
        if field.key in labels.of
    }
    rows = _with_more_rows(cells, labels, standing)
    fields = {
        field.key: _field(cells, field, labels, standing[field.key], engine, register, field.key in rows)
        for field in definition.fields
        if field.key in standing
    }
    return FormReading(definition.key, definition.version, fields, (), share)


def _field(
    cells: Cells,
    field: FieldDefinition,
    labels: Labels,
    stands: _Stands,
    engine: EngineName,
    register: AddressRegister,
    more_rows: bool,
) -> FieldReading:
    raw = stands.raw
    if field.options:
        value, found = _chosen(raw, field)
        raw = raw if found else value
    else:
        told = plain(field.kind, raw, register)
        value, found = told.value, told.doubts
    doubts = [*found, *stands.doubts]
    doubts += [WHICH] if field.key in labels.doubted and raw else []
    doubts += [MORE_ROWS] if more_rows else []
    confidence = DOUBTED if doubts else UNSURE if field.key in labels.several else SURE
    label = labels.of[field.key].place
    return FieldReading(
        field.key,
        raw,
        value,
        confidence,
        engine,
        None,
        tuple(doubts),
        cells.spot(stands.first, stands.last),
        cells.spot(label, label),
    )


def _stands(cells: Cells, field: FieldDefinition, labels: Labels, register: AddressRegister) -> _Stands:
    label = labels.of[field.key]
    stop = labels.places
    if label.inner is not None:
        return _in_place(_unless_template(_mark_of(label.inner, field), field), label.place)
    if field.kind in ("check", "seal", "signature") and (box := _box_before(cells, label)):
        return box
    if (column := labels.columns.get(field.key)) is not None:
        return _in_place(_unless_template(_mark_of(cells.texts.get(column, ""), field), field), column)
    beside = list(cells.beside(label.place, stop))
    if field.options and beside:
        places = [place for row in beside for place in row] + _options_below(cells, label, beside, stop)
        return _Stands("　".join(cells.texts[one] for one in places), places[0], places[-1])
    if beside:
        return _written(cells, field, beside, register)
    below = cells.below(label.place, stop)
    if below is not None and not is_heading(cells.texts[below]):
        raw = _unless_template(_mark_of(cells.texts[below], field), field)
        return _Stands(raw, below, below, below=True)
    if label.rest and not _NOTE.match(label.rest):
        return _in_place(_unless_template(label.rest, field), label.place)
    right = cells.right_of(label.place)
    return _in_place("", (cells.end(label.place)[0] + 1, label.place[1]) if right in stop else right)


def _in_place(raw: str, place: Place) -> _Stands:
    return _Stands(raw, place, place)


def _box_before(cells: Cells, label: Label) -> _Stands | None:
    """A box to tick before its words: in their cell, or in the cell to their left where the row begins with one."""
    if label.mark:
        return _in_place(label.mark, label.place)
    row, column = label.place
    before = [(row, one) for one in cells.row(row) if one < column]
    if not before or not _is_box(cells.texts[before[0]]) or not _is_box(cells.texts[before[-1]]):
        return None
    return _in_place(cells.texts[before[-1]].strip(), before[-1])


def _is_box(text: str) -> bool:
    return len(text.strip()) == 1 and text.strip() in _TICKED + _BOXES


def _options_below(
    cells: Cells, label: Label, beside: Sequence[Sequence[Place]], stop: frozenset[Place]
) -> list[Place]:
    """Options that go on in the rows below: each begins with a box, and nothing stands below the label."""
    found: list[Place] = []
    row = max(cells.end(label.place)[0], beside[-1][0][0]) + 1
    start = beside[0][0][1]
    while (columns := cells.row(row)) and columns[0] >= start:
        if any((row, column) in stop for column in columns):
            break
        if cells.texts[row, columns[0]].strip()[:1] not in _TICKED + _BOXES:
            break
        found += [(row, column) for column in columns]
        row += 1
    return found


def _written(
    cells: Cells, field: FieldDefinition, beside: Sequence[Sequence[Place]], register: AddressRegister
) -> _Stands:
    """One value of what stands beside a label; further words that are no note are a doubt."""
    row = [place for place in beside[0] if not _is_stamp(cells.texts[place])]
    if not row:
        return _in_place("", beside[0][0])
    if field.kind in ("check", "seal", "signature"):
        return _in_place(_mark_of(cells.texts[row[0]], field), row[0])
    used = row[:1]
    doubts: tuple[str, ...] = ()
    if field.kind in _IN_PIECES:
        used = _pieces(cells, field, row, register)
        raw = "".join(cells.texts[one].strip() for one in used)
    elif len(letters := _letters(cells, row)) >= _SPELT:
        used = letters
        gaps = ["", *("　" if b[1] - cells.end(a)[1] > 1 else "" for a, b in pairwise(letters))]
        raw = "".join(gap + cells.texts[one].strip() for gap, one in zip(gaps, letters, strict=True))
    elif field.kind in ("person", "kana") and _are_two_names(cells, row):
        used = row[:2]
        raw = "　".join(cells.texts[one].strip() for one in used)
        doubts = (MORE_BESIDE,)
    else:
        for other in beside[1:]:  # a label over several rows: an address in two lines
            if other[0][1] == row[0][1] and not _NOTE.match(cells.texts[other[0]]):
                used.append(other[0])
        raw = "\n".join(cells.texts[one].strip() for one in used)
    left = [one for one in row if one not in used]
    if any(not _is_aside(cells.texts[one]) for one in left):
        doubts = (MORE_BESIDE,)
    return _Stands(_unless_template(raw, field), used[0], used[-1], doubts)


def _pieces(
    cells: Cells, field: FieldDefinition, row: Sequence[Place], register: AddressRegister
) -> list[Place]:
    """Adjacent short cells that make one value: 令和|8|年|11|月|28|日, 2|4|3|-|8|5|1|1; as many as make sense."""
    run = [row[0]]
    for place in row[1:]:
        text = unicodedata.normalize("NFKC", cells.texts[place]).strip()
        is_note = len(text) > 1 and _NOTE.match(text)  # a bracket alone is part of a telephone number
        if place[1] != cells.end(run[-1])[1] + 1 or len(text) > _SHORT or is_note:
            break
        run.append(place)
    for many in range(len(run), 0, -1):
        told = plain(field.kind, "".join(cells.texts[one].strip() for one in run[:many]), register)
        if told.value and not told.doubts:
            return run[:many]
    return run


def _letters(cells: Cells, row: Sequence[Place]) -> list[Place]:
    """Cells with a letter each, among which single ones may be empty: ヤ|マ|ダ||ハ|ナ|コ."""
    run: list[Place] = []
    for place in row:
        if len(cells.texts[place].strip()) > 1 or (run and place[1] - cells.end(run[-1])[1] > 2):
            break
        run.append(place)
    return run


def _are_two_names(cells: Cells, row: Sequence[Place]) -> bool:
    """Family and given name in cells of their own."""
    if len(row) < 2 or row[1][1] != cells.end(row[0])[1] + 1:
        return False
    return all(len(cells.texts[one].strip()) <= _SHORT and not _is_aside(cells.texts[one]) for one in row[:2])


def _is_stamp(text: str) -> bool:
    return form(text).strip("()") in {"印", "㊞"}


def _is_aside(text: str) -> bool:
    """A note, a unit, an empty box: printed there, not written."""
    bare = unicodedata.normalize("NFKC", text).strip()
    return bool(_NOTE.match(bare)) or bare in _UNITS or text.strip() in _UNITS or bare in _BOXES


def _mark_of(text: str, field: FieldDefinition) -> str:
    if field.kind not in ("check", "seal", "signature"):
        return text
    text = text.strip()
    return "" if _is_stamp(text) else text[:1] if text[:1] in _TICKED + _BOXES else text


def _unless_template(raw: str, field: FieldDefinition) -> str:
    """Nothing where there are only the form's own signs: 令和　年　月　日."""
    if _is_stamp(raw) or (field.kind in _IN_PIECES and _TEMPLATE.fullmatch(raw)):
        return ""
    return raw


def _with_more_rows(cells: Cells, labels: Labels, standing: Mapping[str, _Stands]) -> set[str]:
    """Fields read below a row of labels under which further rows are filled: a list of several applications."""
    heads: dict[int, list[str]] = defaultdict(list)
    for key, stands in standing.items():
        if stands.below:
            heads[labels.of[key].place[0]].append(key)
    found: set[str] = set()
    for keys in heads.values():
        second = [cells.below(labels.of[key].place, labels.places, 2) for key in keys]
        if len(keys) >= 3 and sum(one is not None for one in second) * 2 >= len(keys):
            found |= set(keys)
    return found


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
    parts = {form(part) for part in re.split(r"[、,，・/　\n]", text)} | {form(text)}
    alone = [one.key for one in field.options if form(one.label) in parts or one.key in parts]
    return (",".join(alone), ()) if alone else ("", ("not-a-mark",))


def _is_marked(text: str, label: str, marks: str) -> bool:
    """Marks stand before their words, or behind them where the text does not begin with one."""
    before = text[:1] in marks + _BOXES + _CIRCLES
    words = re.escape(label)
    return bool(re.search(rf"[{marks}]\s*{words}" if before else rf"{words}\s*[{marks}]", text))
