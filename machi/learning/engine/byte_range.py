"""Parts of a file, as browsers ask for videos (RFC 9110, 14.2): without them some play nothing, and none can seek."""

from __future__ import annotations

import re

_ONE = re.compile(r"bytes=(\d*)-(\d*)")


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of the one range asked for; None: the header says nothing that is followed, and the whole
    is the answer. ValueError where the range lies outside (416)."""
    match = _ONE.fullmatch(header.strip())
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:  # the last so many bytes
        if int(last) == 0 or size == 0:
            raise ValueError("an empty range")
        return max(0, size - int(last)), size - 1
    begin = int(first)
    if last and int(last) < begin:
        return None
    if begin >= size:
        raise ValueError("begins after the end")
    return begin, min(int(last), size - 1) if last else size - 1
