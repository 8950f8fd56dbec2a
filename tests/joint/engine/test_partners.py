"""Partners: alike, complementary, near; and why."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from machi.joint.engine.indicators import shipped
from machi.joint.engine.partners import NEEDS, STRENGTHS, Why, Wish, figures, normal_scores, suggest

REGISTER = Path(__file__).parents[3] / "machi" / "base" / "data" / "municipalities.csv"
with REGISTER.open(encoding="utf-8") as file:
    PLACES = {row["code"]: (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)}
TABLE = shipped()
ATSUGI, YAIZU = "142123", "222127"


def with_row_of(code, other):
    """The table in which ``other`` has the figures of ``code``."""
    values = TABLE.values.copy()
    source, target = TABLE.rows([code, other])
    values[target] = values[source]
    return replace(TABLE, values=values)


def test_town_with_the_same_figures_is_wholly_alike_and_complements_nothing():
    twin = suggest(with_row_of(ATSUGI, YAIZU), PLACES, ATSUGI, Wish(1, 0, 0), count=1)[0]
    assert (twin.code, twin.score, twin.likeness, twin.complement) == (YAIZU, 100, 100, 0)
    assert {one.why for one in twin.reasons} == {Why.LIKE_NEED, Why.OTHER_PREFECTURE}


def test_nearest_come_first_when_only_nearness_counts():
    found = suggest(TABLE, PLACES, ATSUGI, Wish(0, 0, 1), count=5)
    assert [one.kilometres for one in found] == sorted(one.kilometres for one in found)
    assert found[0].code == "142158"  # 海老名市, across the river
    assert found[0].kilometres == pytest.approx(2.6, abs=0.1)
    assert Why.NEAR in {one.why for one in found[0].reasons}


def test_complement_names_what_each_has_and_the_other_lacks():
    (best,) = suggest(TABLE, PLACES, YAIZU, Wish(0, 1, 0), count=1)
    assert best.complement == 100
    has = [one for one in best.reasons if one.why is Why.HAS_WHAT_I_LACK]
    good = {one.key: one.good for one in STRENGTHS}
    assert has
    assert all((one.theirs - one.own) * good[one.key] > 0 for one in has)
    lacks = [one for one in best.reasons if one.why is Why.LACKS_WHAT_I_HAVE]
    assert all((one.theirs - one.own) * good[one.key] < 0 for one in lacks)


def test_likeness_and_complement_are_the_same_both_ways():
    ours = {one.code: one for one in suggest(TABLE, PLACES, ATSUGI, Wish(1, 0, 0), count=2000)}
    theirs = {one.code: one for one in suggest(TABLE, PLACES, YAIZU, Wish(1, 0, 0), count=2000)}
    assert len(ours) == 1740
    assert ours[YAIZU].likeness == pytest.approx(theirs[ATSUGI].likeness)
    assert ours[YAIZU].kilometres == pytest.approx(theirs[ATSUGI].kilometres)


def test_wishes_keep_others_out():
    same = suggest(TABLE, PLACES, ATSUGI, Wish(same_prefecture=True), count=2000)
    assert {one.code[:2] for one in same} == {"14"}
    assert len(same) == 32
    others = suggest(TABLE, PLACES, ATSUGI, Wish(same_prefecture=False, within_km=30), count=2000)
    assert others
    assert all(one.code[:2] != "14" and one.kilometres <= 30 for one in others)
    assert YAIZU not in {
        one.code for one in suggest(TABLE, PLACES, ATSUGI, Wish(left_out=frozenset([YAIZU])), count=2000)
    }


@pytest.mark.parametrize("wish", [Wish(0, 0, 0), Wish(likeness=-1)])
def test_weights_that_say_nothing_are_refused(wish):
    with pytest.raises(ValueError, match="counts"):
        suggest(TABLE, PLACES, ATSUGI, wish)


def test_unknown_municipality_is_a_key_error():
    with pytest.raises(KeyError):
        suggest(TABLE, PLACES, "999999")


def test_figures_are_finite_even_where_nothing_is_counted():
    for ratios in (NEEDS, STRENGTHS):
        assert np.isfinite(figures(TABLE, ratios)).all()
    old = figures(TABLE, NEEDS)[TABLE.rows([ATSUGI])[0], [one.key for one in NEEDS].index("old")]
    assert old == pytest.approx(0.2571, abs=1e-4)


@given(
    arrays.arrays(
        np.float64, st.tuples(st.integers(1, 20), st.just(2)), elements=st.integers(-5, 5).map(float)
    )
)
def test_normal_scores_keep_order_and_ties_and_lie_around_the_median(values):
    scores = normal_scores(values)
    for column, given_ in zip(scores.T, values.T, strict=True):
        for one in range(len(column)):
            assert ((given_ < given_[one]) == (column < column[one])).all()
        assert normal_scores(-given_[:, None])[:, 0] == pytest.approx(-column)
