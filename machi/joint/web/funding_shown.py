"""A cost-and-benefit sheet for people: ranges as bars with a table, plan against fact in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from machi.joint.domain.funding_computing import Outlook, Year, in_words, rough
from machi.joint.engine.charts import RangeBar, range_bar
from machi.joint.engine.cost_benefit import Compared, Deviation
from machi.joint.models import BenefitLine

summary = in_words


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    unit: str
    plan: RangeBar
    ticks: list[tuple[float, str]]
    words: str
    row: list[str]
    """For the table: worst, 5th, middle, 95th percentile, best."""
    now: RangeBar | None
    """With the facts in the place of ranges, on the same axis."""


@dataclass(frozen=True, slots=True)
class ShownYear:
    label: str
    rows: list[list[str]]
    """Line, plan (range), fact, how it deviates."""


def bars(result: Mapping[str, Any], years: int, now: Outlook | None) -> list[Bar]:
    units = {
        "net": (_("%(years)s年間の差し引き") % {"years": years}, _("円")),
        "yearly_saving": (_("1年あたりの節約"), _("円")),
        "first_cost": (_("最初にかかる費用（作業時間を含む）"), _("円")),
        "hours_saved": (_("1年に減る作業時間"), _("時間")),
        "net_per_head": (_("住民1人あたりの差し引き"), _("円")),
        "break_even": (_("元が取れるまでの年数"), _("年")),
    }
    return [
        _bar(label, unit, result[key], now.now[key] if now else None, years, key == "break_even")
        for key, (label, unit) in units.items()
    ]


def line_rows(lines: Sequence[BenefitLine]) -> list[list[str]]:
    return [
        [
            one.label,
            str(one.get_kind_display()),
            *(_whole(value) for value in (one.low, one.likely, one.high)),
        ]
        for one in lines
    ]


def told_years(years: Sequence[Year]) -> list[ShownYear]:
    return [
        ShownYear(_("%(year)s年度") % {"year": one.year}, [_row(line, found) for line, found in one.lines])
        for one in years
    ]


def _row(line: BenefitLine, found: Compared) -> list[str]:
    deviations = {
        Deviation.AS_PLANNED: _("計画の範囲内"),
        Deviation.BELOW: _("計画の範囲より少ない"),
        Deviation.ABOVE: _("計画の範囲より多い"),
        Deviation.MISSING: _("実績がまだない"),
    }
    told = deviations[found.deviation]
    if found.share is not None:
        told = _("%(told)s（ありそうな値との差 %(share)s%%）") % {
            "told": told,
            "share": f"{found.share * 100:+.0f}",
        }
    return [
        line.label,
        f"{_whole(found.planned.low)}〜{_whole(found.planned.high)}",
        "－" if found.actual is None else _whole(found.actual),
        told,
    ]


def _bar(
    label: str,
    unit: str,
    planned: Mapping[str, float | None],
    now: Mapping[str, float | None] | None,
    years: int,
    is_years: bool,
) -> Bar:
    """Both on one axis. Years that never come end the bar at twice the years looked at."""
    end = 2.0 * years
    values = {name: _finite(value, is_years, end) for name, value in planned.items()}
    others = {name: _finite(value, is_years, end) for name, value in now.items()} if now else values
    low = min(*values.values(), *others.values())
    high = max(*values.values(), *others.values())
    plan = _drawn(values, low, high, planned)
    row = [_said(planned[name], unit, is_years) for name in ("worst", "p5", "p50", "p95", "best")]
    words = _("%(label)s: 9割の見込みで%(low)sから%(high)s、真ん中は%(middle)s。") % {
        "label": label,
        "low": row[1],
        "high": row[3],
        "middle": row[2],
    }
    return Bar(
        label,
        unit,
        plan,
        [(tick.at, _tick(tick.value, unit)) for tick in plan.ticks],
        words,
        row,
        _drawn(others, low, high, now) if now else None,
    )


def _drawn(
    values: Mapping[str, float],
    low: float,
    high: float,
    told: Mapping[str, float | None],
) -> RangeBar:
    endless = any(value is None for value in told.values())
    return range_bar(
        values["worst"],
        (values["p5"], values["p50"], values["p95"]),
        values["best"],
        axis=(low, high),
        endless=endless,
    )


def _finite(value: float | None, is_years: bool, end: float) -> float:
    if value is None:
        return end
    return min(value, end) if is_years else value


def _said(value: float | None, unit: str, is_years: bool) -> str:
    if value is None:
        return _("回収できない") if is_years else "－"
    if is_years:
        return f"{value:.1f}{unit}"
    return f"{rough(value)}{unit}"


def _whole(value: float) -> str:
    return str(number_format(round(value), force_grouping=True))


def _tick(value: float, unit: str) -> str:
    """Short: 万 and 億 for yen."""
    size = abs(value)
    if unit == _("円") and size >= 1e8:
        return _("%(number)s億") % {"number": f"{value / 1e8:g}"}
    if unit == _("円") and size >= 1e4:
        return _("%(number)s万") % {"number": f"{value / 1e4:,.6g}" if size < 1e10 else f"{value / 1e4:g}"}
    return f"{value:,g}" if math.isfinite(value) and size < 1e6 else f"{value:g}"
