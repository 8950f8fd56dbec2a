"""Estimates and curves as the pages, files and letters show them: figures with their units, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from machi.joint.domain import partners_costs as costs
from machi.joint.domain.partners_words import CAVEATS, PURPOSES
from machi.joint.engine.cost_model import Form
from machi.joint.engine.cost_sample import Purpose
from machi.joint.engine.curve_svg import Chart, chart
from machi.joint.engine.joint_savings import Caveat

Line = Mapping[str, Any]
"""An estimate as ``partners_costs.as_plain`` writes it."""


@dataclass(frozen=True, slots=True)
class ShownEstimate:
    purpose: str | Promise
    today: str
    share: str
    share_range: str
    amount: str
    amount_range: str
    per_head: str
    verdict: str
    kind: str
    """Of the chip."""


def shown(lines: Sequence[Line]) -> list[ShownEstimate]:
    return [_shown(line) for line in lines]


def caveats(lines: Sequence[Line]) -> list[str | Promise]:
    """What the estimates do not show, each once."""
    told = {caveat for line in lines for caveat in line["caveats"]}
    return [CAVEATS[caveat] for caveat in Caveat if caveat.value in told]


def export_columns() -> list[str]:
    return [
        _("目的"),
        _("いまの額・人数"),
        _("単位"),
        _("節約の割合"),
        _("割合の下限（95%）"),
        _("割合の上限（95%）"),
        _("節約の額・人数"),
        _("額の下限（95%）"),
        _("額の上限（95%）"),
    ]


def export_rows(lines: Sequence[Line]) -> list[list[Any]]:
    return [
        [
            PURPOSES[Purpose(line["purpose"])],
            line["today"],
            _("人") if line["purpose"] == Purpose.STAFF.value else _("千円"),
            *line["share"],
            *line["amount"],
        ]
        for line in lines
    ]


def chart_of(purpose: Purpose, form: Form, marks: Mapping[str, tuple[float, float]]) -> Chart:
    """The curve of a purpose over all towns, with towns to point at by name."""
    line = [(one.population, one.value, one.low, one.high) for one in costs.curve_of(purpose, form)]
    return chart(costs.points(purpose), line, marks)


def unit_of(purpose: Purpose) -> str:
    return _("人／人口千人") if purpose is Purpose.STAFF else _("千円／人")


def percent(share: float) -> str:
    """With one digit, or as many as tell it from 0 (four stand in what is kept)."""
    value = share * 100
    digits = 1 if abs(value) >= 0.05 else 2
    return f"{_signed(value, digits)}%"


def _shown(line: Line) -> ShownEstimate:
    purpose = Purpose(line["purpose"])
    staff = purpose is Purpose.STAFF
    share, low, high = line["share"]
    verdict, kind = _verdict(low, high)
    return ShownEstimate(
        PURPOSES[purpose],
        _amount(line["today"], staff, sign=False),
        percent(share),
        _("%(low)s 〜 %(high)s") % {"low": percent(low), "high": percent(high)},
        _amount(line["amount"][0], staff),
        _("%(low)s 〜 %(high)s")
        % {"low": _amount(line["amount"][1], staff), "high": _amount(line["amount"][2], staff)},
        _per_head(line["per_head"][0], staff),
        verdict,
        kind,
    )


def _verdict(low: float, high: float) -> tuple[str, str]:
    if low > 0:
        return _("減る関係"), "success"
    if high < 0:
        return _("増える関係"), "warning"
    return _("はっきりしない"), ""


def _amount(value: float, staff: bool, *, sign: bool = True) -> str:
    """Staff in people; money, published in 1,000 yen, in millions."""
    number = value if staff else value / 1000
    text = _signed(number, 0) if sign else f"{number:,.0f}"
    unit = _("人") if staff else _("百万円")
    return f"{text} {unit}"


def _per_head(value: float, staff: bool) -> str:
    number = value * 1000
    unit = _("人／千人") if staff else _("円／人")
    return f"{_signed(number, 2 if staff else 0)} {unit}"


def _signed(value: float, digits: int) -> str:
    """With its sign, but for 0."""
    if not round(value, digits):
        return "0"
    return f"{value:+,.{digits}f}".replace("-", "−")
