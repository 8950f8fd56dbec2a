"""Lines of a born-digital PDF from its letters and their places."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from machi.casework.engine.pages import Letter


def rows(letters: Sequence[Letter]) -> list[tuple[str, Sequence[Letter]]]:
    """Letters to lines from top to bottom, each from left to right, with blanks where there are wide gaps."""
    found: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda one: (one.box.top + one.box.bottom) / 2):
        middle = (letter.box.top + letter.box.bottom) / 2
        if found and found[-1][0].box.top <= middle <= found[-1][0].box.bottom:
            found[-1].append(letter)
        else:
            found.append([letter])
    level = [sorted(row, key=lambda one: one.box.left) for row in found]
    return [(text, row) for row in level if (text := _line_of(row))]


def _line_of(row: Sequence[Letter]) -> str:
    told = ""
    for number, letter in enumerate(row):
        if number:
            before = row[number - 1].box
            tall = (before.bottom - before.top) * 1.4  # a page is higher than wide
            if letter.box.left - before.right > 0.35 * tall and not told.endswith(" "):
                told += " "
        told += _plain_letter(letter.text)
    return told.strip()


def _plain_letter(letter: str) -> str:
    """Radicals (⼀), which some fonts give for the letters they look like, to the letters."""
    return unicodedata.normalize("NFKC", letter) if "\u2e80" <= letter <= "\u2fdf" else letter
