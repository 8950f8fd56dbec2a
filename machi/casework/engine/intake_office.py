"""Excel and Word forms: the texts of their cells and paragraphs, and the pictures in them as pages.

The package is checked before a parser sees it (``base.engine.packages``), then what a parser would blow up: a few bytes
can merge a million million cells. Macros are refused; what is hidden is left out and said so.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import NamedTuple

from machi.base.engine.packages import PackageLimits, PackageRefused, parts_of
from machi.casework.engine.intake_excel import bounded, workbook
from machi.casework.engine.intake_images import read_pictures
from machi.casework.engine.intake_types import (
    Limits,
    Note,
    OpenedKind,
    Page,
    Refused,
    Sheet,
    Unreadable,
    refusal,
)
from machi.casework.engine.intake_word import document

_MAIN: tuple[tuple[bytes, OpenedKind], ...] = (
    (b"wordprocessingml.document.main+xml", "word"),
    (b"spreadsheetml.sheet.main+xml", "excel"),
)
_MACROS = re.compile(rb"macroEnabled|macrosheet|vbaProject|activeX", re.IGNORECASE)
_OUTSIDE = re.compile(rb"""TargetMode\s*=\s*["']External["']""")
_MEDIA = re.compile(r"(?:xl|word)/media/[^/]+\.(?:png|jpe?g|tiff?)", re.IGNORECASE)
_COMMENTS = re.compile(r"(?:xl|word)/(?:comments/)?comments?\d*\.xml")
_COMMENT = re.compile(rb"<(?:w:)?comment[ >]")
_DRAWING = re.compile(r"xl/drawings/drawing\d+\.xml")


class Office(NamedTuple):
    kind: OpenedKind
    pages: list[Page]
    """The pictures in it."""
    sheets: list[Sheet]
    """Of a Word document its tables."""
    text: str
    flow: tuple[str | int, ...]
    """Of a Word document: what stands between its tables, and these by their numbers."""
    notes: list[Note]


def read_office(data: bytes, limits: Limits) -> Office:
    """What an .xlsx or .docx file holds. Raises ``Refused``."""
    sizes = _checked(data, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            types = package.read("[Content_Types].xml") if "[Content_Types].xml" in sizes else b""
            kind = next((kind for mark, kind in _MAIN if mark in types), None)
            if _MACROS.search(types) or any(_MACROS.search(name.encode()) for name in sizes):
                raise refusal("macros")
            if kind is None:
                raise refusal("archive" if "[Content_Types].xml" not in sizes else "wrong-type")
            notes = _package_notes(package, sizes)
            pages = _pictures(package, sizes, limits, notes)
            if kind == "excel":
                bounded(package, sizes, limits)
                return Office(kind, pages, workbook(data, package, notes), "", (), notes)
            sheets, text, flow = document(package.read("word/document.xml"), limits, notes)
            return Office(kind, pages, sheets, text, flow, notes)
    except Refused:
        raise
    except MemoryError:
        raise refusal("too-costly") from None
    except Exception:  # whatever a damaged file makes openpyxl, lxml or zipfile say
        raise Unreadable("broken") from None


def _checked(data: bytes, limits: Limits) -> dict[str, int]:
    try:
        sizes = parts_of(data, PackageLimits(unpacked=limits.unpacked))
    except PackageRefused as refused:
        raise refusal(refused.code) from None
    if sum(size for name, size in sizes.items() if "/media/" not in name) > limits.xml:
        raise refusal("too-large", limit=limits.xml)
    return sizes


def _package_notes(package: zipfile.ZipFile, sizes: dict[str, int]) -> list[Note]:
    notes = []
    if any("/embeddings/" in name for name in sizes):
        notes.append(Note("embedded-files"))
    if any(name.endswith(".rels") and _OUTSIDE.search(package.read(name)) for name in sizes):
        notes.append(Note("outside-links"))
    comments = sum(
        len(_COMMENT.findall(package.read(name))) for name in sizes if _COMMENTS.fullmatch(name.lower())
    )
    if comments:
        notes.append(Note("comments", {"count": comments}))
    shapes = sum(_shapes(package.read(name)) for name in sizes if _DRAWING.fullmatch(name))
    if shapes:
        notes.append(Note("text-in-shapes", {"count": shapes}))
    return notes


def _shapes(drawing: bytes) -> int:
    """Shapes with words in them that lie over the cells; check boxes are read (``intake_controls``)."""
    return sum(
        b"<a:t>" in shape and b"compatExt" not in shape for shape in re.split(rb"<xdr:sp[ >]", drawing)[1:]
    )


def _pictures(
    package: zipfile.ZipFile, sizes: dict[str, int], limits: Limits, notes: list[Note]
) -> list[Page]:
    """A photograph pasted into Word is how many send their papers."""
    pages: list[Page] = []
    unread = 0
    for name in sorted(name for name in sizes if re.search(r"/media/", name)):
        if not _MEDIA.fullmatch(name) or len(pages) >= limits.pictures:
            unread += 1
            continue
        try:
            pages += read_pictures(package.read(name), limits)[0]
        except Refused as refused:
            if refused.key == "huge-image":
                raise
            unread += 1
    if unread:
        notes.append(Note("picture-not-read", {"count": unread}))
    return pages
