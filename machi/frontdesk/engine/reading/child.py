"""The child process that opens one Word, Excel or PDF file: ``python -m ... KIND OPTIONS``, data on stdin.

Its memory and processor time are bounded before the first byte is read.
"""

import json
import resource
import sys

from machi.frontdesk.engine.reading.codec import encode
from machi.frontdesk.engine.reading.types import ColumnHints, Limits, ReadResult

OUT_OF_BOUNDS = 77
"""Exit status for memory exhausted."""


def main(kind: str, options: str) -> int:
    """Reads stdin as ``kind`` and writes the result to stdout."""
    given = json.loads(options)
    limits = Limits(**given["limits"])
    hints = ColumnHints(**given["hints"]) if given["hints"] else None
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    try:
        encoded = encode(_read(kind, given["name"], sys.stdin.buffer.read(), hints, limits))
    except MemoryError:
        return OUT_OF_BOUNDS
    sys.stdout.buffer.write(encoded)
    return 0


def _read(kind: str, name: str, data: bytes, hints: ColumnHints | None, limits: Limits) -> ReadResult:
    if kind == "excel":
        from machi.frontdesk.engine.reading.excel import read_excel

        return read_excel(name, data, hints, limits)
    if kind == "word":
        from machi.frontdesk.engine.reading.word import read_word

        return read_word(name, data)
    from machi.frontdesk.engine.reading.pdf import read_pdf

    return read_pdf(name, data, limits)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
