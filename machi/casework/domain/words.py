"""What keys of the engines mean, for people."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy, gettext_noop

from machi.casework.domain.checking_words import doubt_words
from machi.casework.domain.intake_words import refusal_words

AGAINST = {
    "not-approved": gettext_lazy("自動の承認は、この自治体のAI台帳で承認されていません。"),
    "not-allowed": gettext_lazy("この手続では自動の承認を認めていません。"),
    "not-of-that-kind": gettext_lazy("自動の承認を認める種類の申請ではありません。"),
    "two-person": gettext_lazy("2人で決める手続です。"),
    "nothing-read": gettext_lazy("読み取った値がありません。"),
    "nothing-checked": gettext_lazy("点検の条件がありません。"),
    "rule-failed": gettext_lazy("満たさない条件があります。"),
    "rule-unknown": gettext_lazy("判断できない条件があります。"),
    "low-confidence": gettext_lazy("確かさが下限に届かない欄があります。"),
    "doubt": gettext_lazy("読み取りに疑いのある欄があります。"),
    "missing": gettext_lazy("必須の欄に値がありません。"),
    "alike": gettext_lazy("同じものかもしれない申請があります。"),
    "no-procedure": gettext_lazy("どの手続の申請か、分かりません。"),
}
ENGINES = {
    "pdf": gettext_lazy("PDFの文字"),
    "rapidocr": gettext_lazy("文字認識"),
    "image": gettext_lazy("画像の判定"),
    "sheet": gettext_lazy("表計算のセル"),
    "document": gettext_lazy("文書の文字"),
    "web": gettext_lazy("ウェブの入力"),
    "mail": gettext_lazy("メールの本文"),
    "import": gettext_lazy("ほかのシステムのファイル"),
    "person": gettext_lazy("職員の入力"),
}
ACTIONS = {
    "receive": gettext_noop("受け付けた"),
    "split": gettext_noop("一つのファイルから分けて受け付けた"),
    "add_files": gettext_noop("書類を追加した"),
    "not_read": gettext_noop("読み取れなかった"),
    "read_again": gettext_noop("読み直しを頼んだ"),
    "choose": gettext_noop("手続を選んだ"),
    "documents": gettext_noop("添えられた書類を確かめた"),
    "look": gettext_noop("欄を確かめた"),
    "approve": gettext_noop("承認した"),
    "refuse": gettext_noop("承認しないと決めた"),
    "amend": gettext_noop("補正を依頼した"),
    "second": gettext_noop("2人目として承認した"),
    "send_back": gettext_noop("2人目が審査に戻した"),
    "undo": gettext_noop("決定を取り消した"),
    "straight_through": gettext_noop("条件がそろい、自動で承認した"),
    "close": gettext_noop("決定せずに終えた"),
    "different": gettext_noop("よく似た申請とは別のものとした"),
    "receipt": gettext_noop("受付のお知らせを送った"),
    "notify": gettext_noop("申請者に通知した"),
    "audit": gettext_noop("自動の承認を抜き取って確かめた"),
    "export": gettext_noop("ほかのシステムへ書き出した"),
}
_TROUBLES = {
    "failed": gettext_lazy("読み取りの途中で問題が起きました。手で入力するか、読み直してください。"),
}
_NOT_FOUND = gettext_lazy("この欄が見つかりませんでした。")


def trouble(key: str) -> str:
    """Why an application could not be read; "" where it was."""
    if not key:
        return ""
    return str(_TROUBLES[key]) if key in _TROUBLES else refusal_words(key, {"limit": "–"})


def doubts(keys: Sequence[str]) -> list[str]:
    return [str(_NOT_FOUND) if key == "not-found" else doubt_words(key) for key in keys]
