"""Half-years, figures and how they stand, in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from machi.joint.domain.monitoring_progress import Money, Progress, Step
from machi.joint.engine.charts import LineChart, line_chart
from machi.joint.engine.half_years import HalfYear
from machi.joint.engine.variance import Standing
from machi.joint.models import ProjectKpi

CHIPS = {
    Standing.AHEAD: ("success", "check-circle"),
    Standing.ON_TRACK: ("success", "check-circle"),
    Standing.BEHIND: ("warning", "warning"),
    Standing.UNKNOWN: ("", ""),
}


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    kind: str
    icon: str


@dataclass(frozen=True, slots=True)
class ShownKpi:
    """A figure for people: how it stands, said and drawn."""

    kpi: ProjectKpi
    chip: Chip
    words: str
    begun: str
    """What is known of the half-year for which towns are still missing."""
    chart: LineChart
    ticks: list[tuple[float, str]]
    labels: list[tuple[float, str]]
    """Below the x axis: x and half-year."""
    rows: list[list[str]]
    """Half-year, plan, fact, difference, towns."""


def half_label(half: HalfYear) -> str:
    name = _("上半期") if half.half == 1 else _("下半期")
    return _("%(year)s年度%(half)s") % {"year": half.year, "half": name}


def half_short(half: HalfYear) -> str:
    return f"{half.year % 100:02}{_('上') if half.half == 1 else _('下')}"


def number(
    value: Decimal | float | int, signed: bool = False, beside: Decimal | float | int | None = None
) -> str:
    """Grouped, without zeros at the end, with as many decimals as matter for its size, or for that of ``beside``."""
    size = abs(float(value if beside is None else beside))
    text = f"{Decimal(str(value)):.{0 if size >= 1000 else 1 if size >= 100 else 2}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    places = len(text.partition(".")[2])
    shown = number_format(text, decimal_pos=places, force_grouping=True)
    return f"+{shown}" if signed and Decimal(str(value)) > 0 else str(shown)


def standing_chip(standing: Standing) -> Chip:
    labels = {
        Standing.AHEAD: _("計画より進んでいる"),
        Standing.ON_TRACK: _("計画どおり"),
        Standing.BEHIND: _("計画より遅れている"),
        Standing.UNKNOWN: _("まだ分からない"),
    }
    return Chip(labels[standing], *CHIPS[standing])


def shown_kpi(progress: Progress) -> ShownKpi:
    kpi, steps = progress.kpi, progress.steps
    plan = [float(one.variance.planned) for one in steps]
    facts = [None if one.variance.actual is None else float(one.variance.actual) for one in steps]
    # The baseline begins the line: a project of one half-year has two points as well.
    chart = line_chart([float(kpi.baseline), *plan], [float(kpi.baseline), *facts])
    names = [_("基準"), *(half_short(one.half) for one in steps)]
    every = max(1, -(-len(names) // 8))
    labels = [
        (x, name) for at, (x, name) in enumerate(zip(chart.steps, names, strict=True)) if at % every == 0
    ]
    return ShownKpi(
        kpi,
        standing_chip(progress.standing),
        _words(progress),
        _begun(progress),
        chart,
        [(tick.at, number(tick.value)) for tick in chart.ticks],
        labels,
        [_row(kpi, one) for one in steps],
    )


def money_words(money: Money) -> str:
    """Plan against fact of what was spent."""
    told = _("これまでの計画 %(planned)s円に対して、報告された支出は%(spent)s円") % {
        "planned": number(money.planned),
        "spent": number(money.spent),
    }
    if not money.planned:
        return told + _("です。まだ1つの半期も終わっていません。")
    share = round(100 * money.spent / money.planned)
    return told + _("（計画の%(share)s%%、差は%(difference)s円）です。") % {
        "share": share,
        "difference": number(money.difference, signed=True),
    }


def _words(progress: Progress) -> str:
    kpi, latest = progress.kpi, progress.latest
    if latest is None or latest.variance.difference is None or latest.variance.actual is None:
        return _("すべての自治体の値がそろった半期は、まだありません。")
    found = latest.variance
    told = _("%(half)sの計画 %(planned)s%(unit)sに対して、実績は%(actual)s%(unit)s") % {
        "half": half_label(latest.half),
        "planned": number(found.planned),
        "actual": number(latest.variance.actual),
        "unit": kpi.unit,
    }
    told += _("（差 %(difference)s%(unit)s）。") % {
        "difference": number(latest.variance.difference, signed=True, beside=found.planned),
        "unit": kpi.unit,
    }
    if found.reached is not None:
        told += _("基準値から目標までの道のりの%(share)s%%まで来ました。") % {
            "share": round(100 * found.reached)
        }
    return told


def _begun(progress: Progress) -> str:
    step = progress.begun
    if step is None or step.combined.value is None:
        return ""
    return _("%(half)sは%(expected)s自治体のうち%(counted)s自治体の値だけなので、まだ計画と比べません。") % {
        "half": half_label(step.half),
        "expected": step.combined.expected,
        "counted": step.combined.counted,
    }


def _row(kpi: ProjectKpi, step: Step) -> list[str]:
    found, fact = step.variance, step.combined
    shown = "" if fact.value is None else number(fact.value)
    if fact.value is not None and not fact.complete:
        shown = _("%(value)s（途中）") % {"value": shown}
    return [
        half_label(step.half),
        number(found.planned),
        shown or "－",
        "－" if found.difference is None else number(found.difference, signed=True, beside=found.planned),
        f"{fact.counted}/{fact.expected}",
    ]
