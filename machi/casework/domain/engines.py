"""The room's engines, as its verbs use them: one place where files, pages, definitions and rules are handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from machi.base.models import Municipality
from machi.casework.domain import files
from machi.casework.engine import pages as page_engine
from machi.casework.engine import read_cells, read_form
from machi.casework.engine.form_data import from_data
from machi.casework.engine.intake import open_file, page_png
from machi.casework.engine.intake_isolated import open_isolated
from machi.casework.engine.intake_types import Opened
from machi.casework.engine.intake_types import Refused as RefusedFile
from machi.casework.engine.types import FieldKind, FieldReading, FormDefinition, FormReading
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
]


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as people see it (PNG) and as it is read."""

    png: bytes
    width: int
    height: int
    page: page_engine.Page


def open_untrusted(name: str, data: bytes) -> Opened:
    """A file from outside, opened in a process of its own with bounded time and memory. Raises RefusedFile."""
    return open_isolated(name, data)


def open_kept(name: str, data: bytes) -> Opened:
    """A file that ``open_untrusted`` took before: the same bytes open in the same way, so no process is needed."""
    return open_file(name, data)


def pages_of(opened: Opened) -> list[PageImage]:
    """Its own pages, not those of attachments. Raises RefusedFile for a page too large."""
    if opened.kind == "pdf":
        read = page_engine.open_pages(opened.pdf)
    else:
        read = [page for one in opened.pages for page in page_engine.open_pages(one.png)]
    return [
        PageImage(page_png(opened, number), shown.width, shown.height, page)
        for number, (page, shown) in enumerate(zip(read, opened.pages, strict=False))
    ]


def define(stored: CaseForm) -> FormDefinition:
    return from_data(stored.definition)


def blanks_of(municipality: Municipality, stored: Sequence[CaseForm]) -> dict[str, bytes]:
    """The blank forms, by their form's key, of those that have one."""
    return {one.key: files.kept(municipality, one.blank) for one in stored if one.blank}


def read_forms(
    pages: Sequence[PageImage],
    definitions: Sequence[FormDefinition],
    blanks: Mapping[str, bytes],
    others: Sequence[Opened] = (),
) -> list[FormReading]:
    """Which pages are which form's, then every field, made plain; and the forms in ``others``, which have cells or
    text instead of pages."""
    kinds = {(form.key, field.key): field.kind for form in definitions for field in form.fields}
    on_pages = read_form.read([one.page for one in pages], definitions, blanks) if pages else []
    found = [
        replace(
            form,
            fields={key: _plainly(one, kinds[form.form, key]) for key, one in form.fields.items()},
        )
        for form in on_pages
    ]
    return found + [form for one in others for form in read_cells.read(one, definitions)]


def _plainly(one: FieldReading, kind: str) -> FieldReading:
    told = plain(kind, one.raw)
    return replace(one, value=told.value, doubts=tuple(dict.fromkeys((*one.doubts, *told.doubts))))


def plain(kind: str, raw: str) -> Plain:
    return plain_of_kind(cast("FieldKind", kind), raw, register_of_japan())
