"""One door for all formats."""

import logging
from dataclasses import replace

from machi.frontdesk.engine.reading.cleaning import clean, invisible_removed
from machi.frontdesk.engine.reading.csv_file import read_csv
from machi.frontdesk.engine.reading.finishing import finish
from machi.frontdesk.engine.reading.identify import Identified, identify
from machi.frontdesk.engine.reading.isolated import read_isolated
from machi.frontdesk.engine.reading.text_file import read_text
from machi.frontdesk.engine.reading.types import (
    ColumnHints,
    Kind,
    Limits,
    Problem,
    ReadResult,
    gettext_noop,
    problem,
)

log = logging.getLogger(__name__)


def read(
    name: str, data: bytes, *, hints: ColumnHints | None = None, limits: Limits | None = None
) -> ReadResult:
    """Documents and report of the file ``data`` called ``name``. Never raises: every failure is a problem.

    The kind is decided by content. ``hints`` names the columns of a table that are not recognised.
    """
    bounds = limits or Limits()
    if refused := _refused(data, bounds):
        return ReadResult((), (refused,), "empty" if refused.code == "empty" else "unsupported", 0, 1)
    try:
        found = identify(name, data, bounds)
        if found.kind == "unsupported":
            return ReadResult((), found.problems, "unsupported", 0, 1)
        result = _read(name, data, found, hints, bounds)
        return finish(replace(result, problems=(*found.problems, *result.problems)), bounds)
    except Exception:
        log.exception("reading %s failed", name)
        message = gettext_noop(
            "読み取りの途中で失敗しました。ファイルを開けるか確かめ、保存し直して登録してください。"
        )
        return ReadResult((), (problem("failed", message, "error"),), "unsupported", 0, 1)


def _refused(data: bytes, limits: Limits) -> Problem | None:
    if not data.strip():
        message = gettext_noop("ファイルが空です。中身のあるファイルを登録してください。")
        return problem("empty", message, "error")
    if len(data) > limits.size:
        message = gettext_noop("ファイルが大きすぎます（上限{limit}MB）。分けて登録してください。")
        return problem("too-large", message, "error", limit=limits.size // 1_000_000)
    return None


def _read(name: str, data: bytes, found: Identified, hints: ColumnHints | None, limits: Limits) -> ReadResult:
    # Parsers are imported on first use: the child processes pass through this module too.
    if found.kind == "mhtml":
        from machi.frontdesk.engine.reading.mhtml import read_mhtml

        return read_mhtml(name, data)
    if found.text is None:
        return read_isolated(found.kind, name, data, hints, limits)
    if found.kind == "csv":
        return read_csv(name, found.text.text, hints, limits)
    text, removed = clean(found.text.text)
    result = _read_text(found.kind, name, text)
    problems = [invisible_removed(removed)] if removed else []
    if found.text.damaged:
        message = gettext_noop(
            "文字コードとして読めない部分が{count}か所あり、「\ufffd」に置き換えました。元のファイルを確かめてください。"
        )
        problems.append(problem("undecodable", message, "error", count=found.text.damaged))
    return replace(result, problems=(*problems, *result.problems))


def _read_text(kind: Kind, name: str, text: str) -> ReadResult:
    if kind == "html":
        from machi.frontdesk.engine.reading.html_page import read_html

        return read_html(name, text)
    if kind == "markdown":
        from machi.frontdesk.engine.reading.markdown import read_markdown

        return read_markdown(name, text)
    return read_text(name, text)
