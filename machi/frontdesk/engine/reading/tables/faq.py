"""FAQ tables: each row is a document, its question the title, so that a citation names the question."""

from collections.abc import Mapping

from machi.frontdesk.engine.reading.tables.records import details, document
from machi.frontdesk.engine.reading.tables.table import Row, Table
from machi.frontdesk.engine.reading.types import Problem, ReadDocument, gettext_noop, problem
from machi.language.engine.types import Block


def read_row(table: Table, row: Row, at: Mapping[str, int]) -> ReadDocument | Problem:
    """The question and answer of one row. Columns beyond the known ones follow the answer as 「列名: 値」."""
    question, answer = row.cells[at["question"]], row.cells[at["answer"]]
    if not question or not answer:
        missing = table.columns[at["answer" if question else "question"]]
        return problem(
            "cell-empty",
            gettext_noop(
                "「{column}」が空のため、この行は読み取りませんでした。記入してもう一度登録してください。"
            ),
            "error",
            row.place,
            column=missing,
        )
    blocks = [Block("question", question, place=row.place), Block("answer", answer, place=row.place)]
    return document(question, [*blocks, *details(table, row, at)], row, at)
