"""The room's engines, as its verbs use them: one place where files, pages, definitions and rules are handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from machi.base.models import Municipality
from machi.casework.domain import files
from machi.casework.engine import office_pages, read_cells, read_form
from machi.casework.engine import pages as page_engine
from machi.casework.engine.form_data import from_data
from machi.casework.engine.intake import open_file, page_png
from machi.casework.engine.intake_isolated import open_isolated
from machi.casework.engine.intake_types import Opened
from machi.casework.engine.intake_types import Refused as RefusedFile
from machi.casework.engine.types import Box, FieldKind, FieldReading, FormDefinition, FormReading, Place, Spot
from machi.casework.engine.values import Plain
from machi.casework.engine.values import plain as plain_of_kind
from machi.casework.engine.values_addresses import register_of_japan
from machi.casework.models import CaseForm

__all__ = [
    "Opened",
    "PageImage",
    "RefusedFile",
    "blanks_of",
    "define",
    "open_kept",
    "open_untrusted",
    "pages_of",
    "plain",
    "read_forms",
    "read_texts",
    "renumbered",
]


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as people see it (PNG) and as it is read."""

    png: bytes
    width: int
    height: int
    page: page_engine.Page | None = None
    """None for one that was drawn of cells or text: nothing is recognised on it."""
    drawn_of: str = ""
    """The digest of the file of which it was drawn."""
    boxes: Mapping[office_pages.Key, Box] = field(default_factory=dict)
    """Of what was drawn on it."""


def open_untrusted(name: str, data: bytes) -> Opened:
    """A file from outside, opened in a process of its own with bounded time and memory. Raises RefusedFile."""
    return open_isolated(name, data)


def open_kept(name: str, data: bytes) -> Opened:
    """A file that ``open_untrusted`` took before: the same bytes open in the same way, so no process is needed."""
    return open_file(name, data)


def pages_of(opened: Opened) -> list[PageImage]:
    """Its own pages, not those of attachments: those it has as pictures, then those drawn of its cells or text. Raises
    RefusedFile for a page too large."""
    if opened.kind == "pdf":
        read = page_engine.open_pages(opened.pdf)
    else:
        read = [page for one in opened.pages for page in page_engine.open_pages(one.png)]
    given = [
        PageImage(page_png(opened, number), shown.width, shown.height, page)
        for number, (page, shown) in enumerate(zip(read, opened.pages, strict=False))
    ]
    drawn = office_pages.draw(opened)
    return given + [
        PageImage(one.png, one.width, one.height, None, opened.digest, one.boxes) for one in drawn
    ]


def define(stored: CaseForm) -> FormDefinition:
    return from_data(stored.definition)


def blanks_of(municipality: Municipality, stored: Sequence[CaseForm]) -> dict[str, bytes]:
    """The blank forms, by their form's key, of those that have one."""
    return {one.key: files.kept(municipality, one.blank) for one in stored if one.blank}


def read_forms(
    pages: Sequence[PageImage], definitions: Sequence[FormDefinition], blanks: Mapping[str, bytes]
) -> list[FormReading]:
    """Which pages are which form's, then every field, made plain."""
    kinds = {(form.key, field.key): field.kind for form in definitions for field in form.fields}
    given = [(number, one.page) for number, one in enumerate(pages) if one.page is not None]
    numbers = [number for number, _page in given]
    found = read_form.read([page for _number, page in given], definitions, blanks) if given else []
    return [
        renumbered(
            replace(
                form,
                fields={key: _plainly(one, kinds[form.form, key]) for key, one in form.fields.items()},
            ),
            numbers,
        )
        for form in found
    ]


def read_texts(
    pages: Sequence[PageImage], definitions: Sequence[FormDefinition], opened: Sequence[Opened]
) -> list[FormReading]:
    """The forms in files that have cells or text; their places lie on the ``pages`` that were drawn of them."""
    found = []
    for one in opened:
        places = {
            key: Place(number, box)
            for number, page in enumerate(pages)
            if page.drawn_of == one.digest
            for key, box in page.boxes.items()
        }
        for form in read_cells.read(one, definitions):
            fields = {key: _placed(value, places) for key, value in form.fields.items()}
            on = {value.place.page for value in fields.values() if value.place is not None}
            found.append(replace(form, fields=fields, pages=tuple(sorted(on))))
    return found


def renumbered(reading: FormReading, pages: Sequence[int]) -> FormReading:
    """Of pages read by themselves: page ``n`` there is ``pages[n]`` of all."""
    fields = {
        key: replace(one, place=replace(one.place, page=pages[one.place.page])) if one.place else one
        for key, one in reading.fields.items()
    }
    return replace(reading, fields=fields, pages=tuple(pages[page] for page in reading.pages))


def _placed(value: FieldReading, places: Mapping[office_pages.Key, Place]) -> FieldReading:
    """With its box on the page that was drawn, and what is to be seen with it: its label, the lines around it."""
    if value.spot is None:
        return value
    seen = [one for one in (_place_of(value.spot, places), _place_of(value.label_spot, places)) if one]
    place = _place_of(value.spot, places)
    if place is None:
        return value
    if value.spot.kind == "line":
        near = (replace(value.spot, number=value.spot.number + by) for by in (-1, 1))
        seen += [one for spot in near if (one := _place_of(spot, places))]
    around = _union([one.box for one in seen if one.page == place.page])
    return replace(value, place=place, around=around)


def _place_of(spot: Spot | None, places: Mapping[office_pages.Key, Place]) -> Place | None:
    """From its first cell to its last, where they stand on one page."""
    if spot is None:
        return None
    top, left, bottom, right = spot.cells
    first = places.get((spot.kind, spot.number, top, left))
    last = places.get((spot.kind, spot.number, bottom, right), first)
    if first is None or last is None:
        return None
    return Place(first.page, _union([first.box, last.box])) if first.page == last.page else first


def _union(boxes: Sequence[Box]) -> Box:
    return Box(
        min(one.left for one in boxes),
        min(one.top for one in boxes),
        max(one.right for one in boxes),
        max(one.bottom for one in boxes),
    )


def _plainly(one: FieldReading, kind: str) -> FieldReading:
    told = plain(kind, one.raw)
    return replace(one, value=told.value, doubts=tuple(dict.fromkeys((*one.doubts, *told.doubts))))


def plain(kind: str, raw: str) -> Plain:
    return plain_of_kind(cast("FieldKind", kind), raw, register_of_japan())
