"""Answer sheets that come back: as Excel and CSV of every kind that offices send, and what is wrong in them."""

import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.governance.engine.answer_sheet import LARGEST, Answer, Problem, read_answers

CODES = {"a", "own-1"}
HEADER = ["項目コード", "項目", "回答", "点数"]


def as_csv(rows, encoding="utf-8", separator=","):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator).writerows(rows)
    return file.getvalue().encode(encoding)


def as_excel(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_csv_is_read_in_each_encoding(encoding):
    data = as_csv([["件名", "", "", ""], [], HEADER, ["a", "題", "あります①", "3"]], encoding)
    assert read_answers(data, CODES).answers == {"a": Answer(3, "あります①")}


def test_tabs_separate_as_well():
    assert read_answers(as_csv([HEADER, ["a", "", "x", "1"]], "utf-16", "\t"), CODES).answers == {
        "a": Answer(1, "x")
    }


@pytest.mark.parametrize("points", ["３", "3", "3.0", " ３ ", "3点", "３点"])
def test_points_are_read_however_they_are_typed(points):
    assert read_answers(as_csv([HEADER, ["ａ", "", "", points]]), CODES).answers == {"a": Answer(3, "")}


def test_excel_numbers_and_texts_are_read_in_any_order_of_columns():
    data = as_excel([["点数", "回答", "項目コード"], [4, "はい", "a"], ["０", None, "own-1"]])
    assert read_answers(data, CODES).answers == {"a": Answer(4, "はい"), "own-1": Answer(0, "")}


def test_empty_points_are_no_points():
    assert read_answers(as_csv([HEADER, ["a", "", "あとで", ""]]), CODES).answers == {
        "a": Answer(None, "あとで")
    }


def test_every_wrong_cell_is_named_and_nothing_is_taken():
    rows = [
        ["見出しの前"],
        HEADER,
        ["a", "", "よい", "3"],
        ["a", "", "", "2"],
        ["b", "", "", "1"],
        ["own-1", "", "", "5"],
        ["", "", "回答だけ", ""],
        ["", "", "", ""],
    ]
    read = read_answers(as_csv(rows), CODES)
    assert read.answers == {}
    assert read.problems == (
        Problem("twice", 4, "項目コード", "a"),
        Problem("unknown_item", 5, "項目コード", "b"),
        Problem("bad_points", 6, "点数", "5"),
        Problem("no_code", 7, "項目コード"),
    )


@pytest.mark.parametrize("points", ["-1", "4.5", "はい", "４４", "=1+1"])
def test_points_that_are_none_are_told(points):
    [problem] = read_answers(as_csv([HEADER, ["a", "", "", points]]), CODES).problems
    assert (problem.code, problem.row, problem.value) == ("bad_points", 2, points)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no_header"),
        (as_csv([["項目コード", "回答"], ["a", "x"]]), "no_header"),
        (b"PK\x03\x04 damaged", "not_readable"),
        (b"\x80\x81\xfd\xfe\xff", "not_readable"),
        (b" " * (LARGEST + 1), "too_large"),
        (as_csv([HEADER, *(["a", "", "", ""] for _ in range(3000))]), "too_large"),
    ],
)
def test_what_is_no_sheet_is_told_as_a_whole(data, code):
    assert read_answers(data, CODES) == read_answers(data, CODES)
    [problem] = read_answers(data, CODES).problems
    assert (problem.code, problem.row) == (code, None)


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(data):
    read = read_answers(data, CODES)
    assert not (read.answers and read.problems)


texts = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=20).map(str.strip)


@given(st.dictionaries(st.sampled_from(sorted(CODES)), st.tuples(st.none() | st.integers(0, 4), texts)))
def test_csv_gives_back_what_was_written(given_answers):
    rows = [
        [code, "", note, "" if points is None else points] for code, (points, note) in given_answers.items()
    ]
    read = read_answers(as_csv([HEADER, *rows], "utf-8-sig"), CODES)
    assert read.problems == ()
    assert read.answers == {code: Answer(*one) for code, one in given_answers.items()}
