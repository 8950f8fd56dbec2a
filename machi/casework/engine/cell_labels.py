"""Where in a grid of cells the labels of a form's fields stand, and which of several alike is which field's."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from machi.casework.engine.cells import Cells, Place
from machi.casework.engine.types import FieldDefinition, FormDefinition

WHICH = "which-label"
"""The doubt where a label stands more or less often than the form has it."""
_NOT_LABEL = re.compile(r"[\s＊*※:：]|[(（](?:必須|任意|※)[)）]")
_BULLETS = "・●■◎◇◆▼▽【〔<"
_BEFORE = re.compile(rf"^(?:[(\[]?\d{{1,2}}[)\].、-]?|[{_BULLETS}□☑☒☐○(\-])+")
_BEHIND = re.compile(r"[(\[][^()\[\]]{1,20}[)\]]$|[】〕>]$")
_SEPARATED = re.compile(r"[:：】\t]|[ \u3000]+")
_BEGINS = re.compile(r"[\s、,;；/|｜【・●■◇◆]")
_BOXES = "☑☒■✔✓□☐"
_LONGEST = 40
_MOST_JOINTS = 60
"""Blanks and colons of a cell or line at which a label may end."""
_END: Place = (10**9, 0)


@dataclass(frozen=True, slots=True)
class Label:
    place: Place
    inner: str | None = None
    """The value, where it stands behind its label in the same cell or line."""
    rest: str = ""
    """Further lines in the label's own cell: an example, or the value."""
    mark: str = ""
    """A box before it in the same cell."""
    section: str = ""


@dataclass(slots=True)
class Labels:
    """Of a form's fields, by their keys."""

    of: dict[str, Label] = field(default_factory=dict)
    columns: dict[str, Place] = field(default_factory=dict)
    """Of fields that share a label at the head of a column: the cell that is each one's."""
    several: set[str] = field(default_factory=set)
    """Fields whose label stands more than once in the form."""
    doubted: set[str] = field(default_factory=set)
    headings: set[Place] = field(default_factory=set)

    @property
    def places(self) -> frozenset[Place]:
        """Cells in which no value stands by itself."""
        return frozenset({*(one.place for one in self.of.values()), *self.headings, *self.columns.values()})


def form(text: str) -> str:
    """The form in which labels are compared: without width, blanks, colons and marks of requirement."""
    return _NOT_LABEL.sub("", unicodedata.normalize("NFKC", text)).casefold()


def is_heading(text: str) -> bool:
    """It begins as headings do."""
    return unicodedata.normalize("NFKC", text).strip()[:1] in _BULLETS and text.strip()[1:] != ""


def labels_of(cells: Cells, definition: FormDefinition) -> Labels:
    """A spelling that only one field has is that field's. Of a label that stands several times the nth is the nth
    field's: under the same heading where the form has headings and they stand there, else between the same labels."""
    spellings = {one.key: _spellings(one) for one in definition.fields}
    often = Counter(spelling for some in spellings.values() for spelling in some)
    sections = {form(one.section) for one in definition.fields if one.section}
    found, headings = _found(cells, set(often), sections - set(often))
    told = Labels(headings={place for some in headings.values() for place in some})
    for both in sections & set(often):  # a heading with one field that is called the same
        if len(found[both]) > 1:
            told.headings.add(found[both].pop(0).place)
    taken: set[Place] = set()

    def take(one: FieldDefinition, label: Label) -> None:
        told.of[one.key] = label
        if label.inner is None:
            taken.add(label.place)

    heads = {label.place for some in found.values() for label in some}

    def is_column(label: Label) -> bool:
        """Nothing stands beside it, or another label does; none stands below."""
        row, (bottom, last) = label.place[0], cells.end(label.place)
        right = next((column for column in cells.row(row) if column > last), None)
        alone = right is None or (row, right) in heads
        return label.inner is None and alone and (bottom + 1, label.place[1]) not in heads

    for one in definition.fields:
        own = [label for spelling in spellings[one.key] if often[spelling] == 1 for label in found[spelling]]
        if own:
            take(one, own[0])
            if len({label.place for label in own}) > 1:
                told.several.add(one.key)
    groups: dict[str, list[FieldDefinition]] = defaultdict(list)
    for one in definition.fields:
        if one.key not in told.of:
            groups[spellings[one.key][0]].append(one)
    for spelling, fields in groups.items():
        left = [label for label in found[spelling] if label.place not in taken]
        asked = [form(one.section) for one in fields]
        if all(len(headings[section]) == 1 for section in asked):
            for section in dict.fromkeys(asked):
                some = [one for one in fields if form(one.section) == section]
                _share(
                    cells, told, take, some, [label for label in left if label.section == section], is_column
                )
        else:
            some_missing = bool(left) and len(left) != len(fields) and len(fields) > 1
            if some_missing:
                told.doubted |= {one.key for one in fields}
            gaps = _gaps(definition, told) if some_missing else [(len(definition.fields), _END)]
            first, after = 0, (0, 0)
            for last, before in gaps:
                some = [one for one in fields if first <= definition.fields.index(one) < last]
                between = [label for label in left if after < label.place < before]
                _share(cells, told, take, some, between, is_column)
                first, after = last, before
            # What stands elsewhere than in the form's order.
            mine = [told.of[one.key] for one in fields if one.key in told.of]
            rest = [one for one in fields if one.key not in told.of]
            _share(cells, told, take, rest, [label for label in left if label not in mine], is_column)
        if often[spelling] > 1 or len(left) > 1:
            told.several |= {one.key for one in fields}
    for one in definition.fields:
        if one.key not in told.of:
            free = [label for spelling in spellings[one.key][1:] for label in found[spelling]]
            for label in free:
                if label.place not in taken:
                    take(one, label)
                    told.several.add(one.key)
                    break
    return told


def _gaps(definition: FormDefinition, told: Labels) -> list[tuple[int, Place]]:
    """Between the fields whose labels are found already: up to which field, and up to which cell. One gap where these
    do not stand in the form's order."""
    known = [
        (number, told.of[one.key].place) for number, one in enumerate(definition.fields) if one.key in told.of
    ]
    places = [place for _number, place in known]
    end = (len(definition.fields), _END)
    return [*known, end] if places == sorted(places) else [end]


def _share(
    cells: Cells,
    told: Labels,
    take: Callable[[FieldDefinition, Label], None],
    fields: Sequence[FieldDefinition],
    labels: Sequence[Label],
    is_column: Callable[[Label], bool],
) -> None:
    """The nth label to the nth field; a label at the head of a column to all of them."""
    if len(labels) == 1 < len(fields) and is_column(labels[0]):
        place = labels[0].place
        for one in fields:
            place = (cells.end(place)[0] + 1, place[1])
            take(one, labels[0])
            told.columns[one.key] = place
        return
    for one, label in zip(fields, labels, strict=False):
        take(one, label)


def _spellings(one: FieldDefinition) -> list[str]:
    """As printed first, then what it is called, then others."""
    first = one.anchors[:1] or (one.label,)
    return list(dict.fromkeys(form(text) for text in (*first, one.label, *one.anchors) if form(text)))


def _found(
    cells: Cells, wanted: set[str], sections: set[str]
) -> tuple[Mapping[str, list[Label]], Mapping[str, list[Place]]]:
    """Labels by their spelling in the order of reading, each under the heading before it; and where each heading
    stands."""
    found: dict[str, list[Label]] = defaultdict(list)
    headings: dict[str, list[Place]] = defaultdict(list)
    section = ""
    for place in sorted(cells.texts):
        text = cells.texts[place].strip()
        heading = next((one for one in _variants(text) if one in sections), None)
        if heading is not None:
            section = heading
            headings[heading].append(place)
            continue
        for spelling, label in _heads(place, text, wanted, section):
            found[spelling].append(label)
    return found, headings


def _variants(text: str) -> Iterator[str]:
    """As it stands, without number or bullet before it, without a note in brackets behind it."""
    if len(text) > 2 * _LONGEST:
        return
    told = form(text)
    bare = _BEFORE.sub("", told)
    yield from dict.fromkeys((told, bare, _BEHIND.sub("", told), _BEHIND.sub("", bare)))


def _heads(place: Place, text: str, wanted: set[str], section: str) -> list[tuple[str, Label]]:
    """The label that a cell is, or those that stand in it before their values."""
    first, _break, rest = text.partition("\n")
    for words, behind in ((text, ""), (first, rest.strip())):
        for one in _variants(words):
            if one in wanted:
                mark = words[:1] if words[:1] in _BOXES else ""
                return [(one, Label(place, None, behind, mark, section))]
    found: list[tuple[str, int, int]] = []
    words = form(text)
    if not any(one in words for one in wanted):
        return []
    for joint in islice(_SEPARATED.finditer(text), _MOST_JOINTS):
        line = text.rfind("\n", 0, joint.start()) + 1
        from_here = max(line, joint.start() - _LONGEST, found[-1][2] if found else 0)
        begins = [from_here] if from_here == line or found else []
        begins += [match.end() for match in _BEGINS.finditer(text, from_here, joint.start())]
        if not joint[0].strip() and len(joint[0]) < 2 and joint[0] != "\t":
            begins = [
                begin for begin in begins if begin == line
            ]  # a single blank parts only a line's first word
        for begin in begins:
            if begin != line and text[begin : begin + 1].isdecimal():
                continue  # the end of a value (2026/5/11　終わる日), not a label's number
            told = next((one for one in _variants(text[begin : joint.start()]) if one in wanted), None)
            if told is not None:
                found.append((told, begin, joint.end()))
                break
    values = [
        text[end : found[at + 1][1] if at + 1 < len(found) else len(text)].strip(" \t\u3000:：】、,;；\n")
        for at, (_told, _begin, end) in enumerate(found)
    ]
    if any(form(value) in wanted for value in values):
        return []  # a row of labels
    return [
        (told, Label(place, value, section=section))
        for (told, _begin, _end), value in zip(found, values, strict=True)
    ]
