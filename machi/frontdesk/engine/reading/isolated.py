"""Word, Excel and PDF files are opened in a child process.

PDFium is native code, and a few bytes of an office file can ask for a million million cells: a hostile file
may exhaust or crash the child, never the server. Costs a quarter to a whole second of processor time a file.
"""

import json
import logging
import os
import subprocess
import sys
from dataclasses import asdict

from machi.frontdesk.engine.reading.child import OUT_OF_BOUNDS
from machi.frontdesk.engine.reading.codec import decode_result
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


def read_isolated(
    kind: Kind, name: str, data: bytes, hints: ColumnHints | None, limits: Limits
) -> ReadResult:
    """``data`` read as ``kind`` in a child process; a child that dies is a problem of the whole file."""
    options = json.dumps({"name": name, "hints": asdict(hints) if hints else None, "limits": asdict(limits)})
    try:
        # Our own interpreter with arguments as a list: no shell, no name looked up.
        child = subprocess.run(
            [sys.executable, "-m", "machi.frontdesk.engine.reading.child", kind, options],
            input=data,
            capture_output=True,
            timeout=3 * limits.seconds + 10,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _failed(kind, _too_costly())
    if child.returncode == 0:
        try:
            return decode_result(child.stdout)
        except (ValueError, KeyError, TypeError):
            log.exception("the result of reading %s makes no sense", name)
            return _failed(kind, _broken())
    log.warning(
        "reading %s ended with %d: %s", name, child.returncode, child.stderr[-2000:].decode(errors="replace")
    )
    costly = child.returncode < 0 or child.returncode == OUT_OF_BOUNDS
    return _failed(kind, _too_costly() if costly else _broken())


def _failed(kind: Kind, found: Problem) -> ReadResult:
    return ReadResult((), (found,), kind, 0, 1)


def _too_costly() -> Problem:
    message = gettext_noop(
        "読み取りに時間かメモリがかかりすぎるため中止しました。ファイルを分けるか、保存し直して登録してください。"
    )
    return problem("too-costly", message, "error")


def _broken() -> Problem:
    message = gettext_noop("ファイルが壊れているため開けません。元のソフトで開いて保存し直してください。")
    return problem("broken", message, "error")
