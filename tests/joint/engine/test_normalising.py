"""Strict and mild reviewers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.normalising import PRIOR, Method, normalise

# R2 gives ten less than R1 for the same proposals.
STRICT = {("A", "R1"): 80, ("A", "R2"): 70, ("B", "R1"): 60, ("B", "R2"): 50}


def test_raw_is_the_mean_of_the_marks():
    found = normalise(STRICT, Method.RAW)
    assert found.scores == {"A": 75, "B": 55}
    assert found.severity == {"R1": 0, "R2": 0}
    assert (found.marks, found.groups) == ({"A": 2, "B": 2}, 1)


def test_additive_does_not_punish_who_was_given_a_strict_reviewer():
    marks = {**STRICT, ("C", "R1"): 70, ("D", "R2"): 60}
    raw, fair = normalise(marks, Method.RAW), normalise(marks, Method.ADDITIVE)
    assert raw.scores["C"] - raw.scores["D"] == 10
    assert 0 < fair.scores["C"] - fair.scores["D"] < 5
    assert fair.severity["R1"] == pytest.approx(-fair.severity["R2"])


def test_additive_solves_its_penalised_least_squares():
    rng = np.random.default_rng(5)
    marks = {
        (f"P{p}", f"R{r}"): float(rng.integers(0, 100)) for p in range(7) for r in range(5) if (p + r) % 3
    }
    found = normalise(marks, Method.ADDITIVE)

    def loss(scores, severity):
        rest = sum((value - scores[p] - severity[r]) ** 2 for (p, r), value in marks.items())
        return rest + PRIOR * sum(value**2 for value in severity.values())

    best = loss(found.scores, found.severity)
    for key in found.scores:
        for step in (-0.1, 0.1):
            assert loss({**found.scores, key: found.scores[key] + step}, found.severity) > best
    for key in found.severity:
        for step in (-0.1, 0.1):
            assert loss(found.scores, {**found.severity, key: found.severity[key] + step}) > best


def test_z_score_brings_narrow_and_wide_markers_together():
    marks = {}
    for at, key in enumerate("ABCDE"):
        marks[key, "wide"], marks[key, "narrow"] = 20.0 * at, 40.0 + at
    found = normalise(marks, Method.Z_SCORE)
    assert found.scores["C"] == pytest.approx(41, abs=0.5)
    steps = np.diff(list(found.scores.values()))
    assert steps == pytest.approx([steps[0]] * 4)


def test_rank_puts_ties_in_the_middle_and_a_single_mark_at_half():
    marks = {("A", "R1"): 5, ("B", "R1"): 3, ("C", "R1"): 3, ("D", "R2"): 1}
    assert normalise(marks, Method.RANK).scores == {"A": 1, "B": 0.25, "C": 0.25, "D": 0.5}


def test_groups_that_share_no_mark_are_counted():
    assert normalise({("A", "R1"): 5, ("B", "R2"): 3}).groups == 2
    assert normalise({**STRICT, ("Z", "R9"): 3}).groups == 2


def test_no_marks_are_no_scores_and_no_number_is_refused():
    assert normalise({}).scores == {}
    with pytest.raises(ValueError, match="number"):
        normalise({("A", "R1"): math.nan})


MARKS = st.dictionaries(
    st.tuples(st.sampled_from("ABCDE"), st.sampled_from(["R1", "R2", "R3"])),
    st.integers(0, 100).map(float),
    min_size=1,
)


@given(MARKS, st.sampled_from(Method))
def test_every_proposal_gets_a_finite_score_in_a_sane_range(marks, method):
    found = normalise(marks, method)
    assert set(found.scores) == {proposal for proposal, _ in marks}
    assert all(-200 <= value <= 300 for value in found.scores.values())


@given(MARKS, st.sampled_from([Method.ADDITIVE, Method.Z_SCORE]), st.integers(-50, 50))
def test_scores_move_with_the_scale(marks, method, shift):
    plain = normalise(marks, method).scores
    moved = normalise({key: value + shift for key, value in marks.items()}, method).scores
    assert moved == pytest.approx({key: value + shift for key, value in plain.items()}, abs=1e-6)


@given(MARKS)
def test_marks_all_alike_give_scores_all_alike(marks):
    for method in (Method.RAW, Method.ADDITIVE, Method.Z_SCORE):
        found = normalise(dict.fromkeys(marks, 70.0), method)
        assert list(found.scores.values()) == pytest.approx([70] * len(found.scores))
