"""Towns like mine: how like the towns of a consortium are to one of them, by the indicators of SSDSE-A."""

from __future__ import annotations

from functools import lru_cache

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality
from machi.joint.domain import partners_atlas as atlas
from machi.joint.engine.partners import Suggestion, Why, Wish, suggest

_LIKENESS_ALONE = (1.0, 0.0, 0.0)


def like(municipality: Municipality, consortium: Consortium) -> dict[str, Suggestion]:
    """By code, for the other members; ``likeness`` 0 to 100 and the needs they have in common."""
    inside = frozenset(members(consortium).values_list("code", flat=True))
    return _like(municipality.code, inside)


def in_common(one: Suggestion) -> list[str]:
    """Keys of the needs that both have, for ``partners_words``."""
    return [reason.key for reason in one.reasons if reason.why is Why.LIKE_NEED]


@lru_cache(maxsize=256)
def _like(code: str, inside: frozenset[str]) -> dict[str, Suggestion]:
    known = set(atlas.table().codes)
    if code not in known:
        return {}
    wish = Wish(*_LIKENESS_ALONE, left_out=frozenset(known - inside))
    found = suggest(atlas.table(), atlas.places(), code, wish, count=len(inside))
    return {one.code: one for one in found}
