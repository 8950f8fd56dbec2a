"""Which documents say the same as another."""

import hashlib
from collections.abc import Mapping

from machi.language.engine.text import search_form


def find_duplicates(texts: Mapping[int, str]) -> dict[int, int]:
    """Of documents with equal text (in search form, blanks apart) the first is the original.

    ``texts`` in order of preference; returns each copy's number with that of its original.
    """
    first: dict[bytes, int] = {}
    copies: dict[int, int] = {}
    for number, text in texts.items():
        digest = hashlib.sha256("".join(search_form(text).split()).encode()).digest()
        original = first.setdefault(digest, number)
        if original != number:
            copies[number] = original
    return copies
