"""What can stand in a field of a kind, as small automata that a search asks letter by letter: can this become one?

``re`` cannot tell whether a text is the beginning of something that matches. So the few signs that these patterns need
(letters, ``[a-c]``, ``( | )``, ``?``, ``*``, ``+``) are made into a nondeterministic automaton (Thompson 1968), whose
sets of states are worked out as they are met and kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

State = frozenset[int]


class Grammar:
    """Texts that match ``pattern`` as a whole. Raises ``ValueError`` for a sign that stands alone."""

    def __init__(self, pattern: str) -> None:
        self._moves: list[list[tuple[frozenset[str] | None, int]]] = []
        self._rest = list(pattern)
        start, self._end = self._either()
        if self._rest:
            raise ValueError(f"{self._rest[0]} closes nothing")
        self.start: State = self._closed({start})
        self._known: dict[tuple[State, str], State] = {}

    def step(self, state: State, letter: str) -> State:
        """Where ``letter`` leads; empty where nothing that matches goes on with it."""
        key = state, letter
        if key not in self._known:
            goals = {goal for at in state for signs, goal in self._moves[at] if signs and letter in signs}
            self._known[key] = self._closed(goals)
        return self._known[key]

    def ends(self, state: State) -> bool:
        return self._end in state

    def matches(self, text: str) -> bool:
        state = self.start
        for letter in text:
            state = self.step(state, letter)
        return self.ends(state)

    def _closed(self, states: set[int]) -> State:
        waiting = list(states)
        while waiting:
            for signs, goal in self._moves[waiting.pop()]:
                if signs is None and goal not in states:
                    states.add(goal)
                    waiting.append(goal)
        return frozenset(states)

    def _new(self) -> int:
        self._moves.append([])
        return len(self._moves) - 1

    def _either(self) -> tuple[int, int]:
        start, end = self._new(), self._new()
        while True:
            first, last = self._sequence()
            self._moves[start].append((None, first))
            self._moves[last].append((None, end))
            if not (self._rest and self._rest[0] == "|"):
                return start, end
            self._rest.pop(0)

    def _sequence(self) -> tuple[int, int]:
        start = last = self._new()
        while self._rest and self._rest[0] not in "|)":
            first, end = self._repeated()
            self._moves[last].append((None, first))
            last = end
        return start, last

    def _repeated(self) -> tuple[int, int]:
        start, end = self._atom()
        while self._rest and self._rest[0] in "?*+":
            sign = self._rest.pop(0)
            if sign in "?*":
                self._moves[start].append((None, end))
            if sign in "*+":
                self._moves[end].append((None, start))
        return start, end

    def _atom(self) -> tuple[int, int]:
        sign = self._rest.pop(0)
        if sign == "(":
            start, end = self._either()
            if not self._rest:
                raise ValueError("( is not closed")
            self._rest.pop(0)
            return start, end
        if sign in "?*+":
            raise ValueError(f"{sign} repeats nothing")
        start, end = self._new(), self._new()
        self._moves[start].append((frozenset(self._class() if sign == "[" else sign), end))
        return start, end

    def _class(self) -> Iterator[str]:
        while self._rest and (sign := self._rest.pop(0)) != "]":
            if len(self._rest) > 2 and self._rest[0] == "-" and self._rest[1] != "]":
                self._rest.pop(0)
                yield from map(chr, range(ord(sign), ord(self._rest.pop(0)) + 1))
            else:
                yield sign


_COUNT = "([1-9]|[1-9][0-9]|元|[一二三四五六七八九]|[二三四五六]?十[一二三四五六七八九]?)"
_YEAR = f"((令和|平成|昭和|大正|明治|令|平|昭|大|明) ?{_COUNT}|(西暦)?(19|20)[0-9][0-9])"
_MONTH = "(0?[1-9]|1[0-2]|[一二三四五六七八九]|十[一二]?)"
_DAY = "(0?[1-9]|[12][0-9]|3[01]|[一二三四五六七八九]|二?十[一二三四五六七八九]?|三十一?)"
_HOUR = "([01]?[0-9]|2[0-4])"
_TIME = f"( ?(午前|午後)?{_HOUR}(時([0-5]?[0-9]分|半)?|[:：][0-5][0-9])(頃|ごろ|から)?)"
_WEEKDAY = "([(（][月火水木金土日]曜?日?[)）])"
_SUM = "([1-9][0-9]?[0-9]?([,，][0-9][0-9][0-9])+|[1-9][0-9]*|0)"
_PHONE = "-ー－"


def _kana(
    first: str, last: str, double: str, nasal: str, small: tuple[str, str], little: tuple[str, str]
) -> str:
    """Words of one kana, from ``first`` to ``last``. No word begins with ``nasal`` or ``double`` (っ) or ends with it;
    ``small`` and ``little`` letters stand behind those named before them only."""
    bound = {double, nasal, *small[1], *little[1]}
    full = "".join(c for c in map(chr, range(ord(first), ord(last) + 1)) if c not in bound)
    sound = f"([{full}]|[{small[0]}][{small[1]}]|[{little[0]}][{little[1]}])"
    word = f"{sound}(ー|{nasal}|{double}?{sound})*"
    return f"{word}([ 　・]+{word})*"


_UNGROUPED = "[1-9]?[0-9]?[0-9]?[0-9]"
_GROUPED = "[1-9][0-9]?[0-9]?(,[0-9][0-9][0-9])+"
_PATTERNS = {
    "date": f"({_YEAR}年 ?{_MONTH}月 ?{_DAY}日|[RHSTMrhstm][.]?{_COUNT}[./-]{_MONTH}[./-]{_DAY}"
    f"|(19|20)[0-9][0-9][./-]{_MONTH}[./-]{_DAY}){_WEEKDAY}?{_TIME}?",
    "yen": f"[¥￥金]? ?({_SUM}|[一二三四五六七八九十百千万億]+) ?円?[-ー－]?也?",
    "number": f"({_SUM}|({_UNGROUPED}|{_GROUPED})[.．][0-9][0-9]?|[0-9]+|[一二三四五六七八九十百千]+)"
    " ?(人|名|通|枚|個|台|件|口|冊|部|本|回|㎡|m²|平方メートル|km|kg)?",
    "telephone": f"0[0-9]+[{_PHONE}(（][0-9]+[{_PHONE})）][0-9][0-9][0-9][0-9]"
    "|0[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]?",
    "postal_code": f"〒?[0-9][0-9][0-9][{_PHONE}]?[0-9][0-9][0-9][0-9]",
    "my_number": "[0-9]" * 12,
    "kana": _kana("ぁ", "ん", "っ", "ん", ("きぎしじちぢにひびぴみり", "ゃゅょ"), ("ふうて", "ぁぃぅぇぉゎ"))
    + "|"
    + _kana(
        "ァ", "ヴ", "ッ", "ン", ("キギシジチヂニヒビピミリヴテデフ", "ャュョ"),
        ("フウヴテデトドシジチツ", "ァィゥェォヮ"),
    ),
}  # fmt: skip


@cache
def grammar_of(kind: str) -> Grammar | None:
    """What stands in nearly every field of ``kind``; None for kinds in which anything may stand."""
    pattern = _PATTERNS.get(kind)
    return Grammar(pattern) if pattern else None
