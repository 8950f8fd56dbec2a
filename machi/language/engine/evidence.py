"""What speaks for each unit of each candidate passage, before anything is chosen.

Words of the question are bits of an integer, so that coverage by a unit, its headings, its section or its
passage is one bitwise OR away.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from machi.language.engine.cues import cue_strength
from machi.language.engine.guard import is_instruction
from machi.language.engine.question import Kind
from machi.language.engine.terms import Occurrence, Term, occurrences
from machi.language.engine.types import Candidate
from machi.language.engine.units import Unit, cached_units

PAIR_WEIGHT = 0.7
"""Of two nouns that make one word in the question (児童手当), against the lighter of the two."""


class Weights:
    """The question's words with their weights, as bits.

    Weights come from the words' classes alone: weighing by document frequencies as well was tried and chose no
    better (``docs/bench/answers.md``), and an answer that hangs on one index's counts is harder to explain.
    """

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = tuple(terms)
        pairs = [index for index, term in enumerate(self.terms) if term.joined]
        single = tuple(term.weight for term in self.terms)
        self.values = single + tuple(PAIR_WEIGHT * min(single[i - 1], single[i]) for i in pairs)
        self.total = sum(self.values)
        self._bits: dict[str | int, int] = {}
        for index, term in enumerate(self.terms):
            keys: tuple[str | int, ...] = (term.form, *term.groups)
            for key in keys:
                self._bits[key] = self._bits.get(key, 0) | 1 << index
        # (bit of the pair, bits of its two words): 児童手当 is not met by 児童扶養手当.
        self._pairs = tuple(
            (1 << len(self.terms) + number, 1 << index - 1, 1 << index) for number, index in enumerate(pairs)
        )
        # 雨 is met by 雨天 and 歯 by 歯科, which are words of their own: kanji carry their meaning along. A name in
        # kana may be cut differently in the question and in the text.
        self._inside = (
            *(
                (1 << index, term.surface)
                for index, term in enumerate(self.terms)
                if len(term.surface) >= 3 or _is_kanji(term.surface)
            ),
            *(
                (bit, self.terms[index - 1].surface + self.terms[index].surface)
                for (bit, _, _), index in zip(self._pairs, pairs, strict=True)
            ),
        )

    def bits(self, form: str, groups: tuple[int, ...]) -> int:
        """The words of the question that a word of a passage stands for."""
        found = self._bits.get(form, 0)
        for group in groups:
            found |= self._bits.get(group, 0)
        return found

    def met(self, words: Iterable[Occurrence]) -> Iterator[tuple[Occurrence, int]]:
        """Each of ``words`` with the words of the question it stands for, and pairs that end with it."""
        before, end = 0, -1
        for word in words:
            bits = found = self.bits(word.form, word.groups)
            if word.start == end:
                for pair, first, second in self._pairs:
                    if before & first and bits & second:
                        found |= pair
            before, end = bits, word.end
            yield word, found

    def inside(self, text: str, mask: int) -> int:
        """``mask`` with the words of the question that stand in ``text`` inside longer words."""
        for bit, surface in self._inside:
            if not mask & bit and surface in text:
                mask |= bit
        return mask

    def as_written(self, text: str) -> int:
        """The words of the question that stand in ``text`` just as they were typed: cheap, and rough."""
        found = sum(1 << index for index, term in enumerate(self.terms) if term.surface in text)
        return self.inside(text, found)

    def mask(self, text: str) -> int:
        """The words of the question found anywhere in ``text``."""
        found = 0
        for _, bits in self.met(occurrences(text)):
            found |= bits
        return self.inside(text, found)

    def coverage(self, mask: int) -> float:
        """Share of the question's weight that ``mask`` covers, 0-1; 0 where there are no content words."""
        if not self.total:
            return 0.0
        return sum(value for index, value in enumerate(self.values) if mask >> index & 1) / self.total

    def missing(self, mask: int) -> tuple[Term, ...]:
        """The words of the question that ``mask`` does not cover."""
        return tuple(term for index, term in enumerate(self.terms) if not mask >> index & 1)

    def focus(self, heading: str) -> float:
        """How far ``heading`` is about the question and nothing else, 0-1: the F-measure of their words."""
        met = [bits for _, bits in self.met(occurrences(heading))]
        covered = 0
        for bits in met:
            covered |= bits
        recall = self.coverage(self.inside(heading, covered))
        precision = sum(bool(bits) for bits in met) / len(met) if met else 0.0
        return 2 * recall * precision / (recall + precision) if recall and precision else 0.0


def _is_kanji(surface: str) -> bool:
    return all("\u3400" <= char <= "\u9fff" or char == "々" for char in surface)


@dataclass(frozen=True, slots=True)
class UnitEvidence:
    unit: Unit
    mask: int
    """Words of the question in the unit itself."""
    context: int
    """... in the headings it stands under, and the document's title and headings."""
    section: int
    """... in all units that stand under the same headings."""
    focus: float
    """How far its nearest heading is about the question and nothing else."""
    cues: tuple[float, ...]
    """For each kind asked for, how plainly the unit states one."""
    section_cues: tuple[float, ...]
    """... and how plainly any unit of its section does."""


@dataclass(frozen=True, slots=True)
class PassageEvidence:
    rank: int
    candidate: Candidate
    header: int
    """Words of the question in the title and headings."""
    whole: int
    """... anywhere in the passage, its title and headings."""
    units: tuple[UnitEvidence, ...]
    """In source order; units that must not be offered are absent."""
    withheld: int
    """Number of units withheld because they try to command a machine."""


@lru_cache(maxsize=2048)
def _withheld(text: str) -> frozenset[int]:
    """Indexes of units that must not be offered. Commands come in runs: one taints the rest of its paragraph."""
    units = cached_units(text)
    withheld: set[int] = set()
    tainted = False
    previous_end = 0
    for index, unit in enumerate(units):
        if "\n\n" in text[previous_end : unit.start] or unit.is_heading:
            tainted = False
        previous_end = unit.end
        tainted = tainted or is_instruction(unit.text)
        if tainted:
            withheld.add(index)
    return frozenset(withheld)


def _masks(text: str, units: Sequence[Unit], weights: Weights) -> list[int]:
    masks = [0] * len(units)
    position = 0
    for word, bits in weights.met(occurrences(text)):
        while position < len(units) and units[position].end <= word.start:
            position += 1
        if position == len(units):
            break
        if units[position].start <= word.start:
            masks[position] |= bits
    return [weights.inside(unit.text, mask) for unit, mask in zip(units, masks, strict=True)]


def weigh(rank: int, candidate: Candidate, weights: Weights, kinds: Sequence[Kind]) -> PassageEvidence:
    """The evidence in one candidate, which stands at ``rank`` (0 = first) among the hits."""
    text = candidate.text
    units = cached_units(text)
    nearest = candidate.headings[-1] if candidate.headings else candidate.title
    header = weights.mask(candidate.title)
    for above in candidate.headings:
        header |= weights.mask(above)
    focus = weights.focus(nearest)
    masks = _masks(text, units, weights)
    sections: dict[tuple[int, ...], int] = {}
    for unit, mask in zip(units, masks, strict=True):
        sections[unit.path] = sections.get(unit.path, 0) | mask
    withheld = _withheld(text)
    cues = [tuple(cue_strength(kind, unit.label, unit.text) for kind in kinds) for unit in units]
    section_cues: dict[tuple[int, ...], tuple[float, ...]] = {}
    for index, unit in enumerate(units):
        if index not in withheld and not unit.is_heading:
            before = section_cues.get(unit.path, cues[index])
            section_cues[unit.path] = tuple(map(max, before, cues[index]))
    whole = header
    found: list[UnitEvidence] = []
    for index, (unit, mask) in enumerate(zip(units, masks, strict=True)):
        if index in withheld:
            continue
        whole |= mask
        context = header
        for heading in unit.path:
            context |= masks[heading]
        near = weights.focus(units[unit.path[-1]].text) if unit.path else focus
        stated = section_cues.get(unit.path, cues[index])
        found.append(UnitEvidence(unit, mask, context, sections[unit.path], near, cues[index], stated))
    return PassageEvidence(rank, candidate, header, whole, tuple(found), len(withheld))
