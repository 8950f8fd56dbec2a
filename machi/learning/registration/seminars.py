"""Seminars: what the room registers."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, Erasable, MenuEntry, PublicPage

MENU: Sequence[MenuEntry] = (MenuEntry(_("セミナー"), "learning:seminars", "learning.run_seminars"),)
PUBLIC_PAGES: Sequence[PublicPage] = (PublicPage(_("セミナー"), "learning:public_seminars"),)
AI_SYSTEMS: Sequence[AISystem] = (
    AISystem(
        key="learning.seminar_topics",
        version="2",
        title=_("セミナーの自由記述のまとめ"),
        purpose=_("アンケートの自由記述を、似た内容どうしに集めて、原文のまま並べます。"),
        inputs=_("アンケートの自由記述（名前は聞きません）。"),
        method=_(
            "文の埋め込みの近さと、同じ言葉を使う度合いから似ている程度を出し、平均連結法の階層クラスタリングで集めます。"
            "見出しは、その集まりの文に実際にある言葉です。個人情報らしいものを見つけた文は、職員が見るまで載せません。"
        ),
        model=_(
            "文の埋め込み（multilingual-e5-small、universal-sentence-encoder）、形態素解析（Sudachi）、"
            "個人情報の検出（Presidio、GiNZA、例文で学習した識別器）。文章は生成しません。"
        ),
        data=_("学習済みのモデルだけを使い、回答から学習することはありません。"),
        reviewer=_(
            "共同事務局の担当者。載せる言葉と載せない言葉を一つずつ確かめ、理由を付けて決めてから公表します。"
        ),
        never=_("文を書き換えたり、要約したり、作ったりしません。誰が書いたかを推定しません。"),
        users="residents",
        work="informs",
        training="none",
        judgement="each",
        personal=True,
        outside=False,
        generates=False,
        evidence={
            "human-decides": _("公表するのは共同事務局で、載せない言葉は理由とともに記録される。"),
            "safety-wrong-output": _(
                "集まりの作り方は決定的で、同じ回答からは同じ結果になる。テストで確かめている。"
            ),
            "privacy-minimum": _(
                "回答に名前はなく、暗号化して保存し、決めた日数で消す。小さい数は示さない。"
            ),
            "transparency-source": _("言葉はすべて原文の引用で、見出しも原文にある言葉。"),
            "transparency-label": _("報告のページとWordに、AIが集めたことを示す。"),
            "accountability-ledger": _("報告ごとに、回答の照合用の値、数、見出しの数を記録台帳に残す。"),
            "competition-open": _("オープンソースの部品だけを使い、ExcelとWordで持ち出せる。"),
        },
    ),
)
ATTRIBUTIONS: Sequence[Attribution] = ()
ERASABLES: Sequence[Erasable] = (
    Erasable(
        "seminar_registration",
        erase="machi.learning.domain.seminars_erasure:erase_registration",
        expired="machi.learning.domain.seminars_erasure:expired_registrations",
    ),
    Erasable(
        "seminar",
        erase="machi.learning.domain.seminars_erasure:erase_words",
        expired="machi.learning.domain.seminars_erasure:expired_words",
    ),
)
LEDGER_KINDS: Mapping[str, str | Promise] = {"seminar": _("セミナー")}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {"learning.seminars": _("セミナーの運営")}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {
    "seminar": _("セミナー"),
    "seminar_registration": _("セミナーの申し込み"),
}
