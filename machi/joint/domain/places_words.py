"""Why a wish was met or not, in plain words for the family: of others nothing but the lowest points admitted, and
those only where enough people were admitted that they point at nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from machi.joint.domain.places_kinds import Item
from machi.joint.engine.welfare_reasons import Why

FEWEST = 3
"""So many must have been admitted before the lowest points are told."""


def why(reason: Mapping[str, Any], facility: str, items: Sequence[Item]) -> str:
    """One wish in one or two sentences. ``items``: of the host's rules, to name the tie rule that decided."""
    told = {
        "rank": reason["rank"],
        "facility": facility,
        "points": reason.get("points", 0),
        "quota": reason.get("quota", 0),
    }
    return f"{_('第%(rank)s希望 %(facility)s') % told}: {_because(reason, items, told)}"


def _because(reason: Mapping[str, Any], items: Sequence[Item], told: Mapping[str, Any]) -> str:
    match Why(reason["why"]):
        case Why.PLACED:
            return _("決まりました。あなたの点数は%(points)s点です。") % told
        case Why.NO_AGREEMENT:
            return _("この施設は、お住まいの町の方を受け入れていないため、選考の対象になりませんでした。")
        case Why.NO_CLASS:
            return _("この区分の枠がないため、選考の対象になりませんでした。")
        case Why.UNMET:
            return _(
                "優先順位では入れるはずでしたが、同時に申し込んだほかの家庭の希望などとの組み合わせのため、すべてを同時に"
                "満たす割り当てが見つからず、入れませんでした。"
            )
        case Why.QUOTA:
            return (
                _(
                    "町どうしの約束で、お住まいの町から受け入れる人数は%(quota)s人までです。優先順位の高い方で"
                    "いっぱいになりました。"
                )
                % told
            )
        case Why.BAND:
            return _("施設のある町に住んでいる方を先に選ぶ約束のため、枠がいっぱいになりました。")
        case Why.POINTS if reason.get("ahead", 0) >= FEWEST:
            return _("あなたの点数は%(points)s点、決まった方の中で最も低い点数は%(last)s点でした。") % {
                **told,
                "last": reason["last_points"],
            }
        case Why.POINTS:
            return (
                _(
                    "あなたの点数は%(points)s点で、点数のより高い方で枠がいっぱいになりました。枠が少ないため、ほかの方の点数は"
                    "お知らせできません。"
                )
                % told
            )
        case Why.TIE_RULE:
            label = next((one.short for one in items if one.key == reason["rule"]), "")
            return _(
                "点数は同じ%(points)s点でしたが、同点のときの決まり（%(label)s）の順で決まりました。"
            ) % {
                **told,
                "label": label,
            }
        case Why.LOT:
            return (
                _("点数（%(points)s点）も、同点のときの決まりの順も同じだったため、抽選で決まりました。")
                % told
            )
        case Why.TOGETHER:
            return _(
                "お一人なら入れましたが、ご家庭の皆さんの希望（同じ施設に、など）をいっしょに満たすことが"
                "できませんでした。"
            )
