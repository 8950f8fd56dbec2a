"""The Excel files of a procurement check: list of requirements, answer sheet for vendors, table of scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from machi.governance.engine.answer_sheet import CODE, NOTE, POINTS, Answer
from machi.governance.engine.procurement import Asked
from machi.governance.engine.scoring import Criterion, Result

_HEADER = Font(bold=True, color="FFFFFF")
_FILL = PatternFill("solid", start_color="0017C1")
_OPEN = PatternFill("solid", start_color="FFF9DB")
"""Cells to be filled in."""
_LINE = Border(*(Side(style="thin", color="B4B4B4"),) * 4)
_WRAP = Alignment(wrap_text=True, vertical="top")


def requirements_book(title: str, asked: Sequence[Asked]) -> bytes:
    """Everything asked, with criterion, question and clause, as .xlsx."""
    book, sheet = _book(_("要件一覧"))
    _head(sheet, title, "")
    columns = {
        CODE: 22, _("区分"): 8, _("項目"): 24, _("要件"): 50, _("重み"): 8, _("評価の観点"): 40,
        _("事業者への質問"): 40, _("契約の条項"): 50, _("よりどころ"): 40,
    }  # fmt: skip
    _columns(sheet, columns)
    for one in asked:
        values = (
            one.code, _kind(one), one.title, one.requirement, float(one.weight), one.criterion, one.question,
            one.clause, one.follows,
        )  # fmt: skip
        _row(sheet, values)
    return _saved(book)


def answer_sheet(
    title: str, asked: Sequence[Asked], vendor: str = "", answers: Mapping[str, Answer] | None = None
) -> bytes:
    """The sheet that vendors fill in and that is read back (``engine.answer_sheet``), as .xlsx."""
    book, sheet = _book(_("回答用紙"))
    _head(
        sheet,
        title,
        _("色の付いた欄に記入してください。項目コードと列の名前は変えないでください。点数は0から4です。"),
    )
    if vendor:
        _text(sheet.cell(3, 1), _("事業者: %(name)s") % {"name": vendor})
    columns = {
        CODE: 22, _("区分"): 8, _("項目"): 24, _("要件"): 50, _("事業者への質問"): 40, _("評価の観点"): 40,
        _("重み"): 8, NOTE: 50, POINTS: 8,
    }  # fmt: skip
    _columns(sheet, columns)
    first = sheet.max_row + 1
    for one in asked:
        known = (answers or {}).get(one.code, Answer(None, ""))
        values = (
            one.code, _kind(one), one.title, one.requirement, one.question, one.criterion, float(one.weight),
            known.note, known.points,
        )  # fmt: skip
        _row(sheet, values)
        for column in (8, 9):
            sheet.cell(sheet.max_row, column).fill = _OPEN
    only = DataValidation(type="whole", operator="between", formula1="0", formula2="4", allow_blank=True)
    only.error = _("点数は0から4までの整数です。")
    sheet.add_data_validation(only)
    only.add(f"I{first}:I{max(first, sheet.max_row)}")
    return _saved(book)


def scores_book(
    title: str,
    criteria: Sequence[Criterion],
    titles: Mapping[str, str],
    vendors: Mapping[str, tuple[str, int | None]],
    points: Mapping[str, Mapping[str, int]],
    result: Result,
    outs: Mapping[str, Sequence[str]],
) -> bytes:
    """Points and scores of all vendors side by side, as .xlsx.

    ``titles`` of the criteria and ``vendors`` (name, price in yen) by key; ``points`` by vendor, then criterion;
    ``outs``: why a vendor is not ranked, in words.
    """
    book, sheet = _book(_("採点表"))
    _head(sheet, title, "")
    names = [vendors[one.vendor][0] for one in result.scores]
    wide = {CODE: 22, _("項目"): 30, _("区分"): 8, _("重み"): 8}
    _columns(sheet, wide | {f"{_('点数')}: {name}": 14 for name in names})
    for criterion in criteria:
        marks = [points[one.vendor].get(criterion.key) for one in result.scores]
        must = _("必須") if criterion.must else _("任意")
        _row(sheet, (criterion.key, titles[criterion.key], must, float(criterion.weight), *marks))
    for label, values in (
        (_("技術点"), [_number(one.quality) for one in result.scores]),
        (_("価格（円、税込）"), [vendors[one.vendor][1] for one in result.scores]),
        (_("価格点"), [_number(one.price) for one in result.scores]),
        (_("評価値"), [_number(one.value) for one in result.scores]),
        (_("順位"), [one.rank for one in result.scores]),
        (_("対象外の理由"), ["、".join(outs.get(one.vendor, ())) for one in result.scores]),
    ):
        _row(sheet, ("", label, "", None, *values))
        for cell in sheet[sheet.max_row]:
            cell.font = Font(bold=True)
    return _saved(book)


def _book(name: str) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = name
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    return book, sheet


def _head(sheet: Worksheet, title: str, note: str) -> None:
    _text(sheet.cell(1, 1), title).font = Font(bold=True, size=14)
    _text(sheet.cell(2, 1), note)


def _columns(sheet: Worksheet, columns: Mapping[str, int]) -> None:
    """The header, two rows below what stands above, and the widths in letters."""
    row = 5
    for number, (name, width) in enumerate(columns.items(), 1):
        cell = _text(sheet.cell(row, number), name)
        cell.font, cell.fill, cell.alignment, cell.border = _HEADER, _FILL, _WRAP, _LINE
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = f"D{row + 1}"
    sheet.print_title_rows = f"{row}:{row}"


def _row(sheet: Worksheet, values: Sequence[str | int | float | None]) -> None:
    row = sheet.max_row + 1
    for number, value in enumerate(values, 1):
        cell = sheet.cell(row, number)
        if isinstance(value, str):
            _text(cell, value)
        else:
            cell.value = value
            if isinstance(value, float):
                cell.number_format = "#,##0.00"
            elif isinstance(value, int):
                cell.number_format = "#,##0"
        cell.alignment, cell.border = _WRAP, _LINE


def _text(cell: Any, text: str) -> Any:
    """A text, never a formula, whatever it begins with."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    if cell.value:
        cell.data_type = "s"
        cell.quotePrefix = text[0] in "=+-@＝＋－＠"
    return cell


def _kind(one: Asked) -> str:
    return _("必須") if one.must else _("任意")


def _number(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 4)


def _saved(book: Any) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()
