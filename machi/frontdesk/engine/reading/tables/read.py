"""From a table to documents: which kind it is, and each row's share of the report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from machi.frontdesk.engine.reading.tables import articles, faq
from machi.frontdesk.engine.reading.tables.columns import meanings
from machi.frontdesk.engine.reading.tables.listing import read_listing
from machi.frontdesk.engine.reading.tables.table import Row, Table
from machi.frontdesk.engine.reading.types import ColumnHints, Problem, ReadDocument, gettext_noop, problem

_RowReader = Callable[[Table, Row, Mapping[str, int]], ReadDocument | Problem]
_BY_ROW: tuple[tuple[frozenset[str], _RowReader], ...] = (
    (frozenset({"question", "answer"}), faq.read_row),
    (frozenset({"title", "body"}), articles.read_row),
)


@dataclass(frozen=True, slots=True)
class TableResult:
    documents: tuple[ReadDocument, ...]
    problems: tuple[Problem, ...]
    read: int
    not_read: int


def read_table(table: Table, hints: ColumnHints | None) -> TableResult:
    """The documents of ``table``: one a row for FAQs, articles and events, else one for all its rows."""
    at = meanings(table.columns, hints)
    for needed, read_row in _BY_ROW:
        if needed <= at.keys():
            results = [read_row(table, row, at) for row in table.rows if any(row.cells)]
            documents = tuple(result for result in results if isinstance(result, ReadDocument))
            problems = tuple(result for result in results if isinstance(result, Problem))
            return TableResult(documents, problems, len(documents), len(problems))
    listed, left_out = read_listing(table, at)
    problems = ()
    if left_out:
        message = gettext_noop("次の列は、番号や座標など文章にならないため本文に入れていません: {columns}")
        problems = (problem("columns-left-out", message, "info", table.name, columns="、".join(left_out)),)
    return TableResult((listed,) if listed.blocks else (), problems, len(table.rows), 0)
