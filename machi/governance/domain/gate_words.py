"""Why no model answered, in words for whoever asked."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MY_NUMBER = "my_number"

_WORDS: dict[str, str | Promise] = {
    MY_NUMBER: _(
        "マイナンバー（個人番号）が含まれているため、AIには渡しません。番号を消してからやり直してください。"
    ),
    "no_endpoint": _("言語モデルの接続先がありません。"),
    "egress": _("この接続先は、いまのネットワークの形では許可されていません。"),
    "refused_egress": _("接続先の名前が、許可されていないアドレスを指していたため、つなぎませんでした。"),
    "no_cap": _("料金のかかる接続先ですが、自治体全体の月の上限（円）が決まっていません。"),
    "cap_reached": _("今月の上限に達しました。"),
    "breaker_open": _("接続先の不調が続いているため、しばらく呼び出しを止めています。"),
    "unreachable": _("接続先につながりませんでした。"),
    "slow": _("接続先が時間内に答えませんでした。"),
    "cut": _("接続先との通信が途中で切れました。"),
    "too_much": _("接続先の答えが大きすぎたため、受け取りませんでした。"),
    "busy": _("接続先が混み合っています。"),
    "server": _("接続先で障害が起きています。"),
    "redirect": _("接続先が別のアドレスへ移そうとしたため、従いませんでした。"),
    "request": _("接続先が要求を受け付けませんでした。モデル名や鍵を確かめてください。"),
    "bad_reply": _("接続先の答えの形が正しくありませんでした。"),
}
CODES = frozenset(_WORDS)


def words(code: str) -> str:
    return str(_WORDS[code]) if code in _WORDS else code
