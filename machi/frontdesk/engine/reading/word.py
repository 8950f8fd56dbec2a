"""Word documents (.docx): headings, lists, tables and text boxes in reading order.

Read is what a reader sees: text inserted under tracked changes is read, deleted and hidden text is not; of
words with ruby only the words. Documents without heading styles have their headings found by their marks.
"""

import datetime
import io
from collections.abc import Iterator
from pathlib import PurePath

from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn
from lxml.etree import _Element

from machi.frontdesk.engine.reading.cleaning import clean, invisible_removed
from machi.frontdesk.engine.reading.grid import row_blocks
from machi.frontdesk.engine.reading.marked_text import blocks_of_lines, first_line
from machi.frontdesk.engine.reading.types import (
    Problem,
    ReadDocument,
    ReadResult,
    gettext_noop,
    problem,
    title_of,
)
from machi.frontdesk.engine.reading.word_styles import Styles
from machi.language.engine.dates import parse_date
from machi.language.engine.types import Block

_UNSEEN = frozenset(
    qn(tag) for tag in ("w:del", "w:moveFrom", "w:rt", "w:pPr", "w:instrText", "w:txbxContent")
)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}
_PICTURES = (qn("a:blip"), "{urn:schemas-microsoft-com:vml}imagedata")
_CELLS = 50_000


def read_word(name: str, data: bytes) -> ReadResult:
    """The one document of the file. Raises what python-docx raises for a broken file."""
    document = Document(io.BytesIO(data))
    reader = _Reader(Styles(document.styles.element))
    blocks = list(reader.body(document.element.body))
    if not any(block.kind == "heading" for block in blocks):
        blocks = blocks_of_lines(blocks, wrapped=False)
    title = title_of(reader.title or first_line(blocks)) or PurePath(name).stem
    read = ReadDocument(title, tuple(blocks), _changed(document))
    return ReadResult((read,), tuple(_report(document.element.body, reader.removed)), "word", 1, 0)


def _changed(document: DocumentObject) -> datetime.date | None:
    """The day of the last change by the file's own record; python-docx invents one where there is none."""
    changed = document.core_properties._element.find(qn("dcterms:modified"))
    return parse_date((changed.text or "")[:10]) if changed is not None else None


def _report(body: _Element, removed: int) -> Iterator[Problem]:
    if removed:
        yield invisible_removed(removed)
    pictures = sum(1 for tag in _PICTURES for _ in body.iter(tag))
    if pictures:
        message = gettext_noop(
            "画像が{count}枚あり、その中の文字は読み取っていません。大切な内容であれば文章で登録してください。"
        )
        yield problem("picture-not-read", message, "warning", count=pictures)


class _Reader:
    """Walks the document's XML; python-docx's own walk leaves out content controls and text boxes."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._tables = 0
        self._cells = 0
        self._above: list[str] = []
        self.title = ""
        self.removed = 0

    def body(self, parent: _Element) -> Iterator[Block]:
        for element in parent:
            if element.tag == qn("w:p"):
                yield from self._paragraph(element)
            elif element.tag == qn("w:tbl"):
                self._tables += 1
                self._above = []
                rows = [self._row(row) for row in element.iter(qn("w:tr")) if _table_of(row) is element]
                header = True if element.find(f".//{qn('w:tblHeader')}") is not None else None
                yield from row_blocks(rows, header=header, place=f"表{self._tables}")
            elif element.tag in {
                qn("w:sdt"),
                qn("w:sdtContent"),
                qn("w:ins"),
                qn("w:customXml"),
                qn("w:smartTag"),
            }:
                yield from () if _is_contents(element) else self.body(element)

    def _paragraph(self, paragraph: _Element) -> Iterator[Block]:
        text = self._text(paragraph)
        role = self._styles.role(paragraph)
        if text and role.kind == "title" and not self.title:
            self.title = text
            yield Block("heading", text, 1)
        elif text and role.kind == "heading":
            yield Block("heading", text, role.level)
        elif text and role.kind == "list":
            yield Block("list_item", text, role.level)
        elif text and role.kind != "contents":
            yield Block("paragraph", text)
        for box in paragraph.iter(qn("w:txbxContent")):
            if not any(parent.tag == _FALLBACK for parent in box.iterancestors()) and _box_of(box) is None:
                yield from self.body(box)

    def _row(self, row: _Element) -> list[str]:
        cells: list[str] = []
        for cell in row.iter(qn("w:tc")):
            if _row_of(cell) is not row or self._cells >= _CELLS:
                continue
            span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
            wide = span.get(qn("w:val"), "1") if span is not None else "1"
            times = min(int(wide), 60) if wide.isdigit() else 1
            merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            goes_on = merged is not None and merged.get(qn("w:val"), "continue") == "continue"
            above = self._above[len(cells)] if goes_on and len(cells) < len(self._above) else ""
            cells += [above or self._cell(cell)] * times
            self._cells += times
        self._above = cells
        return cells

    def _cell(self, cell: _Element) -> str:
        return "\n".join(filter(None, (self._text(paragraph) for paragraph in cell.iter(qn("w:p")))))

    def _text(self, paragraph: _Element) -> str:
        text, removed = clean("".join(_visible(paragraph)))
        self.removed += removed
        return text.strip()


def _visible(element: _Element) -> Iterator[str]:
    for child in element:
        if child.tag in _UNSEEN or child.tag == _FALLBACK or _is_hidden(child):
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        else:
            yield from _visible(child)


def _is_hidden(run: _Element) -> bool:
    hidden = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}") if run.tag == qn("w:r") else None
    return hidden is not None and hidden.get(qn("w:val"), "true") not in {"0", "false", "off"}


def _is_contents(control: _Element) -> bool:
    gallery = control.find(f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}")
    return gallery is not None and gallery.get(qn("w:val")) == "Table of Contents"


def _table_of(row: _Element) -> _Element | None:
    return next(row.iterancestors(qn("w:tbl")), None)


def _row_of(cell: _Element) -> _Element | None:
    return next(cell.iterancestors(qn("w:tr")), None)


def _box_of(box: _Element) -> _Element | None:
    return next(box.iterancestors(qn("w:txbxContent")), None)
