"""English names of municipalities, from their reading.

Hepburn romanisation, in the way of the Geospatial Information Authority's 地名等の英語表記規程 (2016): long vowels
are not marked (おおさか Osaka), ん is always n (なんぶ Nanbu; なんよう Nanyo, without the hyphen that the rules
allow), っち is tchi; the kind of municipality is translated (市 City, 区 Ward, 町 Town, 村 Village). A
municipality may write itself otherwise (箕面 as Minoh, Tokyo's wards as cities), which no rule can know.

The syllables come from jaconv, which writes vowels as they are typed; the rules above are applied to that.
"""

import re

import jaconv

_KINDS = {
    "市": ("City", ("し",)),
    "区": ("Ward", ("く",)),
    "町": ("Town", ("ちょう", "まち")),
    "村": ("Village", ("むら", "そん")),
}

# Two vowels that meet where one word ends and the next begins are not a long vowel: かつ・うら is Katsuura.
# Kana alone cannot tell (高知 こうち is Kochi, 瀬戸内 せとうち is Setouchi), so these are all such names in the
# register, by hand.
_WORDS = {
    "勝浦": "かつ・うら",
    "那智勝浦": "なちかつ・うら",
    "松浦": "まつ・うら",
    "琴浦": "こと・うら",
    "豊浦": "とよ・うら",
    "瀬戸内": "せと・うち",
    "山ノ内": "やまの・うち",
    "輪之内": "わの・うち",
    "滝上": "たきの・うえ",
    "小海": "こ・うみ",
    "広尾": "ひろ・お",
    "豊丘": "とよ・おか",
    "豊岡": "とよ・おか",
    "西之表": "にしの・おもて",
    "桑折": "こ・おり",
    "曽於": "そ・お",
    "箕面": "みの・お",
    "豊後大野": "ぶんご・おおの",
    "周防大島": "すおう・おおしま",
}


def hepburn(kana: str) -> str:
    """Hiragana or katakana as lower-case Latin letters; ・ parts words whose vowels do not flow together.

    Letters that are not kana stay as they are. ValueError where kana are left that have no romanisation.
    """
    return "".join(_word(word) for word in jaconv.kata2hira(kana).split("・"))


def municipality_name_en(name: str, kana: str) -> str:
    """``厚木市``, ``あつぎし`` -> ``Atsugi City``; a ward of a city (``札幌市 北区``) -> ``Kita Ward, Sapporo City``.

    ValueError where name and reading do not end in the same kind of municipality, or differ in their parts.
    """
    parts = list(zip(name.split(), kana.split(), strict=True))
    return ", ".join(_part_en(*part) for part in reversed(parts))


def _part_en(name: str, kana: str) -> str:
    kind, readings = _KINDS.get(name[-1:], ("", ()))
    reading = next((reading for reading in readings if kana.endswith(reading)), None)
    if reading is None:
        raise ValueError(f"{name} ({kana}) does not end in a kind of municipality and its reading")
    stem = _WORDS.get(name[:-1], kana.removesuffix(reading))
    return f"{hepburn(stem).capitalize()} {kind}"


def _word(hiragana: str) -> str:
    latin = jaconv.kana2alphabet(hiragana.replace("ー", ""))
    if left := re.search("[ぁ-ゖァ-ヺ]", latin):
        raise ValueError(f"{left[0]} in {hiragana} cannot be romanised")
    latin = latin.replace("cch", "tch")
    return re.sub("o[ou]|uu", lambda long: long[0][0], latin)
