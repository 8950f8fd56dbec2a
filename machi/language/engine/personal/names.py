"""Names of persons: from the dictionary's surnames and given names, the language model, titles and labels.

The dictionary (Sudachi's) knows that 山田 can be a surname; what stands around it tells whether it is one here.
山田町, 山田公園 and 山田建設 are none; 山田さん, 山田太郎, 担当：山田 are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from machi.language.engine.personal.kinds import Found, Kind
from machi.language.engine.personal.name_words import (
    AGENT,
    COMPANY_BEFORE,
    LABEL,
    NO_NAME,
    OFFICE,
    ORGANISATION,
    PLACE,
    ROLE,
    SURE_LABEL,
    TITLE,
)

_KANJI, _KATAKANA = "一-鿿々〆ヶヵ𠀀-𯿿", "ァ-ヺー"
_NAME = (
    rf"(?:[{_KANJI}]{{1,5}}(?: ?(?!{LABEL}|{NO_NAME})[{_KANJI}ぁ-ん{_KATAKANA}]{{1,6}})?"
    rf"|[{_KATAKANA}]{{2,12}}(?:[ ・=](?!{LABEL})[{_KATAKANA}]{{1,12}}){{0,4}}|[ぁ-ん]{{2,7}} [ぁ-ん]{{2,7}}"
    r"|[A-Z][A-Za-z'-]+(?:[ ,]{1,2}[A-Z][A-Za-z'.-]*){1,4})"
)
_END = rf"(?=$|[ \n、。,.()/|「」『』・:;>\]【]|{TITLE}|です|と申|[はがのにとも]|への|から)"
_LABELLED = re.compile(
    rf"(?:(?P<sure>{SURE_LABEL})|{LABEL})(?:\([^)\n]{{1,12}}\))?"
    rf"(?(sure)(?: ?[:=] ?|[ \n|]{{1,3}}|[はが] ?)|(?: ?[:=] ?| ))(?P<value>{_NAME}){_END}"
)
_ROLED = re.compile(rf"(?:{ROLE}|{OFFICE}) ?(?:の ?)?(?=[{_KANJI}{_KATAKANA}])")
_TITLE = re.compile(TITLE)
_NOT_A_PERSON = re.compile(rf"{ORGANISATION}|{PLACE}")
_COMPANY_BEFORE = re.compile(rf"(?:{COMPANY_BEFORE}) ?$")
_NO_NAME = re.compile(rf"^(?:{NO_NAME})|(?:{AGENT})$|.{ORGANISATION}$")
_FOREIGN = re.compile(
    rf"[{_KATAKANA}]{{2,}}(?:[・ =][{_KATAKANA}]+)+|[A-Z][a-z]+(?: [A-Z][a-z.]*)+|[A-Z]{{2,}}(?: [A-Z]{{2,}})+"
)
_PART = re.compile(rf"[{_KANJI}ぁ-ん{_KATAKANA}]{{1,4}}|[A-Z][A-Za-z.'-]*")


@dataclass(frozen=True, slots=True)
class Token:
    """A word and its part of speech in the tags of UniDic: 名詞-固有名詞-人名-姓."""

    text: str
    start: int
    tag: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def is_name(self) -> bool:
        return "人名" in self.tag

    @property
    def is_surname(self) -> bool:
        return self.tag.endswith("人名-姓")

    @property
    def is_noun(self) -> bool:
        return self.tag.startswith(("名詞", "接尾辞", "接頭辞"))


@dataclass(frozen=True, slots=True)
class Named:
    """A stretch that the language model takes for a person."""

    start: int
    end: int


def names(text: str, tokens: Sequence[Token], entities: Sequence[Named]) -> Iterator[Found]:
    """Every name in the view ``text``, possibly overlapping. ``tokens`` cover it but for blanks."""
    words = [token for token in tokens if token.text.strip()]
    yield from _full(text, words, entities)
    yield from _titled(text, words, entities)
    yield from _labelled(text, words, entities)
    yield from _behind_role(text, words)
    yield from _recognised(text, words, entities)


def _found(start: int, end: int, score: float, reason: str) -> Found:
    return Found(Kind.PERSON, start, end, score, reason)


def _names_place_or_company(text: str, start: int, end: int) -> bool:
    return bool(_NOT_A_PERSON.match(text, end) or _COMPANY_BEFORE.search(text[max(0, start - 10) : start]))


def _joined(text: str, left: Token, right: Token) -> bool:
    return text[left.end : right.start] in ("", " ")


def _full(text: str, words: Sequence[Token], entities: Sequence[Named]) -> Iterator[Found]:
    """Surname and given name."""
    for index, word in enumerate(words[:-1]):
        follower = words[index + 1]
        if not word.is_surname or not _joined(text, word, follower):
            continue
        end = follower.end if follower.is_name else 0
        if not end:
            # A given name that the dictionary does not know, inside what the model takes for a person.
            end = max((e.end for e in entities if e.start <= word.start < follower.start < e.end), default=0)
            given = text[word.end : end].strip()
            if not re.fullmatch(rf"[{_KANJI}ぁ-ん{_KATAKANA}]{{1,4}}", given) or _NO_NAME.search(given):
                continue
        if not _names_place_or_company(text, word.start, end):
            yield _found(word.start, end, 0.85, "surname and given name")


def _titled(text: str, words: Sequence[Token], entities: Sequence[Named]) -> Iterator[Found]:
    """A name before さん, 様, 氏 ..."""
    for index, word in enumerate(words):
        if not _TITLE.match(text, word.start) or index == 0:
            continue
        first = index
        while first > 0 and index - first < 5 and _may_belong(text, words, first, index):
            first -= 1
        while first < index and words[first].text in "・=":
            first += 1
        if first == index:
            continue
        start, end = words[first].start, words[index - 1].end
        known = any(w.is_name for w in words[first:index]) or any(
            e.start < end and start < e.end for e in entities
        )
        value = text[start:end]
        strange = _FOREIGN.fullmatch(value) or re.fullmatch(
            rf"[{_KANJI}]{{2,3}} [{_KANJI}ぁ-ん]{{1,4}}", value
        )
        if (known or strange) and not _NO_NAME.search(value):
            yield _found(start, end, 0.85, "name before a title")


def _may_belong(text: str, words: Sequence[Token], first: int, index: int) -> bool:
    """Whether the word before ``words[first]`` is a part of the name that ends before ``words[index]``."""
    word, right = words[first - 1], words[first]
    if not _joined(text, word, right):
        return False
    if first == index:
        return bool(_PART.fullmatch(word.text) or word.is_name) and (word.is_noun or "形容詞" in word.tag)
    if word.text in "・=" or right.text in "・=":
        return word.text in "・=" or bool(re.fullmatch(rf"[{_KATAKANA}]+", word.text))
    if word.is_name:
        return True
    if right.is_surname or not word.is_noun or not _PART.fullmatch(word.text):
        return False
    # Pieces of a name unknown to the dictionary: single characters, or words of another script.
    return len(word.text) == 1 or bool(re.fullmatch(rf"[{_KATAKANA}A-Za-z]+", word.text + right.text))


def _labelled(text: str, words: Sequence[Token], entities: Sequence[Named]) -> Iterator[Found]:
    """What stands behind 氏名：, 担当 and other labels of forms."""
    for match in _LABELLED.finditer(text):
        start, end = match.span("value")
        end = _before_grammar(text, words, start, end)
        value = text[start:end]
        if _NO_NAME.search(value):
            continue
        known = (
            match["sure"]
            or any(w.is_name and start <= w.start < end for w in words)
            or any(e.start < end and start < e.end for e in entities)
            or _FOREIGN.fullmatch(value)
        )
        if known and not _names_place_or_company(text, start, end):
            yield _found(start, end, 0.9 if match["sure"] else 0.8, "behind a label")


def _before_grammar(text: str, words: Sequence[Token], start: int, end: int) -> int:
    """``end``, or where a particle or verb follows the name without a blank: 山田が承ります."""
    for word in words:
        joined = start < word.start < end and text[word.start - 1] != " "
        if joined and word.tag.startswith(("助詞", "助動詞", "動詞")):
            return word.start
    return end


def _behind_role(text: str, words: Sequence[Token]) -> Iterator[Found]:
    """A surname behind 課長, 福祉課 ...; nothing but particles may follow."""
    begins = {word.start: index for index, word in enumerate(words)}
    for match in _ROLED.finditer(text):
        index = begins.get(match.end())
        if index is None or not words[index].is_name:
            continue
        last = index
        if last + 1 < len(words) and words[last + 1].is_name and _joined(text, words[last], words[last + 1]):
            last += 1
        follower = words[last + 1] if last + 1 < len(words) else None
        stands_free = (
            follower is None
            or follower.start > words[last].end
            or not follower.is_noun
            or _TITLE.match(text, follower.start)
        )
        if stands_free and not _names_place_or_company(text, match.end(), words[last].end):
            yield _found(match.end(), words[last].end, 0.8, "name behind an office")


def _recognised(text: str, words: Sequence[Token], entities: Sequence[Named]) -> Iterator[Found]:
    """What the language model takes for a person, unless its neighbours say otherwise."""
    for entity in entities:
        inside = [w for w in words if entity.start <= w.start and w.end <= entity.end]
        while inside and (_TITLE.fullmatch(inside[-1].text) or not inside[-1].is_noun):
            inside.pop()
        while inside and not inside[0].is_noun:
            inside.pop(0)
        if not inside or not any(w.is_name for w in inside):
            continue
        start, end = inside[0].start, inside[-1].end
        follower = next((w for w in words if w.start == end), None)
        joined_noun = follower is not None and follower.is_noun and not _TITLE.match(text, end)
        alone = sum(w.is_noun for w in inside) == 1
        value = text[start:end]
        if (alone and joined_noun) or _NO_NAME.search(value):
            continue
        if not _names_place_or_company(text, start, end):
            yield _found(start, end, 0.6, "taken for a person by the language model")
