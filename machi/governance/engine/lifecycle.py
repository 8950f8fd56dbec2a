"""The states an AI system goes through in a municipality, and which act leads from which to which.

Pure: what must hold for an act besides the state (the checklist, the board, the version) is given, and the one
way into ``approved`` asks for all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

State = Literal["draft", "under_review", "approved", "suspended", "retired"]
Act = Literal["submit", "send_back", "approve", "suspend", "resume", "retire"]

Why = Literal["state", "no_review", "in_review", "open_items", "version", "board", "lapsed"]

_NEXT: Mapping[Act, Mapping[State, State]] = {
    # Anything but what runs as it is goes through a review anew; what runs stays so until the review decides.
    "submit": {
        "draft": "under_review",
        "retired": "under_review",
        "suspended": "under_review",
        "approved": "approved",
    },
    "send_back": {"under_review": "draft", "approved": "approved"},
    "approve": {"under_review": "approved", "approved": "approved"},
    "suspend": {"approved": "suspended"},
    "resume": {"suspended": "approved"},
    "retire": {
        "draft": "retired",
        "under_review": "retired",
        "approved": "retired",
        "suspended": "retired",
    },
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand when somebody wants to act."""

    state: State
    in_review: bool = False
    """A review is going on (always while ``under_review``; while ``approved``, for a renewal)."""
    open_items: int = 0
    """Items of the review's checklist that nobody has settled."""
    same_version: bool = True
    """What is reviewed is what is declared today."""
    board_wanted: bool = False
    board_reported: bool = False
    stands: bool = True
    """The approval given still covers what is declared today: same version, not past its last day."""


class NotNow(ValueError):
    """The act is not possible from here; ``why`` is a code."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def after(standing: Standing, act: Act) -> State:
    """The state that the act leads to; NotNow where it cannot be done."""
    following = _NEXT[act].get(standing.state)
    if following is None:
        raise NotNow("state")
    if act == "submit":
        if standing.in_review:
            raise NotNow("in_review")
        # A new version, or an approval run out, does not run: the review is not a renewal.
        return "under_review" if not standing.stands else following
    if act in ("approve", "send_back") and not standing.in_review:
        raise NotNow("no_review")
    if act == "approve":
        if standing.open_items:
            raise NotNow("open_items")
        if not standing.same_version:
            raise NotNow("version")
        if standing.board_wanted and not standing.board_reported:
            raise NotNow("board")
    if act == "resume" and not standing.stands:
        raise NotNow("lapsed")
    return following
