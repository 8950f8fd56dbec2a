"""Reasons of the matching in sentences, for pages and letters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.joint.engine.matching_fit import Bar, Part, Skill

SKILLS: Mapping[str, str | Promise] = {
    Skill.IT_STRATEGY: gettext_lazy("IT戦略"),
    Skill.DATA_ANALYSIS: gettext_lazy("データ分析"),
    Skill.CYBERSECURITY: gettext_lazy("サイバーセキュリティ"),
    Skill.CLOUD: gettext_lazy("クラウド"),
    Skill.SERVICE_DESIGN: gettext_lazy("住民中心のサービスデザイン"),
    Skill.AI_AUTOMATION: gettext_lazy("AI・自動化"),
}
LEVELS: Mapping[int, str | Promise] = {
    1: gettext_lazy("助言があればできる"),
    2: gettext_lazy("一人でできる"),
    3: gettext_lazy("率いることができる"),
}
PARTS: Mapping[str, str | Promise] = {
    Part.SKILLS: gettext_lazy("技能"),
    Part.HOURS: gettext_lazy("時間"),
    Part.PLACE: gettext_lazy("場所"),
    Part.PERIOD: gettext_lazy("期間"),
    Part.FEE: gettext_lazy("報酬"),
}
BARS: Mapping[str, str | Promise] = {
    Bar.CONFLICT: gettext_lazy("利害関係がある"),
    Bar.NO_SKILL: gettext_lazy("求める技能が1つもない"),
    Bar.FAR: gettext_lazy("遠くて通えない"),
    Bar.PERIOD: gettext_lazy("期間が重ならない"),
}
_EXPERT: Mapping[str, str | Promise] = {
    "outranked": gettext_lazy("%(count)s件は、希望順位のより高い専門家で定員に達しました。"),
    "lot": gettext_lazy("%(count)s件は、同じ順位の専門家とのくじで外れました。"),
    "hours_alone": gettext_lazy("%(count)s件は、使える時間が足りません。"),
    "hours_other": gettext_lazy("%(count)s件は、ほかの仕事と合わせると時間が足りません。"),
    "cost_alone": gettext_lazy("%(count)s件は、報酬が自治体の予算を超えます。"),
    "cost_other": gettext_lazy("%(count)s件は、より希望順位の高い専門家で予算を使い切りました。"),
    "not_returned": gettext_lazy("%(count)s件は、自治体が希望の一覧に入れませんでした。"),
    "blocks": gettext_lazy("%(count)s件は、双方が今の組より望んでいますが、この結果では組になりません。"),
    "content": gettext_lazy("%(count)s件は、より望む仕事で時間や数がいっぱいです。"),
    "forbidden": gettext_lazy("%(count)s件は、前の通知で辞退されました。"),
    "bar_conflict": gettext_lazy("%(count)s件は、利害関係があるため対象外です。"),
    "bar_no_skill": gettext_lazy("%(count)s件は、求める技能が合いません。"),
    "bar_far": gettext_lazy("%(count)s件は、遠くて通えません。"),
    "bar_period": gettext_lazy("%(count)s件は、期間が重なりません。"),
}
_POSTING: Mapping[str, str | Promise] = {
    "outranked": gettext_lazy("%(count)s人は、より希望順位の高い自治体で数がいっぱいになりました。"),
    "lot": gettext_lazy("%(count)s人は、同じ順位の自治体とのくじで外れました。"),
    "hours_alone": gettext_lazy("%(count)s人は、使える時間が足りません。"),
    "hours_other": gettext_lazy("%(count)s人は、より希望順位の高い仕事で時間を使い切りました。"),
    "cost_alone": gettext_lazy("%(count)s人は、報酬が予算を超えます。"),
    "cost_other": gettext_lazy("%(count)s人は、ほかの専門家と合わせると予算を超えます。"),
    "not_returned": gettext_lazy("%(count)s人は、この求人を希望の一覧に入れませんでした。"),
    "blocks": gettext_lazy("%(count)s人は、双方が今の組より望んでいますが、この結果では組になりません。"),
    "content": gettext_lazy("%(count)s人は、より望む専門家で定員や予算がいっぱいです。"),
    "forbidden": gettext_lazy("%(count)s人とは、前の通知で辞退がありました。"),
    "bar_conflict": gettext_lazy("%(count)s人は、利害関係があるため対象外です。"),
    "bar_no_skill": gettext_lazy("%(count)s人は、求める技能が合いません。"),
    "bar_far": gettext_lazy("%(count)s人は、遠くて通えません。"),
    "bar_period": gettext_lazy("%(count)s人は、期間が重なりません。"),
}


def skills(kept: Mapping[str, int]) -> str:
    """``IT戦略（3）、クラウド（2）``, in the house's order."""
    return "、".join(f"{SKILLS[skill]}（{kept[skill]}）" for skill in Skill if skill in kept)


def why_expert_has_none(counted: Mapping[str, int]) -> list[str]:
    return _said(_EXPERT, counted) or [_("公開された求人がありませんでした。")]


def why_posting_has_none(counted: Mapping[str, int]) -> list[str]:
    return _said(_POSTING, counted) or [_("登録済みの専門家がいませんでした。")]


def why_pair(pair: Mapping[str, Any]) -> list[str]:
    """Why this pair, and why neither side has somebody it would rather have."""
    if pair["why"] == "pinned":
        return [_("先に決めた組です（固定した組、または前の通知で承諾した組）。")]
    said = [
        _("専門家の希望で%(rank)s番目、自治体の希望で%(rank_there)s番目の相手です。")
        % {"rank": pair["rank"], "rank_there": pair["rank_there"]}
    ]
    for side, words, heading in (
        ("experts", _EXPERT, _("専門家がより望んだ求人のうち")),
        ("towns", _POSTING, _("自治体がより望んだ専門家のうち")),
    ):
        if lines := _said(words, pair["better"][side]):
            said.append(f"{heading}、{''.join(lines)}")
    return said


def percent(share: float) -> str:
    return f"{share * 100:.0f}%"


def _said(words: Mapping[str, str | Promise], counted: Mapping[str, int]) -> list[str]:
    """The most frequent first."""
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return [str(words[why]) % {"count": count} for why, count in ordered if count and why in words]
