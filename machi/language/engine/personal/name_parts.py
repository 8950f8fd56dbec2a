"""What the rules for names share: letters, words around names, and how pieces of a name lie together."""

import re
from collections.abc import Sequence

from machi.language.engine.personal.kinds import Found, Kind
from machi.language.engine.personal.name_tokens import Named, Token
from machi.language.engine.personal.name_words import (
    AGENT,
    COMPANY_BEFORE,
    LABEL,
    NO_NAME,
    ORGANISATION,
    PLACE,
    ROLE,
    TITLE,
)

KANJI, KATAKANA = "一-鿿々〆ヶヵ𠀀-𯿿", "ァ-ヺー"
FOREIGN = re.compile(
    rf"[{KATAKANA}]+(?:[・ =][{KATAKANA}]+)+|[A-ZÀ-Þ][a-zß-ɏḀ-ỿ]+"
    rf"(?: [A-ZÀ-ÞĐ][a-zß-ɏḀ-ỿ.]*)+|[A-Z]{{2,}}(?: [A-Z]{{2,}})+"
)
TITLED = re.compile(TITLE)
IN_OFFICE = re.compile(ROLE)
OF_AN_ORGANISATION = re.compile(ORGANISATION)
NOT_A_PERSON = re.compile(rf"{ORGANISATION}|{PLACE}|[0-9]{{1,2}}(?:階|号館|号室)")
BEHIND_A_COMPANY = re.compile(rf"(?:{COMPANY_BEFORE}) ?$")
A_COMPANY = re.compile(COMPANY_BEFORE)
NEVER_A_NAME = re.compile(rf"^(?:{NO_NAME}|{LABEL})|(?:{AGENT})$|.{ORGANISATION}$|.[駅県郡]$")
CALLED = re.compile(rf" ?(?:{TITLE}|と申|<|\(|と名乗)")
LETTERS = re.compile(rf"[{KANJI}ぁ-ん{KATAKANA}]+")
IS_KANJI = re.compile(rf"[{KANJI}]")
LONGEST_GIVEN = 5


def person(start: int, end: int, score: float, reason: str) -> Found:
    return Found(Kind.PERSON, start, end, score, reason)


def names_place_or_company(text: str, start: int, end: int) -> bool:
    return bool(NOT_A_PERSON.match(text, end) or BEHIND_A_COMPANY.search(text[max(0, start - 10) : start]))


def joined(text: str, left: Token, right: Token) -> bool:
    return text[left.end : right.start] in ("", " ")


def overlaps(entities: Sequence[Named], start: int, end: int) -> bool:
    return any(e.start < end and start < e.end for e in entities)


def is_called(text: str, start: int, end: int, entities: Sequence[Named]) -> bool:
    """Whether the text, or the language model, takes what stands there for a person."""
    return bool(CALLED.match(text, end)) or overlaps(entities, start, end)


def is_title(text: str, word: Token) -> bool:
    return bool(TITLED.match(text, word.start)) and not word.is_name
