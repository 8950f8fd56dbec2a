"""Confidence is a probability: rising, never certain, fitted on what was right."""

from hypothesis import given
from hypothesis import strategies as st

from machi.casework.engine import calibration
from machi.casework.engine.read_form import FIGURES

PAIRS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=300)


@given(PAIRS)
def test_fitted_curve_rises_and_is_never_certain(pairs: list[tuple[float, bool]]) -> None:
    curve = calibration.fitted([score for score, _ in pairs], [right for _, right in pairs])
    chances = [chance for _, chance in curve]
    assert chances == sorted(chances)
    assert all(0 < chance < 1 for chance in chances)
    assert [score for score, _ in curve] == sorted(score for score, _ in curve)


def test_fitted_curve_tells_the_share_that_was_right() -> None:
    scores = [0.2] * 100 + [0.9] * 100
    right = [number % 4 == 0 for number in range(100)] + [number % 10 != 0 for number in range(100)]
    (low, few), (high, many) = calibration.fitted(scores, right)[0], calibration.fitted(scores, right)[-1]
    assert (round(low, 6), round(high, 6)) == (0.2, 0.9)
    assert few == (25 + 0.5) / 101
    assert many == (90 + 0.5) / 101


def test_probability_lies_between_the_steps_of_its_group() -> None:
    known = {"text": [(0.5, 0.4), (0.9, 0.8)]}
    assert calibration.probability("text", 0.7, known) == 0.6
    assert calibration.probability("text", 0.1, known) == 0.4
    assert calibration.probability("text", 1.0, known) == 0.8
    assert calibration.probability("other", 0.7, known) == 0.7
    assert calibration.probability("other", 1.0, known) == calibration.CEILING


def test_a_steps_chance_holds_over_the_whole_step() -> None:
    scores = [0.1] * 30 + [0.5] * 15 + [0.9] * 15
    right = [number % 3 > 0 for number in range(30)] + [True] * 30
    low, first, last = calibration.fitted(scores, right)
    assert (low[0], first[0], last[0]) == (0.1, 0.5, 0.9)
    assert low[1] < first[1] == last[1] == (30 + 0.5) / 31


def test_every_kind_that_is_read_has_a_fitted_curve() -> None:
    kinds = {"text", "person", "kana", "address", "date", "yen", "figures"}
    measured = {"check", "choice", "seal", "signature", "empty", "pdf", "weighed", "second-look"}
    assert kinds | measured <= set(calibration.curves())
    assert not FIGURES & set(calibration.curves())
