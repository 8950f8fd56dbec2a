import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.learning.engine.item_statistics import Word, item_statistics

ITEMS = ["a", "b", "c"]


def test_figures_are_those_of_the_book() -> None:
    """Six learners, worked by hand: the corrected total of an item is the sum of the others."""
    answers = [
        {"a": 1, "b": 1, "c": 1},
        {"a": 1, "b": 1, "c": 0},
        {"a": 1, "b": 0, "c": 1},
        {"a": 1, "b": 0, "c": 0},
        {"a": 0, "b": 0, "c": 0},
        {"a": 0, "b": 0, "c": 1},
    ]
    first, second, third = item_statistics(answers, ITEMS)
    assert first.number == 6
    assert first.difficulty == pytest.approx(4 / 6)
    assert first.discrimination == pytest.approx(np.corrcoef([1, 1, 1, 1, 0, 0], [2, 1, 1, 0, 0, 1])[0, 1])
    assert second.discrimination == pytest.approx(np.corrcoef([1, 1, 0, 0, 0, 0], [2, 1, 2, 1, 0, 1])[0, 1])
    assert first.words == (Word.GOOD,)
    assert third.words == (Word.UNCLEAR,)


def test_below_five_learners_nothing_is_told() -> None:
    for number in range(5):
        for line in item_statistics([{"a": 1.0}] * number, ITEMS):
            assert (line.number, line.difficulty, line.discrimination, line.words) == (
                None,
                None,
                None,
                (Word.FEW,),
            )
    assert item_statistics([{"a": 1.0}] * 5, ITEMS)[0].number == 5


def test_words_say_what_to_do() -> None:
    able = [{"a": 1.0, "b": 1.0, "c": 0.0}] * 6
    unable = [{"a": 1.0, "b": 0.0, "c": 1.0}] * 4
    easy, _clear, turned = item_statistics([*able, *unable], ITEMS)
    assert easy.words == (Word.TOO_EASY,)
    assert easy.discrimination is None
    assert Word.CHECK_KEY in turned.words
    hard = item_statistics([{"a": 0.0, "b": 1.0}] * 9 + [{"a": 1.0, "b": 1.0}], ["a", "b"])[0]
    assert hard.words == (Word.TOO_HARD,)


def test_a_low_correlation_is_held_against_an_item_only_where_it_is_no_chance() -> None:
    """Item a has nothing to do with the others, which go together: with 4 learners of each sort, with 400."""

    def group(size: int, wrong: int) -> list[dict[str, float]]:
        sorts = [
            {"a": float(a), "b": float(b), "c": float(b)} for a in (0, 1) for b in (0, 1) for _ in range(size)
        ]
        return sorts + [{"a": 0.0, "b": 1.0, "c": 1.0}] * wrong

    assert item_statistics(group(4, 0), ITEMS)[0].words == (Word.UNCLEAR,)
    none = [*group(400, 0), {"a": 1.0, "b": 1.0, "c": 1.0}]
    assert item_statistics(none, ITEMS)[0].words == (Word.NOT_DISCRIMINATING,)
    assert item_statistics(group(400, 100), ITEMS)[0].words == (Word.CHECK_KEY,)


def test_one_item_alone_discriminates_nothing() -> None:
    (line,) = item_statistics([{"a": 1.0}, {"a": 0.0}] * 4, ["a"])
    assert (line.difficulty, line.discrimination) == (0.5, None)


@given(st.lists(st.fixed_dictionaries({item: st.floats(0, 1) for item in ITEMS}), min_size=5, max_size=30))
def test_figures_stay_in_their_bounds(answers: list[dict[str, float]]) -> None:
    for line in item_statistics(answers, ITEMS):
        assert line.difficulty is not None
        assert 0 <= line.difficulty <= 1
        assert line.discrimination is None or -1 <= line.discrimination <= 1
        assert line.words
