"""What the recogniser thought of each step of a line, searched for the likeliest whole texts.

The greedy reading takes the best letter of each step. Here the chances of all steps are kept, so that texts can be
compared as wholes: the sum over all ways in which a text can lie along the steps (CTC, Graves et al. 2006), and the
likeliest texts by prefix beam search (Hannun et al. 2014), on request only those that a grammar takes.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from machi.casework.engine.grammars import Grammar, State

BEAM = 24
"""Beginnings that are followed at each step."""
LETTERS = 8
"""Letters of a step that are tried, and the chance below which none is."""
LEAST = 1e-4
LEAST_IN_GRAMMAR = 1e-7
_ONLY_BLANK = 0.9995
_TINY = 1e-12


@dataclass(frozen=True)
class Lattice:
    chances: NDArray[np.float32]
    """Steps x letters; each row sums to one. Column 0 is the blank between letters."""
    letters: Sequence[str]
    """Of the columns."""

    @cached_property
    def column(self) -> Mapping[str, int]:
        return {letter: number for number, letter in enumerate(self.letters) if number}

    def behind(self, other: Lattice) -> Lattice:
        """This line's steps behind another line's."""
        letters = list(dict.fromkeys([*other.letters, *self.letters]))
        place = {letter: number for number, letter in enumerate(letters)}
        first, second = len(other.chances), len(self.chances)
        chances = np.zeros((first + 1 + second, len(letters)), np.float32)
        chances[:first, [place[letter] for letter in other.letters]] = other.chances
        chances[first, 0] = 1
        chances[first + 1 :, [place[letter] for letter in self.letters]] = self.chances
        return Lattice(chances, letters)

    def without(self, signs: str) -> Lattice:
        """The same with nothing where ``signs`` were."""
        gone = np.array([bool(letter) and letter in signs for letter in self.letters])
        chances = self.chances[:, ~gone].copy()
        chances[:, 0] += self.chances[:, gone].sum(axis=1)
        return Lattice(chances, [letter for letter, out in zip(self.letters, gone, strict=True) if not out])


@dataclass(frozen=True)
class Guess:
    text: str
    likelihood: float
    """Natural logarithm of the text's chance."""


def guesses(lattice: Lattice, grammar: Grammar | None = None, beam: int = BEAM) -> list[Guess]:
    """The likeliest texts, best first; with a grammar only whole texts that it takes."""
    least = LEAST if grammar is None else LEAST_IN_GRAMMAR
    # Text so far -> its chance with the last step blank, and with it a letter; scaled by ``scale``.
    alive: dict[str, list[float]] = {"": [1.0, 0.0]}
    states: dict[str, State] = {"": grammar.start if grammar else frozenset()}
    scale = 0.0
    for row in lattice.chances:
        blank = float(row[0])
        if blank > _ONLY_BLANK:
            alive = {text: [(a + b) * blank, 0.0] for text, (a, b) in alive.items()}
            continue
        best = (
            np.argpartition(-row[1:], LETTERS)[:LETTERS] + 1 if len(row) > LETTERS + 1 else range(1, len(row))
        )
        tried = [(lattice.letters[at], float(row[at])) for at in best if row[at] > least]
        after: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for text, (quiet, loud) in alive.items():
            whole = quiet + loud
            kept = after[text]
            kept[0] += whole * blank
            for letter, chance in tried:
                if text[-1:] == letter:
                    kept[1] += loud * chance
                    fresh = quiet * chance
                else:
                    fresh = whole * chance
                if not fresh:
                    continue
                longer = text + letter
                if grammar is not None:
                    if longer not in states:
                        states[longer] = grammar.step(states[text], letter)
                    if not states[longer]:
                        continue
                after[longer][1] += fresh
        ranked = sorted(after.items(), key=lambda item: -(item[1][0] + item[1][1]))[:beam]
        top = sum(ranked[0][1]) if ranked else 0.0
        if not top:
            return []
        scale += math.log(top)
        alive = {text: [quiet / top, loud / top] for text, (quiet, loud) in ranked}
    told = [
        Guess(text, math.log(quiet + loud) + scale)
        for text, (quiet, loud) in alive.items()
        if quiet + loud > 0 and (grammar is None or grammar.ends(states[text]))
    ]
    return sorted(told, key=lambda guess: -guess.likelihood)


def likelihood(lattice: Lattice, text: str) -> float:
    """Natural logarithm of the chance of ``text`` as a whole; of a letter that has no column, very little."""
    columns = [lattice.column.get(letter, -1) for letter in text]
    marks = np.zeros(2 * len(columns) + 1, np.intp)
    marks[1::2] = columns
    # A letter may follow another at once where they differ.
    jumps = np.zeros(len(marks), bool)
    jumps[3::2] = marks[3::2] != marks[1:-2:2]
    rows = np.maximum(lattice.chances[:, marks], _TINY).astype(np.float64)
    rows[:, marks < 0] = _TINY
    now = np.zeros(len(marks))
    now[:2] = rows[0, :2]
    scale = 0.0
    for row in rows[1:]:
        before = now
        now = before.copy()
        now[1:] += before[:-1]
        now[2:] += np.where(jumps[2:], before[:-2], 0)
        now *= row
        top = now.max()
        scale += math.log(top)
        now /= top
    return scale + math.log(max(now[-2:].sum(), 1e-300))
