"""What shapes cannot tell and their neighbours can."""

import re

_KATAKANA = "[ァ-ヺー]"
_LONG = re.compile(f"(?<={_KATAKANA})[一-](?={_KATAKANA}|[^一-龠0-9]|$)")
_GROUPS = re.compile(r"(?<![\d.．])[1-9]\d{0,2}(?:[,.．]\d{3})+(?![\d.．])")
"""A number in groups of three, its commas or some of them read as points. 0.125, 36.5 and 1234.567 are none."""
_LITTLE = re.compile("([つツ])(?=[ぱ-ぽパ-ポ])")


def tidied(raw: str, kind: str) -> str:
    """Words of a field of ``kind`` mended.

    The long vowel between katakana, っ before ぱ行, a number's commas, the 日 that ends a day and whose level strokes a
    fax loses; specks read as full stops at the ends.
    """
    raw = raw.strip(" .．・,，'`´゜゛")
    if kind in ("number", "yen"):
        raw = _GROUPS.sub(lambda found: re.sub("[.．]", ",", found[0]), raw.replace(" ", ""))
        raw = raw.replace(".", "") if kind == "yen" and raw.count(".") > 1 else raw
    if kind == "date":
        raw = re.sub(r"(?<=月)(\s*\d{1,2}?\s*)11(?=\s|\d{1,2}[時:]|$)", r"\1日", raw)
    raw = _LONG.sub("ー", raw)
    raw = re.sub(r"(?<=[A-Z])0(?=[A-Z一-龠])", "O", raw)
    if kind not in ("person", "kana"):
        raw = _LITTLE.sub(lambda found: "っ" if found[1] == "つ" else "ッ", raw)
    return raw
