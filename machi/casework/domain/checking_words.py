"""What a rule found, in words that an applicant would understand. The engine gives keys and arguments only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.engine.wareki import wareki
from machi.casework.engine.checking import Outcome, RuleResult
from machi.casework.engine.checking_rules import Law

OUTCOMES: dict[Outcome, Promise] = {
    "passed": gettext_lazy("適合"),
    "failed": gettext_lazy("要確認"),
    "unknown": gettext_lazy("判断できません"),
}
_REASONS: dict[str, Promise] = {
    # passed
    "not-applicable": gettext_lazy("この申請には当てはまりません。"),
    "filled": gettext_lazy("そろっています。"),
    "sound": gettext_lazy("誤りは見つかりませんでした。"),
    "same": gettext_lazy("「{field}」と「{other}」は同じです。"),
    "same-otherwise-written": gettext_lazy(
        "「{field}」と「{other}」は書き方（空白・異体字・表記）が違いますが、同じとみなしました。"
    ),
    "allowed": gettext_lazy("「{field}」は認められる内容です。"),
    "in-order": gettext_lazy("「{earlier}」と「{later}」の順は正しいです。"),
    "adds-up": gettext_lazy("「{field}」の数は合っています。"),
    "enough": gettext_lazy("「{field}」は足りています（必要な額は{should}円）。"),
    "in-range": gettext_lazy("「{field}」はありうる数です。"),
    "age-fits": gettext_lazy("「{field}」は対象の年齢です。"),
    "in-time": gettext_lazy("期限（{last}）までに出されています。"),
    "first": gettext_lazy("この{days}日間に同じ申請はありません。"),
    "eligible": gettext_lazy("{system}の計算では対象です（{amount}{unit}）。"),
    # failed
    "missing": gettext_lazy("次のものが足りません: {names}"),
    "doubtful": gettext_lazy("次の記入を確かめてください: {doubts}"),
    "differs": gettext_lazy("「{field}」と「{other}」が違います。"),
    "not-allowed": gettext_lazy("「{field}」に選ばれたものは、この申請では認められません。"),
    "wrong-order": gettext_lazy("「{later}」が「{earlier}」より前になっています。"),
    "too-soon": gettext_lazy(
        "「{later}」は「{earlier}」の{days}日後より前です。{days}日以上あける必要があります。"
    ),
    "does-not-add-up": gettext_lazy(
        "「{field}」の数が合いません。ほかの欄から計算すると{should}になります。"
    ),
    "not-enough": gettext_lazy("「{field}」が足りません。必要な額は{should}円です。"),
    "too-small": gettext_lazy("「{field}」は{least}以上のはずです。"),
    "too-large": gettext_lazy("「{field}」は{most}以下のはずです。"),
    "not-born": gettext_lazy("「{field}」が基準の日より後の日付です。"),
    "too-young": gettext_lazy("「{field}」から計算した年齢が{least}歳に達していません。"),
    "too-old": gettext_lazy("「{field}」から計算した年齢が対象（{most}歳まで）を超えています。"),
    "late": gettext_lazy("期限（「{field}」から{days}日目の{last}）を過ぎて出されています。"),
    "earlier-application": gettext_lazy("同じ申請が{received}に出されています（受付番号 {reference}）。"),
    "not-eligible": gettext_lazy("{system}の計算では対象になりません（{amount}{unit}）。"),
    # unknown
    "empty": gettext_lazy("「{field}」が空のため、判断できません。"),
    "not-readable": gettext_lazy("「{field}」が日付や数として読めないため、判断できません。"),
    "no-document": gettext_lazy("「{document}」が添えられていないため、判断できません。"),
    "not-in-document": gettext_lazy("「{document}」から「{other}」を読み取れなかったため、判断できません。"),
    "no-service": gettext_lazy("OpenFiscaが設定されていないため、判断できません。職員が確かめてください。"),
    "service-failed": gettext_lazy("OpenFiscaから答えが得られなかったため、判断できません（{why}）。"),
}
_DOUBTS: dict[str, Promise] = {
    "not-a-date": gettext_lazy("日付として読めません"),
    "no-such-day": gettext_lazy("暦にない日です"),
    "no-year": gettext_lazy("年がありません"),
    "beyond-era": gettext_lazy("元号と年が合いません"),
    "not-a-number": gettext_lazy("数として読めません"),
    "not-yen": gettext_lazy("金額として読めません"),
    "not-kana": gettext_lazy("カナ以外の文字があります"),
    "not-a-name": gettext_lazy("氏名に使われない文字があります"),
    "not-a-postal-code": gettext_lazy("郵便番号は7桁です"),
    "not-a-telephone": gettext_lazy("電話番号として正しくありません"),
    "not-an-email": gettext_lazy("メールアドレスとして正しくありません"),
    "not-a-my-number": gettext_lazy("個人番号は12桁です"),
    "check-digit": gettext_lazy("個人番号の検査数字が合いません"),
    "no-town": gettext_lazy("市区町村の名前がありません"),
    "no-such-town": gettext_lazy("その名前の市区町村はありません"),
    "wrong-prefecture": gettext_lazy("都道府県と市区町村が合いません"),
    "several-towns": gettext_lazy("同じ名前の市区町村が複数あります"),
    "no-house-number": gettext_lazy("番地がありません"),
    "look-alike": gettext_lazy("数字に似た文字を数字として読みました"),
    "not-a-mark": gettext_lazy("印かどうか分かりません"),
    "which-label": gettext_lazy("同じ見出しの数が様式と違い、どの欄の値か確かではありません"),
    "more-beside": gettext_lazy("右隣のセルにも文字があります"),
    "more-rows": gettext_lazy("下の行にも記入があります。最初の行だけを読み取りました"),
}
_DAYS: dict[str, Promise] = {"@received": gettext_lazy("受付日"), "@today": gettext_lazy("今日")}
_DATES = ("last", "received")
_NAMES = ("field", "other", "earlier", "later", "document")


def reason_words(result: RuleResult, labels: Mapping[str, str]) -> str:
    """The reason of a result. ``labels``: words for fields and documents, ``Procedure.labels()``."""
    return str(_REASONS[result.reason]).format(**_filled(result.arguments, labels))


def doubt_words(doubt: str) -> str:
    """Why a value may be wrong, as ``engine.values`` found it; other engines' doubts come back as they are."""
    return str(_DOUBTS.get(doubt, doubt))


def law_words(law: Law) -> str:
    """``児童手当法 第9条（額の改定）``"""
    about = _("（{about}）").format(about=law.about) if law.about else ""
    return f"{law.name} {law.article}".strip() + about


def _filled(arguments: Mapping[str, str | int], labels: Mapping[str, str]) -> dict[str, str]:
    filled = {}
    for name, value in arguments.items():
        text = str(value)
        if name in _NAMES:
            text = _label(text, labels)
        elif name == "names":
            text = "、".join(_label(one, labels) for one in text.split(",") if one)
        elif name == "doubts":
            pairs = (one.partition(":") for one in text.split(",") if one)
            text = "、".join(
                f"{_label(field, labels)}（{doubt_words(doubt)}）" for field, _colon, doubt in pairs
            )
        elif name in _DATES:
            text = wareki(date.fromisoformat(text))
        elif name in ("amount", "should") and text.lstrip("-").isdecimal():
            text = f"{int(text):,}"
        filled[name] = text
    return filled


def _label(name: str, labels: Mapping[str, str]) -> str:
    if name in _DAYS:
        return str(_DAYS[name])
    document, point, _inside = name.partition(".")
    if point and name in labels:
        return _("{document}の{label}").format(document=labels.get(document, document), label=labels[name])
    return labels.get(name, name)
