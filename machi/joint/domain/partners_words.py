"""The words for what the models find: purposes, indicators, reasons, and what an estimate does not show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.joint.engine.cost_model import Form
from machi.joint.engine.cost_sample import Purpose
from machi.joint.engine.joint_savings import Caveat
from machi.joint.engine.partners import Reason, Why

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise
else:
    Words = str | Promise

PURPOSES: dict[Purpose, Words] = {
    Purpose.TOTAL: gettext_lazy("歳出の総額"),
    Purpose.WELFARE: gettext_lazy("福祉（民生費）"),
    Purpose.PUBLIC_WORKS: gettext_lazy("土木（土木費）"),
    Purpose.EDUCATION: gettext_lazy("教育（教育費）"),
    Purpose.STAFF: gettext_lazy("一般行政の職員数"),
}
FORMS: dict[Form, Words] = {
    Form.SPLINE: gettext_lazy("スプライン（標準）"),
    Form.TRANSLOG: gettext_lazy("トランスログ"),
    Form.LINEAR: gettext_lazy("弾力性が一定"),
}
CAVEATS: dict[Caveat, Words] = {
    Caveat.ASSOCIATION: gettext_lazy(
        "大きい町と小さい町は、人口のほかにも違います。町の間の比べであって、一緒にした結果を見たものではありません。"
    ),
    Caveat.TRANSITION: gettext_lazy(
        "移行の費用（システム、部屋、退職、給与をそろえること）は入っていません。"
    ),
    Caveat.QUALITY: gettext_lazy(
        "サービスが良くなるか悪くなるかは分かりません。窓口が近いこともサービスのうちです。"
    ),
    Caveat.WHOLE_WORK: gettext_lazy(
        "その目的の仕事すべてについての関係です。一部だけを一緒にするときは、多くてもその部分の分です。"
    ),
    Caveat.ONE_YEAR: gettext_lazy(
        "2021年度の決算という1年だけの数字です。感染症対策、大きな建設、災害の年は目立ちます。"
    ),
    Caveat.NOT_CLEAR: gettext_lazy("幅が0をまたぐ目的があります。節約になるとも、ならないとも言えません。"),
    Caveat.COSTS_MORE: gettext_lazy("かえって費用が増えるという関係の目的があります。"),
    Caveat.BEYOND_SAMPLE: gettext_lazy(
        "合わせた人口が、調べた町のどれよりも大きい（または小さい）ので、見積もりは外挿です。"
    ),
    Caveat.FAR_APART: gettext_lazy(
        "役所どうしが40 kmより離れている組があります。移動の費用はモデルに入っていません。"
    ),
    Caveat.OTHER_DUTIES: gettext_lazy(
        "政令指定都市か特別区が入っています。ほかの町と仕事の範囲が違うので、比べにくくなります。"
    ),
    Caveat.NEW_DUTIES: gettext_lazy(
        "合わせると人口20万人以上です。合併なら中核市の仕事が加わりうる大きさで、それは見積もりにありません。"
    ),
}


_MANY, _FEW = gettext_lazy("多い"), gettext_lazy("少ない")
_HIGH, _LOW = gettext_lazy("高い"), gettext_lazy("低い")


@dataclass(frozen=True, slots=True)
class Unit:
    """How an indicator is told: its name, the figure times what, in which unit, and what more or less of it is."""

    label: Words
    times: float = 1.0
    unit: Words = ""
    digits: int = 1
    more: Words = _MANY
    less: Words = _FEW


_PER_TEN_THOUSAND = gettext_lazy("人／1万人")
UNITS: dict[str, Unit] = {
    "population": Unit(gettext_lazy("人口"), 1, gettext_lazy("人"), 0),
    "density": Unit(gettext_lazy("可住地の人口密度"), 1, gettext_lazy("人／ha"), 1, _HIGH, _LOW),
    "old": Unit(gettext_lazy("65歳以上の割合"), 100, "%", 1, _HIGH, _LOW),
    "young": Unit(gettext_lazy("15歳未満の割合"), 100, "%", 1, _HIGH, _LOW),
    "old_alone": Unit(gettext_lazy("高齢の一人暮らし世帯の割合"), 100, "%", 1, _HIGH, _LOW),
    "foreign": Unit(gettext_lazy("外国人の割合"), 100, "%", 1, _HIGH, _LOW),
    "births": Unit(gettext_lazy("出生数"), 1000, gettext_lazy("人／千人")),
    "moving_in": Unit(gettext_lazy("転出1人あたりの転入"), 1, gettext_lazy("人"), 2),
    "primary_sector": Unit(gettext_lazy("農林漁業で働く人の割合"), 100, "%", 1, _HIGH, _LOW),
    "unhabitable": Unit(gettext_lazy("可住地に対する総面積"), 1, gettext_lazy("倍"), 1),
    "welfare_cost": Unit(gettext_lazy("1人あたりの民生費"), 1, gettext_lazy("千円"), 0),
    "works_cost": Unit(gettext_lazy("1人あたりの土木費"), 1, gettext_lazy("千円"), 0),
    "staff": Unit(gettext_lazy("一般行政の職員"), 1000, gettext_lazy("人／千人")),
    "own_revenue": Unit(gettext_lazy("歳入のうち地方税の割合"), 100, "%", 1, _HIGH, _LOW),
    "rigidity": Unit(gettext_lazy("経常収支比率"), 1, "%", 1, _HIGH, _LOW),
    "debt_service": Unit(gettext_lazy("実質公債費比率"), 1, "%", 1, _HIGH, _LOW),
    "information_industry": Unit(gettext_lazy("情報通信業で働く人"), 10_000, _PER_TEN_THOUSAND),
    "experts": Unit(gettext_lazy("専門・技術サービス業で働く人"), 10_000, _PER_TEN_THOUSAND),
    "doctors": Unit(gettext_lazy("医師"), 10_000, _PER_TEN_THOUSAND),
    "clinics": Unit(gettext_lazy("診療所"), 10_000, gettext_lazy("か所／1万人")),
    "nurseries": Unit(gettext_lazy("保育所など"), 1000, gettext_lazy("か所／子ども千人")),
    "teachers": Unit(gettext_lazy("小中学校の教員"), 100, gettext_lazy("人／児童生徒100人")),
    "libraries": Unit(gettext_lazy("図書館"), 100_000, gettext_lazy("か所／10万人")),
    "lodging": Unit(gettext_lazy("宿泊・飲食業で働く人"), 10_000, _PER_TEN_THOUSAND),
}


def figure(key: str, value: float) -> str:
    """A figure of an indicator with its unit: 33.1%."""
    unit = UNITS[key]
    return f"{value * unit.times:,.{unit.digits}f}{unit.unit}"


def reason(one: Reason, median: dict[str, float]) -> str:
    """Why a town is suggested, in a sentence; ``median`` of each indicator over all towns."""
    if one.why is Why.NEAR:
        return _("役所どうしが近い（%(km)s km）") % {"km": f"{one.theirs:.0f}"}
    if one.why is Why.SAME_PREFECTURE:
        return _("同じ都道府県にある")
    if one.why is Why.OTHER_PREFECTURE:
        return _("別の都道府県にある（同じ災害を同時に受けにくい）")
    unit = UNITS[one.key]
    told = {
        "label": unit.label,
        "own": figure(one.key, one.own),
        "theirs": figure(one.key, one.theirs),
        "way": unit.more if one.own >= median[one.key] else unit.less,
    }
    if one.why is Why.LIKE_NEED:
        return (
            _("似た課題: %(label)sがどちらも全国の真ん中より%(way)s（こちら%(own)s、相手%(theirs)s）") % told
        )
    if one.why is Why.HAS_WHAT_I_LACK:
        return _("相手の強み: %(label)s（相手%(theirs)s、こちら%(own)s）") % told
    return _("こちらの強み: %(label)s（こちら%(own)s、相手%(theirs)s）") % told
