"""What the trained recogniser of names looks at, one character of a view after the other.

The character and its neighbours, the word Sudachi takes it for and the words beside, whether a known surname or given
name lies there, what the language model says, and which of the words that go with names (さん, 課長, 氏名, 長女,
商店) begin behind it or end before it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import jaconv

from machi.language.engine.personal import lexicon, name_register
from machi.language.engine.personal.name_lists import cell_headings
from machi.language.engine.personal.name_tokens import Token
from machi.language.engine.personal.name_words import (
    AGENT,
    COMPANY_BEFORE,
    LABEL,
    NO_NAME,
    OFFICE,
    ORGANISATION,
    PLACE,
    RELATION,
    ROLE,
    SURE_LABEL,
    TITLE,
)

_BEHIND = {
    "title": re.compile(TITLE),
    "role": re.compile(ROLE),
    "org": re.compile(ORGANISATION),
    "place": re.compile(PLACE),
    "no": re.compile(NO_NAME),
    "agent": re.compile(AGENT),
    "kin": re.compile(rf"の?{RELATION}"),
    "says": re.compile(r"(?:と申|と名乗|といいます|と言います|という者|でございます|です(?:[。、]|けど|が))"),
    "age": re.compile(r"[ 、]?\(?満?[0-9]{1,3}(?:[歳才]|\))"),
    "date": re.compile(r"[ 、,|(]{1,3}(?:[明大昭平令MTSHR][治正和成]?[0-9 ]|(?:19|20)[0-9]{2})"),
    "reach": re.compile(r"[ (:|,<]{1,2}(?:0[0-9]{1,4}[-(]|[0-9A-Za-z._-]+@)"),
}
"""Looked for right behind a character."""
_BEFORE = {
    "label": re.compile(rf"(?:{LABEL})(?:\([^)\n]{{1,8}}\))?[ :】」|=>]{{0,3}}"),
    "sure": re.compile(rf"(?:{SURE_LABEL})(?:\([^)\n]{{1,8}}\))?[ :】」|=>]{{0,3}}"),
    "role": re.compile(rf"(?:{ROLE})[ :の]?"),
    "office": re.compile(rf"(?:{OFFICE}) ?の?"),
    "kin": re.compile(rf"(?:{RELATION})[のは:が]? ?"),
    "firm": re.compile(rf"(?:{COMPANY_BEFORE}|{ORGANISATION})[ の]?"),
    "person": re.compile(r"[一-鿿]{1,4}[者人員手主][ :はがの]?"),
    "colon": re.compile(r"[一-鿿ぁ-んァ-ヶーA-Za-z]{1,10} ?[:=] ?"),
    "quantity": re.compile(r"[0-9]+[.)、号番年組班]? ?"),
}
"""Looked for so that it ends right before a character."""
_RUN = re.compile(r"[一-鿿々〆ヶヵ𠀀-𯿿]+|[ァ-ヺー]+|[ぁ-ゖ]+|[A-Za-zÀ-ɏḀ-ỿ]+|[0-9]+|.")
_TAGS = {
    "名詞-固有名詞-人名-姓": "姓",
    "名詞-固有名詞-人名-名": "名",
    "名詞-固有名詞-人名-一般": "人",
    "名詞-固有名詞-地名-一般": "地",
    "名詞-固有名詞-地名-国": "国",
    "名詞-固有名詞-一般": "固",
    "名詞-数詞": "数",
    "名詞-普通名詞-サ変可能": "サ",
    "接尾辞-名詞的-一般": "尾",
}
_LIST = re.compile(r"[^\W_]{1,8}(?:[、,・][^\W_]{1,8})+")
"""福岡、長崎、熊本 and then の三県, or 福岡、長崎、熊本 and then の三名."""
_SEEN = str.maketrans("\n ", "⏎_")
"""Names of features hold no blanks and no breaks."""
_LONGEST = 4
_JAPANESE = re.compile(r"[一-鿿々〆ヶヵぁ-ゖァ-ヺー𠀀-𯿿]")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]+")


def shape(character: str) -> str:
    """One letter for the script of ``character``."""
    if "一" <= character <= "鿿" or character in "々〆ヶヵ" or character >= "𠀀":
        return "K"
    if "ぁ" <= character <= "ゖ":
        return "H"
    if "ァ" <= character <= "ー":
        return "T"
    if character.isdecimal():
        return "9"
    if character.isalpha():
        return "A" if character.isupper() else "a"
    return character if character in "⏎_" or unicodedata.category(character)[0] == "P" else "S"


def features(text: str, words: Sequence[Token], labelled: Iterable[tuple[int, int, str]]) -> list[list[str]]:
    """One list of features for each character of the view ``text``.

    ``words`` cover the text but for blanks; ``labelled`` are the spans that the language model names, of any kind.
    """
    found: list[list[str]] = [["bias"] for _ in text]
    seen = text.translate(_SEEN)
    _characters(seen, found)
    _words(words, found)
    _runs(seen, found)
    _known(text, found)
    _neighbourhood(text, found)
    _lists(seen, found)
    for start, end, label in labelled:
        for at in range(start, end):
            found[at].append(f"ent={label}{_place(at, start, end)}")
    for start, end, heading in cell_headings(text):
        for at in range(start, end):
            found[at].append(f"cell={heading}{_place(at, start, end)}")
    return found


def _place(at: int, start: int, end: int) -> str:
    """Whether ``at`` begins, ends, fills or lies within a span."""
    return ("S" if end - start == 1 else "B") if at == start else "E" if at == end - 1 else "I"


def _characters(text: str, found: list[list[str]]) -> None:
    padded = f"^^{text}$$"
    shapes = "^^" + "".join(map(shape, text)) + "$$"
    for at, own in enumerate(found):
        a, b, c, d, e = tuple(padded[at : at + 5])
        own += (f"c={c}", f"c-1={b}", f"c+1={d}", f"cc-={b}{c}", f"cc+={c}{d}", f"c-2={a}{b}", f"c+2={d}{e}")
        near = shapes[at : at + 5]
        own += (f"t={near}", f"t-={near[:3]}", f"t+={near[2:]}")


def _words(words: Sequence[Token], found: list[list[str]]) -> None:
    tags = ["^", "^", *(_tag(word.tag) for word in words), "$", "$"]
    texts = ["^", "^", *(_spelt(word.text) for word in words), "$", "$"]
    for index, word in enumerate(words):
        at = index + 2
        blank = "_" if index and words[index - 1].end < word.start else ""
        follows = "_" if index + 1 < len(words) and words[index + 1].start > word.end else ""
        shared = [
            f"w-={blank}{texts[at - 1]}",
            f"w+={follows}{texts[at + 1]}",
            f"w-2={texts[at - 2]}{blank}{texts[at - 1]}",
            f"w+2={texts[at + 1]}{follows}{texts[at + 2]}",
            f"g-={tags[at - 1]}{blank}{tags[at]}",
            f"g+={tags[at]}{follows}{tags[at + 1]}",
            f"g={tags[at - 1]}{blank}{tags[at]}{follows}{tags[at + 1]}",
            f"g5={tags[at - 2]}{tags[at - 1]}{tags[at]}{tags[at + 1]}{tags[at + 2]}",
        ]
        for position in range(word.start, word.end):
            place = _place(position, word.start, word.end)
            found[position] += [place + one for one in shared]
            found[position] += (f"{place}{tags[at]}", f"{place}{tags[at]}{word.end - word.start}")


def _tag(tag: str) -> str:
    return next((short for long, short in _TAGS.items() if tag.startswith(long)), tag.split("-")[0])


def _spelt(word: str) -> str:
    return "9" if word.isdecimal() else word.translate(_SEEN)


def _runs(text: str, found: list[list[str]]) -> None:
    """Letters of one script, and what stands before and behind all of them."""
    runs = list(_RUN.finditer(text))
    counts = Counter(run[0] for run in runs)
    for run in runs:
        start, end = run.span()
        size = min(end - start, 7)
        before, behind = text[max(0, start - 3) : start].rjust(3, "^"), text[end : end + 3].ljust(3, "$")
        line_start = text.rfind("⏎", 0, start) + 1
        line_end = text.find("⏎", end)
        whole = text[line_start : line_end if line_end >= 0 else len(text)]
        kind = shape(run[0][0])
        shared = [
            f"r={kind}{size}",
            f"r-={kind}{size}{before[2]}",
            f"r+={kind}{size}{behind[0]}",
            f"r--={before[1:]}",
            f"r++={behind[:2]}",
            f"r---={before}",
            f"r+++={behind}",
            f"r-+={kind}{size}{before[2]}{behind[0]}",
            f"line={kind}{size}{min(len(whole), 12)}{start == line_start}",
        ]
        if counts[run[0]] > 1 and size > 1:
            shared.append("again")
        for at in range(start, end):
            found[at] += shared
            found[at].append(f"in={kind}{size}{_place(at, start, end)}")


def _known(text: str, found: list[list[str]]) -> None:
    """Surnames and given names of the lists and the dictionary, wherever they could lie."""
    for start in range(len(text)):
        if not _JAPANESE.match(text, start):
            continue
        for end in range(start + 1, min(start + _LONGEST + 1, len(text) + 1)):
            word = text[start:end]
            if not _JAPANESE.match(word[-1]):
                break
            for sign in _signs(word):
                for at in range(start, end):
                    found[at].append(f"{sign}{end - start}{_place(at, start, end)}")


def _signs(word: str) -> tuple[str, ...]:
    signs = []
    if _KANA.fullmatch(word):
        if len(word) > 1 and jaconv.kata2hira(word) in name_register.readings():
            signs.append("read")
        if len(word) > 1 and lexicon.is_person(word):
            signs.append("kana!" if not lexicon.is_common(word) else "kana?")
        return tuple(signs)
    if lexicon.is_surname(word):
        other = ("c" if lexicon.is_common(word) else "") + ("p" if lexicon.is_place(word) else "")
        frequent = "f" if name_register.is_frequent(word) else ""
        signs.append(f"sur{other}{frequent}")
    elif word in name_register.surnames():
        signs.append("surl")
    given, listed = lexicon.is_given(word), word in name_register.given_names()
    if given or listed:
        signs.append(f"giv{'d' * given}{'l' * listed}{'c' * lexicon.is_common(word)}")
    elif len(word) > 1 and lexicon.is_common(word):
        signs.append("com")
    elif len(word) > 1 and lexicon.is_place(word):
        signs.append("pla")
    return tuple(signs)


def _neighbourhood(text: str, found: list[list[str]]) -> None:
    """Words that go with names, right behind a character or right before it."""
    for name, pattern in _BEHIND.items():
        for at in range(1, len(text)):
            if pattern.match(text, at):
                found[at - 1].append(f"behind={name}")
                found[at].append(f"starts={name}")
    for name, pattern in _BEFORE.items():
        for match in pattern.finditer(text):
            if match.end() < len(text):
                found[match.end()].append(f"before={name}")
            for at in range(match.end(), min(match.end() + 6, len(text))):
                found[at].append(f"near={name}")


def _lists(text: str, found: list[list[str]]) -> None:
    """What stands behind a list, and before it, said of all its members."""
    for match in _LIST.finditer(text):
        start, end = match.span()
        members = re.split("[、,・]", match[0])
        size = min(len(members), 5)
        last = re.match(r"[一-鿿]+|[ァ-ヺー]+|[ぁ-ゖ]+|.", members[-1])
        stop = end - len(members[-1]) + (last.end() if last else 0)
        tail, head = text[stop : stop + 3], text[max(0, start - 2) : start]
        shared = (f"list={size}", f"tail={tail}", f"tail2={tail[:2]}", f"head={head}")
        for at in range(start, stop):
            found[at] += shared
