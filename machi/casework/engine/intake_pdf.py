"""PDF by PDFium without its script engine: checked, and drawn page by page; nothing in it is run, opened or followed.

PDFium is not made for threads: every use takes ``_ALONE``. Hostile files may take minutes or crash native code, so
files from outside go through ``engine.intake_isolated``.
"""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from machi.casework.engine.intake_images import png_of
from machi.casework.engine.intake_types import Hostile, Limits, Note, Page, Refused, Unreadable, refusal

_ALONE = threading.RLock()
_POINTS = 72
_SMALLEST = 9
"""Points: a page smaller than 3 mm holds nothing."""
_TRIED = 500
"""Pixels: so wide every page is drawn once, to see that it can be."""
_OBJECT_STREAM = re.compile(rb"/ObjStm\b[^\0]{0,400}?stream\r?\n")
_MOST_STREAMS, _PACKED, _UNPACKED = 200, 200_000, 2_000_000
_MARKS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("pdf-script", re.compile(rb"/(?:JavaScript|JS)[\s/(<\[]")),
    ("pdf-launch", re.compile(rb"/(?:Launch|GoToR|GoToE|SubmitForm|ImportData|RichMedia)[\s/(<\[>]")),
    ("pdf-embedded-files", re.compile(rb"/Embedded(?:Files?)[\s/(<\[]")),
    ("pdf-fillable-xfa", re.compile(rb"/XFA[\s/(<\[]")),
)


def read_pdf(data: bytes, limits: Limits) -> tuple[list[Page], list[Note]]:
    """Every page's size and text. Raises ``Refused``; every page has been drawn once, small."""
    with _ALONE:
        try:
            document = _opened(data)
            try:
                return _pages(document, limits), _notes(document, data)
            finally:
                document.close()
        except Refused:
            raise
        except MemoryError:
            raise refusal("too-costly") from None
        except Exception:  # whatever PDFium's binding makes of a damaged file
            raise Unreadable("broken") from None


def draw(data: bytes, number: int, dots_per_inch: int, limits: Limits) -> bytes:
    """PNG of page ``number`` (from 0) of a PDF that ``read_pdf`` took. Raises ``Refused``."""
    with _ALONE:
        try:
            document = _opened(data)
            try:
                page = document[number]
                _size(page, dots_per_inch, limits)
                image = page.render(scale=dots_per_inch / _POINTS, may_draw_forms=False).to_pil()
                return png_of(image.convert("RGB"))
            finally:
                document.close()
        except Refused:
            raise
        except IndexError:
            raise
        except MemoryError:
            raise refusal("too-costly") from None
        except Exception:
            raise Unreadable("broken") from None


def _opened(data: bytes) -> Any:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise Unreadable("encrypted" if locked else "broken") from None


def _pages(document: Any, limits: Limits) -> list[Page]:
    count = len(document)
    if count > limits.pages:
        raise Unreadable("too-many-pages", limit=limits.pages)
    if count == 0:
        raise Unreadable("broken")
    pages, characters = [], 0
    for number in range(count):
        page = document[number]
        width, height = _size(page, limits.dots_per_inch, limits)
        text = _text(page, limits.characters - characters)
        characters += len(text)
        page.render(scale=_TRIED / page.get_width(), may_draw_forms=False)
        pages.append(Page(width, height, text=text))
        page.close()
    return pages


def _size(page: Any, dots_per_inch: int, limits: Limits) -> tuple[int, int]:
    """Pixels of the page as drawn. The small drawing too must be bounded: a strip may be far higher than wide."""
    wide, high = page.get_width(), page.get_height()
    if not (_SMALLEST <= wide < 1e6 and _SMALLEST <= high < 1e6):
        raise Unreadable("broken")
    width, height = round(wide * dots_per_inch / _POINTS), round(high * dots_per_inch / _POINTS)
    if width * height > limits.pixels or high > 20 * wide or wide > 20 * high:
        raise Hostile("huge-page", limit=limits.pixels // 1_000_000)
    return width, height


def _text(page: Any, most: int) -> str:
    textpage = page.get_textpage()
    try:
        text: str = textpage.get_text_range()
    finally:
        textpage.close()
    if len(text) > most:
        raise Unreadable("too-large", limit=most)
    return "".join(c for c in text.replace("\r\n", "\n") if c.isprintable() or c in "\n\t")


def _notes(document: Any, data: bytes) -> list[Note]:
    """What a viewer might run. The marks in plain sight, and what PDFium finds in compressed parts."""
    plain = b"\n".join((data, *_object_streams(data)))
    found = {key for key, pattern in _MARKS if pattern.search(plain)}
    if pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        found.add("pdf-script")
    if pdfium.FPDFDoc_GetAttachmentCount(document) > 0:
        found.add("pdf-embedded-files")
    if pdfium.FPDF_GetFormType(document) in (pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND):
        found.add("pdf-fillable-xfa")
    return [Note(key) for key in sorted(found)]


def _object_streams(data: bytes) -> Iterator[bytes]:
    """The compressed objects of a PDF (PDF 1.5), where actions may stand out of sight; each bounded."""
    for match in islice(_OBJECT_STREAM.finditer(data), _MOST_STREAMS):
        try:
            yield zlib.decompressobj().decompress(data[match.end() :][:_PACKED], _UNPACKED)
        except zlib.error:
            continue
