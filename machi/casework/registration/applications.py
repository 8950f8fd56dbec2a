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
    MenuEntry(_("申請の取り込み"), "casework:imports", "casework.process_applications"),
    MenuEntry(_("受け渡しの形"), "casework:mappings", "casework.process_applications"),
    MenuEntry(_("手続の設定"), "casework:procedures", "casework.define_forms"),
    MenuEntry(_("様式"), "casework:case_forms", "casework.define_forms"),
)
PUBLIC_PAGES: Sequence[PublicPage] = (PublicPage(_("ウェブで申請する"), "casework:apply_list"),)
_NEVER = _("申請を退けません。承認しないと決めるのは、いつも理由を書いた職員です。")
AI_SYSTEMS: Sequence[AISystem] = (
    AISystem(
        key="casework.read_form",
        version="2",
        title=_("申請書の読み取り"),
        purpose=_("届いた申請書（画像、PDF、Excel、Word、メール）から、様式の欄ごとに値を読み取ります。"),
        inputs=_("申請書と添付書類のページ。氏名、住所、生年月日など、様式に書かれたすべてのこと。"),
        method=_(
            "ページの向きと傾きを直し、様式に重ね、欄ごとに文字を読み、印とチェックを画像で判定します。PDFに文字があれば"
            "それを使い、ExcelとWordは見出しの隣のセルや行を読みます。値ごとに、ページの場所と、較正した確かさを残します。"
        ),
        model=_("文字認識（RapidOCR、PP-OCRv6）、画像処理（OpenCV）。生成AIは使いません。"),
        data=_(
            "様式の定義。はっきり読めない値は、市区町村の一覧、国語辞書（Sudachi）、日付や番号の書き方に照らして選びます。"
            "職員の訂正からは確かさの下限だけを提案し、文字認識は学習しません。"
        ),
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
        reviewer=_("窓口職員。結果と根拠を見て、どうするかを決めます。"),
        never=_NEVER,
        users="staff",
        work="proposes",
        training="none",
        judgement="each",
        personal=True,
        outside=False,
        generates=False,
        evidence={
            "human-decides": _(
                "点検は資料で、決定は職員。満たさない条件があっても、補正の依頼や承認を職員が選べる。"
            ),
            "safety-wrong-output": _(
                "条件ごとの検査（tests/casework）。値が足りないときは「判断できない」とする。"
            ),
            "accountability-ledger": _("条件ごとの結果と根拠の法令を記録台帳に残す。"),
            "transparency-source": _("条件ごとに、見た欄、理由、根拠の法令を示す。"),
        },
    ),
    AISystem(
        key="casework.straight_through",
        version="1",
        title=_("条件がそろった申請の自動の承認"),
        purpose=_("すべての条件を満たし、すべての欄が確かな申請を、職員が一件ずつ見る前に承認します。"),
        inputs=_("読み取った値の確かさと、点検の結果。"),
        method=_(
            "町がその手続で認めていて、全条件を満たし、全欄の確かさが下限以上で、疑いも空の必須欄もないときだけ承認します。"
            "一つでも欠ければ職員に回します。承認したものから、決めた割合をファイルの照合用の値で抜き取り、職員が確かめます。"
        ),
        model=_("規則。機械学習も生成AIも使いません。"),
        data=_("町が決めた設定（認める手続、確かさの下限、抜き取る割合）。"),
        reviewer=_("窓口職員。抜き取ったものを画像と見比べ、通知する前ならいつでも取り消せます。"),
        never=_("申請を退けません。2人で決める手続と、法令の判断が要る手続では働きません。"),
        users="staff",
        work="decides",
        training="none",
        judgement="none",
        personal=True,
        outside=False,
        generates=False,
        evidence={
            "human-alternative": _("認めなければ、すべて職員が決める（初めはそうなっている）。"),
            "safety-wrong-output": _(
                "自動で承認したものを、決めた割合で抜き取って職員が確かめ、結果を残す。"
            ),
            "accountability-ledger": _("承認したときの下限と、抜き取りの計算のもとを記録台帳に残す。"),
            "accountability-ruling": _("通知するまで、いつでも決定を取り消して審査に戻せる。"),
            "transparency-label": _("通知書に、機械が点検して承認したことを書く。"),
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
    "import": _("申請の取り込み"),
    "mapping": _("受け渡しの形"),
}
ERASABLES: Sequence[Erasable] = (
    Erasable(
        "application",
        erase="machi.casework.domain.erasure:erase_application",
        expired="machi.casework.domain.erasure:expired_applications",
    ),
)
ATTRIBUTIONS: Sequence[Attribution] = ()
