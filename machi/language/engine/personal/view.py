"""The form of a text in which personal information is looked for, with the way back to the text as written.

Full-width and half-width become one, dashes become ``-``, invisible characters vanish, a voiced kana typed in
two halves becomes one, and the commonest variant characters of names become those that dictionaries know.
Whatever changes length is remembered, so that a span found here is always a span of the original.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_DASHES = frozenset("-‐‑‒–—―−﹣－─━ｰ⁃")
_WAVES = frozenset("〜～∼∾")
_SAME_NAME = str.maketrans("髙﨑濵濱德澤邊邉齋齊瀨槗曻𠮷桒栁渕", "高崎浜浜徳沢辺辺斎斉瀬橋昇吉桑柳淵")
"""Variants common in names. What is shown and put back is always the character as written."""
_KEPT = ("<circle>", "<super>", "<sub>", "<fraction>", "<font>")
"""① beside a number is not one of its digits."""
_CELL = " | "
"""Between two cells that a tab sets apart, as where bars do; a name does not go on behind it."""
_DASH_OF_VOWEL = re.compile(r"(?<=[0-9])ー(?=[0-9])")
_LETTER = r"[一-鿿々ぁ-んァ-ヶー]"
_SPREAD = re.compile(
    # 氏 名, 斉 藤　百 合 子: letters set apart by one blank each, as on forms and in what a scanner read.
    rf"(?<![^ \n|,、。:()])(?<!{_LETTER} ){_LETTER}(?: {_LETTER})+(?![^ \n|,、。:()0-9])(?! {_LETTER})"
    r"|(?<![0-9])(?<![0-9] )[0-9](?: [0-9-]){3,}(?![0-9])"
    rf"|(?<={_LETTER} {_LETTER} )[0-9](?: [0-9-]){{1,}}(?![0-9])"
)
_SPREAD_DATE = re.compile(
    r"(?:(?:明 ?治|大 ?正|昭 ?和|平 ?成|令 ?和|[MTSHR]) ?)?(?<![0-9])(?<![0-9] )(?:元"
    r"|[0-9](?: ?[0-9]){0,3}) ?年 ?[0-9](?: ?[0-9])? ?月 ?[0-9](?: ?[0-9])? ?日"
)
"""昭 和 4 4 年 1 月 3 1 日生: whatever stands behind."""
_LABELS = re.compile(
    "|".join(
        " *".join(word)
        for word in (
            "氏名",
            "住所",
            "生年月日",
            "個人番号",
            "口座番号",
            "電話番号",
            "電話",
            "名前",
            "本籍",
            "記号",
            "番号",
            "枝番",
        )
    )
)
"""The labels of forms, spread over the width of their column."""
_BLANKS = re.compile(r"(?<= ) +")


@dataclass(frozen=True, slots=True)
class View:
    """``text[i]`` was written as ``original[starts[i]:ends[i]]``."""

    text: str
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Span of the original for the non-empty span ``start`` to ``end`` of the view."""
        return self.starts[start], self.ends[end - 1]


@lru_cache(maxsize=20_000)
def _form(character: str) -> str:
    if character == "\n":
        return "\n"
    if character == "\t":
        return _CELL
    if character in _DASHES:
        return "ー" if character == "ｰ" else "-"
    if character in _WAVES:
        return "~"
    category = unicodedata.category(character)
    if category == "Cf" or 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF:
        return ""
    if category in ("Cc", "Cs", "Zs", "Zl", "Zp"):
        return " "
    if unicodedata.decomposition(character).startswith(_KEPT):
        return character
    return unicodedata.normalize("NFKC", character).translate(_SAME_NAME)


def view(text: str) -> View:
    """The view of ``text``. Never raises."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for index, character in enumerate(text):
        form = _form(character)
        if characters and form in ("\u3099", "\u309a"):
            composed = unicodedata.normalize("NFC", characters[-1] + form)
            if len(composed) == 1:
                characters[-1] = composed
                ends[-1] = index + 1
                continue
        for part in form:
            characters.append(part)
            starts.append(index)
            ends.append(index + 1)
    return _closed(View(_DASH_OF_VOWEL.sub("-", "".join(characters)), starts, ends))


def _closed(seen: View) -> View:
    """``seen`` without the blanks that stand inside a word, and with one where there were several."""
    if " " not in seen.text:
        return seen
    blanks = {
        at
        for pattern in (_SPREAD, _SPREAD_DATE, _LABELS)
        for match in pattern.finditer(seen.text)
        for at in range(*match.span())
        if seen.text[at] == " "
    }
    blanks |= {at for match in _BLANKS.finditer(seen.text) for at in range(*match.span())}
    kept = [at for at in range(len(seen.text)) if at not in blanks]
    return View(
        "".join(seen.text[at] for at in kept),
        [seen.starts[at] for at in kept],
        [seen.ends[at] for at in kept],
    )
