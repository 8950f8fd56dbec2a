"""Given names beside a word of kinship (長女凪, 翔と葵の母), and people who say who they are."""

import re
from collections.abc import Iterator

from machi.language.engine.personal.kinds import Found
from machi.language.engine.personal.lexicon import is_common, is_given, is_known, is_person, is_surname
from machi.language.engine.personal.name_parts import person
from machi.language.engine.personal.name_words import AGENT, LABEL, NO_NAME, ORGANISATION, RELATION, ROLE

_KANJI, _KATAKANA = "一-鿿々〆ヶヵ𠀀-𯿿", "ァ-ヺー"
_IN_KATAKANA = re.compile(rf"[{_KATAKANA}]+")
BEHIND_KINSHIP = "given name behind a word of kinship"
_WORD = rf"(?:[{_KANJI}]{{1,5}}|[{_KATAKANA}]{{2,8}})"
_BEGIN = r"(?:^|(?<=[\n。「『、,:;@(!?→]))[ @→]?"
_INTRODUCED = re.compile(
    rf"(?:{_BEGIN}|(?<=[課係室所店社部局の刷院園校会店量口者人])の)(?P<value>{_WORD})"
    r"(?=(?:です|でした|だけど|でございま|という(?:方|人|者|職員|若)|と申[しす]|と名乗|と言い?ま|と言われ|といいま|と言う者|という者)(?![かがよね]))"
)
_I = re.compile(
    rf"(?:^|(?<=[\n。「 ]))(?:私|わたくし|わたし)(?:こと|、|,)(?P<value>{_WORD})(?=[はがも、]|です)"
)
_RELATED = re.compile(
    rf"(?<![{_KANJI}]){RELATION}(?:の|は|:|が)? ?(?!{RELATION})(?P<value>[{_KATAKANA}]{{2,9}}"
    rf"|[{_KANJI}]{{1,3}}(?: [{_KANJI}]{{1,3}})?)"
    rf"(?=[ 、。()（]|[はがもとの](?![{_KANJI}]{{0,2}}[係親])|$)"
)
_CHILD_CALLED = re.compile(
    rf"(?:息子|娘|孫|妻|夫|長男|長女|[次二三]男|[次二三]女|弟|妹)の(?P<value>(?![方件分親友話口体足手目顔声家部命前事物夫妻嫁母父孫上下代])[{_KANJI}])(?=[がはも]|を(?!見))"
    r"|(?:息子|娘|孫|妻|夫|長男|長女|[次二三]男|[次二三]女|弟|妹|母|父|姉|兄)の(?P<kana>[ぁ-ん]{2,4})(?=[がはもとのを])"
)
_KIN = rf"(?:の?{RELATION}|の?(?:ふたご|双子|兄弟|姉妹|きょうだい|両親|親子|夫婦|保護者|担任))"
_PAIR = re.compile(
    rf"(?:^|(?<=[^{_KANJI}{_KATAKANA}]))(?P<one>[{_KANJI}]{{1,3}}|[{_KATAKANA}]{{2,8}}|[ぁ-ん]{{2,4}})(?:と|、|・)"
    rf"(?P<other>[{_KANJI}]{{1,3}}|[{_KATAKANA}]{{2,8}}|[ぁ-ん]{{2,4}})(?={_KIN})"
)
_NO_NAME = re.compile(
    rf"^(?:{NO_NAME}|{LABEL})|(?:{AGENT})$|{ORGANISATION}|.[駅県郡市町村区]$|(?:{ROLE})$|^(?:{ROLE})$"
)


def beside_kin(text: str) -> Iterator[Found]:
    """Given names beside a word of kinship, and who says who he or she is; possibly overlapping."""
    yield from _family(text)
    yield from _introduced(text)
    for match in _PAIR.finditer(text):
        if all(is_given(match[group]) for group in ("one", "other")):
            for group in ("one", "other"):
                yield person(*match.span(group), 0.7, "two given names and how they are related")


def _is_surname(value: str) -> bool:
    return is_surname(value) and not _NO_NAME.search(value)


def _family(text: str) -> Iterator[Found]:
    """Given names beside a word of kinship or a title for the young."""
    for match in _RELATED.finditer(text):
        value = match["value"]
        if _NO_NAME.search(value):
            continue
        strange = value[0] >= "ァ" and value[0] <= "ヺ" and not is_common(value)
        new = len(value) == 2 and not is_known(value) and text[match.start("value") - 1] not in "のはが: "
        young = text[match.start("value") - 1] == "の" and text[match.end() : match.end() + 1] in "がはも"
        alone = not is_common(value) or young or text[match.end() : match.end() + 1] == "("
        before = text[match.start("value") - 1]
        row = (
            before not in "のはが " and is_given(value) and text[match.end() : match.end() + 1] in ("、", "(")
        )
        day = re.match(r"\((?:[0-9SHRTM昭平令]|[0-9]{1,3}[歳才])", text[match.end() : match.end() + 4])
        dated = bool(day) and (len(value) == 1 or is_given(value) or not is_common(value))
        spaced = " " in value and _is_surname(value.split(" ")[0])
        oneself = text.startswith("本人", match.start()) and _is_surname(value) and not is_common(value)
        if strange or new or oneself or row or dated or spaced or (is_given(value) and alone):
            yield person(*match.span("value"), 0.75, BEHIND_KINSHIP)
    for match in _CHILD_CALLED.finditer(text):
        if match["value"] or is_given(match["kana"]):
            yield person(*match.span("value" if match["value"] else "kana"), 0.65, BEHIND_KINSHIP)


def _introduced(text: str) -> Iterator[Found]:
    """Who introduces himself or herself, or speaks as I."""
    for match in _I.finditer(text):
        if _is_surname(match["value"]):
            yield person(*match.span("value"), 0.7, "says I")
    for match in _INTRODUCED.finditer(text):
        value = match["value"]
        says = text.startswith(("と申し", "と申す", "と名乗", "と言う者", "という者"), match.end())
        strange = (says or is_person(value) or _IN_KATAKANA.fullmatch(value)) and not is_common(value)
        if _is_surname(value) or (strange and not _NO_NAME.search(value)):
            yield person(*match.span("value"), 0.7, "introduces himself or herself")
