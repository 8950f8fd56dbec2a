"""Names behind what calls them names: 氏名：, 担当, 福祉課長."""

import re
from collections.abc import Iterator, Sequence

from machi.language.engine.personal.kinds import Found
from machi.language.engine.personal.lexicon import is_common, is_given, is_person, is_surname
from machi.language.engine.personal.name_parts import (
    A_COMPANY,
    FOREIGN,
    IS_KANJI,
    KANJI,
    KATAKANA,
    NEVER_A_NAME,
    TITLED,
    names_place_or_company,
    overlaps,
    person,
)
from machi.language.engine.personal.name_surnames import given_end
from machi.language.engine.personal.name_tokens import Named, Token
from machi.language.engine.personal.name_words import LABEL, NO_NAME, OFFICE, ROLE, SURE_LABEL, TITLE

_LATIN = r"[A-Za-zÀ-ɏḀ-ỿ'.-]"
_NAME = (
    rf"(?:[{KATAKANA}]{{1,12}}(?:[・=][{KATAKANA}]{{1,12}}){{1,5}}"
    rf"|[{KANJI}]{{1,5}}(?: ?(?!{LABEL}|{NO_NAME})[{KANJI}ぁ-ん{KATAKANA}]{{1,6}}(?! ?:))?"
    rf"|[{KATAKANA}]{{2,12}}(?: (?!{LABEL})[{KATAKANA}]{{1,12}}){{0,4}}|[ぁ-ん]{{2,7}}(?: [ぁ-ん]{{2,7}})?"
    rf"|[A-Z]{_LATIN}+(?:[ ,]{{1,2}}[A-Z]{_LATIN}*){{1,4}})"
)
_END = rf"(?=$|[ \n、。,.()/|「」『』・;<>\[\]【】\"]|{TITLE}|です|と申|[はがのにとも]|への|から)"
_LABELLED = re.compile(
    rf"(?:(?P<sure>{SURE_LABEL})|{LABEL}|[{KANJI}]{{1,5}}[者人])(?:\([^)\n]{{1,12}}\))?"
    rf"(?(sure)(?:[ \"]?[:=】>\])][ \"]?|[ \n|]{{1,3}}|(?P<weak>[はが] ?)[\"「『]?)|(?: ?[:=】] ?| \| "
    rf"| ))(?P<value>{_NAME}){_END}"
)
_ROLED = re.compile(rf"(?:{ROLE}|{OFFICE}) ?(?:の ?)?(?=[{KANJI}{KATAKANA}])")
_OTHER_FIELD = re.compile(r"生年月日|住所|電話|性別|年齢|職業|連絡先|メール")
_AGE = re.compile(r"[、 ]?\(?[0-9]{1,3}[歳才]")
_KANA_GIVEN = re.compile(r" [ぁ-ん]{2,4}$")


def behind_label(text: str, words: Sequence[Token], entities: Sequence[Named]) -> Iterator[Found]:
    """What stands behind 氏名：, 担当 and other labels of forms."""
    for match in _LABELLED.finditer(text):
        start, end = match.span("value")
        end = _before_grammar(text, words, start, end)
        value = text[start:end]
        if NEVER_A_NAME.search(value) or _OTHER_FIELD.match(match[0]):
            continue
        if is_common(value) and not is_person(value) and not _AGE.match(text, end):
            continue
        known = (
            (match["sure"] and not match["weak"])
            or text[start - 1] in "「『"
            or any(w.is_name and start <= w.start < end for w in words)
            or is_surname(value)
            or overlaps(entities, start, end)
            or FOREIGN.fullmatch(value)
            or (len(value) > 1 and is_given(value))
            or _AGE.match(text, end)
        )
        if known and not A_COMPANY.match(value) and not names_place_or_company(text, start, end):
            yield person(start, end, 0.9 if match["sure"] else 0.8, "behind a label")


def _before_grammar(text: str, words: Sequence[Token], start: int, end: int) -> int:
    """``end``, or where a particle or verb follows the name without a blank: 山田が承ります."""
    if _KANA_GIVEN.search(text[start:end]):
        return end
    if not IS_KANJI.match(text, start) or text[end : end + 1] in ("<", '"', "|", "]", "】"):
        return end
    for word in words:
        joined = start < word.start < end and text[word.start - 1] != " "
        if joined and word.tag.startswith(("助詞", "助動詞", "動詞")) and not IS_KANJI.match(word.text):
            return word.start
    return end


def behind_office(text: str, words: Sequence[Token], entities: Sequence[Named]) -> Iterator[Found]:
    """A surname behind 課長, 福祉課 ...; nothing but particles may follow."""
    begins = {word.start: index for index, word in enumerate(words)}
    for match in _ROLED.finditer(text):
        index = begins.get(match.end())
        if index is None or not (
            words[index].is_name or words[index].may_be_surname() or is_given(words[index].text)
        ):
            continue
        word = words[index]
        end = given_end(text, words, index, entities) or word.end
        follower = next((w for w in words[index + 1 :] if w.start >= end), None)
        stands_free = (
            follower is None
            or follower.start > end
            or not follower.is_noun
            or TITLED.match(text, follower.start)
        )
        if word.text == "方":
            continue  # 同一世帯の方
        place = not word.is_name and follower is not None and follower.text == "の"
        if stands_free and not place and not names_place_or_company(text, word.start, end):
            yield person(word.start, end, 0.8, "name behind an office")
