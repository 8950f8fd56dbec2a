"""Words for the codes of drafts: why a sentence was taken out, what kind of change was made, who wrote it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_noop

WHY: Mapping[str, str] = {
    "words": gettext_noop("資料にない言葉が多い"),
    "facts": gettext_noop("数字・日付・名前が資料と合わない"),
    "denied": gettext_noop("資料と打ち消しが逆"),
    "opposite": gettext_noop("資料と反対の意味の言葉がある"),
    "relation": gettext_noop("だれが・なにを・いつからなどの関係が資料と違う"),
    "nothing_said": gettext_noop("確かめられる内容がない"),
}
"""Of ``claims.Why``."""
CHANGES: Mapping[str, str] = {
    "word": gettext_noop("やさしい言葉に"),
    "polite": gettext_noop("敬語を簡単に"),
    "year": gettext_noop("西暦を足した"),
    "gloss": gettext_noop("言葉の説明を足した"),
    "long": gettext_noop("長い文（職員が分けてください）"),
}
MADE: Mapping[str, str] = {
    "model": gettext_noop("言語モデルが書いた"),
    "extract": gettext_noop("資料のまま"),
    "rewrite": gettext_noop("やさしく書きかえた"),
    "rule": gettext_noop("規則で見つけた"),
    "heard": gettext_noop("録音から聞き取った"),
    "template": gettext_noop("ひな型"),
    "field": gettext_noop("入力"),
    "person": gettext_noop("職員が書いた"),
}
ACTIONS: Mapping[str, str] = {
    "made": gettext_noop("作った"),
    "edited": gettext_noop("書きかえた"),
    "restored": gettext_noop("前の版に戻した"),
    "confirmed": gettext_noop("確認した"),
    "exported": gettext_noop("ファイルに書き出した"),
}
PARTS: Mapping[str, str] = {
    "number": gettext_noop("文書番号"),
    "to": gettext_noop("宛先"),
    "sender": gettext_noop("差出人"),
    "contact": gettext_noop("問い合わせ先"),
}
"""Of a letter, besides its subject and its text."""
