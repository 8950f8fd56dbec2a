"""Partners, cost models, blocks of towns: what the room registers of it."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, Erasable, MenuEntry, PublicPage

MENU: Sequence[MenuEntry] = (
    MenuEntry(_("相手さがしと費用の見積もり"), "joint:partners", "joint.see_partners"),
)
PUBLIC_PAGES: Sequence[PublicPage] = ()
ATTRIBUTIONS: Sequence[Attribution] = ()
ERASABLES: Sequence[Erasable] = (
    Erasable(
        "interest",
        erase="machi.joint.domain.partners_erasure:erase_interest",
        expired="machi.joint.domain.partners_erasure:expired_interests",
    ),
)
LEDGER_KINDS: Mapping[str, str | Promise] = {"partnering": _("相手さがし")}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {"joint.partnering": _("相手さがしと話し合い")}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {
    "town_selection": _("選んだ町"),
    "interest": _("関心の表明"),
    "block_plan": _("まとまりの案"),
}

_DATA = _(
    "SSDSE-A-2025（統計センター）。1,741市区町村の公表された統計だけで、個人の情報はありません。使う人の操作からは学びません。"
)
_REVIEWER = _("企画・行財政の担当者。見積もりや案を読み、使うかどうかを決めます。")
_EVIDENCE = {
    "human-decides": _("画面の見積もりや案は参考で、関心を伝えるかどうかは町の責任者が決める。"),
    "transparency-source": _("画面ごとに、使った統計、年度、統制した条件、出典を示す。"),
    "accountability-ledger": _("保存した見積もり、提案、案は、条件と理由とともに記録台帳に残る。"),
    "competition-open": _("API、コマンド、CSV・Excelへの書き出しがある。計算の式は公開のソースにある。"),
    "privacy-minimum": _("個人情報を扱わない。公表された市区町村の統計だけを使う。"),
}

AI_SYSTEMS: Sequence[AISystem] = (
    AISystem(
        key="joint.cost_model",
        version="1",
        title=_("規模と費用のモデル"),
        purpose=_(
            "町の大きさと、1人あたりの費用・職員数の関係を示し、仕事を一緒にした場合の見積もりを幅とともに示します。"
        ),
        inputs=_("選んだ町と、一緒に行う仕事の割合。"),
        method=_(
            "全国の市区町村で、1人あたりの費用の対数を、人口の対数（制限付き3次スプライン）、可住地人口密度、年齢の構成、"
            "都市の種類で説明する回帰をします。幅は不均一分散に強い標準誤差（HC3）による95%信頼区間です。"
        ),
        model=_(
            "最小二乗法の回帰（スプライン、トランスログ、弾力性一定）。学習済みのモデルや生成AIは使いません。"
        ),
        data=_DATA,
        reviewer=_REVIEWER,
        never=_("合併や共同化の効果を保証しません。予算や定員を決めません。"),
        users="staff",
        work="informs",
        training="none",
        judgement="each",
        personal=False,
        outside=False,
        generates=False,
        quality="machi.joint.domain.partners_quality:measured",
        evidence={
            **_EVIDENCE,
            "safety-wrong-output": _(
                "見ていない都道府県の町で誤差を測った（docs/bench/cost_models.md）。見積もりが示さないことを必ず並べて書く。"
            ),
        },
    ),
    AISystem(
        key="joint.partners",
        version="1",
        title=_("相手の町の提案"),
        purpose=_("課題が似た町、強みを補い合える町、近い町を、理由とともに挙げます。"),
        inputs=_("自分の町と、何を重く見るか（人が変えられる重み）、都道府県や距離の条件。"),
        method=_(
            "24の指標を全国での順位の正規スコアにし、課題の近さ、強みの補い合い、役所の間の距離を、選んだ重みで平均します。"
        ),
        model=_("決まった式による得点。学習はしません。"),
        data=_DATA,
        reviewer=_REVIEWER,
        never=_("相手の町に自動で連絡しません。町の良し悪しを評価しません。"),
        users="staff",
        work="informs",
        training="none",
        judgement="each",
        personal=False,
        outside=False,
        generates=False,
        evidence={
            **_EVIDENCE,
            "transparency-source": _(
                "挙げた町ごとに、効いた指標と双方の数字を文で示す。重みは画面で変えられる。"
            ),
        },
    ),
    AISystem(
        key="joint.grouping",
        version="1",
        title=_("町のまとまりの案"),
        purpose=_("都道府県の町を、決めた数ずつの地続きのまとまりに分ける案を作ります。"),
        inputs=_("都道府県、まとまりの大きさ、何をいちばん良くするか。"),
        method=_(
            "どの町をどの中心に付けるかの整数計画を、境界が接する条件のもとで解きます。最良であることの証明か、"
            "最良との差の上限を示します。"
        ),
        model=_("CP-SAT（OR-Tools）。距離、指標の差、人口の偏りのどれかを最小にします。"),
        data=_DATA,
        reviewer=_REVIEWER,
        never=_("町の所属を決めません。合併を勧めません。"),
        users="staff",
        work="informs",
        training="none",
        judgement="each",
        personal=False,
        outside=False,
        generates=False,
        evidence=_EVIDENCE,
    ),
)
