"""Forms that came as Excel, Word, mail or text give the values that stand beside their labels."""

import io
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from machi.casework.engine.intake import open_file
from machi.casework.engine.intake_types import Opened, Sheet
from machi.casework.engine.procedures import Procedure, load
from machi.casework.engine.read_cells import DOUBTED, SURE, UNSURE, read
from machi.casework.engine.types import FieldReading, FormReading, Spot
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


PLACES = st.tuples(st.integers(1, 9), st.integers(1, 9))
LABELS = st.sampled_from(
    ["氏名", "住所：", "フリガナ", "☑", "□", "請求する人", "1 電話番号", "令和", "8", "年", "住所　厚木市"]
)


@given(
    st.dictionaries(PLACES, st.text(max_size=12) | LABELS, max_size=40),
    st.lists(st.tuples(PLACES, st.integers(0, 3), st.integers(0, 3)), max_size=5),
    st.sampled_from(["excel", "word"]),
)
def test_any_cells_are_read_without_an_error_each_from_a_place_of_its_own(
    cells: dict[tuple[int, int], str],
    spans: list[tuple[tuple[int, int], int, int]],
    kind: Literal["excel", "word"],
):
    merged = tuple((row, column, row + down, column + across) for (row, column), down, across in spans)
    for form in (*procedure().forms, *procedure("child-allowance-change").forms, *procedure().papers):
        sheet = Sheet("x", {(10, 1): form.title, **cells}, merged)
        opened = Opened("a", kind, "", 0, sheets=(sheet,), text="\n".join(cells.values()))
        for reading in read(opened, [form]):
            for one in reading.fields.values():
                assert 0 < one.confidence < 1
                assert one.spot is not None
                assert one.spot.cells[:2] <= one.spot.cells[2:]


# Forms as towns lay them out


def sheet_of(cells: dict[tuple[int, int], str], *merged: tuple[int, int, int, int]) -> Opened:
    titled = {(1, 1): procedure().forms[0].title, **cells}
    return Opened("a.xlsx", "excel", "", 0, sheets=(Sheet("申請書", titled, merged),))


def fields_of(opened: Opened, key: str = "residence-certificate-by-post") -> Mapping[str, FieldReading]:
    (reading,) = read(opened, procedure(key).forms)
    return reading.fields


FILLER = {(20 + at, 1): label for at, label in enumerate(("請求日", "使いみち", "手数料", "載せる事項"))}


def test_a_value_keeps_its_cell_and_its_label():
    one = fields_of(sheet_of({**FILLER, (3, 1): "通数", (3, 3): "2通"}, (3, 1, 4, 2), (3, 3, 4, 6)))["copies"]
    assert (one.value, one.spot) == ("2", Spot("sheet", 1, "申請書", (3, 3, 4, 6)))
    assert one.label_spot == Spot("sheet", 1, "申請書", (3, 1, 4, 2))


def test_graph_paper_is_read_across_its_many_narrow_columns():
    others = {place: text for place, text in FILLER.items() if text != "使いみち"}
    cells = {**others, (3, 1): "使用目的", (3, 16): "免許の更新"}
    assert fields_of(sheet_of(cells, (3, 1, 3, 15)))["purpose"].value == "免許の更新"


@pytest.mark.parametrize(
    ("label", "field", "pieces", "value"),
    [
        ("郵便番号", "requester_postal_code", "2|4|3|-|8|5|1|1", "243-8511"),
        ("請求日", "filed_on", "令和|8|年|1|1|月|2|8|日", "2026-11-28"),
        ("昼間の電話", "requester_telephone", "046|（|223|）|1511", "046-223-1511"),
        ("通数", "copies", "1|2|通", "12"),
        ("手数料", "fee", "金|600|円", "600"),
        ("通数", "copies", "2|（うち子ども）|1", "2"),
    ],
)
def test_a_value_in_pieces_is_put_together(label: str, field: str, pieces: str, value: str):
    cells = {(30, 2 + at): piece for at, piece in enumerate(pieces.split("|"))}
    others = {place: text for place, text in FILLER.items() if text != label}
    assert fields_of(sheet_of({**others, (30, 1): label, **cells}))[field].value == value


@pytest.mark.parametrize("printed", ["令和　　年　　月　　日", "〒　　　－", "円", "㊞", "（　　）　　－"])
def test_what_a_form_prints_is_not_taken_for_an_answer(printed: str):
    for label, field in (("請求日", "filed_on"), ("手数料", "fee")):
        others = {place: text for place, text in FILLER.items() if text != label}
        one = fields_of(sheet_of({**others, (30, 1): label, (30, 2): printed}))[field]
        assert (one.raw, one.value, one.doubts) == ("", "", ())


def test_labels_with_numbers_notes_and_set_apart_letters():
    cells = {
        (3, 1): "１．使い　みち",
        (3, 2): "旅券",
        (4, 1): "(2) 通　　数（注1）",
        (4, 2): "3",
        (5, 1): "・請求日\n（西暦）",
        (5, 2): "2026/11/28",
    }
    found = fields_of(sheet_of({**cells, (6, 1): "手数料※", (6, 2): "300"}))
    assert {key: one.value for key, one in found.items()} == {
        "purpose": "旅券",
        "copies": "3",
        "filed_on": "2026-11-28",
        "fee": "300",
    }


def test_a_label_and_its_value_in_one_cell_or_line():
    text = "請求日：2026/11/28　　通数：2\n使いみち\t旅券\n住所　　厚木市中町3-17-17\n手数料 300円"
    document = Opened(
        "a.docx", "word", "", 0, text=text, flow=(procedure().forms[0].title, *text.split("\n"))
    )
    found = fields_of(document)
    assert (found["filed_on"].value, found["copies"].value, found["purpose"].value) == (
        "2026-11-28",
        "2",
        "旅券",
    )
    assert (found["requester_address"].value, found["fee"].value) == ("厚木市中町3-17-17", "300")
    assert found["copies"].spot == found["filed_on"].spot == Spot("line", 2)
    assert found["fee"].spot == Spot("line", 5)


def test_boxes_before_their_words():
    cells = {
        (3, 1): "☑",
        (3, 2): "返信用封筒（切手を貼ったもの）",
        (3, 3): "□",
        (3, 4): "本人確認書類の写し",
        (4, 1): "☑ 委任状（代理人のとき）",
    }
    found = fields_of(sheet_of({**FILLER, **cells}))
    values = {key: found[key].value for key in ("envelope", "identity_enclosed", "proxy_enclosed")}
    assert values == {"envelope": "1", "identity_enclosed": "", "proxy_enclosed": "1"}
    assert found["envelope"].spot == Spot("sheet", 1, "申請書", (3, 1, 3, 1))


def test_options_in_cells_of_their_own_and_in_rows_below():
    cells = {
        (3, 1): "必要な人との関係",
        (3, 2): "□",
        (3, 3): "本人",
        (4, 2): "☑",
        (4, 3): "代理人",
        (6, 1): "備考",
    }
    one = fields_of(sheet_of({**FILLER, **cells}))["relation"]
    assert (one.value, one.spot) == ("agent", Spot("sheet", 1, "申請書", (3, 2, 4, 3)))


def test_labels_under_their_headings_and_a_column_for_several_children():
    form = procedure("child-allowance-change").forms[0]
    cells = {
        (1, 1): form.title,
        (2, 1): "１　受給している人",
        (3, 1): "氏名",
        (3, 2): "山田 花子",
        (4, 1): "生年月日",
        (4, 2): "H4.5.6",
        (5, 1): "【対象の児童】",
        (6, 2): "生年月日",
        (6, 3): "続柄",
        (7, 1): "児童1の氏名",
        (7, 2): "R2.1.2",
        (7, 3): "子",
        (8, 2): "R4.3.4",
        (9, 1): "配偶者",
        (10, 1): "生年月日",
        (10, 2): "H3.2.1",
        (11, 1): "電話",
        (12, 1): "個人番号",
    }
    opened = Opened("a.xlsx", "excel", "", 0, sheets=(Sheet("申請書", cells),))
    found = fields_of(opened, form.key)
    values = {key: one.value for key, one in found.items() if key.endswith("_birth")}
    assert values == {
        "applicant_birth": "1992-05-06",
        "child1_birth": "2020-01-02",
        "child2_birth": "2022-03-04",
        "child3_birth": "",
        "spouse_birth": "1991-02-01",
    }
    assert found["child1_name"].value == ""
    assert found["child2_birth"].spot == Spot("sheet", 1, "申請書", (8, 2, 8, 2))
    assert all(not one.doubts for key, one in found.items() if key.endswith("_birth"))


def test_a_label_more_or_less_often_than_the_form_has_it_is_doubted():
    cells = {(3, 1): "氏名", (3, 2): "山田 花子"}
    one = fields_of(sheet_of({**FILLER, **cells}))["requester_name"]
    assert (one.value, one.doubts, one.confidence) == ("山田　花子", ("which-label",), DOUBTED)


def test_a_label_that_is_left_out_does_not_move_the_others():
    """Of two 氏名 the second is left out of one file and the first of another; the labels around it tell which."""
    before, after = {(3, 1): "フリガナ", (5, 1): "必要な人との関係"}, {(7, 1): "種類", (8, 1): "通数"}
    first = fields_of(sheet_of({**before, **after, (4, 1): "氏名", (4, 2): "山田 花子"}))
    second = fields_of(sheet_of({**before, **after, (6, 1): "氏名", (6, 2): "山田 花子"}))
    assert (first["requester_name"].value, "subject_name" in first) == ("山田　花子", False)
    assert (second["subject_name"].value, "requester_name" in second) == ("山田　花子", False)
    assert first["requester_name"].doubts == second["subject_name"].doubts == ("which-label",)


def test_further_words_beside_a_value_are_doubted_and_notes_are_not():
    cells = {(3, 1): "使いみち", (3, 2): "旅券", (3, 3): "と年金"}
    others = {place: text for place, text in FILLER.items() if text != "使いみち"}
    assert fields_of(sheet_of({**others, **cells}))["purpose"].doubts == ("more-beside",)
    cells[3, 3] = "※詳しく"
    assert fields_of(sheet_of({**others, **cells}))["purpose"].doubts == ()


def test_family_and_given_name_in_cells_of_their_own_go_to_a_person():
    cells = {(3, 1): "請求者氏名", (3, 2): "山田", (3, 3): "花子", (3, 4): "㊞"}
    one = fields_of(sheet_of({**FILLER, **cells}))["requester_name"]
    assert (one.value, one.doubts) == ("山田　花子", ("more-beside",))
    assert one.spot == Spot("sheet", 1, "申請書", (3, 2, 3, 3))


@pytest.mark.parametrize(
    ("label", "field", "letters", "value"),
    [
        ("使いみち", "purpose", "旅|券|の|申|請", "旅券の申請"),
        ("フリガナ", "requester_kana", "ヤ|マ|ダ||ハ|ナ", "ヤマダ　ハナ"),
    ],
)
def test_a_cell_for_each_letter(label: str, field: str, letters: str, value: str):
    cells = {(3, 2 + at): letter for at, letter in enumerate(letters.split("|")) if letter}
    others = {place: text for place, text in FILLER.items() if text != label}
    one = fields_of(sheet_of({**others, (3, 1): label, **cells}))[field]
    assert (one.value, one.doubts) == (value, ())
    assert one.spot == Spot("sheet", 1, "申請書", (3, 2, 3, 1 + len(letters.split("|"))))


def test_a_list_of_several_applications_is_said_and_goes_to_a_person():
    heads = ("請求日", "使いみち", "手数料", "通数")
    rows = (("R8.11.1", "旅券", "300", "1"), ("R8.11.2", "年金", "600", "2"))
    cells = {(2, 1 + at): head for at, head in enumerate(heads)}
    cells |= {(3 + row, 1 + at): text for row, texts in enumerate(rows) for at, text in enumerate(texts)}
    found = fields_of(sheet_of(cells))
    assert {key: (one.value, one.doubts) for key, one in found.items()} == {
        "filed_on": ("2026-11-01", ("more-rows",)),
        "purpose": ("旅券", ("more-rows",)),
        "fee": ("300", ("more-rows",)),
        "copies": ("1", ("more-rows",)),
    }


def test_an_empty_field_has_the_cell_in_which_it_would_stand():
    one = fields_of(sheet_of({**FILLER, (3, 1): "通数"}, (3, 1, 3, 2)))["copies"]
    assert (one.raw, one.spot) == ("", Spot("sheet", 1, "申請書", (3, 3, 3, 3)))
