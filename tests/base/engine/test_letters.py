"""Letters: the same parts as PDF and as Word."""

import io
from datetime import date

import pypdfium2
from docx import Document

from machi.base.engine.letters import Bullets, Heading, Letter, Picture, TableBlock, to_pdf, to_png, to_word

LETTER = Letter(
    "採択の結果について（通知）",
    [
        "次のとおり決定しました。#set text(red) は文字です。",
        Heading("理由"),
        Bullets(["得点の順"]),
        TableBlock("内訳", ["町", "額"], [["葛飾区", "1,000"]]),
    ],
    number="共同第1号",
    on=date(2026, 11, 30),
    to="厚木市長 様",
    sender="見本共同体 事務局",
    particulars=[("期間", "令和8年度")],
)
PARTS = [
    "採択の結果について（通知）",
    "#set text(red) は文字です。",
    "得点の順",
    "葛飾区",
    "共同第1号",
    "令和8年11月30日",
    "厚木市長 様",
    "記",
    "以上",
]


def test_pdf_has_every_part_and_a_page_for_each_letter():
    document = pypdfium2.PdfDocument(to_pdf([LETTER, LETTER]))
    assert len(document) == 2
    # Typst sets a little space between Japanese and Latin letters, which reads as a blank.
    text = document[0].get_textpage().get_text_range().replace(" ", "")
    assert [part for part in PARTS if part.replace(" ", "") not in text] == []


def test_pdf_of_equal_letters_is_byte_equal():
    assert to_pdf([LETTER]) == to_pdf([LETTER])


def test_word_has_every_part():
    document = Document(io.BytesIO(to_word([LETTER])))
    text = "\n".join(
        [one.text for one in document.paragraphs]
        + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    )
    assert [part for part in PARTS if part not in text] == []


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
    '<rect width="40" height="20" fill="#0017c1"/></svg>'
)


def test_picture_is_in_pdf_and_word_with_what_is_read_aloud() -> None:
    letter = Letter("報告", ["前", Picture("満足度の棒グラフ", SVG)])
    assert len(to_pdf([letter])) > len(to_pdf([Letter("報告", ["前", "満足度の棒グラフ"])]))
    assert to_pdf([letter]) == to_pdf([letter])
    document = Document(io.BytesIO(to_word([letter])))
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr") == "満足度の棒グラフ"
    assert to_png(Picture("x", SVG)).startswith(b"\x89PNG")
