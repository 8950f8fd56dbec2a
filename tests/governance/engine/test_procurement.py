"""What is proposed to be asked of vendors."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from machi.governance.engine.checklist import items
from machi.governance.engine.procurement import MUST, propose, share

FACTS = {
    "users": "staff",
    "work": "informs",
    "training": "none",
    "judgement": "each",
    "personal": False,
    "generates": False,
    "outside": False,
}


def test_what_must_be_met_is_in_the_checklist():
    assert {item.id for item in items()} >= MUST


def test_facts_decide_what_is_asked():
    few = {one.code for one in propose(FACTS) if one.selected}
    many = {
        one.code
        for one in propose(
            {**FACTS, "users": "residents", "personal": True, "generates": True, "outside": True}
        )
        if one.selected
    }
    assert few < many
    assert "privacy-minimum" in many - few
    assert "transparency-label" in many - few
    assert many == {item.id for item in items()}


@given(st.fixed_dictionaries({"users": st.sampled_from(["staff", "residents"]), "personal": st.booleans()}))
def test_proposed_weights_add_up_and_only_what_is_selected_weighs(told):
    proposed = propose({**FACTS, **told})
    assert sum(one.weight for one in proposed) == 100
    assert all(one.selected and not one.must for one in proposed if one.weight)
    assert all(one.requirement and one.criterion and one.question and one.clause for one in proposed)


@given(st.integers(1, 100))
def test_share_is_whole_equal_and_100(number):
    shared = share([str(at) for at in range(number)])
    assert sum(shared.values()) == 100
    assert max(shared.values()) - min(shared.values()) <= 1
    assert all(one == one.to_integral() for one in shared.values())


def test_nothing_shares_nothing():
    assert share([]) == {}
    assert share(["a"]) == {"a": Decimal(100)}
