"""Tables of articles (a bulletin's issue, an export of a site): each row is a document.

The compilation Municipal-Bulletin has the columns 自治体名, 公開年月, 発行号タイトル, 記事タイトル,
カテゴリ and 記事本文; exports of content systems differ only in the names.
"""

import html
import re
from collections.abc import Mapping

from machi.frontdesk.engine.reading.marked_text import blocks_of
from machi.frontdesk.engine.reading.tables.records import document, empty_cell
from machi.frontdesk.engine.reading.tables.table import Row, Table
from machi.frontdesk.engine.reading.types import Problem, ReadDocument, Severity, gettext_noop, problem

_IMAGE = re.compile(r"<img\b[^<>]{0,5000}>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>\n?|</(?:p|div|li|tr|h[1-6])>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")


def read_row(table: Table, row: Row, at: Mapping[str, int]) -> tuple[ReadDocument | None, list[Problem]]:
    """The article of one row, its marked headings and lists as blocks; pictures in it are reported."""
    title, markup = _plain(row.cells[at["title"]]), row.cells[at["body"]]
    body = _plain(markup)
    problems = []
    if pictures := len(_IMAGE.findall(markup)):
        message = gettext_noop(
            "画像が{count}枚あり、その中の文字は読み取っていません。大切な内容であれば文章で登録してください。"
        )
        severity: Severity = "warning" if body else "error"
        problems.append(problem("picture-not-read", message, severity, row.place, count=pictures))
    if not body:
        return None, problems or [empty_cell(table, row, at["body"])]
    return document(title or body.split("\n", 1)[0], blocks_of(body, row.place), row, at), problems


def _plain(markup: str) -> str:
    """Text without the tags and character references that exports leave in it."""
    text = _TAG.sub("", _BREAK.sub("\n", _IMAGE.sub("", markup)))
    return html.unescape(text).strip() if "&" in text else text.strip()
