"""Doubtful readings weighed as wholes: what the picture says, and what can stand in a field of its kind.

The recogniser takes the best letter of each step, one by one. Where it was unsure, or what came out cannot stand in the
field, the likeliest whole texts are put beside those that the kind's grammar takes and, of addresses, those whose
municipality exists. What wins has the highest product of its chance in the picture and its plausibility (Bayes).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from machi.casework.engine.grammars import grammar_of
from machi.casework.engine.lattices import Lattice, guesses, likelihood
from machi.casework.engine.ocr import OLD
from machi.casework.engine.plausible import OUTSIDE, mended, weight
from machi.casework.engine.types import FieldKind

SURE = 0.97
"""The least sure letter's chance from which a reading that can stand in its field is not weighed."""
SURE_OF_OLD = 0.995
"""The same of a text with an old form of a letter (增), as which blurred new ones are read."""
FREE, BOUND, MENDED = 10, 6, 3
"""Texts taken: of the free search, of the one within the grammar, and those whose municipality is mended."""


SIGNS = {"postal_code": "-ー－〒 ", "my_number": "-ー－ "}
"""Of kinds that are digits in printed boxes: what the rules between them are read as."""


@dataclass(frozen=True)
class Weighed:
    text: str
    chance: float
    """Of this text among all that were weighed, not calibrated."""


STROKES = frozenset("一1ー-/|_()（）丨ノC,.、。'`~〜")
"""What a single stroke is read as: a bent rule, the edge of a stamp, or a dash that says there is nothing."""
WHOLE = frozenset({"date", "person", "kana", "address", "telephone", "email", "postal_code", "my_number"})
"""Kinds of which a single letter is none."""


def is_nothing(kind: FieldKind, text: str) -> bool:
    """What was read is no writing: a lone stroke, or a single letter where none can stand alone."""
    if len(text) != 1 or kind in ("number", "yen"):
        return False
    return kind in WHOLE or text in STROKES


def is_doubtful(kind: FieldKind, text: str, confidence: float) -> bool:
    """Unsure, or what cannot stand in a field of ``kind``; of old letters more is asked."""
    grammar = grammar_of(kind)
    sure = SURE_OF_OLD if OLD.intersection(text) else SURE
    bare = text.translate(dict.fromkeys(map(ord, SIGNS.get(kind, " "))))
    return confidence < sure or (grammar is not None and not grammar.matches(bare))


def weighed(kind: FieldKind, lattice: Lattice) -> Weighed | None:
    """The likeliest text of ``kind``; None where no text is likely."""
    if kind in SIGNS:
        lattice = lattice.without(SIGNS[kind])
    told = {guess.text.strip(): guess.likelihood for guess in guesses(lattice)[:FREE]}
    if (grammar := grammar_of(kind)) is not None:
        for guess in guesses(lattice, grammar)[:BOUND]:
            told.setdefault(guess.text.strip(), guess.likelihood)
    if kind == "address":
        for text in sorted(told, key=lambda one: -told[one])[:MENDED]:
            for other in mended(text):
                told.setdefault(other, likelihood(lattice, other))
    told.pop("", None)
    if not told:
        return None
    odds = {text: chance + weight(kind, text) for text, chance in told.items()}
    shares = _shares(odds)
    best = max(shares, key=shares.__getitem__)
    written = max((text for text in odds if "".join(text.split()) == best), key=odds.__getitem__)
    # What the boxes have no room for is not chosen, but that it was likelier is a doubt.
    doubts = _shares({text: max(one, told[text] + OUTSIDE) for text, one in odds.items()})
    return Weighed(written, doubts[best] / sum(doubts.values()))


def _shares(odds: Mapping[str, float]) -> Mapping[str, float]:
    """Odds from logarithms; texts that differ in blanks alone are one text."""
    top = max(odds.values())
    shares: dict[str, float] = defaultdict(float)
    for text, one in odds.items():
        shares["".join(text.split())] += math.exp(one - top)
    return shares
