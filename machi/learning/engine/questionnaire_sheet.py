"""A questionnaire as a list to be filled in with Excel, or as CSV, and read back: one line for each thing to write.

A line has a key that says what it answers: ``uses``; ``tools:chat`` for each option of a multiple choice;
``fields:tax`` for each row of a matrix. An empty answer changes nothing, so several people can each send a part.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from machi.base.engine.tables import Row, plain, read_date, read_number
from machi.learning.engine.questionnaire import (
    Answers,
    Form,
    Kind,
    Option,
    Problem,
    Question,
    check,
    is_empty,
    said,
)

NUMBER, QUESTION, PART, ANSWER, HOW, KEY = "問", "質問", "行・選択肢", "答え", "答え方", "記号"
COLUMNS = (NUMBER, QUESTION, PART, ANSWER, HOW, KEY)
REQUIRED = (ANSWER, KEY)
MARK = "○"
_TAKEN = {"○", "〇", "◯", "o", "x", "✓", "✔", "1", "はい", "yes"}
_LEFT = {"", "×", "-", "0", "いいえ", "no"}
_ESCAPED = re.compile(r"'(?=[\t\r\n ]*[=+\-@＝＋－＠])")
_WIDTHS = (6, 44, 30, 30, 40, 22)


@dataclass(frozen=True, slots=True)
class Line:
    """``answer`` as it is written there now; ``labels``: what it may be, where it is chosen."""

    question: Question
    number: int
    part: Option | None
    answer: str
    labels: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.question.id}:{self.part.id}" if self.part else self.question.id


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """``row`` as a spreadsheet counts; ``problem.value`` is what was written."""

    row: int
    problem: Problem


def lines(form: Form, answers: Answers, language: str = "ja") -> list[Line]:
    return [line for number, one in enumerate(form, 1) for line in _lines(one, number, answers, language)]


def _lines(question: Question, number: int, answers: Answers, language: str) -> list[Line]:
    given = answers.get(question.id)
    labels = tuple(said(one.words, language) for one in question.options)
    names = dict(zip((one.id for one in question.options), labels, strict=True))
    match question.kind:
        case Kind.MULTIPLE:
            taken = given if isinstance(given, list | tuple) else ()
            return [
                Line(question, number, one, MARK if one.id in taken else "", (MARK,))
                for one in question.options
            ]
        case Kind.MATRIX:
            rows = given if isinstance(given, Mapping) else {}
            return [
                Line(question, number, row, names.get(rows.get(row.id, ""), ""), labels)
                for row in question.rows
            ]
        case Kind.SINGLE:
            return [Line(question, number, None, names.get(str(given), ""), labels)]
        case Kind.NUMBER | Kind.TEXT | Kind.DATE:
            return [Line(question, number, None, "" if given is None else f"{given}")]


def read(form: Form, rows: Sequence[Row], before: Answers) -> tuple[dict[str, Any], list[SheetProblem]]:
    """``before`` with what the rows say set over it, and everything that is wrong with them, cell by cell. Give it the
    rows of ``machi.base.engine.tables.read_table`` with the columns ``REQUIRED``."""
    found: list[SheetProblem] = []
    known = {line.key: line for line in lines(form, {})}
    cells: dict[str, Row] = {}
    for row in rows:
        key = row[KEY].strip()
        if not key:
            if row[ANSWER]:
                found.append(SheetProblem(row.number, Problem("no_key", value=row[ANSWER][:40])))
        elif key not in known:
            found.append(SheetProblem(row.number, Problem("unknown_question", value=key[:40])))
        elif key in cells:
            found.append(SheetProblem(row.number, Problem("line_twice", value=key[:40])))
        else:
            cells[key] = row
    answers = dict(before)
    for question in form:
        theirs = {key: row for key, row in cells.items() if key.split(":")[0] == question.id}
        value, wrong = _value(question, theirs, before.get(question.id))
        found += wrong
        if is_empty(value) or wrong:
            continue
        first = min((row.number for row in theirs.values() if row[ANSWER]), default=0)
        bad = check(question, value, complete=False)
        found += [SheetProblem(first, one) for one in bad if first]
        if not bad:
            answers[question.id] = value
    return answers, sorted(found, key=lambda one: one.row)


def _value(question: Question, cells: Mapping[str, Row], before: Any) -> tuple[Any, list[SheetProblem]]:
    match question.kind:
        case Kind.MULTIPLE:
            return _marked(question, cells, before)
        case Kind.MATRIX:
            return _rows(question, cells, before)
    row = cells.get(question.id)
    if row is None or not row[ANSWER]:
        return before, []
    try:
        return _one(question, row[ANSWER]), []
    except _Wrong as wrong:
        return before, [SheetProblem(row.number, Problem(str(wrong), question.id, value=row[ANSWER][:40]))]


def _marked(question: Question, cells: Mapping[str, Row], before: Any) -> tuple[Any, list[SheetProblem]]:
    taken, wrong = [], []
    for option in question.options:
        row = cells.get(f"{question.id}:{option.id}")
        mark = plain(row[ANSWER]).casefold() if row else ""
        if mark in _TAKEN:
            taken.append(option.id)
        elif row and mark not in _LEFT:
            wrong.append(SheetProblem(row.number, Problem("not_a_mark", question.id, value=row[ANSWER][:40])))
    return taken or before, wrong


def _rows(question: Question, cells: Mapping[str, Row], before: Any) -> tuple[Any, list[SheetProblem]]:
    value: dict[str, str] = dict(before) if isinstance(before, Mapping) else {}
    wrong = []
    for part in question.rows:
        row = cells.get(f"{question.id}:{part.id}")
        if row is None or not row[ANSWER]:
            continue
        try:
            value[part.id] = _option(question, row[ANSWER])
        except _Wrong as why:
            wrong.append(SheetProblem(row.number, Problem(str(why), question.id, part.id, row[ANSWER][:40])))
    return value, wrong


class _Wrong(ValueError):
    """Its text is the code of a problem."""


def _one(question: Question, text: str) -> Any:
    match question.kind:
        case Kind.SINGLE:
            return _option(question, text)
        case Kind.NUMBER:
            try:
                number = read_number(text)
            except ValueError:
                raise _Wrong("not_a_number") from None
            return int(number) if number == number.to_integral_value() else float(number)
        case Kind.DATE:
            try:
                return read_date(text).isoformat()
            except ValueError:
                raise _Wrong("not_a_date") from None
    return _ESCAPED.sub("", text, count=1)


def _option(question: Question, text: str) -> str:
    """By its words in any language, or its own id."""
    wanted = plain(text).casefold()
    for one in question.options:
        if wanted in {plain(words).casefold() for words in one.words.values()} | {one.id}:
            return one.id
    raise _Wrong("not_an_option")


def cells(line: Line, how: str, language: str = "ja") -> tuple[str | int, ...]:
    """One row of the list, in the order of ``COLUMNS``."""
    part = said(line.part.words, language) if line.part else ""
    return line.number, said(line.question.words, language), part, line.answer, how, line.key


def workbook(
    form: Form,
    answers: Answers,
    *,
    title: str,
    notes: Sequence[str],
    hows: Sequence[str],
    language: str = "ja",
) -> bytes:
    """An .xlsx file to be filled in: what may be written is checked by Excel already, the rest is locked. ``hows``: for
    each of ``lines`` how it is answered, in words."""
    from openpyxl import Workbook  # slow to import: on first use
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "回答"
    lists: Any = book.create_sheet("選択肢")
    lists.sheet_state = "hidden"
    sheet["A1"], sheet["A1"].font = title, Font(bold=True, size=14)
    for at, note in enumerate(notes, 2):
        sheet[f"A{at}"] = note
    header = len(notes) + 3
    for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True), 1):
        cell = sheet.cell(header, column, name)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", start_color="0017C1")
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = f"A{header + 1}"
    fill, wrap = PatternFill("solid", start_color="FFF8D6"), Alignment(wrap_text=True, vertical="top")
    ranges: dict[str, str] = {}
    for at, (line, how) in enumerate(zip(lines(form, answers, language), hows, strict=True), header + 1):
        for column, value in enumerate(cells(line, how, language), 1):
            cell = sheet.cell(at, column)
            _write(cell, value)
            cell.alignment = wrap
        answer = sheet.cell(at, COLUMNS.index(ANSWER) + 1)
        answer.fill, answer.protection = fill, Protection(locked=False)
        if line.question.kind is Kind.NUMBER and isinstance(
            number := answers.get(line.question.id), int | float
        ):
            answer.value, answer.data_type = number, "n"
        _checked(sheet, lists, ranges, line, answer.coordinate)
    sheet.protection.sheet = True  # without a password: against slips, not against people
    sheet.protection.formatRows = sheet.protection.formatColumns = False
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = (
        "landscape",
        1,
        0,
    )
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{header}:{header}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(cell: Any, value: str | int) -> None:
    if isinstance(value, int):
        cell.value = value
        return
    cell.value, cell.data_type = (
        value,
        "s",
    )  # a text stays a text: openpyxl would make a formula of what begins with =
    cell.quotePrefix = bool(re.match(r"\s*[=+\-@]", value))
    if not value:
        cell.value = None


def _checked(sheet: Any, lists: Any, ranges: dict[str, str], line: Line, where: str) -> None:
    """What Excel lets be written into the cell."""
    from openpyxl.worksheet.datavalidation import DataValidation

    question = line.question
    low, high = question.least, question.most
    match question.kind:
        case Kind.SINGLE | Kind.MATRIX | Kind.MULTIPLE:
            rule = DataValidation(type="list", formula1=_range(lists, ranges, line), allow_blank=True)
        case Kind.NUMBER:
            rule = DataValidation(
                type="whole" if question.whole else "decimal",
                operator="between",
                formula1=f"{-1e15 if low is None else low:g}",
                formula2=f"{1e15 if high is None else high:g}",
                allow_blank=True,
            )
        case Kind.DATE:
            rule = DataValidation(type="date", operator="greaterThan", formula1="1", allow_blank=True)
        case Kind.TEXT:
            rule = DataValidation(
                type="textLength",
                operator="lessThanOrEqual",
                formula1=str(question.longest),
                allow_blank=True,
            )
    rule.showErrorMessage = True
    rule.add(where)
    sheet.add_data_validation(rule)


def _range(lists: Any, ranges: dict[str, str], line: Line) -> str:
    """Options stand on a sheet of their own: a list within the rule may have 255 characters only."""
    key = line.question.id
    if key not in ranges:
        column = len(ranges) + 1
        for at, label in enumerate(line.labels, 1):
            _write(lists.cell(at, column), label)
        letter = lists.cell(1, column).column_letter
        ranges[key] = f"'選択肢'!${letter}$1:${letter}${len(line.labels)}"
    return ranges[key]
