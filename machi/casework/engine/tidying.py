"""What shapes cannot tell and their neighbours can."""

import re

_KATAKANA = "[ァ-ヺー]"
_LONG = re.compile(f"(?<={_KATAKANA})[一-](?={_KATAKANA}|[^一-龠0-9]|$)")
_LITTLE = re.compile("([つツ])(?=[ぱ-ぽパ-ポ])")


def tidied(raw: str, kind: str) -> str:
    """Words of a field of ``kind`` mended.

    The long vowel between katakana, っ before ぱ行, a sum's commas, the 日 that ends a day and whose level strokes a
    fax loses; specks read as full stops at the ends.
    """
    raw = raw.strip(" .．・,，'`´゜゛")
    if kind in ("number", "yen"):
        raw = re.sub(r"(?<=\d)[.．](?=\d{3}(?:\D|$))", ",", raw.replace(" ", ""))
        raw = raw.replace(".", "") if raw.count(".") > 1 else raw
    if kind == "date":
        raw = re.sub(r"(?<=月)(\s*\d{1,2}?\s*)11(?=\s|\d{1,2}[時:]|$)", r"\1日", raw)
    raw = _LONG.sub("ー", raw)
    raw = re.sub(r"(?<=[A-Z])0(?=[A-Z一-龠])", "O", raw)
    if kind not in ("person", "kana"):
        raw = _LITTLE.sub(lambda found: "っ" if found[1] == "つ" else "ッ", raw)
    return raw
