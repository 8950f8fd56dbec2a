"""One door for all formats."""

import logging
from pathlib import PurePath

from machi.frontdesk.engine.reading.csv_file import read_csv
from machi.frontdesk.engine.reading.markdown import read_markdown
from machi.frontdesk.engine.reading.types import ColumnHints, Limits, ReadResult, gettext_noop, problem

log = logging.getLogger(__name__)


def read(
    name: str, data: bytes, *, hints: ColumnHints | None = None, limits: Limits | None = None
) -> ReadResult:
    """Documents and report of the file ``data`` called ``name``. Never raises: every failure is a problem."""
    bounds = limits or Limits()
    suffix = PurePath(name).suffix.lower()
    if not data.strip():
        message = gettext_noop("ファイルが空です。中身のあるファイルを登録してください。")
        return ReadResult((), (problem("empty", message, "error"),), "empty", 0, 1)
    try:
        if suffix in {".csv", ".tsv"}:
            return read_csv(name, data, hints, bounds)
        if suffix in {".md", ".markdown"}:
            return read_markdown(name, data, bounds)
    except Exception:
        log.exception("reading %s failed", name)
        message = gettext_noop(
            "読み取りの途中で失敗しました。ファイルを開けるか確かめ、保存し直して登録してください。"
        )
        return ReadResult((), (problem("failed", message, "error"),), "unsupported", 0, 1)
    message = gettext_noop(
        "この形式には対応していません。CSV、Excel、Word、PDF、HTML、Markdownで登録してください。"
    )
    return ReadResult((), (problem("unsupported", message, "error"),), "unsupported", 0, 1)
