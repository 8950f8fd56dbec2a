"""Shared staff and external experts: what the room registers of it."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, Erasable, MenuEntry, PublicPage

MATCHING = "joint.expert_matching"

MENU: Sequence[MenuEntry] = (MenuEntry(_("専門家・共同職員"), "joint:experts", "joint.see_experts"),)
PUBLIC_PAGES: Sequence[PublicPage] = (PublicPage(_("専門家の募集"), "joint:experts_public"),)
AI_SYSTEMS: Sequence[AISystem] = (
    AISystem(
        key=MATCHING,
        version="1",
        title=_("専門家と自治体の組み合わせ"),
        purpose=_("専門家と自治体の求人を、双方の希望、技能、時間、予算から組み合わせる案を作ります。"),
        inputs=_(
            "求人（技能、時間、期間、場所、予算）、専門家の登録内容（同じ項目と利害関係）、双方の希望順位。"
            "氏名や連絡先は使いません。"
        ),
        method=_(
            "3つの方法を並べます。専門家から、または自治体から申し込む受入保留方式（Gale-Shapley、同順位はくじ）と、"
            "適合度の合計を最大にする整数計画です。双方がより望む組（ブロッキングペア）の数を、どの方法でも示します。"
        ),
        model=_("規則と数理最適化だけです（SciPy、HiGHS、OR-Tools）。学習したモデルや生成AIは使いません。"),
        data=_(
            "自治体と専門家がこの回のために入れたものだけです。何も学習しません。適合度の重みは共同事務局が決めます。"
        ),
        reviewer=_("共同事務局が結果を選び、自治体と専門家の双方が承諾して初めて決まります。"),
        never=_("応募の可否を決めません。双方の承諾なしに仕事を割り当てません。氏名を自治体に見せません。"),
        users="staff",
        work="proposes",
        training="none",
        judgement="each",
        personal=True,
        outside=False,
        generates=False,
        evidence={
            "human-decides": _(
                "案は共同事務局の画面にだけ出る。選ぶときに理由を書き、双方の承諾がなければ決まらない。"
            ),
            "fairness-access": _(
                "同順位は名前と種だけによるくじで決まり、登録の順によらない。希望のない人は適合度の順に扱う。"
            ),
            "privacy-minimum": _(
                "計算に氏名・連絡先を使わない。氏名・連絡先・実績は暗号化し、合意まで自治体に見せない。"
            ),
            "transparency-source": _("すべての組と、相手のない人・求人に、理由を数とともに示す。"),
            "accountability-ledger": _("計算ごとに入力の照合用の値、組、理由、選んだ人を記録台帳に残す。"),
            "accountability-ruling": _("組を固定して計算し直せる。記録台帳で結果ごとに裁定と理由を残せる。"),
            "competition-open": _(
                "CSVで取り込み・書き出しができる（machi joint match-csv）。方法は公開の論文による。"
            ),
        },
    ),
)
ATTRIBUTIONS: Sequence[Attribution] = ()
ERASABLES: Sequence[Erasable] = (
    Erasable(
        "expert",
        erase="machi.joint.domain.experts_erasure:erase_expert",
        expired="machi.joint.domain.experts_erasure:expired_experts",
    ),
)
LEDGER_KINDS: Mapping[str, str | Promise] = {"experts": _("専門家・共同職員")}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {"joint.experts": _("専門家・共同職員")}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {
    "expert_round": _("専門家の募集"),
    "posting": _("専門家の求人"),
    "expert": _("専門家の登録"),
    "expert_offer": _("専門家の組み合わせ"),
}
