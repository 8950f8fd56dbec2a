"""Forms that came as Excel, Word, mail or text give the values that stand beside their labels."""

import io
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from machi.casework.engine.intake import open_file
from machi.casework.engine.intake_types import Opened, Sheet
from machi.casework.engine.procedures import Procedure, load
from machi.casework.engine.read_cells import DOUBTED, SURE, UNSURE, read
from machi.casework.engine.types import FormReading
from tests.casework.engine import intake_files

FOLDER = Path(str(files("machi.casework"))) / "data/procedures"
VALUES = {
    "filed_on": ("令和8年11月28日", "2026-11-28"),
    "requester_kana": ("ﾔﾏﾀﾞ ﾊﾅｺ", "ヤマダ　ハナコ"),
    "requester_birth": ("H4.5.6", "1992-05-06"),
    "requester_name": ("山田 花子", "山田　花子"),
    "requester_postal_code": ("〒243-8511", "243-8511"),
    "requester_telephone": ("０４６－２２３－１５１１", "046-223-1511"),
    "requester_address": ("神奈川県厚木市中町３－１７－１７", "神奈川県厚木市中町3-17-17"),
    "relation": ("☑本人　□同じ世帯の人　□代理人　□その他", "self"),
    "subject_name": ("山田 太郎", "山田　太郎"),
    "subject_birth": ("平成30年1月2日", "2018-01-02"),
    "subject_address": ("厚木市中町3-17-17", "厚木市中町3-17-17"),
    "certificate": ("世帯全員の写し", "all"),
    "copies": ("2通", "2"),
    "items": ("□続柄　☑本籍・筆頭者　□個人番号　■住民票コード", "domicile,code"),
    "purpose": ("免許の更新", "免許の更新"),
    "fee": ("金六百円", "600"),
    "envelope": ("☑", "1"),
    "identity_enclosed": ("□", ""),
    "signature": ("山田", "1"),
}


@cache
def procedure(key: str = "residence-certificate-by-post") -> Procedure:
    return load(FOLDER / key)


def rows() -> list[tuple[str, str]]:
    """Labels as they are printed, with what was written."""
    form = procedure().forms[0]
    return [(one.anchors[0], VALUES[one.key][0]) for one in form.fields if one.key in VALUES]


def told(readings: list[FormReading]) -> dict[str, str]:
    (reading,) = readings
    assert reading.form == procedure().forms[0].key
    return {key: one.value for key, one in reading.fields.items() if key in VALUES}


EXPECTED = {key: value for key, (_raw, value) in VALUES.items()}


def excel(across: int) -> bytes:
    """The form as a sheet with so many pairs of label and value in a row."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = procedure().forms[0].title
    for number, (label, value) in enumerate(rows()):
        row, column = 3 + number // across, 1 + number % across * 3
        sheet.cell(row, column, label)
        sheet.cell(row, column + 1, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("across", [1, 2])
def test_excel(across: int):
    readings = read(open_file("a.xlsx", excel(across)), procedure().forms)
    assert told(readings) == EXPECTED
    assert {one.engine for one in readings[0].fields.values()} == {"sheet"}
    fields = readings[0].fields
    assert (fields["purpose"].confidence, fields["subject_name"].confidence) == (SURE, UNSURE)


def test_word_tables():
    document = Document()
    document.add_heading(procedure().forms[0].title)
    for half in (rows()[:8], rows()[8:]):
        table = document.add_table(rows=len(half), cols=2)
        for number, pair in enumerate(half):
            table.cell(number, 0).text, table.cell(number, 1).text = pair
    out = io.BytesIO()
    document.save(out)
    assert told(read(open_file("a.docx", out.getvalue()), procedure().forms)) == EXPECTED


@pytest.mark.parametrize("pattern", ["{}：{}", "【{}】{}", "・{}: {}"])
def test_mails_and_texts(pattern: str):
    text = "住民票を請求します。\n" + "\n".join(pattern.format(*pair) for pair in rows())
    assert told(read(open_file("a.eml", intake_files.mail(body=text)), procedure().forms)) == EXPECTED
    assert told(read(open_file("a.txt", text.encode()), procedure().forms)) == EXPECTED


def test_mails_in_html():
    table = "".join(f"<tr>\n <td>{label}</td>\n <td>{value}</td>\n</tr>" for label, value in rows())
    mail = intake_files.mail(body="", html=f"<html><body><p>請求</p><table>{table}</table></body></html>")
    assert told(read(open_file("a.eml", mail), procedure().forms)) == EXPECTED


def test_values_below_their_labels():
    cells = {}
    for number, (label, value) in enumerate(rows()):
        cells[1 + number // 5 * 3, 1 + number % 5] = label
        cells[2 + number // 5 * 3, 1 + number % 5] = value
    opened = Opened("a.xlsx", "excel", "", 0, sheets=(Sheet("x", cells),))
    assert told(read(opened, procedure().forms)) == EXPECTED


def test_each_sheet_may_be_a_form_and_another_file_is_none():
    one = open_file("a.xlsx", excel(1)).sheets[0]
    twice = Opened("a.xlsx", "excel", "", 0, sheets=(one, Sheet("備考", {(1, 1): "なし"}), one))
    assert len(read(twice, procedure().forms)) == 2
    assert read(open_file("a.xlsx", excel(1)), procedure("park-event-permit").forms) == []
    assert read(open_file("a.txt", "氏名: 山田".encode()), procedure().forms) == []
    assert (
        read(open_file("a.txt", "氏名: 山田\n生年月日: H1.1.8\n住所: 厚木市1-1".encode()), procedure().papers)
        == []
    )
    both = (*procedure().papers, *procedure().forms)
    assert [one.form for one in read(open_file("a.xlsx", excel(1)), both)] == [procedure().key]
    assert read(open_file("a.png", intake_files.picture()), procedure().forms) == []


def test_a_choice_in_other_words_is_doubted():
    text = "\n".join(f"{label}: {'友人' if '関係' in label else value}" for label, value in rows())
    field = read(open_file("a.txt", text.encode()), procedure().forms)[0].fields["relation"]
    assert (field.value, field.doubts, field.confidence) == ("", ("not-a-mark",), 0.5)


def test_addresses_are_held_against_the_register():
    text = "\n".join(f"{label}: {value.replace('厚木市', '厚本市')}" for label, value in rows())
    field = read(open_file("a.txt", text.encode()), procedure().forms)[0].fields["requester_address"]
    assert (field.doubts, field.confidence) == (("no-such-town",), DOUBTED)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("□本人☑代理人", "agent"),
        ("本人□　代理人☑", "agent"),
        ("○本人　同じ世帯の人　代理人", "self"),
        ("○本人　○同じ世帯の人　○代理人　○その他", ""),
        ("□本人　□代理人", ""),
        ("代理人", "agent"),
        ("agent", "agent"),
        ("本人、代理人", "self,agent"),
        ("", ""),
    ],
)
def test_choices_however_they_are_marked(written: str, value: str):
    text = "\n".join(f"{label}: {written if '関係' in label else value}" for label, value in rows())
    assert read(open_file("a.txt", text.encode()), procedure().forms)[0].fields["relation"].value == value


def test_papers_are_read_by_their_labels_for_the_rules_across_documents():
    text = "委任状\n委任者：山田　太郎\n代理人：佐藤　一\n"
    (reading,) = read(open_file("a.txt", text.encode()), procedure().papers)
    assert reading.form == "proxy"
    assert [one.label for one in procedure().papers[1].fields] == ["委任状：委任者", "委任状：代理人"]
    assert {key: one.value for key, one in reading.fields.items()} == {
        "principal": "山田　太郎",
        "agent": "佐藤　一",
    }


@given(st.dictionaries(st.tuples(st.integers(1, 9), st.integers(1, 9)), st.text(max_size=12), max_size=20))
def test_any_cells_are_read_without_an_error(cells: dict[tuple[int, int], str]):
    opened = Opened("a.xlsx", "excel", "", 0, sheets=(Sheet("x", cells),), text="\n".join(cells.values()))
    for reading in read(opened, (*procedure().forms, *procedure().papers)):
        assert all(0 < one.confidence < 1 for one in reading.fields.values())
