"""Official letters (公文書) and reports, written once and given as PDF and as Word.

A letter has the parts that Japanese public letters have, in their order: number and date at the right, the
addressee, the sender at the right, the subject in the middle, the text, numbered particulars (記), who to ask. The
PDF is set by Typst with the Noto fonts of their wheels, so that every machine makes the same and none needs a font.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING

from machi.base.engine.typesetting import FONTS, set_pdf
from machi.base.engine.wareki import wareki

if TYPE_CHECKING:
    from docx.document import Document

WORD_FONT = "游ゴシック"
"""A typeface that every office in Japan has."""


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table with a caption; the first cell of each row names it."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing: a whole SVG document, whose letters are set in the letter's own typeface."""

    caption: str
    """Also what is read aloud instead of it."""
    svg: str


Block = str | TableBlock | Heading | Bullets | PageBreak | Picture
"""A paragraph is a plain string."""


@dataclass(frozen=True, slots=True)
class Letter:
    """``particulars`` are (name, text) pairs below 記; a report leaves ``to``, ``sender`` and ``number`` empty."""

    subject: str
    body: Sequence[Block]
    number: str = ""
    on: date | None = None
    to: str = ""
    """With its title of respect: 厚木市長 様."""
    sender: str = ""
    particulars: Sequence[tuple[str, str]] = field(default_factory=tuple)
    contact: str = ""
    note: str = ""
    """In small letters at the end: how this came to be, for letters that a machine prepared."""


def to_pdf(letters: Sequence[Letter]) -> bytes:
    """One PDF of all ``letters``, each on pages of its own. Byte-equal for equal letters."""
    template = files("machi.base").joinpath("data/letter.typ").read_bytes()
    return set_pdf(template, {"letters": [_plain(letter) for letter in letters]})


def _plain(letter: Letter) -> dict[str, object]:
    return {
        "subject": letter.subject,
        "number": letter.number,
        "on": wareki(letter.on) if letter.on else "",
        "to": letter.to,
        "sender": letter.sender,
        "body": [_block(block) for block in letter.body],
        "particulars": [list(pair) for pair in letter.particulars],
        "contact": letter.contact,
        "note": letter.note,
    }


def _block(block: Block) -> dict[str, object]:
    match block:
        case str():
            return {"kind": "paragraph", "text": block}
        case Heading():
            return {"kind": "heading", "text": block.text}
        case Bullets():
            return {"kind": "bullets", "items": list(block.items)}
        case PageBreak():
            return {"kind": "break"}
        case Picture():
            return {"kind": "picture", "caption": block.caption, "svg": block.svg}
        case TableBlock():
            return {
                "kind": "table",
                "caption": block.caption,
                "columns": list(block.columns),
                "rows": [list(row) for row in block.rows],
            }


def japanese(document: Document) -> None:
    """Sets the typeface of the styles we write with; python-docx's own template has no Japanese letters."""
    from docx.oxml.ns import qn

    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3"):
        style = document.styles[name]
        style.font.name = WORD_FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), WORD_FONT)


_STYLES = ("Heading 1", "Heading 2", "List Bullet", "Table Grid")


def to_word(letters: Sequence[Letter]) -> bytes:
    """One Word document of all ``letters``, each on pages of its own; the time grows with their number only."""
    import docx  # slow: on first use

    document = docx.Document()
    japanese(document)
    styles = {
        name: str(document.styles[name].style_id) for name in _STYLES
    }  # by name a slow search each time
    body, written = document.element.body, []
    for number, letter in enumerate(letters):
        if number:
            document.add_page_break()
        _write(document, letter, styles)
        # Laid aside until all are written: whatever is added looks through all that stands there before it.
        written += body[:-1]
        del body[:-1]  # all but the page's settings
    body[:0] = written
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _write(document: Document, letter: Letter, styles: Mapping[str, str]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    def aligned(text: str, alignment: WD_ALIGN_PARAGRAPH) -> None:
        if text:
            document.add_paragraph(text).alignment = alignment

    aligned(letter.number, WD_ALIGN_PARAGRAPH.RIGHT)
    aligned(wareki(letter.on) if letter.on else "", WD_ALIGN_PARAGRAPH.RIGHT)
    aligned(letter.to, WD_ALIGN_PARAGRAPH.LEFT)
    aligned(letter.sender, WD_ALIGN_PARAGRAPH.RIGHT)
    heading = document.add_paragraph(letter.subject)
    heading._p.style = styles["Heading 1"]
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for block in letter.body:
        _add(document, block, styles)
    if letter.particulars:
        aligned("記", WD_ALIGN_PARAGRAPH.CENTER)
        for at, (name, text) in enumerate(letter.particulars, 1):
            document.add_paragraph(f"{at}　{name}　{text}")
        aligned("以上", WD_ALIGN_PARAGRAPH.RIGHT)
    aligned(letter.contact, WD_ALIGN_PARAGRAPH.RIGHT)
    if letter.note:
        document.add_paragraph().add_run(letter.note).font.size = Pt(8)


def _add(document: Document, block: Block, styles: Mapping[str, str]) -> None:
    match block:
        case str():
            document.add_paragraph(block)
        case Heading():
            document.add_paragraph(block.text)._p.style = styles["Heading 2"]
        case Bullets():
            for item in block.items:
                document.add_paragraph(item)._p.style = styles["List Bullet"]
        case PageBreak():
            document.add_page_break()
        case Picture():
            _add_picture(document, block)
        case TableBlock():
            document.add_paragraph(block.caption)
            table = document.add_table(rows=1 + len(block.rows), cols=len(block.columns))
            table._tbl.tblStyle_val = styles["Table Grid"]
            head, *lines = table.rows
            for cell, text in zip(head.cells, block.columns, strict=True):
                cell.paragraphs[0].add_run(text).bold = True
            for line, row in zip(lines, block.rows, strict=True):
                for cell, text in zip(line.cells, row, strict=True):
                    cell.text = text
            document.add_paragraph()


def _add_picture(document: Document, picture: Picture) -> None:
    """As PNG: Word reads SVG only with an extension of the format that python-docx does not write."""
    from docx.shared import Cm

    document.add_paragraph(picture.caption)
    shown = document.add_picture(io.BytesIO(to_png(picture)), width=Cm(16))
    shown._inline.docPr.set("descr", picture.caption)


def to_png(picture: Picture, *, dots_per_inch: int = 150) -> bytes:
    """The drawing alone, set as in a letter."""
    import typst

    template = (
        '#set page(width: auto, height: auto, margin: 0pt)\n#set text(font: "Noto Sans CJK JP")\n'
        '#image(bytes(sys.inputs.svg), format: "svg", width: 16cm)\n'
    )
    png: bytes = typst.compile(  # type: ignore[call-overload]
        template.encode(),
        font_paths=FONTS,
        ignore_system_fonts=True,
        sys_inputs={"svg": picture.svg},
        format="png",
        ppi=dots_per_inch,
        timestamp=0,
    )
    return png
