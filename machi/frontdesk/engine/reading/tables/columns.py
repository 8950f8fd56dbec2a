"""What the columns of a table mean, by the names they go by in municipal files."""

import re
from collections.abc import Sequence
from dataclasses import fields

from machi.frontdesk.engine.reading.tables.table import normal
from machi.frontdesk.engine.reading.types import ColumnHints

# Each meaning with the names it goes by, the surest first, in the form `normal` gives.
_KNOWN = """
question: 質問 質問内容 質問文 質問事項 ご質問 問 問い 設問
question: よくある質問 よくあるご質問 question questions q faq
answer: 回答 回答内容 回答文 ご回答 答え 答 こたえ answer answers a
title: 記事タイトル タイトル 件名 題名 表題 見出し 記事名 ページタイトル title subject headline
body: 記事本文 本文 本文テキスト 記事内容 内容 body content text
category: カテゴリ カテゴリー 分類 大分類 ジャンル 分野 区分 category genre
date: 更新日 最終更新日 更新年月日 最終更新 公開日 掲載日 発行日 公開年月 公開年月日 作成日 登録日 日付
date: 最終確認日 updated updatedat lastmodified publishedat date
url: url uri リンク リンク先 参考url 関連url ページurl 掲載url 詳細url link
valid_from: 公開開始日 掲載開始日 有効開始日 有効開始 公開開始 掲載開始 適用開始日 validfrom
valid_until: 公開終了日 掲載終了日 有効終了日 有効終了 有効期限
valid_until: 公開終了 掲載終了 公開期限 掲載期限 適用終了日 validuntil
"""


# Columns that are no text: codes, row numbers, coordinates, and the municipality itself (it is the tenant).
_CODES = re.compile(
    r"(都道府県)?コード(又は市区町村コード)?|.*地方公共団体コード|市区町村コード|都道府県名|市区町村名|no|№|id|番号|通し番号"
    r"|整理番号|連番|項番|poiコード|法人番号|町字id|緯度|経度|標高|utmポイント|lat|lon|lng|latitude|longitude|x座標|y座標"
    r"|所在地全国地方公共団体コード|所在地(都道府県|市区町村|町字|番地以下)|.*カナ|.*ふりがな|.*フリガナ|furigana"
)


def is_code(column: str) -> bool:
    """Whether ``column`` holds codes or coordinates instead of words."""
    return _CODES.fullmatch(normal(column)) is not None


def _names() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for line in _KNOWN.strip().splitlines():
        meaning, _, known = line.partition(": ")
        names.setdefault(meaning, []).extend(known.split())
    return names


_NAMES = _names()


def meanings(columns: Sequence[str], hints: ColumnHints | None) -> dict[str, int]:
    """Index of the column with each meaning that was found; a hint beats the name."""
    names = [normal(column) for column in columns]
    found: dict[str, int] = {}
    for meaning, known in _NAMES.items():
        at = next((names.index(name) for name in known if name in names), None)
        if at is not None and at not in found.values():
            found[meaning] = at
    if hints:
        for field in fields(hints):
            wanted = normal(getattr(hints, field.name))
            if wanted and wanted in names:
                at = names.index(wanted)
                found = {meaning: index for meaning, index in found.items() if index != at}
                found[field.name] = at
    return found
