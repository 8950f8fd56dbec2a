"""PDF files by PDFium: text in reading order, headings by their size, page by page.

Pages that hold pictures and no text (scans) are reported as not read; so are pages whose fonts do not say which
characters they draw, and pages written vertically, whose order is not kept.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

import pypdfium2
import pypdfium2.raw as pdfium

from machi.frontdesk.engine.reading.cleaning import clean, invisible_removed
from machi.frontdesk.engine.reading.marked_text import blocks_of_lines
from machi.frontdesk.engine.reading.pdf_layout import Line, paragraphs, running_heads
from machi.frontdesk.engine.reading.types import (
    Limits,
    Problem,
    ReadDocument,
    ReadResult,
    gettext_noop,
    problem,
    title_of,
)
from machi.language.engine.dates import parse_date

_UNMAPPED = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08]")


def read_pdf(name: str, data: bytes, limits: Limits) -> ReadResult:
    """The one document of the file; units read are pages."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        return ReadResult((), (_cannot_open(error),), "pdf", 0, 1)
    problems: list[Problem] = []
    pages: list[list[Line]] = []
    not_read: list[int] = []
    count = len(document)
    removed = 0
    for number in range(1, min(count, limits.pages) + 1):
        lines, hidden, found = _page(document, number)
        removed += hidden
        pages.append([] if found else lines)
        if found:
            problems.append(found)
            not_read.append(number)
    if removed:
        problems.append(invisible_removed(removed))
    if count > limits.pages:
        message = gettext_noop(
            "ページが多すぎるため、{limit}ページまでを読み取りました。分けて登録してください。"
        )
        problems.append(problem("too-many-pages", message, "error", limit=limits.pages))
    if repeated := running_heads(pages):
        message = gettext_noop("各ページに繰り返される文字は本文に入れていません: {texts}")
        problems.append(problem("running-heads", message, "info", texts="、".join(sorted(repeated)[:5])))
    blocks = blocks_of_lines(list(paragraphs(pages)), wrapped=False)
    title = next((block.text for block in blocks[:20] if block.kind == "heading"), "")
    read = len(pages) - len(not_read)
    documents: tuple[ReadDocument, ...] = ()
    if any(block.text.strip() for block in blocks):
        date = parse_date(_metadata_day(document))
        documents = (ReadDocument(title_of(title) or PurePath(name).stem, tuple(blocks), date),)
    return ReadResult(documents, tuple(problems), "pdf", read, count - read)


def _cannot_open(error: pypdfium2.PdfiumError) -> Problem:
    if error.err_code == pdfium.FPDF_ERR_PASSWORD:
        message = gettext_noop("パスワードで保護されたPDFです。パスワードを外したPDFを登録してください。")
        return problem("encrypted", message, "error")
    message = gettext_noop(
        "PDFが壊れているか対応していない形式のため開けません。作り直して登録してください。"
    )
    return problem("broken", message, "error")


def _metadata_day(document: pypdfium2.PdfDocument) -> str:
    """``D:20250401090000+09'00'`` of the file's own record as ``2025-04-01``, or nothing."""
    stamp = document.get_metadata_value("ModDate") or document.get_metadata_value("CreationDate")
    found = re.match(r"D:(\d{4})(\d\d)(\d\d)", stamp or "")
    return "-".join(found.groups()) if found else ""


def _page(document: pypdfium2.PdfDocument, number: int) -> tuple[list[Line], int, Problem | None]:
    place = f"{number}ページ"
    try:
        page = document[number - 1]
        lines, removed = _lines(page, place)
        pictures = any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    except pypdfium2.PdfiumError:
        message = gettext_noop("このページは壊れているため読み取れませんでした。")
        return [], 0, problem("broken-page", message, "error", place)
    text = "".join(line.text for line in lines)
    if not text.strip() and pictures:
        message = gettext_noop(
            "文字の情報がない画像だけのページのため、読み取っていません。文字認識（OCR）をしたPDFか元の文書を登録してください。"
        )
        return [], removed, problem("scanned-page", message, "error", place)
    if len(_UNMAPPED.findall(text)) > 0.2 * len(text):
        message = gettext_noop(
            "文字の埋め込みが不完全で読み取れません。元の文書かPDFを作り直して登録してください。"
        )
        return [], removed, problem("unmapped-text", message, "error", place)
    if len(lines) > 10 and sum(len(line.text) <= 2 for line in lines) > 0.7 * len(lines):
        message = gettext_noop(
            "縦書きのページと思われ、正しい順に読み取れません。元の文書を登録してください。"
        )
        return [], removed, problem("vertical-text", message, "error", place)
    return lines, removed, None


def _lines(page: pypdfium2.PdfPage, place: str) -> tuple[list[Line], int]:
    """The lines of text on ``page`` in the order the file gives them, and how many unseen characters they held."""
    textpage = page.get_textpage()
    height = page.get_height()
    lines: list[Line] = []
    removed = 0
    for start, end in _line_spans(textpage):
        raw = "".join(chr(pdfium.FPDFText_GetUnicode(textpage, index)) for index in range(start, end))
        text, hidden = clean(_joined_surrogates(raw))
        removed += hidden
        boxes = [textpage.get_charbox(index, loose=True) for index in _drawn(textpage, start, end)]
        if text.strip() and boxes:
            lines.append(_line(text.strip(), boxes, height, place))
    return lines, removed


def _line(text: str, boxes: Sequence[tuple[float, float, float, float]], height: float, place: str) -> Line:
    sizes = sorted(top - bottom for _, bottom, _, top in boxes)
    return Line(
        text=text,
        left=min(box[0] for box in boxes),
        right=max(box[2] for box in boxes),
        top=height - max(box[3] for box in boxes),
        bottom=height - min(box[1] for box in boxes),
        size=sizes[len(sizes) // 2],
        page_height=height,
        place=place,
    )


def _line_spans(textpage: pypdfium2.PdfTextPage) -> Iterator[tuple[int, int]]:
    start = 0
    count = textpage.count_chars()
    for index in range(count):
        if pdfium.FPDFText_GetUnicode(textpage, index) in {10, 13}:
            if index > start:
                yield start, index
            start = index + 1
    if count > start:
        yield start, count


def _drawn(textpage: pypdfium2.PdfTextPage, start: int, end: int) -> list[int]:
    """Characters that stand on the page; PDFium puts in spaces of its own."""
    return [index for index in range(start, end) if not pdfium.FPDFText_IsGenerated(textpage, index)]


def _joined_surrogates(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
