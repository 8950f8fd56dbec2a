"""The risk of a declared AI system, in words: which axis says what, and which way the review goes."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.base.rooms import AISystem
from machi.governance.engine.risk import HIGHEST, Facts, assess

FOLLOWS = gettext_noop(
    "行政の進化と革新のための生成AIの調達・利活用に係るガイドライン（DS-920、デジタル庁、2025年5月27日）の"
    "4つの観点にそって、machiの規則で判定しています。重みづけはmachiが決めたもので、ガイドラインの文言ではありません。"
)
_AXES = {
    "users": gettext_noop("使う人の範囲と種類"),
    "work": gettext_noop("業務の性質"),
    "training": gettext_noop("機密情報の学習"),
    "judgement": gettext_noop("結果についての職員の判断"),
}
_REASONS = {
    "users.staff": gettext_noop("職員だけが使います。"),
    "users.residents": gettext_noop("住民が直接使います。"),
    "work.informs": gettext_noop("案内や調べものにとどまり、権利や安全に関わる判断をしません。"),
    "work.proposes": gettext_noop("権利や安全に関わる仕事の下準備をします。"),
    "work.decides": gettext_noop("権利や安全に関わることを決めます。"),
    "training.none": gettext_noop("機密情報や個人情報を学習に使いません。"),
    "training.inside": gettext_noop("機密情報か個人情報を、この設置の中だけで学習に使います。"),
    "training.outside": gettext_noop("機密情報か個人情報が、外部で学習に使われるおそれがあります。"),
    "training.leaves": gettext_noop("個人情報が入りうる内容を外部へ送るため、一段上げています。"),
    "judgement.each": gettext_noop("結果が使われる前に、職員が一つずつ確かめます。"),
    "judgement.sources": gettext_noop(
        "職員が公開した文書の文をそのまま示し、足りないときは職員に引き継ぎます。結果を一つずつは確かめません。"
    ),
    "judgement.none": gettext_noop("職員の確認を経ずに結果が使われます。"),
    "judgement.generated": gettext_noop("AIが作った文が職員の確認を経ずに届くため、最も高く見ています。"),
}
_LEVELS = (gettext_noop("低い"), gettext_noop("やや高い"), gettext_noop("高い"))


@dataclass(frozen=True, slots=True)
class ShownAxis:
    label: str
    level: int
    level_label: str
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class ShownRisk:
    high: bool
    why: str
    axes: list[ShownAxis]


def facts_of(system: AISystem) -> Facts:
    return Facts(
        users=system.users,
        work=system.work,
        training=system.training,
        judgement=system.judgement,
        personal=system.personal,
        outside=system.outside,
        generates=system.generates,
    )


def shown(system: AISystem) -> ShownRisk:
    """What the rules say of this system, in the reader's language."""
    return shown_of(facts_of(system))


def shown_of(facts: Facts) -> ShownRisk:
    """What the rules say of a system of which these facts are declared, one not bought yet too."""
    found = assess(facts)
    axes = [
        ShownAxis(
            label=_(_AXES[finding.axis]),
            level=finding.level,
            level_label=_(_LEVELS[finding.level]),
            reasons=[_(_REASONS[code]) for code in finding.reasons],
        )
        for finding in found.findings
    ]
    return ShownRisk(found.route == "high", _why(axes, found.points, high=found.route == "high"), axes)


def _why(axes: list[ShownAxis], points: int, *, high: bool) -> str:
    highest = [axis.label for axis in axes if axis.level == HIGHEST]
    if highest:
        return _("「{axis}」が最も高いため、高リスクとして有識者会議に報告します。").format(
            axis="」「".join(highest)
        )
    if high:
        return _(
            "4つの観点の合計が{points}点（3点以上）のため、高リスクとして有識者会議に報告します。"
        ).format(points=points)
    return _("4つの観点の合計が{points}点（2点以下）で、最も高い観点がないため、通常の審査です。").format(
        points=points
    )
