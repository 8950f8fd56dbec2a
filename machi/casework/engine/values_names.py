"""Names: kept as written, variants and all, with a form beside it under which the same person is found."""

from __future__ import annotations

import re

import jaconv

from machi.language.engine.text import fold_kana, search_form

_FAMILIES = (
    "高髙 崎﨑嵜碕 辺邉邊 斉齊斎齋 沢澤 広廣 国國 浜濱濵 桜櫻 島嶋嶌 富冨 恵惠 "
    "真眞 静靜 栄榮 竜龍 滝瀧 塩鹽 関關 桑桒 吉𠮷 徳德 郎郞 礼禮 増增 瀬瀨 頼賴 "
    "横橫 渓溪 曽曾 蔵藏 鉄鐵 実實 宝寶 寿壽 総總 伝傳 読讀 万萬 円圓 館舘 峰峯 "
    "杉椙 松枩 梁簗 柳栁 槙槇 尭堯 遥遙 凜凛 晋晉 亜亞 悦悅 薫薰 鶴靏靍 満滿 "
    "弥彌 与與 当當 条條 学學 気氣 黒黑 児兒 収收 数數 乗乘 勲勳 巌巖 応應 桧檜 "
    "薮藪籔 篭籠 渕淵渊 仏佛 仙僊 仮假 会會 体體 余餘 検檢 荘莊 稲稻 豊豐 穂穗 "
    "粛肅 糸絲 経經 継繼 緑綠"
)
_VARIANTS = str.maketrans({variant: family[0] for family in _FAMILIES.split() for variant in family[1:]})
"""Variants that stand in family registers, by the form that the 常用 and 人名用 lists print. Only for comparing."""
_SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MARKS = re.compile(r"[\s・･,、.\-]")
_TITLE = re.compile(r"(?:様|さん|殿|氏)$")
_KANA = re.compile(r"[ァ-ヴー・＝　]+")


def person(text: str) -> tuple[str, tuple[str, ...]]:
    """As written, blanks single and full width; 様 behind it goes. Doubt ``not-a-name`` where digits stand in it."""
    name = re.sub(r"\s+", "　", jaconv.h2z(text, kana=True)).strip()
    name = re.sub(r"　?[(（]?印[)）]?$", "", name) if len(name) > 2 else name
    return name, ("not-a-name",) if re.search(r"[0-9０-９@:/]", name) else ()


def kana(text: str) -> tuple[str, tuple[str, ...]]:
    """Full-width katakana with single blanks, from either kana and half width; doubt ``not-kana`` otherwise."""
    full = jaconv.hira2kata(jaconv.h2z(text, kana=True))
    full = re.sub(r"(?<=[ァ-ヴー])[-‐−―－ｰ]", "ー", full)
    full = re.sub(r"\s+", "　", full).strip()
    return full, () if _KANA.fullmatch(full) else ("not-kana",)


def name_form(text: str) -> str:
    """The form in which names are compared: without blanks, marks, titles and variants, kana folded."""
    bare = _TITLE.sub("", _MARKS.sub("", _SELECTORS.sub("", text)))
    return fold_kana(_MARKS.sub("", search_form(bare.translate(_VARIANTS)))).translate(_VARIANTS)
