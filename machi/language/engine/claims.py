"""Claims check: each sentence of a generated text is supported by a passage, or it is dropped and said to be.

Supported means, in one passage: nearly all content words occur (SudachiPy's normalised forms), every date, time,
figure with unit and bound, weekday, name and code occurs as the same value, no word is denied here and affirmed
there, and no word stands where its opposite stands there. Deterministic; no model judges. It errs towards dropping: a
true sentence in wholly other words is dropped, and a person sees that it was. docs/bench/claims.md says how often.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from machi.language.engine.claim_facts import Fact, Sentence, read, stem
from machi.language.engine.sentences import sentence_ends
from machi.language.engine.units import cached_units

COVERAGE = 0.8
"""Share of a sentence's content words that must occur in what supports it."""
MOST_UNITS = 3
"""Sentences of one passage that may support one claim together."""

Why = Literal["supported", "words", "facts", "denied", "opposite", "nothing_said"]
_PRICE = frozenset(
    map(stem, ("料金", "費用", "参加費", "受講料", "入場料", "価格", "値段", "代金", "自己負担"))
)
"""Said wherever an amount of yen, or 無料, is."""

_OPPOSITES = (
    ("無料", "有料"), ("必要", "不要"), ("可", "不可"), ("可能", "不可能"), ("要", "不要"), ("開館", "休館"),
    ("開所", "閉所"), ("開始", "終了"), ("開始", "中止"), ("屋内", "屋外"), ("平日", "休日"), ("増加", "減少"),
    ("加入", "脱退"), ("転入", "転出"), ("男性", "女性"), ("先着", "抽選"), ("上旬", "下旬"), ("前期", "後期"),
    ("個人", "団体"), ("市内", "市外"), ("北", "南"), ("東", "西"), ("許可", "禁止"), ("義務", "任意"),
    ("対象", "対象外"), ("大人", "子供"), ("新規", "継続"), ("増額", "減額"), ("値上げ", "値下げ"), ("開催", "中止"),
    ("課税", "非課税"), ("高い", "低い"), ("多い", "少ない"), ("午前", "午後"), ("上半期", "下半期"), ("最高", "最低"),
)  # fmt: skip
_OPPOSITE: dict[str, frozenset[str]] = {}
for _one, _other in _OPPOSITES:
    for _this, _that in ((_one, _other), (_other, _one)):
        _OPPOSITE[stem(_this)] = _OPPOSITE.get(stem(_this), frozenset()) | {stem(_that)}


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that may support a claim. ``context``: title and headings above it, whose words count as said."""

    id: int
    text: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence and what became of it. ``why`` is ``supported`` exactly where it is kept."""

    text: str
    why: Why
    source: int | None = None
    """Of the passage that supports it, or else comes nearest."""
    start: int = 0
    end: int = 0
    """``passage.text[start:end]``: the unit that says most of it."""
    missing: tuple[str, ...] = ()
    """What of it the nearest passage does not say."""

    @property
    def kept(self) -> bool:
        return self.why == "supported"


@dataclass(frozen=True, slots=True)
class _Judged:
    rank: tuple[int, float]
    why: Why
    start: int
    end: int
    missing: tuple[str, ...]


def check(text: str, sources: Sequence[Source]) -> tuple[CheckedSentence, ...]:
    """Every sentence of ``text``, in order, judged against ``sources``. Never raises, whatever the texts."""
    checked = []
    start = 0
    for end in sentence_ends(text):
        sentence = text[start:end].strip()
        start = end
        if sentence:
            checked.append(_check(sentence, sources))
    return tuple(checked)


def _check(sentence: str, sources: Sequence[Source]) -> CheckedSentence:
    claim = read(sentence)
    if not claim.words and not claim.facts:
        return CheckedSentence(sentence, "nothing_said")
    judged = [(_judge(claim, source), source) for source in sources]
    if not judged:
        return CheckedSentence(sentence, "words", missing=_said(claim))
    best, source = max(judged, key=lambda pair: pair[0].rank)
    return CheckedSentence(sentence, best.why, source.id, best.start, best.end, best.missing)


def _judge(claim: Sentence, source: Source) -> _Judged:
    units = [(unit.start, unit.end, _read(unit.text)) for unit in cached_units(source.text)]
    context = _read(source.context)
    if not units:
        return _Judged((0, 0.0), "words", 0, 0, _said(claim))
    chosen = _choose(claim, [unit for _start, _end, unit in units], _part(claim, source.text, units))
    start, end, _unit = units[chosen[0]]
    support = [units[index][2] for index in chosen]
    said = {word.stem for one in (*support, context) for word in one.words}
    anywhere = said | {word.stem for _start, _end, unit in units for word in unit.words}
    stems = [word.stem for word in claim.words]
    priced = any(fact[0] == "figure" and fact[2] == "円" for one in support for fact in one.facts)
    if priced or stem("無料") in said:
        said |= _PRICE
    absent = tuple(dict.fromkeys(one for one in stems if one not in said))
    coverage = 1 - sum(one in absent for one in stems) / len(stems) if stems else 1.0
    whole = frozenset[Fact]().union(*(unit.facts for _start, _end, unit in units), context.facts)
    near = frozenset[Fact]().union(*(one.facts for one in support), context.facts)
    unsaid = [fact for fact in claim.facts if not stands(fact, whole if fact[0] == "name" else near)]
    if unsaid:
        why: Why = "facts"
    elif coverage < COVERAGE:
        why = "words"
    elif _denied(claim, support):
        why = "denied"
    elif any(_OPPOSITE.get(one, frozenset()) & (said if one in anywhere else anywhere) for one in absent):
        why = "opposite"
    else:
        return _Judged((1, coverage), "supported", start, end, ())
    missing = (*sorted(" ".join(filter(None, fact[1:])) for fact in unsaid), *absent)
    return _Judged((0, coverage - len(unsaid)), why, start, end, missing)


@lru_cache(maxsize=4096)
def _read(text: str) -> Sentence:
    return read(text)


_Read = tuple[int, int, Sentence]


def _part(claim: Sentence, text: str, units: Sequence[_Read]) -> frozenset[int]:
    """The units among which support is looked for: those under the heading that the claim speaks of, and those under
    none. Where two notices stand under two headings of one passage, the day of one is not the day of the other."""
    above = [
        unit.path[0] if unit.path else (at if unit.is_heading else None)
        for at, unit in enumerate(cached_units(text))
    ]
    parts = set(above) - {None}
    if len(parts) < 2:
        return frozenset(range(len(units)))
    wanted = {word.stem for word in claim.words}

    def says(part: int | None) -> int:
        return len(
            wanted
            & {word.stem for at, unit in enumerate(units) if above[at] == part for word in unit[2].words}
        )

    most = max(map(says, parts))
    best = {part for part in parts if says(part) == most}
    return frozenset(at for at, part in enumerate(above) if part is None or part in best)


def _choose(claim: Sentence, units: Sequence[Sentence], among: frozenset[int]) -> list[int]:
    """The units that together say most of the claim, the one that says most alone first."""
    wanted: set[object] = {word.stem for word in claim.words} | set(claim.facts)
    chosen: list[int] = []
    for _ in range(MOST_UNITS):
        gains = [
            len(wanted & ({word.stem for word in unit.words} | _met(claim.facts, unit.facts)))
            if index in among
            else 0
            for index, unit in enumerate(units)
        ]
        best = max(range(len(units)), key=lambda index: (gains[index], -index))
        if chosen and not gains[best]:
            break
        chosen.append(best)
        wanted -= {word.stem for word in units[best].words} | _met(claim.facts, units[best].facts)
    return chosen


def _met(facts: frozenset[Fact], there: frozenset[Fact]) -> set[Fact]:
    return {fact for fact in facts if stands(fact, there)}


def stands(fact: Fact, there: frozenset[Fact]) -> bool:
    """Whether a fact is said there. A date without its year is said by one with it; not the other way."""
    if fact in there:
        return True
    if fact[0] == "date" and not fact[1]:
        return any(one[0] == "date" and one[2:] == fact[2:] for one in there)
    if fact[0] == "name":
        return any(one[0] == "name" and one[1] in fact[1] and len(one[1]) > 1 for one in there)
    return False


def _denied(claim: Sentence, support: Sequence[Sentence]) -> bool:
    """Whether a word is denied here and nowhere there, or affirmed here and nowhere there; where it is both there, the
    place counts that stands nearest to the claim's other words. What a passage leaves out (を除く) is denied."""
    here: dict[str, set[bool]] = {}
    for word in claim.words:
        here.setdefault(word.stem, set()).add(word.denied)
    left_out = _only_left_out(here, support)
    if left_out:
        return not claim.words[-1].denied
    return any(
        ways_there and not ways <= ways_there
        for said, ways in here.items()
        for ways_there in (_ways(said, here.keys() - {said}, support),)
    )


def _only_left_out(here: Mapping[str, set[bool]], support: Sequence[Sentence]) -> bool:
    """Whether some word of the claim is said only where the passage leaves something out."""
    words = [word for one in support for word in one.words if word.stem in here]
    left_out = {word.stem for word in words if word.excluded}
    return bool(left_out - {word.stem for word in words if not word.excluded})


def _ways(said: str, others: Set[str], support: Sequence[Sentence]) -> set[bool]:
    """Affirmed (False) or denied (True): how ``said`` stands in the support, at its nearest to ``others``."""
    found: list[tuple[int, bool]] = []
    for one in support:
        around = [word.at for word in one.words if word.stem in others]
        found += [
            (min((abs(word.at - at) for at in around), default=10_000), word.denied)
            for word in one.words
            if word.stem == said
        ]
    ways = {denied for _distance, denied in found}
    if len(ways) < 2:
        return ways
    nearest = min(distance for distance, _denied in found)
    return {denied for distance, denied in found if distance == nearest}


def _said(claim: Sentence) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.stem for word in claim.words))


def kept(checked: Sequence[CheckedSentence]) -> str:
    """The text that is left."""
    return "\n".join(one.text for one in checked if one.kept)


def counts(checked: Sequence[CheckedSentence]) -> Mapping[str, int]:
    """How many sentences went which way."""
    return {why: sum(one.why == why for one in checked) for why in dict.fromkeys(one.why for one in checked)}
