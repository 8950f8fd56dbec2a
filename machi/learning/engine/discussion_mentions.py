"""Who is called in a post: ``@2`` (the second to speak in this topic) or ``@厚木市`` (everybody of that town)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

MOST = 10
"""Of each kind; more are not called, so that nobody can call everybody."""
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_AT = r"(?<![A-Za-z0-9_@＠.])[@＠]"
_NUMBER = re.compile(_AT + r"([0-9０-９]{1,4})(?![0-9０-９A-Za-z_])")


@dataclass(frozen=True, slots=True)
class Mentions:
    numbers: tuple[int, ...]
    towns: tuple[str, ...]
    """As named in ``towns`` that was given."""


def mentions(text: str, towns: Collection[str]) -> Mentions:
    """Numbers and names of ``towns`` called in ``text``, each once, in reading order; code is not read.

    Of two names that begin alike the longer is meant (府中町 before 府中). Mail addresses call nobody.
    """
    read = _CODE.sub(" ", text)
    numbers = dict.fromkeys(int(found[1]) for found in _NUMBER.finditer(read))
    called: dict[str, None] = {}
    if towns:
        names = "|".join(re.escape(name) for name in sorted(towns, key=lambda one: (-len(one), one)))
        called = dict.fromkeys(found[1] for found in re.finditer(f"{_AT}({names})", read))
    return Mentions(tuple(numbers)[:MOST], tuple(called)[:MOST])
