"""The search form of Japanese text. The original is always kept; this form is only compared, never shown.

``search_form`` brings together spellings that mean the same to a reader: full and half width, compatibility
characters (㈱, ①, ㎡), upper and lower case, the many dashes and wave dashes, and a long vowel typed with the
wrong stroke. Spelling variants of words (申込み, 申し込み, もうしこみ) are the tokeniser's business
(``machi.language.engine.tokens``), because only a dictionary knows them.
"""

import re
import unicodedata

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－─━"), "-")
_WAVES = dict.fromkeys(map(ord, "〜～∼∾"), "~")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f"))
_STROKES = _DASHES | _WAVES | _INVISIBLE
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_DASH_AS_LONG_VOWEL = re.compile(r"(?<=[ァ-ヺ])-+(?![0-9a-z])")
_LONG_VOWELS = re.compile(r"ー{2,}")
_BLANKS = re.compile(r"[^\S\n]+")


def search_form(text: str) -> str:
    """Return the form of ``text`` under which it is searched.

    NFKC (Unicode Standard Annex #15) after the dashes are made one, so that ``センタ－`` and ``センター``
    meet, then case folding. Control characters (and surrogates
    without their half) become blanks, invisible characters vanish, runs of blanks become one; newlines
    stay.
    """
    text = unicodedata.normalize("NFKC", text.translate(_STROKES)).casefold()
    text = _CONTROL.sub(" ", text.translate(_STROKES))
    text = _LONG_VOWELS.sub("ー", _DASH_AS_LONG_VOWEL.sub("ー", text))
    return _BLANKS.sub(" ", text)


_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


def fold_kana(text: str) -> str:
    """Write katakana as hiragana, so that ゴミ and ごみ are one word. The long vowel stroke stays."""
    return text.translate(_KATAKANA_TO_HIRAGANA)
