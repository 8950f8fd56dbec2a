"""What speaks for each unit of each candidate passage, before anything is chosen.

Words of the question are bits of an integer, so that coverage by a unit, its headings, its section or its
passage is one bitwise OR away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from machi.language.engine.cues import cue_strength
from machi.language.engine.guard import is_instruction
from machi.language.engine.question import Kind
from machi.language.engine.terms import Term, occurrences
from machi.language.engine.types import Candidate
from machi.language.engine.units import Unit, cached_units


class Weights:
    """The question's words with their weights, as bits.

    Weights come from the words' classes alone: weighing by document frequencies as well was tried and chose no
    better (``docs/bench/answers.md``), and an answer that hangs on one index's counts is harder to explain.
    """

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = tuple(terms)
        self.values = tuple(term.weight for term in self.terms)
        self.total = sum(self.values)
        self._bits: dict[str | int, int] = {}
        for index, term in enumerate(self.terms):
            keys: tuple[str | int, ...] = (term.form, *term.groups)
            for key in keys:
                self._bits[key] = self._bits.get(key, 0) | 1 << index
        # 雨 is met by 雨天 and 歯 by 歯科, which are words of their own: kanji carry their meaning along. A name in
        # kana may be cut differently in the question and in the text.
        self._inside = tuple(
            (1 << index, term.surface)
            for index, term in enumerate(self.terms)
            if len(term.surface) >= 3 or _is_kanji(term.surface)
        )

    def bits(self, form: str, groups: tuple[int, ...]) -> int:
        """The words of the question that a word of a passage stands for."""
        found = self._bits.get(form, 0)
        for group in groups:
            found |= self._bits.get(group, 0)
        return found

    def inside(self, text: str, mask: int) -> int:
        """``mask`` with the words of the question that stand in ``text`` inside longer words."""
        for bit, surface in self._inside:
            if not mask & bit and surface in text:
                mask |= bit
        return mask

    def as_written(self, text: str) -> int:
        """The words of the question that stand in ``text`` just as they were typed: cheap, and rough."""
        return sum(1 << index for index, term in enumerate(self.terms) if term.surface in text)

    def mask(self, text: str) -> int:
        """The words of the question found anywhere in ``text``."""
        found = 0
        for word in occurrences(text):
            found |= self.bits(word.form, word.groups)
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
        words = occurrences(heading)
        met = [self.bits(word.form, word.groups) for word in words]
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
    for word in occurrences(text):
        while position < len(units) and units[position].end <= word.start:
            position += 1
        if position == len(units):
            break
        if units[position].start <= word.start:
            masks[position] |= weights.bits(word.form, word.groups)
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
