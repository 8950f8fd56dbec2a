"""What the room registers of applications and permits."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, Erasable, MenuEntry, PublicPage

MENU: Sequence[MenuEntry] = (
    MenuEntry(_("申請"), "casework:applications", "casework.see_applications"),
    MenuEntry(_("自動の承認の確認"), "casework:audits", "casework.process_applications"),
    MenuEntry(_("読み取りの質"), "casework:reading_quality", "casework.see_applications"),
    MenuEntry(_("申請の件数と日数"), "casework:workload", "casework.see_applications"),
    MenuEntry(_("申請の書き出し"), "casework:output_applications", "casework.process_applications"),
    MenuEntry(_("手続の設定"), "casework:procedures", "casework.define_forms"),
    MenuEntry(_("様式"), "casework:case_forms", "casework.define_forms"),
)
PUBLIC_PAGES: Sequence[PublicPage] = (PublicPage(_("ウェブで申請する"), "casework:apply_list"),)
_NEVER = _("申請を退けません。承認しないと決めるのは、いつも理由を書いた職員です。")
AI_SYSTEMS: Sequence[AISystem] = (
    AISystem(
        key="casework.read_form",
        version="1",
        title=_("申請書の読み取り"),
        purpose=_("届いた申請書の画像やPDFから、様式の欄ごとに値を読み取ります。"),
        inputs=_("申請書と添付書類のページ。氏名、住所、生年月日など、様式に書かれたすべてのこと。"),
        method=_(
            "ページの向きと傾きを直し、様式に重ね、欄ごとに文字を読み、印とチェックを画像で判定します。PDFに文字があれば"
            "それを使います。値ごとに、ページの場所と、較正した確かさを残します。"
        ),
        model=_("文字認識（RapidOCR、PP-OCRv6）、画像処理（OpenCV）。生成AIは使いません。"),
        data=_("様式の定義。職員の訂正からは確かさの下限だけを提案し、文字認識は学習しません。"),
        reviewer=_("窓口職員。確かさの低い欄を、画像と並べて確かめます。"),
        never=_NEVER,
        users="staff",
        work="proposes",
        training="none",
        judgement="each",
        personal=True,
        outside=False,
        generates=False,
        evidence={
            "human-decides": _("読み取りは提案で、決定は職員。確かさが下限に届かない欄は必ず職員が見る。"),
            "safety-wrong-output": _(
                "読み取りの正しさと確かさの較正の測定（docs/bench/form_reading.md）。訂正の割合を月ごとに示す。"
            ),
            "privacy-minimum": _(
                "値は暗号化して保存し、保存期間が過ぎると消す。台帳には照合用の値だけを残す。"
            ),
            "security-network": _(
                "外のサービスに何も送らない。ファイルは別のプロセスで開き、画像は作り直す。"
            ),
            "transparency-source": _("値の横に、読み取った場所の画像を示す。"),
            "accountability-ledger": _("申請ごとに、様式の版、欄ごとの確かさを記録台帳に残す。"),
        },
    ),
    AISystem(
        key="casework.check",
        version="1",
        title=_("申請の点検"),
        purpose=_("読み取った値を、手続の条件（必須、整合、期限、重複など）と照らします。"),
        inputs=_("申請の値と、同じ手続の過去の申請の有無。"),
        method=_(
            "データとして書いた条件を一つずつ当てはめ、満たす・満たさない・判断できないを、理由と根拠の法令とともに"
            "示します。"
        ),
        model=_("規則（データとして版を管理）。機械学習も生成AIも使いません。"),
        data=_("手続の条件の表。申請から学習しません。"),
        reviewer=_("窓口職員。満たさない条件や判断できない条件があれば、必ず職員が決めます。"),
        never=_NEVER,
        users="staff",
        work="decides",
        training="none",
        judgement="none",
        personal=True,
        outside=False,
        generates=False,
        evidence={
            "human-decides": _(
                "自動の承認は、町が認めた手続で、全条件を満たし、全欄の確かさが下限以上のときだけ。退けることはない。"
            ),
            "human-alternative": _("自動の承認を認めなければ、すべて職員が決める（初めはそうなっている）。"),
            "safety-wrong-output": _(
                "自動で承認したものを、決めた割合で抜き取って職員が確かめ、結果を残す。"
            ),
            "accountability-ledger": _(
                "条件ごとの結果、自動で承認したときの下限と抜き取りを記録台帳に残す。"
            ),
            "accountability-ruling": _("通知するまで、いつでも決定を取り消して審査に戻せる。"),
            "transparency-label": _("自動で承認した通知書に、機械が点検して承認したことを書く。"),
        },
    ),
)
LEDGER_KINDS: Mapping[str, str | Promise] = {"application": _("申請")}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {"casework.applications": _("申請の審査")}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {
    "application": _("申請"),
    "applications": _("申請の読み取り"),
    "procedure": _("手続"),
    "form": _("様式"),
    "threshold": _("確かさの下限"),
}
ERASABLES: Sequence[Erasable] = (
    Erasable(
        "application",
        erase="machi.casework.domain.erasure:erase_application",
        expired="machi.casework.domain.erasure:expired_applications",
    ),
)
ATTRIBUTIONS: Sequence[Attribution] = ()
