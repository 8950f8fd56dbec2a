"""A questionnaire filled in with Excel or CSV: there and back without loss, and what is wrong is named by its cell."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.base.engine.tables import read_table
from machi.learning.engine.questionnaire import Problem
from machi.learning.engine.questionnaire_sheet import (
    COLUMNS,
    REQUIRED,
    SheetProblem,
    cells,
    lines,
    read,
    workbook,
)
from tests.learning.surveys import FULL, small

FORM = small()


def _csv(answers: dict[str, Any], encoding: str = "cp932", **changed: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for line in lines(FORM, answers):
        row = list(cells(line, ""))
        row[3] = changed.get(line.key.replace(":", "__"), row[3])
        writer.writerow(row)
    return out.getvalue().encode(encoding)


def _read(data: bytes, before: dict[str, Any] | None = None) -> tuple[dict[str, Any], list[SheetProblem]]:
    table = read_table(data, REQUIRED)
    assert table.problems == ()
    return read(FORM, table.rows, before or {})


def _workbook(answers: dict[str, Any]) -> bytes:
    hows = ["" for _ in lines(FORM, answers)]
    return workbook(FORM, answers, title="調査", notes=["書き方"], hows=hows)


def test_a_workbook_comes_back_as_it_went() -> None:
    assert _read(_workbook(dict(FULL))) == (FULL, [])


def test_csv_as_excel_in_japan_saves_it_comes_back_as_it_went() -> None:
    assert _read(_csv(dict(FULL))) == (FULL, [])


def test_the_workbook_offers_the_options_and_locks_the_rest() -> None:
    book = openpyxl.load_workbook(io.BytesIO(_workbook({})))
    sheet = book["回答"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    header = next(row for row in range(1, 10) if sheet.cell(row, 1).value == "問")
    uses = rules[f"D{header + 1}"]
    assert uses.formula1 == "'選択肢'!$A$1:$A$2"
    assert [book["選択肢"][f"A{row}"].value for row in (1, 2)] == ["使っている", "使っていない"]
    hours = rules[f"D{header + 7}"]
    assert (hours.type, hours.formula1, hours.formula2) == ("whole", "0", "10000")
    assert sheet.protection.sheet
    assert not sheet.cell(header + 1, 4).protection.locked
    assert sheet.cell(header + 1, 6).protection.locked


def test_an_empty_answer_changes_nothing() -> None:
    assert _read(_csv({}), dict(FULL)) == (FULL, [])
    part, wrong = _read(_csv({}, fields__care="導入済み"), dict(FULL))
    assert wrong == []
    assert part == {**FULL, "fields": {"tax": "now", "care": "now"}}


def test_each_wrong_cell_is_named_by_its_row() -> None:
    data = _csv({}, uses="たぶん", tools__chat="△", fields__tax="来年", hours="たくさん", since="2月30日")
    kept, wrong = _read(data, {"wish": "前の答え"})
    assert kept == {"wish": "前の答え"}
    assert wrong == [
        SheetProblem(2, Problem("not_an_option", "uses", value="たぶん")),
        SheetProblem(3, Problem("not_a_mark", "tools", value="△")),
        SheetProblem(6, Problem("not_an_option", "fields", "tax", "来年")),
        SheetProblem(8, Problem("not_a_number", "hours", value="たくさん")),
        SheetProblem(9, Problem("not_a_date", "since", value="2月30日")),
    ]


def test_marks_that_do_not_go_together_are_named_at_their_first_row() -> None:
    _, wrong = _read(_csv({}, tools__chat="○", tools__none="○"))
    assert wrong == [SheetProblem(3, Problem("alone", "tools"))]


def test_lines_of_another_survey_are_refused() -> None:
    data = _csv({}).replace(b"uses", b"other")
    _, wrong = _read(data)
    assert wrong == [SheetProblem(2, Problem("unknown_question", value="other"))]


def test_what_a_spreadsheet_would_run_stays_a_text() -> None:
    answers = {"wish": "=HYPERLINK(1)"}
    book = openpyxl.load_workbook(io.BytesIO(_workbook(answers)))
    sheet = book["回答"]
    (cell,) = [row[3] for row in sheet.iter_rows() if row[5].value == "wish"]
    assert (cell.data_type, cell.value) == ("s", "=HYPERLINK(1)")
    assert _read(_workbook(answers)) == (answers, [])
    assert _read(_csv({}, wish="'=HYPERLINK(1)")) == (answers, [])


CHARACTERS = st.characters(codec="cp932", exclude_categories=["C"], exclude_characters="¢£¬‖−〜")
"""Those that cp932 gives back as they were."""
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "uses": st.sampled_from(["yes", "no"]),
        "tools": st.lists(st.sampled_from(["chat", "ocr"]), unique=True, min_size=1).map(
            lambda some: [one for one in ("chat", "ocr") if one in some]
        ),
        "fields": st.dictionaries(
            st.sampled_from(["tax", "care"]), st.sampled_from(["now", "not"]), min_size=1
        ),
        "hours": st.integers(0, 10_000),
        "since": st.dates().map(lambda day: day.isoformat()),
        "wish": st.text(CHARACTERS, min_size=1, max_size=40)
        .map(str.strip)
        .filter(lambda text: bool(text) and not text.startswith("'")),
    },
)


@pytest.mark.long
@settings(max_examples=60, deadline=None)
@given(ANSWERS)
def test_any_answers_come_back(answers: dict[str, Any]) -> None:
    assert _read(_workbook(answers)) == (answers, [])
    assert _read(_csv(answers)) == (answers, [])
