"""Which sentences of a passage may support a claim together: those under the heading that it speaks of."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from machi.language.engine.claim_facts import Fact, stands
from machi.language.engine.claim_reading import Sentence, read
from machi.language.engine.claim_said import Said
from machi.language.engine.claim_words import Word
from machi.language.engine.units import cached_units

MOST_UNITS = 4
"""Sentences of one passage that may support one claim together."""
APART = 2
"""Words of the claim by which what stands under one heading must say more than what stands under the next best."""

_Group = tuple[int, ...]
"""Places of the headings, outermost first, under which a sentence stands; a heading's own place included."""


class Passage:
    """A passage, read: its units, and what stands above all of them."""

    def __init__(self, text: str, context: str) -> None:
        self.units = cached_units(text)
        self.read = [_read(unit.text) for unit in self.units]
        self.lines = [[_read(line) for line in unit.text.splitlines()] for unit in self.units]
        self.context = _read(context)
        self.groups = [
            (*unit.path, at) if unit.is_heading else unit.path for at, unit in enumerate(self.units)
        ]
        self.stems = self.context.stems.union(*(one.stems for one in self.read))
        self.own = self._own()
        self.said = [Said(one.words) for one in self.read]
        self.places = [_together(self, [at, *unit.path]) for at, unit in enumerate(self.units)]

    def _own(self) -> dict[int, frozenset[str]]:
        """For each heading, by its place: its words that stand nowhere but there and below it."""
        everywhere = Counter(stem for one in self.read for stem in one.stems)
        found: dict[int, frozenset[str]] = {}
        for at, unit in enumerate(self.units):
            if unit.is_heading:
                here = self.groups[at]
                end = next(
                    (
                        place
                        for place in range(at + 1, len(self.units))
                        if self.groups[place][: len(here)] != here
                    ),
                    len(self.units),
                )
                inside = Counter(stem for one in self.read[at:end] for stem in one.stems)
                found[at] = frozenset(
                    stem for stem in self.read[at].stems if everywhere[stem] == inside[stem]
                )
        return found


@lru_cache(maxsize=256)
def passage_of(text: str, context: str) -> Passage:
    """The same passages are asked about sentence after sentence."""
    return Passage(text, context)


@dataclass(frozen=True, slots=True)
class Support:
    places: tuple[int, ...]
    """Of the units that together say most of the claim, the one that says most alone first."""
    said: Said
    told: frozenset[Fact]
    """What the units tell; of names, what the passage tells anywhere."""
    share: float
    """Of the claim's words, by weight, and facts: what the units say, 0-1."""
    together: float
    """What one place with its headings says, 0-1."""
    visible_stems: frozenset[str]
    """All words under the heading that the claim speaks of, and above it."""


@lru_cache(maxsize=4096)
def _read(text: str) -> Sentence:
    return read(text)


def support_for(claim: Sentence, passage: Passage) -> Support:
    """What of the passage, which has a unit at least, supports the claim best."""
    visible = _visible(claim, passage)
    places = _chosen(claim, passage, visible)
    said, told = _together(passage, places)
    names = frozenset(fact for one in passage.read for fact in one.facts if fact[0] == "name")
    together = (_share(claim, *passage.places[at]) for at in sorted(visible))
    return Support(
        tuple(places),
        said,
        told | names,
        _share(claim, said, told),
        max(together),
        passage.context.stems.union(*(passage.read[at].stems for at in visible)),
    )


def _together(passage: Passage, places: Sequence[int]) -> tuple[Said, frozenset[Fact]]:
    """What these units and the context say and tell."""
    sentences = [*(passage.read[at] for at in places), passage.context]
    told = frozenset[Fact]().union(*(one.told for one in sentences), *(_days(passage, at) for at in places))
    priced = any(fact[0] == "figure" and fact[2] == "円" for fact in told)
    return Said((word for one in sentences for word in one.words), priced), told


def _days(passage: Passage, at: int) -> frozenset[Fact]:
    """The days that a unit names without their month, of the month that stands above it: 1月の催し, 19日(日)."""
    above = [passage.context, *(passage.read[head] for head in passage.units[at].path)]
    months = {fact[1] for one in above for fact in one.told if fact[0] == "figure" and fact[2] == "月"}
    if len(months) != 1:
        return frozenset()
    (month,) = months
    return frozenset(
        ("date", "", month, fact[1])
        for fact in passage.read[at].facts
        if fact[0] == "figure" and fact[2] == "日" and fact[3] == ""
    )


def _share(claim: Sentence, said: Said, told: frozenset[Fact]) -> float:
    facts = [fact for fact in claim.facts if fact[0] != "name"]
    whole = sum(word.weight for word in claim.words) + len(facts)
    met = sum(word.weight for word in claim.words if said.by(word) is not None)
    return (met + sum(stands(fact, told) for fact in facts)) / whole if whole else 1.0


def _visible(claim: Sentence, passage: Passage) -> frozenset[int]:
    """Places of the units among which support is looked for: those under the heading that the claim speaks of, and
    those above it. Where two notices stand in one passage, the day of one is not the day of the other."""
    best = _named(claim, passage)
    while True:
        # From there down, as long as one of the headings below is plainly meant by what stands under it.
        below = sorted({one[: len(best) + 1] for one in passage.groups if one[: len(best)] == best} - {best})
        meant = _meant(claim, passage, below) if len(below) > 1 else below[0] if below else None
        if meant is None:
            break
        best = meant
    return frozenset(at for at, group in enumerate(passage.groups) if _compatible(group, best))


def _named(claim: Sentence, passage: Passage) -> _Group:
    """The heading that the claim names: two of its words, or all, and one that stands nowhere else; with those above
    it, all that any heading names."""
    names: dict[_Group, frozenset[str]] = {(): frozenset()}
    for at, unit in enumerate(passage.units):
        if unit.is_heading:
            said = claim.stems & passage.read[at].stems
            here = passage.groups[at]
            enough = len(said) >= min(2, len(passage.read[at].stems)) and said & passage.own[at]
            names[here] = names.get(unit.path, frozenset()) | (said if enough else frozenset())
    every = frozenset[str]().union(*names.values())
    whole = [group for group, said in names.items() if said == every]
    widest = [group for group in whole if len(group) == min(map(len, whole))]
    return widest[0] if len(widest) == 1 else ()


def _meant(claim: Sentence, passage: Passage, below: Sequence[_Group]) -> _Group | None:
    """The one group that says plainly more of the claim than any other."""
    inside = {
        group: _says(
            claim, [passage.read[at] for at, one in enumerate(passage.groups) if _compatible(one, group)]
        )
        for group in below
    }
    ranked = sorted(below, key=lambda group: len(inside[group]))
    most = inside[ranked[-1]]
    others = frozenset[str]().union(*(inside[group] for group in ranked[:-1]))
    return ranked[-1] if len(others - most) < APART <= len(most - inside[ranked[-2]]) else None


def _compatible(group: _Group, best: _Group) -> bool:
    return group[: len(best)] == best or best[: len(group)] == group


def _says(claim: Sentence, units: Iterable[Sentence]) -> frozenset[str]:
    """The claim's words of some weight that the units say."""
    there = Said(word for unit in units for word in unit.words)
    return frozenset(word.stem for word in claim.words if word.weight >= 0.6 and there.by(word) is not None)


def _chosen(claim: Sentence, passage: Passage, among: frozenset[int]) -> list[int]:
    """Greedily: the unit that says most alone, then whichever says most of the rest. A fact counts two words."""
    units = sorted(among)
    words = set(range(len(claim.words)))
    facts = set(claim.facts)
    chosen: list[int] = []
    for _ in range(MOST_UNITS):
        gains = {
            at: _gain([claim.words[one] for one in words], passage.said[at])
            + 2 * len(_met(facts, passage.read[at].told))
            for at in units
        }
        best = max(units, key=lambda at: (gains[at], -at))
        if chosen and not gains[best]:
            break
        chosen.append(best)
        words -= {one for one in words if passage.said[best].by(claim.words[one]) is not None}
        facts -= _met(facts, passage.read[best].told)
    return chosen


def _gain(words: Iterable[Word], there: Said) -> float:
    """How many of the words are said there, the same word for more than another that stands for it."""
    return sum(1.0 if one.stem in there.stems else 0.7 for one in words if there.by(one) is not None)


def _met(facts: set[Fact], there: frozenset[Fact]) -> set[Fact]:
    return {fact for fact in facts if stands(fact, there)}
