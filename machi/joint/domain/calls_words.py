"""What the selection says of a proposal, in words: in full for the joint office, without figures for towns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from machi.base.models import Prefecture
from machi.joint.engine.selection import Verdict
from machi.joint.models import Area, CallEvaluation


def because(place: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Why it is recommended or not, naming what would change (a place of ``CallEvaluation.places``;
    ``names`` from ``rule_names``)."""
    verdict, loss = Verdict(place["verdict"]), f"{place['loss']:.2f}"
    instead = "、".join(_("提案%(number)s") % {"number": number} for number in place["instead"])
    match verdict:
        case Verdict.SELECTED if place["loss"] == 0:
            return _("同じ合計点の別の組み合わせがあり、順位の上の提案を先にしました。")
        case Verdict.SELECTED:
            said = _("外すと、点の合計が%(loss)s下がります。") % {"loss": loss}
            return f"{said}{_('代わりに入るのは%(instead)s。') % {'instead': instead}}" if instead else said
        case Verdict.OVER_BUDGET:
            return _("申請額が、予算の総額を超えています。")
        case Verdict.BELOW_THRESHOLD:
            return _("点が、採択に必要な最低点に届きません。")
        case Verdict.RULED_OUT:
            return _("件数の決まりにより、選べません（%(rules)s）。") % {
                "rules": _listed(place["rules"], names)
            }
        case Verdict.TIE:
            return _("合計点は同じですが、%(instead)sと入れ替わります。順位の上の提案を先にしました。") % {
                "instead": instead
            }
        case _:
            said = _("採択するには%(instead)sを外すことになり、点の合計が%(loss)s下がります。") % {
                "instead": instead or _("ほかの提案"),
                "loss": loss,
            }
            if not place["rules"]:
                return said
            return said + _("次の決まりがなければ推薦していました: %(rules)s。") % {
                "rules": _listed(place["rules"], names)
            }


def for_towns(place: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The reason as a letter may give it."""
    match Verdict(place["verdict"]):
        case Verdict.SELECTED:
            return _("審査の結果、予算の範囲で最も効果の高い組み合わせに含まれたため。")
        case Verdict.OVER_BUDGET:
            return _("申請額が、公募の予算の総額を超えるため。")
        case Verdict.BELOW_THRESHOLD:
            return _("審査の点が、採択に必要な最低点に届かなかったため。")
        case Verdict.RULED_OUT | Verdict.DISPLACED if place["rules"]:
            return _("公募要領に定めた件数の上限（%(rules)s）の中で、ほかの提案の評価が上回ったため。") % {
                "rules": _listed(place["rules"], names)
            }
        case _:
            return _("予算の範囲で評価の合計が最も高くなる組み合わせに含まれなかったため。")


def rule_names(evaluation: CallEvaluation) -> dict[str, str]:
    """What is said for each rule that could bind (one query)."""
    rules = [name.partition(":") for name in evaluation.given["rules"]]
    prefectures = Prefecture.objects.in_bulk([value for kind, _colon, value in rules if kind == "prefecture"])
    return {
        f"{kind}:{value}": _("分野「%(area)s」の上限") % {"area": Area(value).label}
        if kind == "area"
        else _("%(prefecture)sの上限") % {"prefecture": prefectures[value]}
        for kind, _colon, value in rules
    }


def _listed(rules: Sequence[str], names: Mapping[str, str]) -> str:
    return "、".join(names[rule] for rule in rules)
