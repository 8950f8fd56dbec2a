"""Why a programme fits a plan or does not, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from machi.base.models import Municipality, Prefecture
from machi.joint.domain.funding_lists import labels
from machi.joint.models import Cost, Flag, FundingCheck, Purpose, TownKind
from machi.joint.models.funding import shown_rate


@dataclass(frozen=True, slots=True)
class Shown:
    """One programme of a check, for people."""

    programme: int
    name: str
    giver: str
    fits: bool
    met: Sequence[str]
    unmet: Sequence[str]
    granted: int
    own: int
    eligible: int
    amount: str
    """How the amount comes about."""
    days_left: int | None
    deadline: date | None
    documents: Sequence[str]


def shown(made: FundingCheck) -> list[Shown]:
    """All results of a check (two queries)."""
    towns = {town.code: str(town) for town in made.towns.select_related("prefecture")}
    needed = {code for one in made.results for code in one["prefectures"]}
    prefectures = {one.code: str(one) for one in Prefecture.objects.filter(code__in=needed)} if needed else {}
    return [_shown(one, towns, prefectures) for one in made.results]


def costs_of(made: FundingCheck) -> list[tuple[str, int]]:
    return [(str(Cost(kind).label), yen) for kind, yen in made.costs.items()]


def purposes_of(made: FundingCheck) -> str:
    return labels(Purpose, made.purposes)


def towns_of(made: FundingCheck) -> list[Municipality]:
    return list(made.towns.select_related("prefecture"))


def yen(value: int) -> str:
    return _("%(yen)s円") % {"yen": number_format(value, use_l10n=True, force_grouping=True)}


def _shown(one: Mapping[str, Any], towns: Mapping[str, str], prefectures: Mapping[str, str]) -> Shown:
    words = [(reason["met"], _reason(reason, one, towns, prefectures)) for reason in one["reasons"]]
    return Shown(
        one["programme"],
        one["name"],
        one["giver"],
        one["fits"],
        [text for met, text in words if met],
        [text for met, text in words if not met],
        one["granted"],
        one["own"],
        one["eligible"],
        _amount(one),
        one["days_left"],
        date.fromisoformat(one["deadline"]) if one["deadline"] else None,
        [line for line in one["documents"].splitlines() if line.strip()],
    )


def _amount(one: Mapping[str, Any]) -> str:
    told = _("対象経費%(eligible)s × 補助率%(rate)s") % {
        "eligible": yen(one["eligible"]),
        "rate": shown_rate(one["rate"]),
    }
    if one["capped"]:
        told += _("、上限%(ceiling)sまで") % {"ceiling": yen(one["ceiling"])}
    return told


def _reason(
    reason: Mapping[str, Any],
    one: Mapping[str, Any],
    towns: Mapping[str, str],
    prefectures: Mapping[str, str],
) -> str:
    about, met = reason["about"], reason["met"]
    failing = "、".join(towns.get(code, code) for code in about)
    match reason["condition"]:
        case "purpose":
            words = _("目的が合う: %(what)s") if met else _("目的がちがう。この制度の目的: %(what)s")
            return words % {"what": labels(Purpose, about)}
        case "kind":
            return _town_reason(met, _("対象: %(what)s") % {"what": labels(TownKind, one["kinds"])}, failing)
        case "prefecture":
            names = "、".join(prefectures.get(code, code) for code in one["prefectures"])
            return _town_reason(met, _("対象の都道府県: %(what)s") % {"what": names}, failing)
        case "population":
            limits = _limits(one["population"], _("%(number)s人以上"), _("%(number)s人以下"))
            return _town_reason(met, _("人口: %(what)s") % {"what": limits}, failing)
        case "members":
            limits = _limits(one["members"], _("%(number)s団体以上"), _("%(number)s団体以下"))
            told = _("共同で申請する自治体: %(what)s（この計画は%(number)s団体）")
            return told % {"what": limits, "number": about[0]}
        case "flags":
            return _town_reason(
                met, _("地域の条件: %(what)s") % {"what": labels(Flag, one["flags"])}, failing
            )
        case "open":
            words = _("募集が始まっている（%(day)sから）") if met else _("募集は%(day)sから")
            return words % {"day": _day(about[0])}
        case "deadline":
            words = _("締切に間に合う（%(day)sまで）") if met else _("締切を過ぎた（%(day)sまで）")
            return words % {"day": _day(about[0])}
        case "costs":
            words = _("対象になる経費がある: %(what)s") if met else _("対象になる経費がない。対象: %(what)s")
            return words % {"what": labels(Cost, about)}
        case _:
            words = _("下限額に届く（%(floor)s）") if met else _("補助額が下限額（%(floor)s）に届かない")
            return words % {"floor": yen(int(about[0]))}


def _town_reason(met: bool, condition: str, failing: str) -> str:
    if met:
        return condition
    return _("%(condition)s。合わない自治体: %(towns)s") % {"condition": condition, "towns": failing}


def _limits(limits: Sequence[int | None], least: str, most: str) -> str:
    low, high = limits
    told = [least % {"number": number_format(low, force_grouping=True)}] if low is not None else []
    told += [most % {"number": number_format(high, force_grouping=True)}] if high is not None else []
    return "・".join(told)


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT")
