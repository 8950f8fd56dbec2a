"""Suggesting partners: what counts is the person's choice, and each suggestion says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality
from machi.base.running import ensure_may_run
from machi.joint.domain import partners_atlas as atlas
from machi.joint.domain.partners_words import reason
from machi.joint.engine.partners import NEEDS, STRENGTHS, Suggestion, Wish, figures, suggest

SYSTEM = "joint.partners"


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion with its reasons in words."""

    suggestion: Suggestion
    reasons: list[str]
    member: bool
    """Takes part in the consortium, so interest can be declared here."""


def suggested(
    municipality: Municipality,
    consortium: Consortium,
    wish: Wish,
    *,
    members_only: bool = False,
    count: int = 10,
) -> list[Suggested]:
    """Partners for one town, best first. NotApproved where the system may not run there."""
    ensure_may_run(municipality, SYSTEM)
    inside = set(members(consortium).values_list("code", flat=True))
    if members_only:
        wish = replace(wish, left_out=frozenset(set(atlas.table().codes) - inside))
    found = suggest(atlas.table(), atlas.places(), municipality.code, wish, count=count)
    return [Suggested(one, reasons_of(one), one.code in inside) for one in found]


def reasons_of(one: Suggestion) -> list[str]:
    return [reason(why, medians()) for why in one.reasons]


@cache
def medians() -> dict[str, float]:
    """Of every indicator that suggestions rest on."""
    ratios = (*NEEDS, *STRENGTHS)
    middle = np.median(figures(atlas.table(), ratios), axis=0)
    return {one.key: float(value) for one, value in zip(ratios, middle, strict=True)}


def as_plain(wish: Wish, members_only: bool, found: Sequence[Suggested]) -> dict[str, Any]:
    """For JSON: what counted, and what came of it."""
    counted = {name: value for name, value in asdict(wish).items() if name != "left_out"}
    return {
        "wish": {**counted, "members_only": members_only},
        "suggested": [
            {
                "code": one.suggestion.code,
                "score": round(one.suggestion.score, 1),
                "likeness": round(one.suggestion.likeness, 1),
                "complement": round(one.suggestion.complement, 1),
                "nearness": round(one.suggestion.nearness, 1),
                "kilometres": round(one.suggestion.kilometres, 1),
                "reasons": one.reasons,
            }
            for one in found
        ],
    }
