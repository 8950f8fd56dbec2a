import datetime
import io
from pathlib import Path

import openpyxl

from machi.frontdesk.engine.reading import Limits, ReadResult, read
from machi.frontdesk.engine.reading.excel import read_excel


def moment(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime.datetime:
    """Spreadsheets know no time zones."""
    return datetime.datetime(year, month, day, hour, minute)  # noqa: DTZ001


def workbook(*sheets: tuple[str, list[list[object]]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    for title, rows in sheets:
        added = book.create_sheet(title)
        for row in rows:
            added.append(row)
    return book


def data_of(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_book(book: openpyxl.Workbook, limits: Limits | None = None) -> ReadResult:
    """In this process: the child of `read` is tested below and with bad input."""
    return read_excel("料金.xlsx", data_of(book), None, limits or Limits())


def test_a_workbook_is_read_in_a_child_process() -> None:
    result = read("faq.xlsx", data_of(workbook(("Sheet1", [["質問", "回答"], ["休みは？", "月曜。"]]))))
    [document] = result.documents
    assert (result.kind, result.read, result.not_read, result.problems) == ("excel", 1, 0, ())
    assert (document.title, document.place) == ("休みは？", "シート「Sheet1」2行目")


def test_several_sheets_give_several_documents() -> None:
    book = workbook(
        ("夏", [["施設名", "時間"], ["プール", "9時"]]), ("冬", [["施設名", "時間"], ["スキー場", "8時"]])
    )
    assert [document.title for document in read_book(book).documents] == ["夏", "冬"]


def test_merged_cells_reach_every_row_and_column_they_cover() -> None:
    book = workbook(
        (
            "Sheet1",
            [
                ["市民プール利用料金", None, None, None],
                ["区分", "料金", None, "備考"],
                [None, "大人", "子ども", None],
                ["平日", 500, 200, "身分証が要ります"],
                ["平日夜", 300, 100, None],
            ],
        )
    )
    sheet = book["Sheet1"]
    for area in ("A1:D1", "A2:A3", "B2:C2", "D2:D3", "D4:D5"):
        sheet.merge_cells(area)
    [document] = read_book(book).documents
    assert document.title == "市民プール利用料金"
    assert [block.text for block in document.blocks] == [
        "区分: 平日\n料金 大人: 500\n料金 子ども: 200\n備考: 身分証が要ります",
        "区分: 平日夜\n料金 大人: 300\n料金 子ども: 100\n備考: 身分証が要ります",
    ]
    assert [block.place for block in document.blocks] == ["シート「Sheet1」4行目", "シート「Sheet1」5行目"]


def test_tables_apart_are_read_apart() -> None:
    rows: list[list[object]] = [
        ["質問", "回答"],
        ["休みは？", "月曜。"],
        [],
        [],
        [],
        ["施設名", "時間"],
        ["プール", "9時"],
    ]
    assert [document.title for document in read_book(workbook(("Sheet1", rows))).documents] == [
        "休みは？",
        "料金",
    ]


def test_what_the_author_hid_is_not_read_and_said_so() -> None:
    book = workbook(
        ("公開", [["施設名", "時間", "内線"], ["プール", "9時", "1234"], ["下書き", "8時", "1"]]),
        ("内部", [["秘密"]]),
    )
    book["内部"].sheet_state = "hidden"
    book["公開"].row_dimensions[3].hidden = True
    book["公開"].column_dimensions["C"].hidden = True
    result = read_book(book)
    text = "\n".join(block.text for document in result.documents for block in document.blocks)
    assert text == "プール\n時間: 9時"
    assert [(found.place, found.code) for found in result.problems] == [
        ("シート「公開」", "hidden-cells"),
        ("シート「内部」", "hidden-sheet"),
    ]


def test_formulas_without_a_saved_result_and_errors_are_reported() -> None:
    book = workbook(("Sheet1", [["品目", "料金", "税込"], ["いす", 100, "=B2*1.1"], ["机", "#REF!", 5]]))
    result = read_book(book)
    assert [(found.place, found.code, found.severity) for found in result.problems] == [
        ("シート「Sheet1」B3", "cell-error", "error"),
        ("シート「Sheet1」", "not-calculated", "error"),
    ]
    assert "C2" in result.problems[1].message


def test_saved_results_of_formulas_are_read() -> None:
    data = (Path(__file__).parent / "calculated.xlsx").read_bytes()
    [document] = read_excel("料金.xlsx", data, None, Limits()).documents
    assert document.blocks[-1].text == "料金: 800"


def test_a_stray_cell_far_away_costs_nothing() -> None:
    book = workbook(("Sheet1", [["施設名", "時間"], ["プール", "9時"]]))
    book["Sheet1"].cell(1_048_576, 16_384).value = "迷子"
    result = read_book(book)
    assert [document.blocks[1].text for document in result.documents] == ["時間: 9時"]
    assert [found.code for found in result.problems] == ["too-many-cells"]
