"""Public lists of surnames and given names with their readings (japanese-personal-name-dataset, MIT)."""

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_FOLDER = "japanese_personal_name_dataset"
_FREQUENT = 50_000
"""Bearers of a surname that is met often."""


def _rows(name: str) -> Iterator[list[str]]:
    with (files(_FOLDER) / "dataset" / name).open(encoding="utf-8") as file:
        yield from csv.reader(file)


@cache
def surnames() -> dict[str, int]:
    """The 2,000 commonest surnames and how many bear them."""
    return {row[0]: int(row[1]) for row in _rows("last_name_org.csv")}


@cache
def given_names() -> frozenset[str]:
    """Spellings of given names in use."""
    return frozenset(
        written
        for who in ("man", "woman")
        for _, _, *spellings in _rows(f"first_name_{who}_org.csv")
        for written in spellings
    )


@cache
def readings() -> frozenset[str]:
    """How those surnames and given names are read, in hiragana."""
    given = (row[0] for who in ("man", "woman") for row in _rows(f"first_name_{who}_org.csv"))
    return frozenset((*given, *(row[2] for row in _rows("last_name_org.csv"))))


def is_frequent(surname: str) -> bool:
    return surnames().get(surname, 0) >= _FREQUENT
