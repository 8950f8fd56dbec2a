"""Surname and given name, side by side: 山田太郎, 山田 太郎."""

import re
from collections.abc import Iterator, Sequence

from machi.language.engine.personal.kinds import Found
from machi.language.engine.personal.lexicon import is_common, is_given, is_known, is_person
from machi.language.engine.personal.name_parts import (
    CALLED,
    IN_OFFICE,
    KATAKANA,
    LETTERS,
    LONGEST_GIVEN,
    NEVER_A_NAME,
    NOT_A_PERSON,
    OF_AN_ORGANISATION,
    is_called,
    is_title,
    joined,
    names_place_or_company,
    person,
)
from machi.language.engine.personal.name_tokens import Named, Token

_ERA = re.compile(r"(?:明治|大正|昭和|平成|令和)(?:[0-9元])")
_STRANGE = re.compile(rf"[{KATAKANA}]+")
_DIRECTIONS = frozenset("東西南北中")


def surname_and_given(text: str, words: Sequence[Token], entities: Sequence[Named]) -> Iterator[Found]:
    """Surname and given name."""
    for index, word in enumerate(words):
        before = words[index - 1] if index else None
        touched = before is not None and before.end == word.start
        if touched and word.text == "長":
            continue  # 班|長 池谷
        if not word.may_be_surname() or (touched and before is not None and before.is_name):
            continue
        end = given_end(text, words, index, entities)
        if end is None or names_place_or_company(text, word.start, end):
            continue
        joined = before is not None and touched and (before.text[-1].isdecimal() or "動詞" in before.tag)
        if joined and len(word.text) == 1 and is_common(word.text):
            continue  # 1200|円|程度, 満たす|方|助成
        set_apart = text[word.end] == " " and (not touched or (before is not None and before.is_grammar))
        if (
            word.tag.endswith("人名-姓")
            or set_apart
            or is_called(text, word.start, end, entities)
            or is_given(text[word.end : end])
        ):
            yield person(word.start, end, 0.85, "surname and given name")


def given_end(text: str, words: Sequence[Token], index: int, entities: Sequence[Named]) -> int | None:
    """Where the given name behind the surname ``words[index]`` ends, or None where there is none.

    Given names are written in too many ways for any dictionary: what remains of the run of letters, in words
    of one character, counts as one too. A common noun counts only where the text speaks of a person.
    """
    surname = words[index]
    rest: list[Token] = []
    for word in words[index + 1 :]:
        before = rest[-1] if rest else surname
        near = joined(text, before, word) if not rest else before.end == word.start
        if not near or word.is_grammar or not LETTERS.fullmatch(word.text) or is_title(text, word):
            break
        if rest and _ERA.match(text, word.start):
            break
        rest.append(word)
    if not rest:
        return None
    start, end = rest[0].start, rest[-1].end
    value, blank = text[start:end], start > surname.end
    if len(value) > LONGEST_GIVEN or NEVER_A_NAME.search(value) or IN_OFFICE.fullmatch(value):
        return None
    if OF_AN_ORGANISATION.search(value, 1) or re.search(r"..[店屋堂館社]$", value):
        return None  # 松本|清張記念館, 西村|眼鏡店
    if blank and len(value) > 3 and all(is_common(word.text) and not word.is_name for word in rest):
        return None  # 桑原 敬老祝金: a speaker and what is spoken of
    called = is_called(text, surname.start, end, entities)
    if (
        not called
        and not blank
        and (
            value in _DIRECTIONS  # 尼崎|南
            or (_STRANGE.fullmatch(value) and not is_person(value))  # 出屋敷|リベル
            or (len(surname.text) == 1 and not is_given(value))  # 緑|税
        )
    ):
        return None
    if is_given(value) or (len(rest) == 1 and rest[0].is_name):
        return end
    if NOT_A_PERSON.match(text, start):
        return None
    if re.search(r"[内外中前後側他等各口道線分]$", value) and not called:
        return None
    if len(value) == 1:
        set_off = re.match(r"[、)」]", text[end : end + 1]) and re.search(r"[(「、]$", text[: surname.start])
        return end if (blank and called) or set_off or CALLED.match(text, end) else None
    if all(word.is_name or len(word.text) == 1 or not is_known(word.text) for word in rest):
        return end
    return end if called else None
