"""How plausible a text is in a field of its kind, before anybody looked at the picture: natural logarithms of odds.

Nothing is impossible here, for people do write what no list has. A name, a place or a word that is in Sudachi's
dictionary, an address that begins with a municipality of the register, a day, sum or number that follows the grammar of
its kind are only likelier by so much, and a picture that says otherwise clearly enough wins.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from machi.casework.engine.grammars import grammar_of
from machi.casework.engine.values import plain
from machi.casework.engine.values_addresses import register_of_japan
from machi.language.engine.personal.lexicon import is_given, is_known, is_surname

OUTSIDE = -9.0
"""Of a text that breaks its kind's grammar: a few of a thousand real ones do."""
NO_BOX = -40.0
"""Of a number that its printed boxes have no room for."""
NO_TOWN = -8.0
"""Of an address whose first words are like a municipality's, and not one's."""
UNKNOWN = -1.2
"""Of each letter that belongs to no word of the dictionary."""
NO_NAME = -1.5
"""Of a surname, and of a given name, that the dictionary lacks: it has few rare ones."""
SIGN = -6.0
"""Of a digit or sign in a person's name."""
BOXED = frozenset({"postal_code", "my_number"})
CHECK_DIGIT = -5.0
HOUSE = -3.0
"""Of what stands behind a quarter and is no house number."""
STRAY = -1.5
"""Of each sign that words do not hold: most are dirt or a stamp's edge."""
LONGEST_WORD = 7

_STRAY = re.compile(r"[^\w\s・()（）、。,.&'!?:/〜~%＆！？〒-]|_")
_WORDLIKE = re.compile(r"[一-鿿々ヶヵぁ-んァ-ヴー]+")
_HOUSE = re.compile(
    r"([0-9]+丁目)?([0-9]+(番地?([0-9]+(号(?!室))?|の[0-9]+)?|号)?|[0-9]+([-‐－ー−のノ][0-9]+){1,3})"
    r"(番地?|号)?([ 　]*[^0-9 ][^0-9]*[0-9]{1,4}(号室?|号|階|F)?)?|"
)


def weight(kind: str, text: str) -> float:
    """The logarithm of the odds of ``text`` against the most ordinary one of ``kind``: 0 or less."""
    if kind == "person":
        return _of_person(text)
    if kind == "address":
        return _of_address(text)
    if kind == "text":
        return UNKNOWN * _outside_words(text) + STRAY * len(_STRAY.findall(text))
    if (grammar := grammar_of(kind)) is not None:
        compact = text.replace(" ", "") if kind != "kana" else text.strip()
        told = 0.0 if grammar.matches(compact) else NO_BOX if kind in BOXED else OUTSIDE
        if kind == "date" and not told and plain("date", text).doubts:
            told = OUTSIDE / 2
        if kind == "my_number" and not told and plain("my_number", text).doubts:
            told = CHECK_DIGIT
        return told
    return 0.0


def _of_person(text: str) -> float:
    parts = text.split()
    bare = "".join(parts)
    told = SIGN * len(re.findall(r"[^\w々ヶヵー・]|[0-9_]", bare))
    if len(bare) < 2 or re.search(r"[a-zA-Zァ-ヴ]{2}", bare):
        return told + 2 * NO_NAME
    splits = (
        [(parts[0], "".join(parts[1:]))]
        if len(parts) > 1
        else [(bare[:n], bare[n:]) for n in (2, 1, 3) if bare[n:]]
    )
    return told + max(
        NO_NAME * (not is_surname(surname)) + NO_NAME * (not is_given(given)) for surname, given in splits
    )


def _of_address(text: str) -> float:
    bare = re.sub(r"\s", "", text)
    found = register_of_japan().find(bare)
    rest = found[0].rest if found else bare
    told = 0.0 if found else NO_TOWN
    digit = re.search("[0-9]", rest)
    quarter, house = (rest[: digit.start()], rest[digit.start() :]) if digit else (rest, "")
    if not _HOUSE.fullmatch(house):
        told += HOUSE
    told += UNKNOWN * (_outside_words(quarter) + _outside_words(house))
    return told + STRAY * len(_STRAY.findall(rest))


@lru_cache(maxsize=10_000)
def _outside_words(text: str) -> int:
    """Letters (no digits, no signs) that no word of the dictionary of two letters or more covers, at best."""
    missing = 0
    for run in _WORDLIKE.findall(text):
        least = [0] * (len(run) + 1)
        for end in range(1, len(run) + 1):
            least[end] = least[end - 1] + 1
            for start in range(max(0, end - LONGEST_WORD), end - 1):
                if least[start] < least[end] and is_known(run[start:end]):
                    least[end] = least[start]
        missing += least[-1]
    return missing


@cache
def _beginnings() -> tuple[Sequence[str], Mapping[str, Sequence[int]]]:
    """How addresses begin, with and without the prefecture, and which of them hold a letter."""
    names = sorted({name for town in register_of_japan().towns() for name in (town[1], "".join(town))})
    holding: dict[str, list[int]] = defaultdict(list)
    for number, name in enumerate(names):
        for letter in set(name):
            holding[letter].append(number)
    return names, holding


CANDIDATES = 12


def mended(text: str) -> Iterator[str]:
    """The address with its first words made into names of municipalities like them; none where it begins with one."""
    bare = re.sub(r"\s", "", text)
    if len(bare) < 4 or register_of_japan().find(bare):
        return
    names, holding = _beginnings()
    head = bare[:14]
    shared = Counter(number for letter in set(head) for number in holding.get(letter, ()))
    likely = sorted(shared, key=lambda number: len(set(names[number])) - 2 * shared[number])[:150]
    near = []
    for number in likely:
        name = names[number]
        wrong, end = _distance(name, head)
        if wrong <= 0.5 * len(name) and len(name) - wrong >= 2:
            near.append((wrong / len(name), name + bare[end:]))
    yield from (text for _, text in sorted(near)[:CANDIDATES])


def _distance(name: str, head: str) -> tuple[int, int]:
    """Levenshtein's to the nearest beginning of ``head``, and where that ends."""
    row = list(range(len(head) + 1))
    for number, letter in enumerate(name, 1):
        before, row[0] = row[0], number
        for column, other in enumerate(head, 1):
            before, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, before + (letter != other)),
            )
    least = min(row)
    return least, row.index(least)
