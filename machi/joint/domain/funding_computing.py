"""From a sheet's rows to the engine's plan and back: the estimate, and the plan set beside the facts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from machi.base import ledger
from machi.base.domain.recording import record as record_joint
from machi.base.models import Municipality, Person
from machi.joint.engine.cost_benefit import Compared, Kind, Line, Plan, Range, Sheet, Spread, compare, sheet
from machi.joint.models import BenefitFact, BenefitLine, BenefitSheet

BENEFIT = "joint.cost_benefit"
"""Key of the AI system."""
SPREADS = ("first_cost", "yearly_saving", "hours_saved", "net", "net_per_head", "break_even")
_ONCE = (BenefitLine.Kind.ONE_OFF, BenefitLine.Kind.HOURS_TO_SET_UP)


@dataclass(frozen=True, slots=True)
class Year:
    """Plan and fact of one fiscal year, line by line."""

    year: int
    lines: Sequence[tuple[BenefitLine, Compared]]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the whole comes to if the years to come are like those that are known."""

    planned: Mapping[str, Any]
    now: Mapping[str, Any]
    known: int
    """Lines with a fact."""
    lines: int


def plan_of(row: BenefitSheet, lines: Sequence[BenefitLine]) -> Plan:
    return Plan(
        tuple(Line(str(one.pk), Kind(one.kind), Range(one.low, one.likely, one.high)) for one in lines),
        Range(row.wage_low, row.wage_likely, row.wage_high),
        row.years,
        row.people,
        float(row.discount) / 100,
    )


def compute(row: BenefitSheet, municipality: Municipality, person: Person) -> None:
    """Call it in the transaction of what changed; records the result."""
    lines = list(row.lines.all())
    found = sheet(plan_of(row, lines))
    row.result = plain(found)
    row.save(update_fields=["result"])
    with override("ja"):
        words = in_words(row.result, row.years)
    record_joint(
        row.consortium,
        municipality,
        person,
        system=BENEFIT,
        kind=ledger.RESULT,
        subject=f"benefit:{row.pk}",
        inputs={
            "lines": [[one.label, one.kind, one.low, one.likely, one.high] for one in lines],
            "wage": [row.wage_low, row.wage_likely, row.wage_high],
            "years": row.years,
            "people": row.people,
            "discount": str(row.discount),
        },
        outputs={
            "action": "compute",
            "net": whole(row.result["net"]),
            "yearly_saving": whole(row.result["yearly_saving"]),
            "chance_percent": round(row.result["chance"] * 100),
        },
        explanation=words,
    )


def plain(found: Sheet) -> dict[str, Any]:
    """The engine's sheet for JSON; infinite (never) becomes None."""
    spreads = {name: _spread(getattr(found, name)) for name in SPREADS}
    drivers = [[key, round(value, 3)] for key, value in found.drivers]
    return {**spreads, "chance": found.chance, "drivers": drivers, "samples": found.samples}


def whole(spread: Mapping[str, float | None]) -> dict[str, int | None]:
    return {name: None if value is None else round(value) for name, value in spread.items()}


def in_words(result: Mapping[str, Any], years: int) -> str:
    """The sheet in one paragraph, ranges only."""
    net, saving = result["net"], result["yearly_saving"]
    first = _("1年あたりの節約は%(low)s円から%(high)s円（9割の見込み）。") % {
        "low": rough(saving["p5"]),
        "high": rough(saving["p95"]),
    }
    loss = _("マイナスは、節約より費用が多いことを表す。") if min(saving["p5"], net["p5"]) < 0 else ""
    second = _("%(years)s年間の差し引きは%(low)s円から%(high)s円。") % {
        "years": years,
        "low": rough(net["p5"]),
        "high": rough(net["p95"]),
    }
    chance = _("%(years)s年以内に元が取れる見込みは%(chance)s%%。") % {
        "years": years,
        "chance": round(result["chance"] * 100),
    }
    return first + second + loss + _even_in_words(result["break_even"]) + chance


def _even_in_words(even: Mapping[str, float | None]) -> str:
    soonest, latest = even["p5"], even["p95"]
    if soonest is None:
        return _("元は取れない見込み。")
    if latest is None:
        return _("元が取れるまで早くて%(low)s年、元が取れないこともある。") % {"low": f"{soonest:.1f}"}
    told = _("元が取れるまで%(low)s年から%(high)s年。")
    return told % {"low": f"{soonest:.1f}", "high": f"{latest:.1f}"}


def compared(row: BenefitSheet) -> list[Year]:
    """Each fiscal year with at least one fact (two queries)."""
    lines = list(row.lines.all())
    facts = _facts(lines)
    plan = plan_of(row, lines)
    known = {str(one.pk): one for one in lines}
    told = []
    for year in sorted({year for by_year in facts.values() for year in by_year}):
        actual = {key: float(by_year[year]) for key, by_year in facts.items() if year in by_year}
        found = compare(plan, actual)
        first = year == row.first_year
        told.append(
            Year(
                year,
                [(known[one.key], one) for one in found if first or known[one.key].kind not in _ONCE],
            )
        )
    return told


def outlook(row: BenefitSheet) -> Outlook | None:
    """The sheet with facts in the place of ranges (the mean of the years told); None without a fact."""
    lines = list(row.lines.all())
    facts = _facts(lines)
    if not facts:
        return None
    plan = plan_of(row, lines)
    now = tuple(
        Line(one.key, one.kind, _sure(facts[one.key])) if one.key in facts else one for one in plan.lines
    )
    found = sheet(Plan(now, plan.wage, plan.years, plan.people, plan.discount))
    return Outlook(row.result, plain(found), len(facts), len(lines))


def _facts(lines: Sequence[BenefitLine]) -> dict[str, dict[int, int]]:
    """Amounts by line and year, of lines that have any."""
    found: dict[str, dict[int, int]] = {}
    for one in BenefitFact.objects.filter(line__in=lines):
        found.setdefault(str(one.line_id), {})[one.year] = one.amount
    return found


def _sure(by_year: Mapping[int, int]) -> Range:
    mean = sum(by_year.values()) / len(by_year)
    return Range(mean, mean, mean)


def _spread(spread: Spread) -> dict[str, float | None]:
    return {name: value if math.isfinite(value) else None for name, value in asdict(spread).items()}


def rough(value: float) -> str:
    """Three significant digits: what comes of ranges is not known to the yen."""
    digits = 2 - math.floor(math.log10(abs(value))) if abs(value) >= 1 else 0
    return str(number_format(round(value, min(digits, 0)), decimal_pos=0, force_grouping=True))
