"""Procedures that a resident's question seems to be about: the front desk shows them beside its answer."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from machi.base.models import Municipality
from machi.base.rooms import Service
from machi.casework.domain import applying
from machi.language.engine.terms import question_terms
from machi.language.engine.weights import Weights

SHARED = 2
"""Words that a question and a procedure's name must share: 公園 alone may be about a broken swing."""


def fitting(municipality: Municipality, question: str) -> Sequence[Service]:
    """Those that may be applied for on the web, or of which it says how to on paper, most words shared first; called
    inside the scope."""
    weights = Weights(question_terms(question))
    if len(weights.terms) < SHARED:
        return ()
    words = (1 << len(weights.terms)) - 1
    offered = [*applying.procedures(), *applying.on_paper()]
    found = [((weights.mask(one.title) & words).bit_count(), one) for one in offered]
    found.sort(key=lambda pair: -pair[0])
    return [
        Service(one.title, reverse("casework:apply", args=[municipality.code, one.key]))
        for shared, one in found
        if shared >= SHARED
    ]
