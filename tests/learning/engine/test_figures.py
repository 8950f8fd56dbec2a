"""What is shown of answers: counts by class, small ones hidden, nothing to be subtracted back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.learning.engine.figures import figures, share
from machi.learning.engine.size_classes import EDGES, size_classes
from tests.learning.surveys import small

FORM = small()


def _answers(*some: tuple[int, int, dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """(class, how many, answers)"""
    return [(at, given) for at, times, given in some for _ in range(times)]


def test_counts_are_by_class_and_over_all() -> None:
    found = figures(
        FORM,
        _answers(
            (0, 2, {"uses": "yes", "tools": ["chat", "ocr"], "hours": 10}),
            (1, 3, {"uses": "no", "fields": {"tax": "now"}}),
            (1, 1, {}),
        ),
        2,
        hidden=False,
    )
    assert found["counted"] == [2, 4, 6]
    assert found["questions"]["uses"]["options"] == {"yes": [2, 0, 2], "no": [0, 3, 3], "": [0, 1, 1]}
    assert found["questions"]["tools"]["options"]["ocr"] == [2, 0, 2]
    assert found["questions"]["fields"]["rows"]["tax"] == {"now": [0, 3, 3], "not": [0, 0, 0], "": [2, 1, 3]}
    assert found["questions"]["hours"]["spread"] == [[10, 10, 10], None, [10, 10, 10]]
    assert found["questions"]["wish"]["options"]["answered"] == [0, 0, 0]


def test_small_counts_are_hidden_with_what_would_give_them_away() -> None:
    found = figures(
        FORM,
        _answers((0, 20, {"uses": "yes"}), (0, 2, {"uses": "no"}), (1, 15, {"uses": "yes"})),
        2,
        hidden=True,
    )
    options = found["questions"]["uses"]["options"]
    assert options["no"][0] is None
    assert options["no"][2] is None
    assert options["yes"][0] is None, "22 less 20 would tell"


def test_a_median_needs_enough_numbers_and_is_rounded() -> None:
    few = figures(FORM, _answers((0, 9, {"hours": 1234})), 1, hidden=True)
    assert few["questions"]["hours"]["spread"] == [None, None]
    many = figures(FORM, _answers((0, 10, {"hours": 1234})), 1, hidden=True)
    assert many["questions"]["hours"]["spread"] == [[1200, 1200, 1200]] * 2


def test_a_share_of_nothing_or_of_what_is_hidden_is_none() -> None:
    assert share(3, 12) == 25
    assert share(None, 12) is None
    assert share(0, 0) is None


@given(st.dictionaries(st.text("0123456789", min_size=6, max_size=6), st.integers(0, 4_000_000)))
def test_every_town_is_in_one_class_and_no_class_is_small_while_another_is(
    populations: dict[str, int],
) -> None:
    found = size_classes(populations)
    assert sorted(code for one in found for code in one.towns) == sorted(populations)
    for one in found:
        assert all(
            one.low <= populations[code] and (one.high is None or populations[code] < one.high)
            for code in one.towns
        )
    if len(found) > 1:
        assert min(len(one.towns) for one in found) >= 10


@pytest.mark.parametrize("people", EDGES)
def test_a_class_begins_at_its_round_figure(people: int) -> None:
    towns = {f"{at:06}": people - 1 for at in range(10)} | {f"{at:06}": people for at in range(10, 20)}
    low, high = size_classes(towns)
    assert (low.high, high.low) == (people, people)
