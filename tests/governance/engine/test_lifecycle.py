"""No way into ``approved`` but through a review in which nothing is open."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.governance.engine.lifecycle import Act, NotNow, Standing, State, after

READY = Standing("under_review", in_review=True)


@pytest.mark.parametrize(
    ("standing", "act", "state"),
    [
        (Standing("draft"), "submit", "under_review"),
        (Standing("retired"), "submit", "under_review"),
        (Standing("suspended"), "submit", "under_review"),
        (Standing("approved"), "submit", "approved"),  # a renewal: it runs on
        (Standing("approved", stands=False), "submit", "under_review"),
        (READY, "approve", "approved"),
        (replace(READY, state="approved"), "approve", "approved"),
        (replace(READY, board_wanted=True, board_reported=True), "approve", "approved"),
        (READY, "send_back", "draft"),
        (replace(READY, state="approved"), "send_back", "approved"),
        (Standing("approved"), "suspend", "suspended"),
        (Standing("suspended"), "resume", "approved"),
        (Standing("draft"), "retire", "retired"),
        (READY, "retire", "retired"),
        (Standing("approved"), "retire", "retired"),
        (Standing("suspended"), "retire", "retired"),
    ],
)
def test_act_leads_to_state(standing: Standing, act: Act, state: State) -> None:
    assert after(standing, act) == state


@pytest.mark.parametrize(
    ("standing", "act", "why"),
    [
        (Standing("draft"), "approve", "state"),
        (Standing("draft"), "suspend", "state"),
        (Standing("draft"), "resume", "state"),
        (Standing("retired"), "retire", "state"),
        (Standing("suspended"), "approve", "state"),
        (READY, "submit", "state"),
        (replace(READY, state="approved"), "submit", "in_review"),
        (Standing("approved"), "approve", "no_review"),
        (replace(READY, open_items=1), "approve", "open_items"),
        (replace(READY, same_version=False), "approve", "version"),
        (replace(READY, board_wanted=True), "approve", "board"),
        (Standing("suspended", stands=False), "resume", "lapsed"),
    ],
)
def test_act_is_refused(standing: Standing, act: Act, why: str) -> None:
    with pytest.raises(NotNow) as refused:
        after(standing, act)
    assert refused.value.why == why


standings = st.builds(
    Standing,
    state=st.sampled_from(get_args(State)),
    in_review=st.booleans(),
    open_items=st.integers(0, 3),
    same_version=st.booleans(),
    board_wanted=st.booleans(),
    board_reported=st.booleans(),
    stands=st.booleans(),
)


@given(standings, st.sampled_from(get_args(Act)))
def test_what_was_not_approved_becomes_so_only_by_a_settled_review_or_by_resuming_what_still_stands(
    standing: Standing, act: Act
) -> None:
    try:
        state = after(standing, act)
    except NotNow:
        return
    if state != "approved" or standing.state == "approved":
        return
    if act == "resume":
        assert standing.state == "suspended"
        assert standing.stands
    else:
        assert act == "approve"
        assert standing.in_review
        assert standing.open_items == 0
        assert standing.same_version
        assert standing.board_reported or not standing.board_wanted


@given(standings)
def test_an_approval_never_passes_over_an_open_item(standing: Standing) -> None:
    with pytest.raises(NotNow):
        after(replace(standing, open_items=1), "approve")
