"""Excel workbooks (.xlsx, .xlsm): visible sheets, merged cells laid out, values as they are shown.

What the author hid (sheets, rows, columns) is not read: it was not meant for residents.
"""

import io
import warnings
import zipfile
from pathlib import PurePath

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from machi.frontdesk.engine.reading.cleaning import clean, invisible_removed
from machi.frontdesk.engine.reading.sheet import Grid, tables_of
from machi.frontdesk.engine.reading.tables.read import read_table
from machi.frontdesk.engine.reading.types import (
    ColumnHints,
    Limits,
    Problem,
    ReadDocument,
    ReadResult,
    gettext_noop,
    problem,
)
from machi.language.engine.cell_text import cell_text


def read_excel(name: str, data: bytes, hints: ColumnHints | None, limits: Limits) -> ReadResult:
    """Each table of each visible sheet, read by its kind. Raises what openpyxl raises for a broken file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of charts and styles that are of no use here
        values = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        formulas = openpyxl.load_workbook(io.BytesIO(data), keep_links=False) if _has_formulas(data) else None
    documents: list[ReadDocument] = []
    problems: list[Problem] = []
    read = not_read = 0
    for sheet in values.worksheets:
        place = f"シート「{sheet.title}」"
        if sheet.sheet_state != "visible":
            message = gettext_noop(
                "非表示のシートは読み取っていません。公開するなら表示にして登録してください。"
            )
            problems.append(problem("hidden-sheet", message, "info", place))
            continue
        grid = _grid(sheet, place, limits, problems)
        if formulas is not None:
            problems += _not_calculated(sheet, formulas[sheet.title], place)
        for table in tables_of(grid, PurePath(name).stem, alone=len(values.worksheets) == 1):
            result = read_table(table, hints)
            documents += result.documents
            problems += result.problems
            read, not_read = read + result.read, not_read + result.not_read
    if not documents and not any(found.severity == "error" for found in problems):
        message = gettext_noop(
            "読み取れる表がありませんでした。見出しの行と、1行以上の内容があるか確かめてください。"
        )
        problems.append(problem("no-rows", message, "error"))
        not_read += 1
    return ReadResult(tuple(documents), tuple(problems), "excel", read, not_read)


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheets = (part for part in package.namelist() if part.startswith("xl/worksheets/"))
        return any(b"<f" in package.read(part) for part in sheets)


def _grid(sheet: Worksheet, place: str, limits: Limits, problems: list[Problem]) -> Grid:
    hidden_rows = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    hidden_columns = {
        number
        for column in sheet.column_dimensions.values()
        if column.hidden
        for number in range(column.min or 0, (column.max or 0) + 1)
    }
    cells: dict[tuple[int, int], str] = {}
    removed = beyond = hidden = 0
    # There is no public view of only the cells that exist; the rectangle around them can be immense.
    for (row, column), cell in sheet._cells.items():
        text, count = clean(cell_text(cell.value, cell.number_format or "General"))
        text = text.strip()
        removed += count
        if not text:
            continue
        if row in hidden_rows or column in hidden_columns:
            hidden += 1
        elif row > limits.rows or column > limits.columns:
            beyond += 1
        elif cell.data_type == "e":
            message = gettext_noop("計算のエラー（{value}）のため、このセルは読み取っていません。")
            problems.append(problem("cell-error", message, "error", f"{place}{cell.coordinate}", value=text))
        else:
            cells[row, column] = text
    if removed:
        problems.append(invisible_removed(removed))
    if hidden:
        message = gettext_noop("非表示の行や列にある{count}個のセルは読み取っていません。")
        problems.append(problem("hidden-cells", message, "info", place, count=hidden))
    if beyond:
        message = gettext_noop(
            "行や列が多すぎるため、{count}個のセルを読み取っていません。表を分けてください。"
        )
        problems.append(problem("too-many-cells", message, "error", place, count=beyond))
    merged = tuple(
        (area.min_row, area.min_col, area.max_row, area.max_col) for area in sheet.merged_cells.ranges
    )
    return Grid(sheet.title, place, cells, merged)


def _not_calculated(sheet: Worksheet, formulas: Worksheet, place: str) -> list[Problem]:
    """Formulas whose result was never saved: files made by other programs have none."""
    empty = [
        cell.coordinate
        for at, cell in formulas._cells.items()
        if cell.data_type == "f" and sheet.cell(*at).value is None
    ]
    if not empty:
        return []
    message = gettext_noop(
        "計算結果が保存されていない数式が{count}個あり、読み取っていません（{cells}）。Excelで開いて保存し直してください。"
    )
    return [problem("not-calculated", message, "error", place, count=len(empty), cells="、".join(empty[:5]))]
