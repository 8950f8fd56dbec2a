"""What the trained recogniser of names looks at, one character of a view after the other.

The character and its neighbours, the word Sudachi takes it for and the words beside, whether a known surname or given
name lies there, what the language model and the rules say, and what stands around (``name_surroundings``).
"""

import re
from collections import Counter
from collections.abc import Sequence

import jaconv

from machi.language.engine.personal import lexicon, name_register
from machi.language.engine.personal.name_lists import cell_headings, elsewhere
from machi.language.engine.personal.name_rules import by_rule, renowned
from machi.language.engine.personal.name_shapes import RUN, SEEN, place, shape
from machi.language.engine.personal.name_surroundings import around
from machi.language.engine.personal.name_tokens import Labelled, Named, Token

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
_LONGEST = 4
_JAPANESE = re.compile(r"[一-鿿々〆ヶヵぁ-ゖァ-ヺー𠀀-𯿿]")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]+")


def features(text: str, words: Sequence[Token], labelled: Sequence[Labelled]) -> list[list[str]]:
    """One list of features for each character of the view ``text``.

    ``words`` cover the text but for blanks; ``labelled`` are the spans that the language model names, of any kind.
    """
    found: list[list[str]] = [["bias"] for _ in text]
    seen = text.translate(SEEN)
    _characters(seen, found)
    _words(words, found)
    _runs(seen, found)
    _known(text, found)
    around(text, seen, found)
    for start, end, label in labelled:
        for at in range(start, end):
            found[at].append(f"ent={label}{place(at, start, end)}")
    for start, end, heading in cell_headings(text):
        for at in range(start, end):
            found[at].append(f"cell={heading}{place(at, start, end)}")
    _rules(text, words, labelled, found)
    return found


def _rules(text: str, words: Sequence[Token], labelled: Sequence[Labelled], found: list[list[str]]) -> None:
    """Which rules took a character for a part of a name, and which say that it is none."""
    entities = [Named(start, end) for start, end, label in labelled if label == "Person"]
    for one in by_rule(text, words, entities):
        reason = one.reason.replace(" ", "_")
        for at in range(one.start, one.end):
            where = place(at, one.start, one.end)
            found[at] += (f"rule={where}", f"rule={reason}{where}")
    for name, spans in (("elsewhere", elsewhere(text)), ("renowned", renowned(text))):
        for start, end in spans:
            for at in range(start, end):
                found[at].append(name)


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
            where = place(position, word.start, word.end)
            found[position] += [where + one for one in shared]
            found[position] += (f"{where}{tags[at]}", f"{where}{tags[at]}{word.end - word.start}")


def _tag(tag: str) -> str:
    return next((short for long, short in _TAGS.items() if tag.startswith(long)), tag.split("-")[0])


def _spelt(word: str) -> str:
    return "9" if word.isdecimal() else word.translate(SEEN)


def _runs(text: str, found: list[list[str]]) -> None:
    """Letters of one script, and what stands before and behind all of them."""
    runs = list(RUN.finditer(text))
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
            found[at].append(f"in={kind}{size}{place(at, start, end)}")


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
                    found[at].append(f"{sign}{end - start}{place(at, start, end)}")


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
