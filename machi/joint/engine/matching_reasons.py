"""Why a pair was made and why others were not, as codes with figures; sentences are made of them elsewhere.

Every wish of a participant gets exactly one reason, the first that applies of:

* PINNED, MATCHED           it was made
* CONFLICT, FORBIDDEN       it may not be made (given by the caller)
* HOURS_ALONE, COST_ALONE   it does not fit even alone
* CONTENT                   it has filled its own quota, hours or budget with wishes no worse
* OUTRANKED                 the other is full with partners it ranks strictly higher
* LOT                       the other is full, and ties at the margin were decided by lot
* HOURS_OTHER, COST_OTHER   partners it ranks no lower leave the other too few hours, too little money
* BLOCKS                    both would rather have each other: this is a blocking pair
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from machi.joint.engine.matching import Ints, Market, Side
from machi.joint.engine.matching_limits import Limits, no_limits


class Why(StrEnum):
    PINNED = "pinned"
    MATCHED = "matched"
    CONFLICT = "conflict"
    FORBIDDEN = "forbidden"
    HOURS_ALONE = "hours_alone"
    COST_ALONE = "cost_alone"
    OUTRANKED = "outranked"
    LOT = "lot"
    HOURS_OTHER = "hours_other"
    COST_OTHER = "cost_other"
    CONTENT = "content"
    BLOCKS = "blocks"
    NOT_RETURNED = "not_returned"
    """In summaries only: wishes that the other side did not list."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Of one wish. Figures that say nothing for its code are 0.

    ``entry`` the pair, an entry of the experts' lists; ``other`` whom the wish names
    ``rank`` 1 for the best tier of the one who asks; ``rank_there`` how the other ranks the one who asks
    ``places`` of the other; ``ahead`` how many of those it holds it ranks strictly higher; ``level`` as high
    ``needs``, ``left`` hours or yen: what the pair takes, and what is left beside partners ranked no lower
    """

    why: Why
    entry: int
    other: int
    rank: int
    rank_there: int
    places: int = 0
    ahead: int = 0
    level: int = 0
    needs: int = 0
    left: int = 0


class Explainer:
    """Reasons in one matching.

    ``pinned``: the experts' entries that were fixed; ``barred``: those that may not be, and why (CONFLICT, FORBIDDEN).
    """

    def __init__(
        self,
        both: Market,
        entries: Ints,
        limits: Limits | None = None,
        *,
        pinned: Sequence[int] = (),
        barred: Mapping[int, Why] | None = None,
    ) -> None:
        self.both, self.limits = both, limits or no_limits(both)
        self.limited = limits is not None
        self.held, self.pinned, self.barred = set(entries.tolist()), set(pinned), dict(barred or {})
        self.owner = both.experts.owner(), both.experts.other
        self.tier = both.experts.tier, both.towns.tier[both.town_entry]
        self.places = both.expert_quota, both.town_quota
        self.size = self.limits.hours, self.limits.cost
        self.bound = self.limits.expert_hours, self.limits.town_budget
        self.mine: tuple[dict[int, list[int]], dict[int, list[int]]] = ({}, {})
        for side in (0, 1):
            for entry in entries.tolist():
                self.mine[side].setdefault(int(self.owner[side][entry]), []).append(entry)

    def wishes(self, side: Side, who: int) -> list[Reason]:
        """A reason for every wish of one participant that the other side returned, best first."""
        if side is Side.EXPERTS:
            first, last = self.both.experts.start[who : who + 2].tolist()
            return [self.reason(side, entry) for entry in range(first, last)]
        first, last = self.both.towns.start[who : who + 2].tolist()
        return [self.reason(side, entry) for entry in self.both.expert_entry[first:last].tolist()]

    def summary(self, side: Side, who: int) -> dict[Why, int]:
        """How many wishes ended for which reason ("three towns ranked others higher")."""
        counted = Counter(reason.why for reason in self.wishes(side, who))
        unreturned = self.both.experts_unreturned if side is Side.EXPERTS else self.both.towns_unreturned
        if unreturned[who]:
            counted[Why.NOT_RETURNED] = int(unreturned[who])
        return dict(counted)

    def reason(self, side: Side, entry: int) -> Reason:
        """Why the pair was made or not, asked by its participant on ``side``."""
        me, it = (0, 1) if side is Side.EXPERTS else (1, 0)
        other = int(self.owner[it][entry])
        tier_there = int(self.tier[it][entry])
        partners = self.mine[it].get(other, [])
        ahead = sum(int(self.tier[it][one]) < tier_there for one in partners if one != entry)
        level = sum(int(self.tier[it][one]) == tier_there for one in partners if one != entry)
        why, left = self._why(me, it, entry, ahead, level)
        rank = int(self.tier[me][entry]) + 1
        needs = 0
        if why in (Why.HOURS_ALONE, Why.HOURS_OTHER):
            needs = int(self.size[0][entry])
        elif why in (Why.COST_ALONE, Why.COST_OTHER):
            needs = int(self.size[1][entry])
        places = int(self.places[it][other])
        return Reason(why, entry, other, rank, tier_there + 1, places, ahead, level, needs, left)

    def _why(self, me: int, it: int, entry: int, ahead: int, level: int) -> tuple[Why, int]:
        if entry in self.held:
            return (Why.PINNED if entry in self.pinned else Why.MATCHED), 0
        if entry in self.barred:
            return self.barred[entry], 0
        for side, why in ((0, Why.HOURS_ALONE), (1, Why.COST_ALONE)):
            if self._alone(side, entry):
                return why, int(self.bound[side][self.owner[side][entry]])
        mine = self._no_worse(me, entry)
        if len(mine) >= self.places[me][self.owner[me][entry]]:
            return Why.CONTENT, 0
        if self.limited and self.size[me][entry] > self._left(me, entry):
            return Why.CONTENT, 0
        places = int(self.places[it][self.owner[it][entry]])
        if ahead >= places:
            return Why.OUTRANKED, 0
        if ahead + level >= places:
            return Why.LOT, 0
        left = self._left(it, entry)
        if self.limited and self.size[it][entry] > left:
            return (Why.HOURS_OTHER if it == 0 else Why.COST_OTHER), left
        return Why.BLOCKS, 0

    def _alone(self, side: int, entry: int) -> bool:
        return self.limited and bool(self.size[side][entry] > self.bound[side][self.owner[side][entry]])

    def _no_worse(self, side: int, entry: int) -> list[int]:
        partners = self.mine[side].get(int(self.owner[side][entry]), [])
        return [one for one in partners if self.tier[side][one] <= self.tier[side][entry]]

    def _left(self, side: int, entry: int) -> int:
        bound = int(self.bound[side][self.owner[side][entry]])
        return bound - int(np.sum(self.size[side][self._no_worse(side, entry)], dtype=np.int64))
