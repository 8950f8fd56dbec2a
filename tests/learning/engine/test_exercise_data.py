import copy
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.joint.engine.indicators import shipped
from machi.learning.engine import exercise_data as data
from machi.learning.engine import exercise_numbers as numbers
from tests.learning.exercises import TASKS

TASK = TASKS["data-ageing"]


def score(**items: str):
    return data.score(TASK, {"items": items})


def test_keys_are_computed_from_the_figures() -> None:
    table = shipped()
    rows = table.rows(TASK["towns"])
    old, people = table.column("A1303")[rows], table.column("A1101")[rows]
    share = 100 * old / people
    assert data.key(TASK)["items"] == {
        "share": f"{share[0]:.1f}%",
        "lowest": TASK["towns"][int(share.argmin())],
        "most": TASK["towns"][int(old.argmax())],
        "gap": f"{share[2] - share[0]:.1f}ポイント",
    }
    assert data.table(TASK).rows[0][1] == "厚木市"


def test_full_width_and_other_ways_of_typing_are_read() -> None:
    key = data.key(TASK)["items"]
    wide = key["share"].translate(str.maketrans("0123456789.%", "０１２３４５６７８９．％"))
    assert score(**{**key, "share": wide}).percent == 100
    assert score(**{**key, "share": key["share"].removesuffix("%")}).percent == 100


def test_half_right_scores_half() -> None:
    key = data.key(TASK)["items"]
    assert score(share=key["share"], lowest=key["lowest"]).percent == 50
    result = score(**{**key, "share": key["share"].replace("%", "人")})
    assert (result.items[0].points, result.items[0].reasons[0].code) == (0.5, "number_unit")


def test_guessing_in_bulk_scores_nothing() -> None:
    """More than one number is no answer, a share as a fraction is another scale, and all towns at once are none."""
    many = " ".join(str(n) for n in range(20, 40))
    result = score(share=many, gap="1から9", lowest=",".join(TASK["towns"]), most="3市すべて")
    assert result.percent == 0
    assert [item.reasons[0].code for item in result.items] == [
        "number_unread", "data_wrong", "data_wrong", "number_unread",
    ]  # fmt: skip
    share = float(data.key(TASK)["items"]["share"].removesuffix("%"))
    assert score(share=f"{share / 100:.3f}").items[0].reasons[0].code == "number_scale"


def test_difference_of_rounded_figures_is_right_too() -> None:
    exact = float(data.key(TASK)["items"]["gap"].removesuffix("ポイント"))
    assert score(gap=f"{exact - 0.05:.2f}").items[3].points == 1
    assert score(gap=f"{exact + 0.3:.1f}").items[3].points == 0


def test_correlation_is_the_data_sets_and_unclear_ones_are_refused() -> None:
    task = copy.deepcopy(TASKS["data-cause"])
    table = shipped()
    r = data.correlation(table, {"of": "A1303", "per": "A1101"}, {"of": "A4101", "per": "A1101"})
    assert r < -0.5
    assert data.key(task)["items"]["relation"] == "negative"
    assert data.correlation(table, {"of": "A1101"}, {"of": "A1101", "per": "A1101"}) != 1
    task["items"][1]["y"] = {"of": "A1101", "per": "A1101"}
    assert ("task.items[1]", "unclear_relation") in {(one.path, one.code) for one in data.check(task)}


def test_unknown_towns_indicators_and_ties_are_named() -> None:
    task = copy.deepcopy(TASK)
    task["towns"][0], task["indicators"][0] = "999999", "Z9"
    codes = {(one.path, one.code) for one in data.check(task)}
    assert {("task.towns[0]", "unknown_town"), ("task.indicators[0]", "unknown_indicator")} <= codes
    task = copy.deepcopy(TASK)
    task["items"][1]["measure"] = {"of": "A1101", "per": "A1101"}
    assert [(one.path, one.code) for one in data.check(task)] == [("task.items[1].measure", "tie")]
    task = copy.deepcopy(TASK)
    task["items"][3]["minus"] = task["items"][3]["town"]
    assert ("task.items[3].minus", "twice") in {(one.path, one.code) for one in data.check(task)}


@pytest.mark.parametrize(
    ("typed", "unit", "value", "read"),
    [
        ("２５．３％", "%", 25.3, "%"),
        ("約22万3,705人", "人", 223705, "人"),
        ("１．５万", "人", 15000, ""),
        ("50千円", "千円", 50, "千円"),
        ("3万円", "円", 30000, "円"),
        ("3万円", "万円", 3, "万円"),
        ("2億5,000万円", "円", 250_000_000, "円"),
        ("−4.2ポイント", "ポイント", -4.2, "ポイント"),
        ("30日です。", "日", 30, "日"),
    ],
)
def test_numbers_as_people_type_them(typed: str, unit: str, value: float, read: str) -> None:
    number = numbers.read_number(typed, unit)
    assert number is not None
    assert (number.value, number.unit) == (value, read)


@pytest.mark.parametrize("typed", ["", "多い", "1 2", "25か26", "1/2", "２５.３.１", "%", "人3"])
def test_what_is_not_one_number(typed: str) -> None:
    assert numbers.read_number(typed, "%") is None


@given(st.floats(-1e9, 1e9).map(lambda x: round(x, 3)), st.sampled_from(["", "%", "人", "ポイント"]))
def test_a_number_written_out_is_read_back(value: float, unit: str) -> None:
    number = numbers.read_number(f"{value:,.3f}{unit}", unit)
    assert number is not None
    assert isclose(number.value, value, abs_tol=1e-9)


@given(st.text(max_size=80), st.floats(-1e6, 1e6), st.floats(0, 1e3))
def test_whatever_is_typed_is_worth_0_to_1(text: str, key: float, tolerance: float) -> None:
    assert numbers.points(text, key, tolerance, "%")[0] in (0.0, 0.5, 1.0)
