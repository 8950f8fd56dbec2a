"""Words of the shipped procedures that residents meet, so that they are in the catalogues: data is not collected.

A town's own words, and those it has changed, stay in Japanese; the page says so to programs that read aloud.
"""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

WORDS = frozenset(
    (
        gettext_noop("住民票の写しの郵送請求"),
        gettext_noop("住民票の写しを郵便で請求する手続です。"),
        gettext_noop(
            "本人確認書類（運転免許証、個人番号カードの表など）の写しを同封してください。原本は送らないでください。"
        ),
        gettext_noop(
            "手数料の分の定額小為替を、郵便局で買って同封してください。何も書かずに送ってください。"
        ),
        gettext_noop("返信用の封筒に、住民登録のある住所と氏名を書き、切手を貼って同封してください。"),
        gettext_noop(
            "請求する人が本人であることをウェブの入力だけでは確かめられないため、郵便で請求してください。"
        ),
        gettext_noop("請求者の本人確認書類の写し"),
        gettext_noop("必ず要ります"),
        gettext_noop("委任状"),
        gettext_noop("代理人が請求するとき"),
        gettext_noop("児童手当 額の改定（増額・減額）"),
        gettext_noop("児童手当を受けている人の児童の数が変わったときに、手当の額を改める手続です。"),
        gettext_noop("出生などの日の翌日から15日以内に出してください。"),
        gettext_noop("おくれると、おくれた月の分の手当を受けられないことがあります。"),
        gettext_noop("児童の属する世帯の住民票の写し"),
        gettext_noop("児童が別の市町村に住んでいるとき"),
        gettext_noop("別居監護の申立書"),
        gettext_noop("児童と別居しているとき"),
        gettext_noop("受給者の本人確認書類の写し"),
        gettext_noop("個人番号を書いたとき"),
        gettext_noop("提出日"),
        gettext_noop("認定番号"),
        gettext_noop("分かる場合"),
        gettext_noop("請求者の氏名"),
        gettext_noop("受給している人"),
        gettext_noop("フリガナ"),
        gettext_noop("請求者の生年月日"),
        gettext_noop("郵便番号"),
        gettext_noop("請求者の住所"),
        gettext_noop("電話"),
        gettext_noop("手当の額"),
        gettext_noop("変わったこと"),
        gettext_noop("増える"),
        gettext_noop("減る"),
        gettext_noop("変わった日"),
        gettext_noop("理由"),
        gettext_noop("出生"),
        gettext_noop("養育を始めた"),
        gettext_noop("海外からの転入"),
        gettext_noop("養育しなくなった"),
        gettext_noop("死亡"),
        gettext_noop("その他"),
        gettext_noop("変わる前の人数"),
        gettext_noop("増減した人数"),
        gettext_noop("変わった後"),
        gettext_noop("対象の児童"),
        gettext_noop("例 子"),
        gettext_noop("同居"),
        gettext_noop("別居"),
        gettext_noop("あり"),
        gettext_noop("なし"),
        gettext_noop("配偶者"),
        gettext_noop("配偶者の氏名"),
        gettext_noop("配偶者の生年月日"),
        gettext_noop("住民票などの公簿を職員が確認することに同意します"),
        gettext_noop("確認"),
        gettext_noop("署名"),
        gettext_noop("公園内での催しの許可"),
        gettext_noop("公園で催しをするときに許可を受ける手続です。"),
        gettext_noop("催しの14日前までに出してください。"),
        gettext_noop("火を使うときは、消防署にも相談してください。"),
        gettext_noop("会場の図"),
        gettext_noop("催しの計画書"),
        gettext_noop("火気の使用計画"),
        gettext_noop("火を使うとき"),
        gettext_noop("申請日"),
        gettext_noop("団体名"),
        gettext_noop("申請する人"),
        gettext_noop("個人のときは空欄"),
        gettext_noop("氏名"),
        gettext_noop("代表者の氏名"),
        gettext_noop("住所"),
        gettext_noop("団体は所在地"),
        gettext_noop("メール"),
        gettext_noop("催し"),
        gettext_noop("催しの名前"),
        gettext_noop("公園名"),
        gettext_noop("使う広さ"),
        gettext_noop("㎡"),
        gettext_noop("内容"),
        gettext_noop("競技会・運動会"),
        gettext_noop("集会・祭り"),
        gettext_noop("展示会・即売会"),
        gettext_noop("撮影"),
        gettext_noop("募金・署名"),
        gettext_noop("始まる日"),
        gettext_noop("終わる日"),
        gettext_noop("時間"),
        gettext_noop("例 9時から16時"),
        gettext_noop("人数"),
        gettext_noop("1日の最大"),
        gettext_noop("使うもの"),
        gettext_noop("火気"),
        gettext_noop("音響"),
        gettext_noop("車の乗入れ"),
        gettext_noop("物の販売"),
        gettext_noop("入場料など"),
        gettext_noop("テント"),
        gettext_noop("張数"),
        gettext_noop("置く物"),
        gettext_noop("名前と数"),
        gettext_noop("安全と片付け"),
        gettext_noop("現場の責任者"),
        gettext_noop("現場の責任者の電話"),
        gettext_noop("終わった後、元のとおりに片付けます"),
        gettext_noop("児童1の氏名"),
        gettext_noop("児童1の生年月日"),
        gettext_noop("児童1の続柄"),
        gettext_noop("児童1の同居・別居"),
        gettext_noop("児童1の監護"),
        gettext_noop("児童2の氏名"),
        gettext_noop("児童2の生年月日"),
        gettext_noop("児童2の続柄"),
        gettext_noop("児童2の同居・別居"),
        gettext_noop("児童2の監護"),
        gettext_noop("児童3の氏名"),
        gettext_noop("児童3の生年月日"),
        gettext_noop("児童3の続柄"),
        gettext_noop("児童3の同居・別居"),
        gettext_noop("児童3の監護"),
    )
)


def plainly(words: str) -> str:
    """In the reader's language where it is known, without a mark: for titles."""
    return _(words) if words in WORDS else words


def said(words: str) -> str:
    """In the reader's language where it is known; else marked as Japanese on a page in another one."""
    if words in WORDS:
        return _(words)
    japanese = not words or (get_language() or "ja").startswith("ja")
    return words if japanese else format_html('<span lang="ja">{}</span>', words)
