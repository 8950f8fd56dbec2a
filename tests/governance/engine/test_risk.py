"""The rules by which an AI system's risk is judged, as a table."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.governance.engine.risk import LEVELS, POINTS_FOR_HIGH, Facts, assess

FRONT_DESK = {
    "users": "residents",
    "work": "informs",
    "training": "none",
    "judgement": "sources",
    "personal": True,
    "outside": False,
    "generates": False,
}


@pytest.mark.parametrize(
    ("changed", "points", "route"),
    [
        ({}, 2, "normal"),  # the front desk as it is
        ({"users": "staff"}, 1, "normal"),
        ({"work": "proposes"}, 3, "high"),  # three points in all
        ({"work": "decides", "users": "staff", "judgement": "each"}, 2, "high"),  # one axis at its highest
        ({"training": "inside"}, 3, "high"),
        ({"training": "outside", "users": "staff", "judgement": "each"}, 2, "high"),
        ({"judgement": "none", "users": "staff"}, 2, "high"),
        ({"generates": True}, 3, "high"),  # written text that nobody looks at
        ({"outside": True}, 3, "high"),  # personal information leaves
        ({"outside": True, "personal": False}, 2, "normal"),
        ({"users": "staff", "judgement": "each", "outside": True, "generates": True}, 1, "normal"),
    ],
)
def test_assess_follows_the_table(changed: dict[str, object], points: int, route: str) -> None:
    found = assess(Facts(**{**FRONT_DESK, **changed}))
    assert (found.points, found.route) == (points, route)


def test_each_axis_says_why() -> None:
    found = assess(Facts(**{**FRONT_DESK, "outside": True, "generates": True}))
    assert [(one.axis, one.level, one.reasons) for one in found.findings] == [
        ("users", 1, ("users.residents",)),
        ("work", 0, ("work.informs",)),
        ("training", 1, ("training.none", "training.leaves")),
        ("judgement", 2, ("judgement.sources", "judgement.generated")),
    ]


def test_assess_refuses_a_fact_nobody_declared() -> None:
    with pytest.raises(KeyError):
        assess(Facts(**{**FRONT_DESK, "users": "everybody"}))


facts = st.builds(
    Facts,
    **{axis: st.sampled_from(sorted(values)) for axis, values in LEVELS.items()},
    personal=st.booleans(),
    outside=st.booleans(),
    generates=st.booleans(),
)


@given(facts)
def test_the_route_is_what_points_and_highest_axis_say(one: Facts) -> None:
    found = assess(one)
    assert found.points == sum(finding.level for finding in found.findings)
    highest = max(finding.level for finding in found.findings)
    assert (found.route == "high") == (found.points >= POINTS_FOR_HIGH or highest == 2)


def test_a_system_never_gets_safer_by_a_riskier_fact() -> None:
    riskier = {
        "users": ("staff", "residents"),
        "work": ("informs", "proposes", "decides"),
        "training": ("none", "inside", "outside"),
        "judgement": ("each", "sources", "none"),
        "personal": (False, True),
        "outside": (False, True),
        "generates": (False, True),
    }
    for values in product(*riskier.values()):
        one = dict(zip(riskier, values, strict=True))
        for name, order in riskier.items():
            place = order.index(one[name])
            if place + 1 < len(order):
                worse = {**one, name: order[place + 1]}
                assert assess(Facts(**worse)).points >= assess(Facts(**one)).points, (one, worse)
