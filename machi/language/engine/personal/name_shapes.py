"""Shapes of characters and of their runs, which the features of the trained recogniser of names are told in."""

import re
import unicodedata

RUN = re.compile(r"[一-鿿々〆ヶヵ𠀀-𯿿]+|[ァ-ヺー]+|[ぁ-ゖ]+|[A-Za-zÀ-ɏḀ-ỿ]+|[0-9]+|.")
SEEN = str.maketrans("\n ", "⏎_")
"""Names of features hold no blanks and no breaks."""


def shape(character: str) -> str:
    """One letter for the script of ``character``."""
    if "一" <= character <= "鿿" or character in "々〆ヶヵ" or character >= "𠀀":
        return "K"
    if "ぁ" <= character <= "ゖ":
        return "H"
    if "ァ" <= character <= "ー":
        return "T"
    if character.isdecimal():
        return "9"
    if character.isalpha():
        return "A" if character.isupper() else "a"
    return character if character in "⏎_" or unicodedata.category(character)[0] == "P" else "S"


def place(at: int, start: int, end: int) -> str:
    """Whether ``at`` begins, ends, fills or lies within a span."""
    return ("S" if end - start == 1 else "B") if at == start else "E" if at == end - 1 else "I"
