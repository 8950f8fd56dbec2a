"""Lists from Excel and CSV as offices really send them."""

import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from machi.base.engine.tables import Problem, Reader, Row, Table, read_date, read_number, read_table
from machi.base.engine.wareki import wareki


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_csv_is_read_in_every_encoding_that_offices_send(encoding):
    data = "提案の一覧\r\n件名（必須）,期限\r\n髙井窓口,令和7年4月1日\r\n".encode(encoding)
    table = read_table(data, ["件名"], ["期限"])
    assert table == Table(("件名", "期限"), (Row(3, {"件名": "髙井窓口", "期限": "令和7年4月1日"}),))


def test_excel_with_title_and_merged_cells_is_read_as_shown():
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["令和8年度 提案一覧"])
    sheet.append(["町 ※必須", "件名"])
    sheet.append(["厚木市", "窓口"])
    sheet.append([None, "防災"])
    sheet.merge_cells("A3:A4")
    out = io.BytesIO()
    book.save(out)
    table = read_table(out.getvalue(), ["町", "件名"])
    shown = [(row.number, row["町"], row["件名"]) for row in table.rows]
    assert shown == [(3, "厚木市", "窓口"), (4, "厚木市", "防災")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no_header"),
        (b"PK\x03\x04broken", "not_readable"),
        (b"\0\1\2" * 9, "not_readable"),
        (b"a,b\n1,2", "no_header"),
    ],
)
def test_what_is_no_list_is_told_and_not_raised(data, code):
    assert [problem.code for problem in read_table(data, ["件名"]).problems] == [code]


@given(st.binary(max_size=400))
def test_any_bytes_give_a_table_or_problems(data):
    table = read_table(data, ["a"])
    assert not (table.rows and table.problems)


@given(st.dates(date(1926, 12, 25), date(2099, 12, 31)))
def test_dates_are_read_as_they_are_written(day):
    assert read_date(wareki(day)) == read_date(wareki(day, weekday=True)) == day
    assert read_date(day.isoformat()) == read_date(f"{day:%Y/%m/%d}") == day


@pytest.mark.parametrize(
    "text", ["", "来年", "令和7年2月30日", "平成33年1月1日", "2025-13-01", "昭和64年1月8日"]
)
def test_no_date_is_refused(text):
    with pytest.raises(ValueError):
        read_date(text)


def test_numbers_are_read_with_width_commas_and_units():
    shown = ["１，２００円", "¥1,200", "0.12万", "△5", "3.5時間", "1.2億円"]
    assert [read_number(one) for one in shown] == [1200, 1200, 1200, -5, Decimal("3.5"), 120_000_000]


@pytest.mark.parametrize("text", ["", "約3", "1-2", "三", "1,2,x"])
def test_no_number_is_refused(text):
    with pytest.raises(ValueError):
        read_number(text)


def test_every_problem_of_a_row_is_gathered():
    reader = Reader()
    row = Row(4, {"日": "いつか", "数": "九", "町": "", "種": "丙", "率": "120"})
    assert reader.date(row, "日") is None
    assert reader.whole(row, "数") is None
    reader.text(row, "町", required=True)
    assert reader.choice(row, "種", {"甲": 1, "乙": 2}) is None
    assert reader.number(row, "率", most=100) is None
    assert reader.problems == [
        Problem("not_a_date", 4, "日", "いつか"),
        Problem("not_a_number", 4, "数", "九"),
        Problem("missing", 4, "町", ""),
        Problem("not_a_choice", 4, "種", "丙"),
        Problem("out_of_range", 4, "率", "120"),
    ]


def test_choices_are_parted_as_people_part_them():
    reader = Reader()
    row = Row(2, {"技能": "クラウド、ＡＩ; データ分析"})
    assert reader.choices(row, "技能", {"クラウド": "cloud", "AI": "ai", "データ分析": "data"}) == [
        "cloud",
        "ai",
        "data",
    ]
    assert reader.problems == []
