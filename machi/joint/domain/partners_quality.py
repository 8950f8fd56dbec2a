"""How good the cost models are: measured on prefectures they were not fitted on, for the register of AI systems."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.utils.translation import gettext_lazy as _

from machi.base.models import Municipality
from machi.base.rooms import QualityLine
from machi.joint.domain import partners_costs as costs
from machi.joint.domain.partners_words import PURPOSES
from machi.joint.engine.cost_model import Form
from machi.joint.engine.cost_sample import Purpose


def measured(municipality: Municipality) -> Sequence[QualityLine]:
    return _lines()


@cache
def _lines() -> tuple[QualityLine, ...]:
    """About a second, once a process."""
    return tuple(_line(purpose) for purpose in Purpose)


def _line(purpose: Purpose) -> QualityLine:
    found = costs.held_out_of(purpose, Form.SPLINE)
    return QualityLine(
        label=PURPOSES[purpose],
        value=f"{found.median_error * 100:.1f}%",
        on=None,
        note=_("見ていない都道府県の町での誤差の中央値（計算のたびに同じ）"),
    )
