"""Welfare places across towns: what the room registers of it."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, Erasable, MenuEntry, PublicPage

MENU: Sequence[MenuEntry] = (MenuEntry(_("福祉の枠の広域利用"), "joint:place_rounds", "joint.see_places"),)
PUBLIC_PAGES: Sequence[PublicPage] = ()
AI_SYSTEMS: Sequence[AISystem] = (
    AISystem(
        key="joint.place_allocation",
        version="1",
        title=_("福祉の枠の割り当て"),
        purpose=_(
            "保育・高齢者の入所・ショートステイの枠を、町ごとの点数表と家庭の希望に従って割り当てる案を作ります。"
        ),
        inputs=_(
            "申込番号、住む町、区分、希望する施設の順、点数の項目に当てはまる数、きょうだいなどの同時の希望。氏名と住所は入りません。"
        ),
        method=_(
            "点数、同点のときの決まり、抽選の順に優先順位を付け、申込者側から順に申し込む方法（受入保留方式）で割り当てます。"
            "同時の希望や町どうしの人数の決まりで安定しないときは、残る部分を数理最適化で解き、正当な希望がかなわない家庭を最も少なくします。"
        ),
        model=_(
            "受入保留アルゴリズム（Gale–Shapley、Roth–Peranson）、制約充足ソルバー（OR-Tools CP-SAT）。"
            "学習したモデルは使いません。"
        ),
        data=_("各町が決めた点数表、施設の枠、町どうしの合意、家庭の申込。何も学習しません。"),
        reviewer=_("各町の課長が結果を確かめます。個別に変えるときは理由を残します。"),
        never=_("点数を自分で決めません。町が確かめるまで、だれの結果も決めません。"),
        users="staff",
        work="proposes",
        training="none",
        judgement="each",
        personal=True,
        outside=False,
        generates=False,
        evidence={
            "fairness-bias": _(
                "結果の画面に、町ごとの決まった割合と希望順位を、信頼区間とともに示している。"
            ),
            "privacy-minimum": _(
                "計算に入るのは番号と点数の項目だけ。氏名・住所・事情は町ごとに暗号化して保存し、ほかの町は読めない。"
            ),
            "accountability-ruling": _(
                "各町の課長が確かめるまで結果にならない。個別の変更は理由とともに台帳に残る。"
            ),
            "transparency-source": _(
                "希望ごとの理由を家庭への通知に書き、計算の全手順を監査用に書き出せる。"
            ),
            "municipal-raw-output": _(
                "計算の入力・手順・結果を、番号だけの記録として保存し、台帳に照合用の値を残す。"
            ),
            "municipal-log": _("記録台帳に、締切・計算・確認・変更・確定を残す。見直しの担当と間隔："),
            "municipal-exit": _("申込、施設、結果、監査用の記録をCSV・Excel・JSONで取り出せる。"),
        },
    ),
)
ATTRIBUTIONS: Sequence[Attribution] = ()
ERASABLES: Sequence[Erasable] = (
    Erasable(
        "place_family",
        erase="machi.joint.domain.places_erasure:erase_family",
        expired="machi.joint.domain.places_erasure:expired_families",
    ),
)
LEDGER_KINDS: Mapping[str, str | Promise] = {"places": _("福祉の枠")}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {"joint.places": _("福祉の枠の広域利用")}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {
    "place_round": _("福祉の枠の回"),
    "place_family": _("福祉の枠の申込（家庭）"),
}
