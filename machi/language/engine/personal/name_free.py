"""Names that stand free, without title or label: words that are nothing else than names, foreign and kana names.

柴崎 is a surname and neither a place nor a common noun, so 予約は柴崎で needs no title; 高山 may be a place and does.
"""

import re
from collections.abc import Iterator

from machi.language.engine.personal.kinds import Found, Kind
from machi.language.engine.personal.lexicon import (
    is_brand,
    is_common,
    is_country,
    is_given,
    is_known,
    is_person,
    is_place,
    is_surname,
)
from machi.language.engine.personal.name_words import (
    LABEL,
    NO_NAME,
    OFFICE,
    ORGANISATION,
    RELATION,
    ROLE,
    TITLE,
)

_KANJI, _KATAKANA = "一-鿿々〆ヶヵ𠀀-𯿿", "ァ-ヺー"
_BEHIND = r"(?=[はがをにとへもだ、。)」』!?\n ]|から|より|で[すあはも、とご]|で[一-鿿]|$)"
_KANJI_FREE = re.compile(rf"(?<![{_KANJI}{_KATAKANA}・0-9A-Za-z])[{_KANJI}]{{2,4}}{_BEHIND}")
_KATAKANA_FREE = re.compile(
    rf"(?<![{_KANJI}{_KATAKANA}・A-Za-z0-9])[{_KATAKANA}]{{3,8}}(?=[はがをも]|に[はも、]|と(?:言|名乗|申|い[いう])|\)|さん|です)"
)
_KATAKANA_PAIR = re.compile(
    rf"(?<![{_KATAKANA}・])(?P<first>[{_KATAKANA}]{{2,10}}) (?P<last>[{_KATAKANA}]{{2,12}})"
    rf"(?: [{_KATAKANA}]{{2,12}})?(?![{_KATAKANA}・])"
)
_HIRAGANA = re.compile(
    r"(?:^|(?<=[\n。「!?、] )|(?<=[\n。「!?]))(?P<value>[ぁ-ん]{2,5})"
    r"(?=です(?:[、。!~ー\n ]|けど|が|$)|と申|といいます|と言います|と言うもの|だけど|ママ|パパ|の(?:母|父|ママ"
    r"|パパ|祖母|祖父|おか|おと|保護者|親)(?:です|の|、|。))"
)
_COUNTED = re.compile(
    r"[一二三四五六七八九十百千数両各全]+(?:丁目|文字|[市町村区県者人名校課部次回度番号位つ])"
)
_NO_HIRAGANA = re.compile(
    r"(?:うち|わたし|わたくし|ぼく|おれ|あなた|だれ|みんな|こども|となり|ここ|そこ|これ|それ|あれ|どこ|なに|はい|いい|そう|どう|だめ|まだ|もう|ない|いつ"
    r"|.*(?:の|ん|い|て|た|は|が|を|に|も|ま|う|く|そう|よう)$)"
)
_WORD = r"[A-ZÀ-ÞĐ][a-zß-ɏḀ-ỿ]*(?:['’-]?[A-ZÀ-Þ]?[a-zß-ɏḀ-ỿ]+|[A-Z]+)(?:\.(?= ))?"
_LATIN = rf"{_WORD}(?: (?:(?:da|de|dos|van|bin|al|von) )?{_WORD}){{0,4}}"
_LATIN_NAMED = re.compile(
    rf"(?:\b(?i:my name is|this is|i am|i'm|full name|name|nome|nombre|applicant|contact|signed|from|dear|mr\.?"
    rf"|ms\.?|mrs\.?|dr\.?)[ :]{{1,2}}"
    rf"|(?:{LABEL}|{ROLE}|{RELATION}|{OFFICE}|氏名|名前|名義)(?:は|が|の|[:=] ?| ))(?P<value>{_LATIN})(?![A-Za-z@])"
)
_LATIN_TITLED = re.compile(
    rf"(?<![A-Za-z.@])(?P<value>{_LATIN})(?= ?(?:{TITLE}|と申|といい"
    rf"|\((?P<country>[{_KANJI}{_KATAKANA}]{{2,8}})(?:籍|国籍|人|出身)?\)))"
)
_LATIN_ALONE = re.compile(rf"(?:^|(?<=\n))(?P<value>{_WORD}(?: {_WORD}){{1,2}})(?=$|\n)")
_NO_NAME = re.compile(rf"^(?:{NO_NAME}|{LABEL})|{ORGANISATION}")
_KIN = rf"(?:の?{RELATION}|の?(?:ふたご|双子|兄弟|姉妹|きょうだい|両親|親子|夫婦|保護者|担任))"
_PAIR = re.compile(
    rf"(?:^|(?<=[^{_KANJI}{_KATAKANA}]))(?P<one>[{_KANJI}]{{1,3}}|[{_KATAKANA}]{{2,8}}|[ぁ-ん]{{2,4}})(?:と|、|・)"
    rf"(?P<other>[{_KANJI}]{{1,3}}|[{_KATAKANA}]{{2,8}}|[ぁ-ん]{{2,4}})(?={_KIN})"
)


def standing_free(text: str) -> Iterator[Found]:
    """Names without anything that calls them names, possibly overlapping."""
    yield from _japanese(text)
    yield from _katakana(text)
    yield from _latin(text)
    for match in _PAIR.finditer(text):
        if all(is_given(match[group]) for group in ("one", "other")):
            for group in ("one", "other"):
                yield _found(*match.span(group), 0.7, "two given names and how they are related")


def _found(start: int, end: int, score: float, reason: str) -> Found:
    return Found(Kind.PERSON, start, end, score, reason)


def _is_only_a_name(value: str) -> bool:
    return is_person(value) and not (is_common(value) or is_place(value) or is_brand(value))


def _japanese(text: str) -> Iterator[Found]:
    for match in _KANJI_FREE.finditer(text):
        if _COUNTED.fullmatch(match[0]) or _NO_NAME.search(match[0]):
            continue
        if (is_surname(match[0]) or is_given(match[0])) and _is_only_a_name(match[0]):
            yield _found(*match.span(), 0.6, "a word that is nothing else than a name")
    for match in _HIRAGANA.finditer(text):
        value = match["value"]
        if is_person(value) or not (is_known(value) or _NO_HIRAGANA.fullmatch(value)):
            yield _found(*match.span("value"), 0.7, "introduces himself or herself in hiragana")


def _katakana(text: str) -> Iterator[Found]:
    for match in _KATAKANA_FREE.finditer(text):
        if _is_only_a_name(match[0]):
            yield _found(*match.span(), 0.6, "a word in katakana that is nothing else than a name")
    for match in _KATAKANA_PAIR.finditer(text):
        parts = match[0].split(" ")
        if any(map(_is_only_a_name, parts)) and not any(is_common(part) or is_brand(part) for part in parts):
            yield _found(*match.span(), 0.75, "words in katakana, a name among them")


def _latin(text: str) -> Iterator[Found]:
    # Van and Li are common nouns too; where nothing calls the words a name, one such word tells against it.
    for pattern, score, tells in (
        (_LATIN_NAMED, 0.8, all),
        (_LATIN_TITLED, 0.8, all),
        (_LATIN_ALONE, 0.65, any),
    ):
        for match in pattern.finditer(text):
            country = match.groupdict().get("country")
            if country and not is_country(country):
                continue
            words = match["value"].split(" ")
            if not tells(map(is_common, map(str.lower, words))) and not all(map(is_brand, words)):
                yield _found(*match.span("value"), score, "a name in Latin letters")
