"""What stands around a character, as the trained recogniser of names looks at it.

Which of the words that go with names (さん, 課長, 氏名, 長女, 商店) begin behind it, end before it or stand ahead,
what the stretch between two marks looks like, words in Latin letters, and what is said of a whole list.
"""

import re

from machi.language.engine.personal.name_shapes import RUN, SEEN, place, shape
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
_AHEAD = {"title": re.compile(TITLE), "role": re.compile(ROLE)}
_CARRIES = re.compile(r"[一-鿿々〆ヶヵぁ-ゖァ-ヺーA-Za-zÀ-ɏ・=. -]+")
"""What may stand between the beginning of a name and its title: 鰊 昆布子様."""
_REACH = 9
_FIELD = re.compile(r"[^⏎|,;:、。/()（）「」『』\[\]→=]+")
"""A stretch between marks of punctuation."""
_LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ][A-Za-zÀ-ɏḀ-ỿ'-]*")
_LIST = re.compile(r"[^\W_]{1,8}(?:[、,・][^\W_]{1,8})+")
"""福岡、長崎、熊本 and then の三県, or 福岡、長崎、熊本 and then の三名."""


def around(text: str, seen: str, found: list[list[str]]) -> None:
    """Adds to ``found``, one list for each character; ``seen`` is ``text`` without blanks and breaks."""
    _neighbourhood(text, found)
    _fields(seen, found)
    _latin(text, found)
    _lists(seen, found)


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

    for name, pattern in _AHEAD.items():
        for match in pattern.finditer(text):
            carried = list(_CARRIES.finditer(text, max(0, match.start() - _REACH), match.start()))
            if carried and carried[-1].end() == match.start():
                blanks = carried[-1][0].count(" ")
                for at in range(*carried[-1].span()):
                    found[at].append(f"ahead={name}{blanks}{min(match.start() - at, 5)}")


def _fields(text: str, found: list[list[str]]) -> None:
    """The shape of what stands between two marks: K2_K1 is 山田 弘."""
    for match in _FIELD.finditer(text):
        inside = match[0].strip("_")
        if not inside or len(inside) > 14:
            continue
        start = match.start() + match[0].index(inside)
        shapes = [f"{shape(run[0][0])}{len(run[0])}" for run in RUN.finditer(inside)]
        sign = "".join(shapes)
        marks = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
        for at in range(start, start + len(inside)):
            where = place(at, start, start + len(inside))
            found[at] += (f"field={sign}{where}", f"field={sign}{where}{marks}")


def _latin(text: str, found: list[list[str]]) -> None:
    """Words in Latin letters, and those beside them."""
    words = list(_LATIN.finditer(text))
    spelt = ["^", *(word[0].lower() for word in words), "$"]
    for index, word in enumerate(words):
        before = text[words[index - 1].end() : word.start()] if index else ""
        behind = text[word.end() : words[index + 1].start()] if index + 1 < len(words) else ""
        kind = "A" if word[0].isupper() else "Aa" if word[0][0].isupper() else "a"
        own = (
            f"en={spelt[index + 1]}",
            f"en-={spelt[index]}{before[:2].translate(SEEN)}",
            f"en+={behind[:2].translate(SEEN)}{spelt[index + 2]}",
            f"en={kind}{min(len(word[0]), 6)}",
            f"en={spelt[index + 1][-3:]}~",
        )
        for at in range(*word.span()):
            found[at] += own
            found[at].append(f"en{kind}{place(at, *word.span())}")


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
