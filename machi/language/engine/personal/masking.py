"""Covering what was found. For what must come back, see ``pseudonyms``."""

from collections.abc import Callable, Iterable
from typing import Literal

from machi.language.engine.personal.kinds import LABELS, Found

Style = Literal["label", "block"]


def mask(text: str, found: Iterable[Found], style: Style = "label") -> str:
    """``text`` with every ``found`` span replaced: ``label`` writes 〔人名〕, ``block`` one ■ a character.

    ``found`` must not overlap, as ``find`` gives it.
    """
    if style == "label":
        return replaced(text, found, lambda one: f"〔{LABELS[one.kind]}〕")
    return replaced(text, found, lambda one: "■" * (one.end - one.start))


def replaced(text: str, found: Iterable[Found], by: Callable[[Found], str]) -> str:
    """``text`` with every ``found`` span replaced by what ``by`` says; spans must not overlap."""
    # Presidio's anonymizer does the same, and loads spaCy to do it: log filters cannot wait for that.
    parts: list[str] = []
    done = 0
    for one in sorted(found, key=lambda f: f.start):
        parts += (text[done : one.start], by(one))
        done = one.end
    return "".join((*parts, text[done:]))
