"""Joint procurement: what the room registers of it."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, MenuEntry, PublicPage

MENU: Sequence[MenuEntry] = (MenuEntry(_("共同調達"), "joint:purchases", "joint.see_purchases"),)
PUBLIC_PAGES: Sequence[PublicPage] = ()
AI_SYSTEMS: Sequence[AISystem] = (
    AISystem(
        key="joint.purchase_advice",
        version="1",
        title=_("共同調達の計算（ロット・評価・費用の分担）"),
        purpose=_(
            "共同調達のロットの案と見込まれる節約額、見積の順位、町ごとの負担額を計算し、人が決める材料にします。"
        ),
        inputs=_(
            "各町の需要（数量、納入の希望）、単価の見込み、事業者の見積と採点、町の人口。個人情報は入りません。"
        ),
        method=_(
            "ロットは、納入の希望が重なる町をまとめ、数が最も少なくなるように分けます（区間の点被覆、厳密）。節約額は、"
            "単価の下限と上限のすべての組み合わせで計算し、幅で示します。評価は総合評価の式で分数のまま計算し、"
            "重みを1万通り変えて順位の揺れを示します。負担額は、均等・人口・使う量・シャープレイ値などを並べます。"
        ),
        model=_(
            "公開された式だけを使います。シャープレイ値は15町まで厳密、それより多いと順列を抜き出して誤差を示します。"
            "学習するモデルや生成AIは使いません。"
        ),
        data=_("人口はSSDSE-A-2025（統計センター）。入れた需要や見積は学習に使いません。"),
        reviewer=_(
            "共同事務局の担当者。ロット、落札、分担の方法は人が理由を書いて決め、負担額には各町が同意します。"
        ),
        never=_("落札者や負担額を自動で決めません。ほかの町の上限額と、開札前の見積を見せません。"),
        users="staff",
        work="informs",
        training="none",
        judgement="each",
        personal=False,
        outside=False,
        generates=False,
        evidence={
            "human-decides": _(
                "ロット、落札、分担の方法は、共同事務局が理由を書いて確かめの画面で決める。案と違う分け方もできる。"
            ),
            "safety-wrong-output": _(
                "分担の合計が1円まで合うこと、シャープレイ値が厳密な値と合うことを自動で検査している。"
            ),
            "fairness-bias": _("どの町の組も単独より高くならないか（コア）を確かめ、外れるときは示す。"),
            "transparency-source": _("計算の式とよりどころを、画面と結果の通知に書いている。"),
            "accountability-ledger": _("計算の結果と、人の決定と理由が、関係する町の記録台帳に残る。"),
            "accountability-ruling": _("各町は、負担額に同意するか、理由を書いて異議を出せる。"),
            "security-access": _(
                "町は自分の需要だけを入れられる。ロットを決めるまで、ほかの町の分は合計だけが見える。"
            ),
            "competition-open": _("需要、見積、分担はCSV・Excelで取り出せる。"),
            "municipal-raw-output": _("計算に使った値と結果を、ロットごとに保存している。"),
            "municipal-log": _("記録台帳に操作と結果を残す。記録に個人情報は入らない。見直しの担当と間隔："),
        },
    ),
)
ATTRIBUTIONS: Sequence[Attribution] = ()
LEDGER_KINDS: Mapping[str, str | Promise] = {"joint_purchase": _("共同調達")}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {"joint.procurement": _("共同調達")}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {"joint_purchase": _("共同調達")}
