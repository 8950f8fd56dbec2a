import io

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from machi.frontdesk.engine.reading import ReadResult, read
from machi.frontdesk.engine.reading.word import read_word
from machi.language.engine.types import Block


def data_of(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read_document(document: Document) -> ReadResult:
    """In this process: the child of `read` is tested below and with bad input."""
    return read_word("案内.docx", data_of(document))


def test_a_document_is_read_in_a_child_process() -> None:
    document = docx.Document()
    document.add_heading("保育所の利用案内", 0)
    document.add_paragraph("申込書を窓口へ出してください。")
    result = read("a.docx", data_of(document))
    assert (result.kind, result.read, result.not_read, result.problems) == ("word", 1, 0, ())
    assert result.documents[0].title == "保育所の利用案内"


def test_headings_lists_and_tables_in_reading_order() -> None:
    document = docx.Document()
    document.add_heading("申込方法", 1)
    document.add_paragraph("次のものを出してください。")
    document.add_paragraph("印鑑", style="List Bullet")
    table = document.add_table(rows=3, cols=3)
    for row, texts in enumerate(
        [["区分", "3歳未満", "3歳以上"], ["A階層", "0円", ""], ["B階層", "5,000円", "0円"]]
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(1, 1).merge(table.cell(1, 2))
    document.add_heading("窓口", 2)
    document.add_paragraph("こども課")
    assert read_document(document).documents[0].blocks == (
        Block("heading", "申込方法", 1),
        Block("paragraph", "次のものを出してください。"),
        Block("list_item", "印鑑", 1),
        Block("table_row", "区分: A階層\n3歳未満: 0円\n3歳以上: 0円", 0, "表1"),
        Block("table_row", "区分: B階層\n3歳未満: 5,000円\n3歳以上: 0円", 0, "表1"),
        Block("heading", "窓口", 2),
        Block("paragraph", "こども課"),
    )


def test_a_table_of_two_columns_without_header_is_labels_and_values() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    for row, texts in enumerate([["日時", "8月2日"], ["場所", "公園"]]):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 0).merge(table.cell(0, 0))
    assert [block.text for block in read_document(document).documents[0].blocks] == [
        "日時: 8月2日",
        "場所: 公園",
    ]


def test_only_what_a_reader_sees_is_read() -> None:
    document = docx.Document()
    body = document.element.body
    text = (
        f"<w:p {nsdecls('w')}><w:r><w:t>見える</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隠し文字</w:t></w:r>"
        "<w:del><w:r><w:delText>消した</w:delText></w:r></w:del><w:ins><w:r><w:t>足した</w:t></w:r></w:ins>"
        "<w:r><w:ruby><w:rt><w:r><w:t>やいづ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>焼津</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        "<w:hyperlink><w:r><w:t>リンク</w:t></w:r></w:hyperlink></w:p>"
    )
    body.insert(0, parse_xml(text))
    assert read_document(document).documents[0].blocks == (Block("paragraph", "見える足した焼津リンク"),)


def test_content_controls_are_read_and_the_table_of_contents_is_not() -> None:
    document = docx.Document()
    control = (
        f"<w:sdt {nsdecls('w')}><w:sdtPr>%s</w:sdtPr><w:sdtContent><w:p><w:r><w:t>%s</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>"
    )
    contents = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    document.element.body.insert(0, parse_xml(control % (contents, "目次")))
    document.element.body.insert(1, parse_xml(control % ("", "記入欄の文章")))
    assert [block.text for block in read_document(document).documents[0].blocks] == ["記入欄の文章"]


def test_a_document_without_heading_styles_has_its_headings_found() -> None:
    document = docx.Document()
    for text in ("夏まつりのご案内", "１　日時", "令和7年8月2日（土）", "２　場所", "中央公園"):
        document.add_paragraph(text)
    [read] = read_document(document).documents
    assert read.title == "夏まつりのご案内"
    assert [block.kind for block in read.blocks] == [
        "paragraph",
        "heading",
        "paragraph",
        "heading",
        "paragraph",
    ]


def test_styles_based_on_each_other_in_a_circle_end() -> None:
    document = docx.Document()
    one = document.styles.add_style("甲", 1)
    other = document.styles.add_style("乙", 1)
    one.base_style, other.base_style = other, one
    document.add_paragraph("本文", style="甲")
    assert read_document(document).documents[0].blocks == (Block("paragraph", "本文"),)
