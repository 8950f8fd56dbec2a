"""CSV and TSV: any usual encoding, quoted line breaks, and what could not be decoded cell by cell."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from machi.base.engine.decoding import REPLACEMENT
from machi.frontdesk.engine.reading.cleaning import clean, invisible_removed
from machi.frontdesk.engine.reading.tables.dataset_names import dataset_title
from machi.frontdesk.engine.reading.tables.read import read_table
from machi.frontdesk.engine.reading.tables.table import Row, table_of
from machi.frontdesk.engine.reading.types import (
    ColumnHints,
    Limits,
    Problem,
    ReadResult,
    gettext_noop,
    problem,
)

_PLACES_NAMED = 50
"""Damaged cells named one by one; beyond, they are counted."""


def read_csv(name: str, text: str, hints: ColumnHints | None, limits: Limits) -> ReadResult:
    """The table of one file, read by its kind."""
    problems: list[Problem] = []
    rows, beyond = _rows(text, limits, problems)
    table = table_of(dataset_title(PurePath(name).stem), rows)
    if table is None or not table.rows:
        message = gettext_noop("表に行がありません。見出しの行と、1行以上の内容があるか確かめてください。")
        return ReadResult((), (*problems, problem("no-rows", message, "error")), "csv", 0, 1)
    problems += _damage(table.columns, rows)
    result = read_table(table, hints)
    return ReadResult(
        result.documents, (*problems, *result.problems), "csv", result.read, result.not_read + beyond
    )


def _delimiter(text: str) -> str:
    first = text[:10_000].split("\n", 1)[0]
    return max(",\t;", key=first.count)


def _rows(text: str, limits: Limits, problems: list[Problem]) -> tuple[list[Row], int]:
    """The records within the limits, and how many lie beyond them.

    Numbered as a spreadsheet shows them: a cell with line breaks is still one row.
    """
    rows: list[Row] = []
    removed = number = 0
    try:
        for number, cells in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)), start=1
        ):
            if number > limits.rows + 1:
                continue
            cleaned = [clean(cell) for cell in cells]
            removed += sum(count for _, count in cleaned)
            if any(cell for cell, _ in cleaned[limits.columns :]):
                problems.append(_too_wide(number, limits.columns))
            rows.append(Row(f"{number}行目", tuple(cell.strip() for cell, _ in cleaned[: limits.columns])))
    except csv.Error:
        message = gettext_noop(
            '{row}行目より後を読み取れませんでした。引用符（"）の対応か、極端に長いセルがないか確かめてください。'
        )
        problems.append(problem("csv-broken", message, "error", f"{number + 1}行目", row=number))
    beyond = max(0, number - limits.rows - 1)
    if beyond:
        problems.append(_too_many(limits.rows))
    if removed:
        problems.append(invisible_removed(removed))
    return rows, beyond


def _too_many(limit: int) -> Problem:
    message = gettext_noop(
        "行が多すぎるため、{limit}行までを読み取りました。ファイルを分けて登録してください。"
    )
    return problem("too-many-rows", message, "error", f"{limit + 2}行目以降", limit=limit)


def _too_wide(row: int, limit: int) -> Problem:
    message = gettext_noop("列が多すぎるため、{limit}列までを読み取りました。")
    return problem("too-many-columns", message, "error", f"{row}行目", limit=limit)


def _damage(columns: Sequence[str], rows: Sequence[Row]) -> Iterator[Problem]:
    places = [
        f"{row.place}「{columns[index] if index < len(columns) else index + 1}」"
        for row in rows
        for index, cell in enumerate(row.cells)
        if REPLACEMENT in cell
    ]
    message = gettext_noop(
        "文字コードとして読めない部分があり、「\ufffd」に置き換えました。元のファイルを確かめてください。"
    )
    for place in places[:_PLACES_NAMED]:
        yield problem("undecodable", message, "error", place)
    if len(places) > _PLACES_NAMED:
        more = gettext_noop("ほかに{count}か所、文字コードとして読めない部分があります。")
        yield problem("undecodable-more", more, "error", count=len(places) - _PLACES_NAMED)
