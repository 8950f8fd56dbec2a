"""Why a file was not opened, and what a person should know about one that was, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_REFUSALS: dict[str, Promise] = {
    "zip-bomb": gettext_lazy("展開すると異常に大きくなるファイルのため、安全のため開きませんでした。"),
    "unsafe-xml": gettext_lazy("不正な定義（DTD）を含むため、安全のため開きませんでした。"),
    "macros": gettext_lazy("マクロを含むファイルは受け付けません。マクロのない形式で保存し直してください。"),
    "script": gettext_lazy("Webページやスクリプトは受け付けません。PDFにして出してください。"),
    "program": gettext_lazy("プログラムは受け付けません。"),
    "huge-image": gettext_lazy("画像が大きすぎます（{limit}百万画素まで）。小さくして出してください。"),
    "huge-page": gettext_lazy("ページの寸法が大きすぎます。A3以下の用紙のPDFにして出してください。"),
    "too-costly": gettext_lazy(
        "開くのに時間かメモリがかかりすぎるため中止しました。分けるか作り直してください。"
    ),
    "empty": gettext_lazy("ファイルが空です。"),
    "too-large": gettext_lazy("ファイルが大きすぎます。分けて出してください。"),
    "broken": gettext_lazy("ファイルが壊れているため開けません。作り直して出してください。"),
    "encrypted": gettext_lazy("パスワードで保護されています。パスワードを外して出してください。"),
    "old-office": gettext_lazy(
        "古い形式のOfficeファイル（.doc、.xls）です。「.docx」か「.xlsx」、またはPDFで保存し直してください。"
    ),
    "archive": gettext_lazy("圧縮ファイルは受け付けません。中のファイルを取り出して出してください。"),
    "heic": gettext_lazy(
        "HEIC形式の写真は読み取れません。iPhoneでは「設定」→「カメラ」→「フォーマット」→「互換性優先」にして撮り直すか、"
        "JPEGで保存し直してください。"
    ),
    "wrong-type": gettext_lazy(
        "この種類は受け付けません。PDF、画像、Excel、Word、メール、文章で出してください。"
    ),
    "too-many-pages": gettext_lazy("ページが多すぎます（{limit}ページまで）。分けて出してください。"),
    "too-many-cells": gettext_lazy("表が大きすぎます（{limit}セルまで）。"),
    "too-deep": gettext_lazy(
        "メールの中のメールは{limit}段までしか開きません。添付ファイルを取り出してください。"
    ),
    "too-many-attachments": gettext_lazy("添付ファイルが多すぎます（{limit}個まで）。分けて送ってください。"),
}
_NOTES: dict[str, Promise] = {
    "name-differs": gettext_lazy(
        "拡張子は「{suffix}」ですが、中身は別の種類でした。中身のとおりに開きました。"
    ),
    "pdf-script": gettext_lazy("PDFにスクリプトが含まれています。実行していません。"),
    "pdf-launch": gettext_lazy("PDFにプログラムや外部ファイルを開く指示が含まれています。実行していません。"),
    "pdf-embedded-files": gettext_lazy("PDFに別のファイルが埋め込まれています。開いていません。"),
    "pdf-fillable-xfa": gettext_lazy(
        "PDFが特殊な入力様式（XFA）です。表示されない記入があるかもしれません。"
    ),
    "embedded-files": gettext_lazy("文書に別のファイルが埋め込まれています。開いていません。"),
    "outside-links": gettext_lazy("文書に外部への参照が含まれています。たどっていません。"),
    "hidden-sheet": gettext_lazy("非表示のシート「{sheet}」は読み取っていません。"),
    "hidden-cells": gettext_lazy("シート「{sheet}」の見えないセル{count}個は読み取っていません。"),
    "hidden-text": gettext_lazy("見えない文字があり、読み取っていません。"),
    "comments": gettext_lazy("コメントが{count}件あり、読み取っていません。"),
    "text-in-shapes": gettext_lazy("セルの上に置かれた図形の文字が{count}か所あり、読み取っていません。"),
    "not-calculated": gettext_lazy(
        "シート「{sheet}」に計算結果のない数式かエラーが{count}個あり、読み取っていません。"
    ),
    "picture-not-read": gettext_lazy("文書の中の画像のうち{count}枚は開けませんでした。"),
    "only-first-picture": gettext_lazy("{count}枚の画像を含むファイルです。最初の1枚だけを使います。"),
    "html-body": gettext_lazy("メールの本文はHTML形式でした。文字だけを取り出しました。"),
}


def refusal_words(key: str, arguments: Mapping[str, str | int]) -> str:
    """Why a file (``Refused``) or an attachment (``Unopened``) was not opened, and what to do."""
    return str(_REFUSALS.get(key) or _("このファイルは開けませんでした。")).format(**_plain(arguments))


def note_words(key: str, arguments: Mapping[str, str | int]) -> str:
    return str(_NOTES[key]).format(**_plain(arguments))


def _plain(arguments: Mapping[str, str | int]) -> dict[str, str | int]:
    """Limits in pixels come in millions already; numbers are grouped."""
    return {name: f"{value:,}" if isinstance(value, int) else value for name, value in arguments.items()}
