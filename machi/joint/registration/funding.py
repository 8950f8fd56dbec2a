"""Programmes and subsidies, and cost-and-benefit sheets: what the room registers of it."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, MenuEntry, PublicPage

MENU: Sequence[MenuEntry] = (
    MenuEntry(_("補助制度"), "joint:programmes", "joint.see_programmes"),
    MenuEntry(_("財源さがし"), "joint:funding_checks", "joint.check_funding"),
    MenuEntry(_("費用と効果"), "joint:benefits", "joint.estimate_benefits"),
)
PUBLIC_PAGES: Sequence[PublicPage] = ()
AI_SYSTEMS: Sequence[AISystem] = (
    AISystem(
        key="joint.funding_match",
        version="1",
        title=_("補助制度の照合"),
        purpose=_("自治体の計画に合う補助制度を、条件と照らして理由とともに示します。"),
        inputs=_("計画の目的と費用、いっしょに申請する自治体、登録された制度の条件。個人情報は使いません。"),
        method=_(
            "制度ごとに、目的・自治体の種類・都道府県・人口・団体数・地域の条件・期間・対象経費・下限額を1つずつ"
            "確かめます。補助額は対象経費に補助率をかけ、上限と端数の切り捨てを当てはめます。学習はしません。"
        ),
        model=_("規則による照合（分数による正確な計算）。機械学習と生成AIは使いません。"),
        data=_("共同事務局が登録した制度、2020年国勢調査の人口（SSDSE-A）、自治体が入れた地域の条件。"),
        reviewer=_("自治体の管理職。申請する制度を理由とともに決めます。合わないと出た制度も選べます。"),
        never=_("申請するかどうかを決めません。制度の原文の代わりにはなりません。"),
        users="staff",
        work="informs",
        training="none",
        judgement="each",
        personal=False,
        outside=False,
        generates=False,
        evidence={
            "human-decides": _("申請する制度は管理職が理由を書いて決める。決めたことは台帳に残る。"),
            "safety-wrong-output": _(
                "合わない条件を1つずつ言葉で示す。制度の案内へのリンクと必要書類を並べる。"
            ),
            "privacy-minimum": _("個人情報を使わない。"),
            "transparency-source": _("どの制度のどの条件によるかを、調べた日の内容のまま残す。"),
            "accountability-ledger": _(
                "照合ごとに、計画の要約値、合う制度と補助額、合わない条件が台帳に残る。"
            ),
            "fairness-bias": _("同じ計画と同じ日なら、どの自治体にも同じ規則が当てはまる。"),
        },
    ),
    AISystem(
        key="joint.cost_benefit",
        version="1",
        title=_("費用と効果の見積もり"),
        purpose=_("AIや共同事業の費用と効果を、点ではなく範囲で見積もります。"),
        inputs=_("初期費用、毎年の費用、導入前後の作業時間などの範囲。個人情報は使いません。"),
        method=_(
            "各項目を範囲の中（三角分布）から独立に1万回引き、差し引き・元が取れる年・1人あたりを計算して、"
            "5%点・中央・95%点を示します。すべてが端になった場合の最悪と最良も示します。乱数の種は固定です。"
        ),
        model=_("モンテカルロ法と区間演算（NumPy）。機械学習と生成AIは使いません。"),
        data=_("職員が入れた範囲だけ。"),
        reviewer=_("計画を作る職員と、決裁する管理職。"),
        never=_("導入するかどうかを決めません。入れた範囲の正しさは保証しません。"),
        users="staff",
        work="informs",
        training="none",
        judgement="each",
        personal=False,
        outside=False,
        generates=False,
        evidence={
            "human-decides": _("見積もりは資料であり、計画を確定するのは職員。"),
            "safety-wrong-output": _("点ではなく範囲で示し、確定した計画と実績を年度ごとに比べる。"),
            "privacy-minimum": _("個人情報を使わない。"),
            "transparency-source": _("前提にした費用と時間を、結果と同じ画面と報告書に示す。"),
            "accountability-ledger": _("計算ごとに、入力の要約値と結果が台帳に残る。"),
            "innovation-benefit": _("確定した計画に、年度ごとの実績を並べて比べる。"),
        },
    ),
)
ATTRIBUTIONS: Sequence[Attribution] = ()
LEDGER_KINDS: Mapping[str, str | Promise] = {
    "funding": _("補助制度"),
    "benefit": _("費用と効果のシート"),
}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {
    "joint.programmes": _("補助制度"),
    "joint.benefits": _("費用と効果"),
}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {
    "programme": _("補助制度"),
    "programmes": _("補助制度の一覧"),
    "standing": _("地域の条件"),
    "funding_check": _("財源さがし"),
    "benefit": _("費用と効果のシート"),
}
