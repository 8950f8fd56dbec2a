"""Joining words and meaning."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.language.engine.fusion import fuse


def test_fuse_is_the_weighted_mean_of_both_signals_brought_to_0_1() -> None:
    fused = fuse(np.array([0.0, 5.0, 10.0]), np.array([0.8, 0.9, 0.7]), semantic_weight=0.6)
    assert fused == pytest.approx([0.4 * 0.0 + 0.6 * 0.5, 0.4 * 0.5 + 0.6 * 1.0, 0.4 * 1.0 + 0.6 * 0.0])


def test_fuse_without_cosines_is_the_order_of_the_words() -> None:
    nothing = np.full(3, np.nan)
    assert fuse(np.array([2.0, 6.0, 4.0]), nothing, 0.6) == pytest.approx([0.3, 0.7, 0.5])


def test_fuse_neither_buries_nor_raises_what_is_not_embedded_yet() -> None:
    words = np.array([5.0, 5.0, 5.0])
    low, high, new = fuse(words, np.array([0.2, 0.8, np.nan]))
    assert low < new < high


def test_fuse_of_equal_signals_is_zero() -> None:
    assert fuse(np.array([3.0, 3.0]), np.array([0.5, 0.5])).tolist() == [0.0, 0.0]
    assert fuse(np.array([]), np.array([])).tolist() == []


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(-1, 1) | st.just(float("nan"))), max_size=20),
    st.floats(0, 1),
)
def test_fuse_stays_between_0_and_1_and_ignores_order(
    figures: list[tuple[float, float]], weight: float
) -> None:
    words = np.array([w for w, _ in figures], dtype=np.float64)
    cosine = np.array([c for _, c in figures], dtype=np.float64)
    fused = fuse(words, cosine, weight)
    assert fused.shape == words.shape
    assert ((fused >= -1e-12) & (fused <= 1 + 1e-12)).all()
    assert fuse(words[::-1], cosine[::-1], weight)[::-1] == pytest.approx(fused)
