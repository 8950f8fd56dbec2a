"""Whether two applications may be one paper that came twice: by what was read of both.

A hash of the picture would not do: copies of one form look alike whoever filled them in, and one paper scanned twice
differs by more pixels than two names do. What stands in the fields tells them apart, and survives a field or two that
was read otherwise.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

TELLING = frozenset(
    {"text", "person", "kana", "address", "postal_code", "telephone", "email", "date", "my_number"}
)
"""Kinds of fields that differ from applicant to applicant; of ticks and small numbers half are equal anyway."""
FEWEST = 4
"""Fields both must have filled before anything is said."""
ALIKE = 0.8
"""Share of them that must be equal: a page read twice, one field in ten wrongly each time, has 0.81."""


def comparable(value: str) -> str:
    """Without what two readings of the same writing differ in: widths, blanks, marks between figures."""
    plain = unicodedata.normalize("NFKC", value)
    return "".join(letter for letter in plain if letter.isalnum())


def equal_of(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[int, int]:
    """How many fields are equal, and how many both have filled."""
    both = [key for key, value in one.items() if value and other.get(key)]
    return sum(one[key] == other[key] for key in both), len(both)


def alike(equal: int, compared: int) -> bool:
    return compared >= FEWEST and equal >= ALIKE * compared
