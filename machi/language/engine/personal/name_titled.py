"""Names before さん, 様, 氏 or an office: 木戸委員."""

import re
from collections.abc import Iterator, Sequence

from machi.language.engine.personal.kinds import Found
from machi.language.engine.personal.lexicon import is_given, is_surname
from machi.language.engine.personal.name_parts import (
    BEHIND_A_COMPANY,
    FOREIGN,
    IN_OFFICE,
    IS_KANJI,
    KANJI,
    KATAKANA,
    LETTERS,
    LONGEST_GIVEN,
    NEVER_A_NAME,
    TITLED,
    joined,
    person,
)
from machi.language.engine.personal.name_tokens import Named, Token
from machi.language.engine.personal.places import municipalities

_FOREIGN_BEFORE = re.compile(rf"(?:{FOREIGN.pattern})$")
_KANA_BEFORE = re.compile(
    r"(?:^|(?<=[^ぁ-んァ-ヺー]))(?:[ぁ-ん]{2,6} [ぁ-ん]{2,6}|[ァ-ヺー]{2,8} [ァ-ヺー]{2,8})$"
)
_HEAD_OF_A_TOWN = re.compile(r"([市町村区])長")
_ONE_NAME = re.compile(rf"[{KANJI}ぁ-ん{KATAKANA} ・]+")


def titled(text: str, words: Sequence[Token], entities: Sequence[Named]) -> Iterator[Found]:
    """A name before さん, 様, 氏 ..., or before an office: 木戸委員."""
    for index, word in enumerate(words):
        title = TITLED.match(text, word.start)
        if index == 0 or not (title or IN_OFFICE.match(text, word.start)):
            continue
        last = words[index - 1]
        if not joined(text, last, word):
            continue
        first = _first_of_name(text, words, index)
        start = words[first].start if first is not None else last.end
        if title and (strange := _strange_before(text, last.end)) is not None and strange < start:
            yield person(strange, last.end, 0.85, "foreign or kana name before a title")
        elif (
            start < last.end
            and _ONE_NAME.fullmatch(text, start, last.end)
            and not NEVER_A_NAME.search(text[start : last.end])
        ):
            if BEHIND_A_COMPANY.search(text[max(0, start - 10) : start]):
                continue
            if not title and _is_head_or_task(text, start, word.start):
                continue
            free = start == 0 or not IS_KANJI.match(text[start - 1])
            if title or (free and is_surname(text[start : last.end])):
                yield person(start, last.end, 0.85, "name before a title")


def _is_head_or_task(text: str, start: int, end: int) -> bool:
    """尼崎|市長 is the head of a town of that name, 世紀の|森|担当 those who tend a wood."""
    head = _HEAD_OF_A_TOWN.match(text, end)
    if head:
        return text[start:end] + head[1] in municipalities()
    return end - start == 1 and text.startswith("担当", end)


def _strange_before(text: str, end: int) -> int | None:
    """Where a foreign name, or one in kana with a blank, begins that ends at ``end``."""
    starts = [
        match.start()
        for pattern in (_FOREIGN_BEFORE, _KANA_BEFORE)
        if (match := pattern.search(text, max(0, end - 40), end))
    ]
    return min(starts, default=None)


def _first_of_name(text: str, words: Sequence[Token], index: int) -> int | None:
    """Index of the word that the name before the title ``words[index]`` begins with."""
    given: int | None = None
    at = index - 1
    while at >= 0 and index - at <= 6 and not words[at].is_grammar and LETTERS.fullmatch(words[at].text):
        size = words[index - 1].end - words[at].end
        if words[at].may_be_surname() and size <= LONGEST_GIVEN + 1 and (size == 0 or at < index - 1):
            before = words[at - 1] if at else None
            # 川|上|さん: a surname may itself be in pieces of surnames.
            if not (before and before.end == words[at].start and before.may_be_surname()):
                return at
        if given is None and at == index - 1 and (words[at].is_name or is_given(words[at].text)):
            given = at
        if at == 0 or not joined(text, words[at - 1], words[at]):
            break
        at -= 1
    pieces = next((i for i in range(index - 1, max(-1, index - 6), -1) if words[i].may_be_surname()), None)
    if pieces is not None and all(
        joined(text, words[i], words[i + 1]) and not words[i + 1].is_grammar for i in range(pieces, index - 1)
    ):
        return pieces
    return given
