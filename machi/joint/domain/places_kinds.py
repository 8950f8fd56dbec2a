"""Kinds of places: their usual classes, what rules usually count, and the points a town begins with.

The items follow the guidance of the Children and Families Agency on adjusting the use of childcare
(利用調整における優先順位) and the usual criteria for admission to special nursing homes (入所判定基準). Every town
changes points, leaves items out by 0 points and adds its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.joint.models import PlaceRound

Kind = PlaceRound.Kind
SLOTS = 8
"""Weeks of short stay that a round offers where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something a rule counts: ``points`` per unit, at most ``most`` units; ``at`` one facility only."""

    key: str
    label: str
    points: int
    most: int = 1
    at: bool = False

    @property
    def short(self) -> str:
        """Without what explains the units: the name of a column."""
        return self.label.partition("（")[0]


@dataclass(frozen=True, slots=True)
class Tie:
    """Among equal points the item ``key`` decides: ``higher`` first, or lower."""

    key: str
    higher: bool = True


@dataclass(frozen=True, slots=True)
class Words:
    """What people say of this kind."""

    applicant: str | Promise
    place: str | Promise
    admitted: str | Promise


_CHILDCARE = (
    Item("work", "保護者の就労（0：なし、1：月48時間以上、2：月64時間以上、3：月120時間以上）", 10, 3),
    Item("illness", "保護者の病気・障害（0：なし、1：通院、2：常時の安静・入院）", 10, 2),
    Item("care", "親族の介護・看護", 8),
    Item("single", "ひとり親の家庭", 12),
    Item("welfare", "生活保護を受けている", 6),
    Item("leave", "育児休業からの復帰", 6),
    Item("unlicensed", "認可外の施設などに預けて働いている", 4),
    Item("disability", "申し込む子どもに障害がある", 6),
    Item("sibling", "きょうだいが在園している施設", 10, at=True),
    Item("income", "市区町村民税の所得割の階層（1〜20）", 0, 20),
)
_ELDERLY = (
    Item("level", "要介護度（1〜5）", 10, 5),
    Item("dementia", "認知症による行動・心理症状（0：なし、1：あり、2：目が離せない）", 8, 2),
    Item("alone", "ひとり暮らし、または身近に介護する人がいない", 15),
    Item("carer_age", "主な介護者が75歳以上", 8),
    Item("carer_ill", "主な介護者の病気・障害", 8),
    Item("carer_work", "主な介護者が働いている、または育児もしている", 5),
    Item("hospital", "退院・退所を求められている", 6),
    Item("spouse", "配偶者が入所している施設", 6, at=True),
    Item("months", "待っている月数", 0, 240),
)
_SHORT_STAY = (
    Item("level", "要介護度（1〜5）", 5, 5),
    Item("emergency", "介護者の入院・葬儀などの急な事情", 30),
    Item("carer_work", "介護者の仕事・学校行事など", 8),
    Item("respite", "介護者の休息", 5),
    Item("used", "この施設を使ったことがある", 3, at=True),
    Item("days", "最後に使ってからの日数", 0, 365),
)
STANDARD: Mapping[str, Sequence[Item]] = {
    Kind.CHILDCARE: _CHILDCARE,
    Kind.ELDERLY: _ELDERLY,
    Kind.SHORT_STAY: _SHORT_STAY,
}
STANDARD_TIES: Mapping[str, Sequence[Tie]] = {
    Kind.CHILDCARE: (Tie("single"), Tie("sibling"), Tie("income", higher=False)),
    Kind.ELDERLY: (Tie("level"), Tie("months")),
    Kind.SHORT_STAY: (Tie("emergency"), Tie("days")),
}
WORDS: Mapping[str, Words] = {
    Kind.CHILDCARE: Words(_("子ども"), _("保育施設"), _("入所")),
    Kind.ELDERLY: Words(_("入所を希望する方"), _("高齢者施設"), _("入所")),
    Kind.SHORT_STAY: Words(_("利用を希望する方"), _("ショートステイの施設"), _("利用")),
}


def usual_classes(kind: str, starts_on: date) -> list[str]:
    """Ages, rooms by level of care, or the weeks from ``starts_on``."""
    if kind == Kind.CHILDCARE:
        return [f"{age}歳児" for age in range(6)]
    if kind == Kind.ELDERLY:
        return [f"{room}・{level}" for room in ("個室", "多床室") for level in ("要介護3", "要介護4・5")]
    weeks = (starts_on + timedelta(weeks=at) for at in range(SLOTS))
    return [f"{monday:%Y年%-m月%-d日}から7日間" for monday in weeks]
