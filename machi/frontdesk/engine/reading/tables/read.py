"""From a table to documents: which kind it is, and each row's share of the report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from machi.frontdesk.engine.reading.tables import articles, faq
from machi.frontdesk.engine.reading.tables.columns import meanings
from machi.frontdesk.engine.reading.tables.listing import read_listing
from machi.frontdesk.engine.reading.tables.records import unread_days
from machi.frontdesk.engine.reading.tables.table import Row, Table
from machi.frontdesk.engine.reading.types import ColumnHints, Problem, ReadDocument, gettext_noop, problem

_RowReader = Callable[[Table, Row, Mapping[str, int]], tuple[ReadDocument | None, list[Problem]]]
_BY_ROW: tuple[tuple[frozenset[str], _RowReader], ...] = (
    (frozenset({"question", "answer"}), faq.read_row),
    (frozenset({"title", "body"}), articles.read_row),
)


@dataclass(frozen=True, slots=True)
class TableResult:
    documents: tuple[ReadDocument, ...]
    problems: tuple[Problem, ...]
    read: int
    """Rows."""
    not_read: int


def read_table(table: Table, hints: ColumnHints | None) -> TableResult:
    """The documents of ``table``: one a row for FAQs and articles, else one for all its rows."""
    at = meanings(table.columns, hints)
    read_row = next((reader for needed, reader in _BY_ROW if needed <= at.keys()), None)
    if read_row:
        return _by_row(table, at, read_row)
    listed, left_out = read_listing(table, at)
    problems: tuple[Problem, ...] = ()
    if left_out:
        message = gettext_noop("次の列は、番号や座標など文章にならないため本文に入れていません: {columns}")
        problems = (problem("columns-left-out", message, "info", columns="、".join(left_out)),)
    return TableResult((listed,) if listed.blocks else (), problems, len(table.rows), 0)


def _by_row(table: Table, at: Mapping[str, int], read_row: _RowReader) -> TableResult:
    results = [read_row(table, row, at) for row in table.rows if any(row.cells)]
    documents = tuple(document for document, _ in results if document is not None)
    days = (found for row in table.rows if any(row.cells) for found in unread_days(table, row, at))
    problems = (*(found for _, row_problems in results for found in row_problems), *days)
    return TableResult(documents, problems, len(documents), len(results) - len(documents))
