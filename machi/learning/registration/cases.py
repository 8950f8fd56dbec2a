"""The case library: what the room registers."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, Erasable, MenuEntry, PublicPage

MENU: Sequence[MenuEntry] = (MenuEntry(_("AI活用の事例"), "learning:cases", "learning.read_cases"),)
PUBLIC_PAGES: Sequence[PublicPage] = ()
AI_SYSTEMS: Sequence[AISystem] = (
    AISystem(
        key="learning.case_search",
        version="1",
        title=_("事例の検索"),
        purpose=_("共同体の町が公開したAI活用の事例を、言葉と意味の両方から探します。"),
        inputs=_("探す言葉と、分野・道具・町の大きさの条件。"),
        method=_(
            "言葉の一致（BM25）と文の意味の近さ（文の埋め込み）を合わせて並べます。町の似ている度合いは、"
            "公的統計（SSDSE）の12の指標の順位から計算します。書かれていることを変えたり足したりしません。"
        ),
        model=_(
            "SudachiPy、tantivy、multilingual-e5-small、universal-sentence-encoder-multilingual（どれも同梱）。"
            "文をつくるモデルは使いません。"
        ),
        data=_("共同事務局が確認して公開した事例だけ。探した言葉から学習することはありません。"),
        reviewer=_("共同事務局。事例は公開の前に確認します。"),
        never=_("下書きや差し戻した事例を見せません。町の優劣をつけません。"),
        users="staff",
        work="informs",
        training="none",
        judgement="sources",
        personal=False,
        outside=False,
        generates=False,
        evidence={
            "human-alternative": _("検索を止めても、一覧と絞り込み、文字そのままの検索は使える。"),
            "safety-wrong-output": _("質の測定（docs/learning-cases.md）。元の事例をそのまま示す。"),
            "privacy-minimum": _(
                "公開の前に個人情報の検査をする。探した言葉は照合用の値だけを記録台帳に残す。"
            ),
            "transparency-source": _("どの町の事例か、どこまで確かめられたかを、理由とともに示す。"),
            "accountability-ledger": _("検索ごとに、見つけた事例と順位を記録台帳に残す。"),
            "competition-open": _("事例はExcelとCSVで、いつでもすべて書き出せる。"),
        },
    ),
    AISystem(
        key="learning.case_duplicates",
        version="1",
        title=_("重なる事例の発見"),
        purpose=_("同じことを伝えているかもしれない事例を、書く人と確認する人に示します。"),
        inputs=_("書いている事例の題名、困っていたこと、いまのやり方。"),
        method=_(
            "公開中の事例と確認待ちの事例のうち近いものについて、言葉の重なりと文の意味の近さを平均し、"
            "例で測って決めたしきい値以上のものを示します。"
        ),
        model=_("SudachiPy、multilingual-e5-small、universal-sentence-encoder-multilingual（どれも同梱）。"),
        data=_("共同体の事例。何も学習しません。"),
        reviewer=_("書いた町と共同事務局。重なっているかどうかは人が決めます。"),
        never=_("事例を自動で断ったり、まとめたりしません。"),
        users="staff",
        work="informs",
        training="none",
        judgement="each",
        personal=False,
        outside=False,
        generates=False,
        evidence={
            "human-decides": _("示すだけで、提出も公開も止めない。差し戻すのは人で、理由を書く。"),
            "safety-wrong-output": _("しきい値を選んだ例と誤りの数（docs/learning-cases.md）。"),
            "accountability-ledger": _("提出と公開のとき、示した事例と度合いを記録台帳に残す。"),
        },
    ),
)
ATTRIBUTIONS: Sequence[Attribution] = ()
ERASABLES: Sequence[Erasable] = (
    Erasable(
        "ai_case",
        erase="machi.learning.domain.cases_erasure:erase_case",
        expired="machi.learning.domain.cases_erasure:expired_cases",
    ),
)
LEDGER_KINDS: Mapping[str, str | Promise] = {"case": _("AI活用の事例")}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {"learning.cases": _("AI活用の事例")}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {
    "ai_case": _("AI活用の事例"),
    "ai_cases": _("事例の検索"),
}
