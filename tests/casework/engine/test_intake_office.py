"""What Excel and Word show is what is taken out of them: dates, ticks, lists, merged cells, boxes over cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook
from openpyxl.comments import Comment

from machi.casework.engine.intake import open_file
from machi.casework.engine.intake_types import Opened
from machi.casework.engine.office_pages import draw
from tests.casework.engine import intake_files as files

W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
VML = """<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel">
<v:shape id="_x0000_s1025"><v:textbox><div>本人<br></div></v:textbox><x:ClientData ObjectType="Checkbox">
<x:Anchor>1, 4, 1, 2, 2, 0, 1, 20</x:Anchor><x:Checked>1</x:Checked></x:ClientData></v:shape>
<v:shape id="_x0000_s1026"><v:textbox><div>代理人</div></v:textbox><x:ClientData ObjectType="Checkbox">
<x:Anchor>2, 4, 0, 15, 3, 0, 1, 9</x:Anchor></x:ClientData></v:shape>
<v:shape id="_x0000_s1027"><x:ClientData ObjectType="Radio">
<x:Anchor>0, 4, 2, 1, 1, 0, 2, 9</x:Anchor><x:Checked>1</x:Checked></x:ClientData></v:shape>
<v:shape><x:ClientData ObjectType="Button"><x:Anchor>0,0,0,0,1,0,1,0</x:Anchor></x:ClientData></v:shape>
</xml>"""
RELATION = b"""<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/vmlDrawing"
 Target="../drawings/vmlDrawing1.vml"/></Relationships>"""


def excel(fill: Callable[[Any], None]) -> Opened:
    book = Workbook()
    fill(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return open_file("a.xlsx", out.getvalue())


def word(body: str) -> Opened:
    document = Document()
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')} {W14}>{body}</w:p>"))
    out = io.BytesIO()
    document.save(out)
    return open_file("a.docx", out.getvalue())


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        ('[$-411]ggge"年"m"月"d"日"', "令和8年11月27日"),
        ("yyyy/m/d", "2026年11月27日"),
        ("#,##0", "46,353"),
    ],
)
def test_days_are_written_as_their_format_shows_them(layout: str, text: str):
    def fill(sheet: Any) -> None:
        sheet["A1"] = 46353
        sheet["A1"].number_format = layout

    assert excel(fill).sheets[0].cells == {(1, 1): text}


@pytest.mark.parametrize(
    ("number", "text"), [(58, "令和8年11月27日"), (31, "2026年11月27日"), (27, "令和8年11月27日")]
)
def test_formats_that_japanese_excel_writes_by_number_alone_are_days(number: int, text: str):
    def fill(sheet: Any) -> None:
        sheet["A1"] = 46353
        sheet["A1"].number_format = '[$-411]ggge"年"'

    book = Workbook()
    fill(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    styles = zipfile.ZipFile(out).read("xl/styles.xml")
    changed = files.repacked(
        out.getvalue(),
        xl__styles_dot_xml=styles.replace(b'numFmtId="164" fontId', b'numFmtId="%d" fontId' % number),
    )
    assert open_file("a.xlsx", changed).sheets[0].cells == {(1, 1): text}


def test_ticks_and_failed_formulas():
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["A2"] = True, False
        sheet["A3"] = "#REF!"
        sheet["A3"].data_type = "e"
        sheet["A4"] = "=1+1"

    opened = excel(fill)
    assert opened.sheets[0].cells == {(1, 1): "☑", (2, 1): "□"}
    assert [(note.key, note.arguments["count"]) for note in opened.notes] == [("not-calculated", 1)]


def test_check_boxes_over_cells_are_read_with_their_words():
    data = files.repacked(
        files.excel(A2="関係", D9="x"),
        xl__worksheets___rels__sheet1_dot_xml_dot_rels=RELATION,
        xl__drawings__vmlDrawing1_dot_vml=VML.encode(),
    )
    cells = open_file("a.xlsx", data).sheets[0].cells
    assert cells == {(2, 1): "関係", (2, 2): "☑本人", (2, 3): "□代理人", (3, 1): "☑", (9, 4): "x"}


def test_widths_heights_and_borders_are_kept_and_hidden_ones_are_nothing():
    from openpyxl.styles import Border, Side

    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["B2"], sheet["C3"] = "a", "b", "c"
        sheet.column_dimensions["A"].width = 3
        sheet.column_dimensions["B"].hidden = True
        sheet.row_dimensions[3].height = 30
        sheet["D4"].border = Border(left=Side(style="thin"))

    opened = excel(fill)
    (sheet,) = opened.sheets
    assert sheet.cells == {(1, 1): "a", (3, 3): "c"}
    assert (dict(sheet.widths), dict(sheet.heights)) == ({1: 3.0, 2: 0.0}, {3: 30.0})
    assert sheet.ruled == frozenset({(4, 4)})
    assert [note.key for note in opened.notes] == ["hidden-cells"]


@pytest.mark.parametrize("size", ["1e12", "NaN", "-5", "INF"])
def test_sizes_that_no_sheet_has_are_brought_down(size: str):
    xml = f"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
    <cols><col min="1" max="1" width="{size}" customWidth="1"/></cols><sheetData>
    <row r="1" ht="{size}" customHeight="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>
    </sheetData></worksheet>"""
    opened = open_file("a.xlsx", files.repacked(files.excel(), xl__worksheets__sheet1_dot_xml=xml.encode()))
    assert opened.sheets[0].widths == {1: 255.0}
    assert opened.sheets[0].heights == {1: 409.5}
    assert [page.height < 1_000 for page in draw(opened)] == [True]


def test_comments_and_words_in_shapes_are_told_not_read():
    def fill(sheet: Any) -> None:
        sheet["A1"] = "氏名"
        sheet["A1"].comment = Comment("実は別人", "x")

    opened = excel(fill)
    assert opened.sheets[0].cells == {(1, 1): "氏名"}
    assert [(note.key, dict(note.arguments)) for note in opened.notes] == [("comments", {"count": 1})]
    shape = "<xdr:wsDr><xdr:sp macro=''><a:t>山田</a:t></xdr:sp>"
    shape += "<xdr:sp><a14:compatExt/><a:t>本人</a:t></xdr:sp></xdr:wsDr>"
    shaped = open_file("a.xlsx", files.repacked(files.excel(), xl__drawings__drawing1_dot_xml=shape.encode()))
    assert [(note.key, dict(note.arguments)) for note in shaped.notes] == [("text-in-shapes", {"count": 1})]


def control(about: str, words: str) -> str:
    return (
        f"<w:sdt><w:sdtPr>{about}</w:sdtPr><w:sdtContent><w:r><w:t>{words}</w:t></w:r></w:sdtContent></w:sdt>"
    )


def test_content_controls_give_answers_and_no_prompts():
    ticked = '<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>'
    bare = '<w14:checkbox><w14:checked w14:val="0"/></w14:checkbox>'
    body = (
        control(ticked, "レ")
        + control(bare, "☐")
        + control("", "山田")
        + control("<w:showingPlcHdr/>", "入力してください")
    )
    assert word(body).text == "☑□山田"


def test_old_lists_and_signs_of_fonts():
    entries = "".join(f'<w:listEntry w:val="{one}"/>' for one in ("本人", "代理人"))
    answer = f'<w:ddList><w:result w:val="1"/>{entries}</w:ddList>'
    choice = f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{answer}</w:ffData></w:fldChar></w:r>'
    signs = (("Wingdings", "F0FE"), ("Wingdings", "F0A8"), ("Symbol", "XX"))
    sign = "".join(f'<w:r><w:sym w:font="{font}" w:char="{at}"/></w:r>' for font, at in signs)
    assert word(choice + sign).text == "代理人☑□"


def test_text_boxes_are_read_once_and_stand_outside_of_the_cell_they_cover():
    box = "<w:txbxContent><w:p><w:r><w:t>職員記入欄</w:t></w:r></w:p></w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    both = f"<mc:Choice Requires='wps'>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    both = f"<mc:AlternateContent {mc}>{both}</mc:AlternateContent>"
    cell = f"<w:tc><w:p><w:r><w:t>氏名</w:t></w:r><w:r>{both}</w:r></w:p></w:tc>"
    document = Document()
    document.element.body.insert(0, parse_xml(f"<w:tbl {nsdecls('w')}><w:tr>{cell}</w:tr></w:tbl>"))
    out = io.BytesIO()
    document.save(out)
    opened = open_file("a.docx", out.getvalue())
    assert opened.sheets[0].cells == {(1, 1): "氏名"}
    assert opened.flow == (1, "職員記入欄")


def test_tables_keep_their_order_and_cells_that_go_over_columns_and_rows():
    document = Document()
    document.add_paragraph("前")
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "縦"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "横"
    table.cell(2, 2).text = "隅"
    document.add_paragraph("後\n二行目")
    out = io.BytesIO()
    document.save(out)
    opened = open_file("a.docx", out.getvalue())
    (sheet,) = opened.sheets
    assert sheet.cells == {(1, 1): "縦", (1, 2): "横", (3, 3): "隅"}
    assert set(sheet.merged) == {(1, 1, 2, 1), (1, 2, 1, 3)}
    assert opened.flow == ("前", 1, "後", "二行目")
