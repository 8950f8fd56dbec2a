"""Texts weighed as wholes: what the beam finds and what a text's chance is, by counting every path."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from machi.casework.engine.grammars import Grammar
from machi.casework.engine.lattices import Lattice, guesses, likelihood

LETTERS = ["", "a", "b"]


def lattice(rows: np.ndarray) -> Lattice:
    chances = (rows / rows.sum(axis=1, keepdims=True)).astype(np.float32)
    return Lattice(chances, LETTERS)


def counted(one: Lattice) -> dict[str, float]:
    """Every path's chance, by the text it spells."""
    told: dict[str, float] = {}
    for path in itertools.product(range(3), repeat=len(one.chances)):
        chance = math.prod(float(one.chances[step, at]) for step, at in enumerate(path))
        text = "".join(LETTERS[at] for at, _ in itertools.groupby(path))
        told[text] = told.get(text, 0.0) + chance
    return told


rows = st.integers(1, 6).flatmap(lambda n: arrays.arrays(np.float64, (n, 3), elements=st.floats(0.05, 1)))


@given(rows)
def test_likelihood_is_the_sum_over_all_paths(given_rows: np.ndarray) -> None:
    one = lattice(given_rows)
    for text, chance in counted(one).items():
        assert likelihood(one, text) == pytest.approx(math.log(chance), abs=1e-3)


@given(rows)
def test_the_beam_finds_the_likeliest(given_rows: np.ndarray) -> None:
    one = lattice(given_rows)
    told = counted(one)
    found = guesses(one, beam=200)
    assert told[found[0].text] == pytest.approx(max(told.values()), rel=1e-3)
    assert found[0].likelihood == pytest.approx(math.log(told[found[0].text]), abs=1e-3)


@given(rows)
def test_with_a_grammar_only_its_texts_come_out(given_rows: np.ndarray) -> None:
    grammar = Grammar("a(ba)*")
    told = {text: chance for text, chance in counted(lattice(given_rows)).items() if grammar.matches(text)}
    found = guesses(lattice(given_rows), grammar, beam=200)
    assert {guess.text for guess in found} == set(told)
    assert told[found[0].text] == pytest.approx(max(told.values()), rel=1e-3)


def test_lines_are_joined_with_a_break_between() -> None:
    first = Lattice(np.array([[0.1, 0.9]], np.float32), ["", "a"])
    second = Lattice(np.array([[0.1, 0.9], [0.2, 0.8]], np.float32), ["", "b"])
    both = second.behind(first)
    assert guesses(both)[0].text == "ab"
    assert guesses(first.behind(first))[0].text == "aa"
    assert likelihood(both, "ab") == pytest.approx(math.log(0.9) + likelihood(second, "b"), abs=1e-3)


def test_a_letter_that_was_never_seen_is_very_unlikely() -> None:
    one = Lattice(np.array([[0.1, 0.9]], np.float32), ["", "a"])
    assert likelihood(one, "z") < -20
