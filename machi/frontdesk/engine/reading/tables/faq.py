"""FAQ tables: each row is a document, its question the title, so that a citation names the question."""

from collections.abc import Mapping

from machi.frontdesk.engine.reading.tables.records import details, document, empty_cell
from machi.frontdesk.engine.reading.tables.table import Row, Table
from machi.frontdesk.engine.reading.types import Problem, ReadDocument
from machi.language.engine.types import Block


def read_row(table: Table, row: Row, at: Mapping[str, int]) -> tuple[ReadDocument | None, list[Problem]]:
    """The question and answer of one row. Columns beyond the known ones follow the answer as 「列名: 値」."""
    question, answer = row.cells[at["question"]], row.cells[at["answer"]]
    if not question or not answer:
        return None, [empty_cell(table, row, at["answer" if question else "question"])]
    blocks = [Block("question", question, place=row.place), Block("answer", answer, place=row.place)]
    return document(question, [*blocks, *details(table, row, at)], row, at), []
