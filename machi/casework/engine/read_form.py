"""Files' pages to forms' values: which page is which form's, then every field, with its place and confidence.

A page is laid on each blank form (``registration``); the form whose print is found in its places is its form. The page
is then seen as the blank form sees it, so each field's place is known, nothing need be detected, and all its lines of
writing are read side by side. Where nobody wrote anything the field is empty without being read. Text of a born-digital
PDF is taken from the file. Forms without a blank form are read by their labels (``layout``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from machi.casework.engine import marks
from machi.casework.engine.calibration import probability
from machi.casework.engine.crops import Line, dirt, lines
from machi.casework.engine.lattices import Lattice
from machi.casework.engine.marks import Mark
from machi.casework.engine.ocr import NOTHING, Text, engine
from machi.casework.engine.pages import Letter, Page, darkest, evened
from machi.casework.engine.pdf_lines import rows
from machi.casework.engine.read_free import read_free
from machi.casework.engine.registration import Features, Laid, features, lay, moved
from machi.casework.engine.seeing import PIXELS_PER_MM, Prepared, Seen, prepared_blank, see
from machi.casework.engine.tidying import tidied
from machi.casework.engine.types import (
    Box,
    EngineName,
    FieldDefinition,
    FieldReading,
    FormDefinition,
    FormReading,
    Place,
)
from machi.casework.engine.values import Plain, plain
from machi.casework.engine.weighing import is_doubtful, is_nothing, weighed

BELONGS = 0.35
"""Share of a form's patches of print that must be found for a page to be that form's."""
CERTAIN = 0.8
"""From which no other form is tried."""
ALPHABET = {
    "my_number": "digits",
    "postal_code": "postal_code",
    "telephone": "telephone",
    "kana": "kana",
    "date": "date",
    "number": "number",
    "yen": "yen",
    "email": "email",
    "person": "person",
}
FIGURES = frozenset({"number", "telephone", "postal_code", "my_number", "email"})
"""Kinds that are calibrated as one: of some there are few, and their signs are the same."""
SECOND_LOOK = 0.85
"""Score below which a field is cut out again without what may be a stamp."""
POOR = 0.28
"""From this share of fields that could not be read surely at first a page is a poor one. Of clean and scanned pages of
``bench/form_pages.py`` the middle one has .15, of copies, faxes and photographs .30."""
POOR_PAGE = ", poor page"
_NOT_AT_FIRST = frozenset({"weighed", "second-look", "stroke", "unreadable"})
"""Groups of what was not read surely at first; they are of their own on any page."""
_SPECK = re.compile(r"[.．]\d{3}")
"""Who writes by hand writes a place or two behind the point."""
BETWEEN_PRINT = frozenset({"date", "postal_code", "number", "yen", "telephone"})


@dataclass(frozen=True)
class Found:
    """What a field holds before calibration."""

    field: FieldDefinition
    raw: str
    group: str
    """Of the calibration."""
    score: float
    engine: EngineName
    place: Place | None


def read(
    pages: Sequence[Page], definitions: Sequence[FormDefinition], blanks: Mapping[str, bytes]
) -> list[FormReading]:
    """The forms found among ``pages``, in the order of their first pages. Pages of no form are in none of them.

    Give only the forms that can be meant: each costs up to a hundredth of a second a page until the right one is found.
    ``blanks`` holds each form's blank file (PDF, picture or TIFF; one page a page of the form) by the form's key.
    """
    known = {
        (form.key, number): prepared
        for form in definitions
        if form.key in blanks
        for number, prepared in enumerate(prepared_blank(blanks[form.key])[: form.pages])
    }
    sorted_out = [which(page, known) for page in pages]
    by_key = {form.key: form for form in definitions}
    readings: list[FormReading] = []
    for group in _groups(sorted_out):
        form = by_key[group[0][1][0]]
        found: list[Found] = []
        for number, (_, part), laid in group:
            seen = see(number, pages[number], laid, known[form.key, part])
            here = fields_of(seen, [f for f in form.fields if f.place is not None and f.place.page == part])
            found += _of_poor_page(here)
        readings.append(
            FormReading(
                form.key,
                form.version,
                {item.field.key: _reading(_doubted(item)) for item in found},
                tuple(number for number, _, _ in group),
                min(laid.score for _, _, laid in group),
            )
        )
    without = [form for form in definitions if form.key not in blanks]
    unknown = [number for number, found in enumerate(sorted_out) if found is None] if without else []
    readings += [reading for number in unknown if (reading := _free(number, pages[number], without))]
    return sorted(readings, key=lambda reading: reading.pages[0])


def _free(number: int, page: Page, forms: Sequence[FormDefinition]) -> FormReading | None:
    """A page of a form that has no blank form: one page, its fields by their labels."""
    told = read_free(page, forms)
    if told is None:
        return None
    fields = {}
    for field in told.form.fields:
        if value := told.values.get(field.key):
            raw = tidied(value.text, field.kind)
            found = Found(field, raw, "free", value.confidence, told.engine, Place(number, value.box))
            fields[field.key] = _reading(_doubted(found))
    return FormReading(told.form.key, told.form.version, fields, (number,))


Key = tuple[str, int]
"""A form and the number of its page."""


def which(page: Page, known: Mapping[Key, Prepared]) -> tuple[Key, Laid] | None:
    """The form's page that this page is, and how it lies on it."""
    grey = evened(darkest(page.image))
    own: Features = features(grey)
    best: tuple[Key, Laid] | None = None
    for key, prepared in known.items():
        laid = lay(grey, own, prepared.blank)
        if laid is not None and laid.score >= BELONGS and (best is None or laid.score > best[1].score):
            best = key, laid
            if laid.score >= CERTAIN:
                break
    return best


def _groups(sorted_out: Sequence[tuple[Key, Laid] | None]) -> Iterator[list[tuple[int, Key, Laid]]]:
    """Pages of one copy of one form: a page that came already, or another form, begins the next."""
    group: list[tuple[int, Key, Laid]] = []
    for number, found in enumerate(sorted_out):
        if found is None:
            continue
        key, laid = found
        if group and (group[0][1][0] != key[0] or key in [known for _, known, _ in group]):
            yield group
            group = []
        group.append((number, key, laid))
    if group:
        yield group


def fields_of(seen: Seen, fields: Sequence[FieldDefinition]) -> list[Found]:
    found: list[Found] = []
    waiting: list[tuple[FieldDefinition, list[Line]]] = []
    seals = [field.place.box for field in fields if field.kind == "seal" and field.place is not None]
    for field in fields:
        assert field.place is not None
        if field.kind in ("check", "choice", "seal", "signature"):
            found.append(_marked(seen, field))
            continue
        cut = _cut(seen, field, seals)
        if not cut:
            bare = 1 / (1 + dirt(seen.extra, field.place.box, PIXELS_PER_MM))
            found.append(Found(field, "", "empty", bare, "image", _place(seen, field.place.box)))
        elif letters := _letters_in(seen, field):
            found.append(Found(field, letters, "pdf", 1.0, "pdf", _place(seen, field.place.box)))
        else:
            waiting.append((field, cut))
    written = _recognised(seen, waiting)
    better = _looked_again(seen, written, {field.key: cut for field, cut in waiting}, seals)
    return found + [_preferred(one, better.get(one.field.key)) for one in written]


def _of_poor_page(found: Sequence[Found]) -> Sequence[Found]:
    """Where much of a page is doubtful, what seems sure on it is less so than on a good one: calibrated apart."""
    written = [one for one in found if one.engine == "rapidocr"]
    doubtful = [one for one in written if one.group in _NOT_AT_FIRST]
    if not written or len(doubtful) / len(written) < POOR:
        return found
    return [
        one if one.group in _NOT_AT_FIRST or one.group == "pdf" else replace(one, group=one.group + POOR_PAGE)
        for one in found
    ]


def _looked_again(
    seen: Seen, written: Sequence[Found], first: Mapping[str, list[Line]], seals: Sequence[Box]
) -> Mapping[str, Found]:
    """Doubtful fields cut out without what may be a stamp, until they are sure; by their keys."""
    doubtful = [one.field for one in written if one.score < SECOND_LOOK]
    full = {one.field.key: len(one.raw) for one in written}
    tried = {key: [cut] for key, cut in first.items()}
    better: dict[str, Found] = {}
    for floor, inside in ((0.5, False), (0.0, True), (0.5, True)):
        again = []
        for field in doubtful:
            cut = _cut(seen, field, seals, floor, inside)
            if cut and not any(_are_same(cut, known) for known in tried[field.key]):
                again.append((field, cut))
                tried[field.key].append(cut)
        for one in _recognised(seen, again):
            known = better.get(one.field.key)
            if len(one.raw) < full[one.field.key] - (0 if inside else 1):
                continue  # what was taken out was writing
            if known is None or one.score > known.score:
                better[one.field.key] = one
        doubtful = [
            field for field in doubtful if field.key not in better or better[field.key].score < SECOND_LOOK
        ]
    return better


def _are_same(cut: Sequence[Line], known: Sequence[Line]) -> bool:
    return len(cut) == len(known) and all(
        np.array_equal(one.image, other.image) for one, other in zip(cut, known, strict=True)
    )


def _preferred(first: Found, second: Found | None) -> Found:
    """The second look's where it is much surer."""
    if second is None or second.score < first.score + 0.1:
        return first
    return replace(second, group="second-look")


def _cut(
    seen: Seen, field: FieldDefinition, seals: Sequence[Box], floor: float = 0.0, inside: bool = False
) -> list[Line]:
    assert field.place is not None
    box = field.place.box
    # Printed words are part of a date (年月日) or sum (円); elsewhere (㊞ beside a name) they are not the value.
    erased = seen.prepared.ruled if field.kind in BETWEEN_PRINT else seen.prepared.printed
    others = [seal for seal in seals if seal.left < box.right and seal.right > box.left]
    if others:
        erased = erased.copy()
        for seal in others:
            left, top, right, bottom = marks.pixels(seal, erased.shape)
            erased[top:bottom, left:right] = 1
    return lines(seen.ink, seen.extra, erased, box, PIXELS_PER_MM, floor=floor, inside=inside)


def _recognised(seen: Seen, waiting: Sequence[tuple[FieldDefinition, list[Line]]]) -> list[Found]:
    crops = [line.image for _, cut in waiting for line in cut]
    alphabets = [ALPHABET.get(field.kind, "japanese") for field, cut in waiting for _ in cut]
    texts = iter(engine().read(crops, alphabets) if crops else [])
    return [_written(seen, field, cut, [next(texts) for _ in cut]) for field, cut in waiting]


def _written(seen: Seen, field: FieldDefinition, cut: Sequence[Line], texts: Sequence[Text]) -> Found:
    told = [(line, text) for line, text in zip(cut, texts, strict=True) if text != NOTHING]
    if not told:
        assert field.place is not None
        return Found(field, "", "unreadable", 0.0, "rapidocr", _place(seen, field.place.box))
    box = Box(
        min(line.box.left for line, _ in told),
        min(line.box.top for line, _ in told),
        max(line.box.right for line, _ in told),
        max(line.box.bottom for line, _ in told),
    )
    raw = tidied("".join(text.text for _, text in told), field.kind)
    score = min(text.confidence for _, text in told)
    group = "figures" if field.kind in FIGURES else field.kind
    found = Found(field, raw, group, score, "rapidocr", _place(seen, box))
    if is_doubtful(field.kind, raw, score):
        found = _weighed(found, [text.lattice for _, text in told if text.lattice is not None])
    return replace(found, raw="", group="stroke", score=0.5) if is_nothing(field.kind, found.raw) else found


def _weighed(found: Found, lines: Sequence[Lattice]) -> Found:
    """A doubtful reading with what is likeliest as a whole."""
    lattice = reduce(lambda before, line: line.behind(before), lines)
    told = weighed(found.field.kind, lattice)
    if told is None:
        return found
    return replace(found, raw=tidied(told.text, found.field.kind), group="weighed", score=told.chance)


def _marked(seen: Seen, field: FieldDefinition) -> Found:
    assert field.place is not None
    box = field.place.box
    blank = seen.own
    if field.kind == "choice":
        options = [option for option in field.options if option.place is not None]
        boxes = [option.place.box for option in options if option.place is not None]
        squares = [marks.is_square(blank, one) for one in boxes]
        reach = round(2.2 * PIXELS_PER_MM)
        seen_marks = [
            marks.ticked(seen.ink, blank, one) if square else marks.circled(seen.extra, one, reach)
            for one, square in zip(boxes, squares, strict=True)
        ]
        chosen = marks.chosen(seen_marks, single=not any(squares))
        raw = ",".join(options[number].key for number in chosen)
        return Found(field, raw, "choice", _margin(seen_marks), "image", _place(seen, box))
    if field.kind == "check":
        mark = marks.ticked(seen.ink, blank, box)
    elif field.kind == "seal":
        mark = marks.sealed(seen.all_extra, box, PIXELS_PER_MM)
    elif _letters_in(seen, field):
        return Found(field, "1", "pdf", 1.0, "pdf", _place(seen, box))
    else:
        mark = marks.signed(seen.all_extra, box, PIXELS_PER_MM)
    return Found(field, "1" if mark.present else "", field.kind, _margin([mark]), "image", _place(seen, box))


def _margin(seen_marks: Sequence[Mark]) -> float:
    """0 where a mark is undecided, 1 where all are ten times beyond or below their thresholds."""
    return min((min(1.0, abs(math.log10(max(mark.amount, 0.01)))) for mark in seen_marks), default=0.0)


def _place(seen: Seen, box: Box) -> Place:
    height, width = seen.page.image.shape[:2]
    return Place(seen.number, seen.laid.on_page(box, width, height))


def _letters_in(seen: Seen, field: FieldDefinition) -> str:
    """The file's own letters in a place, line by line; spaces where there are wide gaps."""
    if not seen.page.letters or field.place is None:
        return ""
    height, width = seen.page.image.shape[:2]
    where = seen.laid.on_page(field.place.box, width, height)
    inside = [
        letter
        for letter in seen.page.letters
        if where.left <= (letter.box.left + letter.box.right) / 2 <= where.right
        and where.top <= (letter.box.top + letter.box.bottom) / 2 <= where.bottom
    ]
    if field.kind not in BETWEEN_PRINT:
        inside = [letter for letter in inside if not _printed(seen, letter)]
    return "".join(text for text, _ in rows(inside))


def _printed(seen: Seen, letter: Letter) -> bool:
    """The blank form has this letter too: there is ink of its own in the letter's place."""
    height, width = seen.page.image.shape[:2]
    doubled = [[letter.box.left + letter.box.right, letter.box.top + letter.box.bottom]]
    middle = np.array(doubled, np.float64) * np.array((width / 2, height / 2), np.float64)
    ((x, y),) = moved(np.linalg.inv(seen.laid.matrix), middle)
    half_x, half_y = (letter.box.right - letter.box.left) / 3, (letter.box.bottom - letter.box.top) / 3
    left, top, right, bottom = marks.pixels(
        Box(max(0, x - half_x), max(0, y - half_y), max(0, x + half_x), max(0, y + half_y)), seen.ink.shape
    )
    area = (slice(top, bottom), slice(left, right))
    return float(seen.all_extra[area].mean()) < 0.25 * float(seen.ink[area].mean())


def _doubted(found: Found) -> Found:
    """A value that cannot be true (a check digit, a day), or has a point that is rather a speck, has lost half of its
    score before it is calibrated."""
    doubts = () if found.field.kind == "choice" else plain(found.field.kind, found.raw).doubts
    odd = bool(doubts) or (found.field.kind == "number" and _SPECK.search(found.raw) is not None)
    return replace(found, score=found.score / 2) if odd and found.engine == "rapidocr" else found


def _reading(found: Found) -> FieldReading:
    told = Plain(found.raw) if found.field.kind == "choice" else plain(found.field.kind, found.raw)
    return FieldReading(
        found.field.key,
        found.raw,
        told.value,
        probability(found.group, found.score),
        found.engine,
        found.place,
        told.doubts,
    )
