"""What speaks for each unit of each candidate passage, before anything is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from machi.language.engine.cues import cue_strength
from machi.language.engine.guard import is_instruction
from machi.language.engine.question import Kind
from machi.language.engine.terms import occurrences
from machi.language.engine.types import Candidate
from machi.language.engine.units import Unit, cached_units
from machi.language.engine.weights import Weights


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
