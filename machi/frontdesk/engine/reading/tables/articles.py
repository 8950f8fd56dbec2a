"""Tables of articles (a bulletin's issue, an export of a site): each row is a document.

The compilation Municipal-Bulletin has the columns 自治体名, 公開年月, 発行号タイトル, 記事タイトル,
カテゴリ and 記事本文; exports of content systems differ only in the names.
"""

from collections.abc import Mapping

from machi.frontdesk.engine.reading.marked_text import blocks_of
from machi.frontdesk.engine.reading.tables.records import document
from machi.frontdesk.engine.reading.tables.table import Row, Table
from machi.frontdesk.engine.reading.types import Problem, ReadDocument, gettext_noop, problem


def read_row(table: Table, row: Row, at: Mapping[str, int]) -> ReadDocument | Problem:
    """The article of one row, its marked headings and lists as blocks."""
    title, body = row.cells[at["title"]], row.cells[at["body"]]
    if not body:
        return problem(
            "cell-empty",
            gettext_noop(
                "「{column}」が空のため、この行は読み取りませんでした。記入してもう一度登録してください。"
            ),
            "error",
            row.place,
            column=table.columns[at["body"]],
        )
    return document(title or body.split("\n", 1)[0], blocks_of(body, row.place), row, at)
