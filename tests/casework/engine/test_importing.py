"""Files of other systems: read whatever their kind and however people typed into them, or told what is wrong."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from machi.casework.engine.importing import Line, read
from machi.casework.engine.output import ERRORS, Mapping, Problem, read_mapping

COLUMNS = [
    {"title": "番号", "field": "n", "format": "number"},
    {"title": "氏名", "field": "name", "required": True},
    {"title": "生年月日", "field": "birth", "format": "date"},
    {"title": "電話", "field": "phone", "format": "digits"},
    {"title": "区分", "field": "kind", "codes": {"a": "1", "b": "2"}},
]
HEAD = [str(one["title"]) for one in COLUMNS]
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def mapping(**changed: object) -> Mapping:
    return read_mapping(json.dumps({"key": "k.x", "title": "t", "columns": COLUMNS, **changed}))


def excel(*lines: Sequence[object], merged: Sequence[str] = ()) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for line in lines:
        sheet.append(list(line))
    for one in merged:
        sheet.merge_cells(one)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**6).map(str),
            st.text("山田花子髙一二ァアー", min_size=1, max_size=5),
            st.dates().map(str),
            st.text("0123456789", min_size=1, max_size=11),
            st.sampled_from(["a", "b", ""]),
        ),
        min_size=1,
        max_size=4,
    ),
    st.permutations(range(5)),
    st.sampled_from([None, "utf-8", "utf-8-sig", "cp932"]),
    st.booleans(),
)
def test_what_stands_in_a_table_is_read_whatever_holds_it(
    rows: list[tuple[str, ...]], order: list[int], encoding: str | None, wide: bool
) -> None:
    codes = {"a": "1", "b": "2", "": ""}
    typed = [
        [
            (cell.translate(WIDE) if wide and at in (0, 2, 3) else cell)
            for at, cell in enumerate((*row[:4], codes[row[4]]))
        ]
        for row in rows
    ]
    lines = [[line[place] for place in order] for line in [HEAD, *typed]]
    if encoding is None:
        data = excel(["一覧"], *lines)
    else:
        data = "".join(",".join(line) + "\r\n" for line in lines).encode(encoding)
    found = read(mapping(encoding="cp932" if encoding == "cp932" else "utf-8-sig"), data)
    assert found.report.errors == ()
    names = [str(one["field"]) for one in COLUMNS]
    assert [dict(one) for one in found.rows] == [dict(zip(names, row, strict=True)) for row in rows]


@given(st.binary(max_size=300))
def test_any_bytes_that_call_themselves_excel_are_read_or_refused(data: bytes) -> None:
    found = read(mapping(), b"PK\x03\x04" + data)
    assert {one.key for one in found.report.errors} <= set(ERRORS)
    assert found.report.errors


def test_rows_are_counted_as_a_spreadsheet_counts() -> None:
    data = "番号,氏名,生年月日,電話,区分\r\n\r\n1,花,,,\r\n,,,,\r\n2,,,,\r\n"
    found = read(mapping(), data.encode())
    assert [one.number for one in found.lines] == [3, 5]
    assert found.report.errors == (Problem("empty-required", 5, "氏名"),)
    table = excel([], ["題"], HEAD, ["1", "花", "", "", ""], ["", None, "", "", ""], ["2", "", "", "", ""])
    found = read(mapping(), table)
    assert [one.number for one in found.lines] == [4, 6]
    assert found.report.errors == (Problem("empty-required", 6, "氏名"),)


def test_line_keeps_what_stood_there_where_it_is_wrong() -> None:
    found = read(mapping(), "番号,氏名,生年月日,電話,区分\n1,花,昨日,,9\n".encode())
    assert found.rows == ()
    (line,) = found.lines
    assert line == Line(
        2,
        {"番号": "1", "氏名": "花", "生年月日": "昨日", "電話": "", "区分": "9"},
        {"n": "1", "name": "花", "birth": "", "phone": "", "kind": ""},
    )
    assert found.report.errors == (
        Problem("not-of-format", 2, "生年月日", "date"),
        Problem("not-a-code", 2, "区分", "9"),
    )


def test_titles_are_known_without_blanks_width_and_marks_and_only_once() -> None:
    data = "番　号,氏名※必須,生年月日,電話,区分\n1,花,,,\n"
    assert [one["name"] for one in read(mapping(), data.encode()).rows] == ["花"]
    twice = read(mapping(), "番号,氏名,氏名,生年月日,電話\n1,a,b,,\n".encode())
    assert twice.report.errors == (
        Problem("column-twice", column="氏名"),
        Problem("wrong-columns", column="区分"),
    )
    told = read(mapping(), excel(["一覧"], HEAD[:3], ["1", "花", ""]))
    assert told.report.errors == tuple(Problem("wrong-columns", column=title) for title in HEAD[3:])


@pytest.mark.parametrize(
    "text", ["2026/11/30 9:05", "2026-11-30T09:05:01.5", "令和8年11月30日　09:05", "２０２６．１１．３０"]
)
def test_day_is_read_however_it_is_written(text: str) -> None:
    found = read(mapping(), f"番号,氏名,生年月日,電話,区分\n1,花,{text},,\n".encode())
    assert [one["birth"] for one in found.rows] == ["2026-11-30"]


def test_utf8_file_is_read_by_a_mapping_that_says_cp932() -> None:
    data = "番号,氏名,生年月日,電話,区分\n1,花子,,,\n"
    assert [one["name"] for one in read(mapping(encoding="cp932"), data.encode()).rows] == ["花子"]


def test_merged_cells_have_what_is_shown() -> None:
    table = excel(HEAD, ["1", "花子", "", "", "1"], ["2", None, "", "", "2"], merged=["B2:B3"])
    assert [one["name"] for one in read(mapping(), table).rows] == ["花子", "花子"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", "何か".encode(), b"\xff\xfe\x00\x01" * 9])
def test_file_that_is_no_table_is_told(data: bytes) -> None:
    found = read(mapping(), data)
    assert found.lines == ()
    assert found.report.errors
