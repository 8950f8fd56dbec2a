"""From bytes to text: which encoding, and what could not be decoded.

Strict UTF-8 is practically never right by chance, so it is tried first. Among the older Japanese encodings
the one that decodes with the fewest errors wins, then the one whose text looks most like Japanese: EUC-JP
read as cp932 gives half-width katakana.
"""

import codecs
import re
from dataclasses import dataclass

REPLACEMENT = "\ufffd"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]")
_LOOKS_JAPANESE = re.compile(r"[ぁ-んァ-ヶー、。一-龥]")
_LOOKS_WRONG = re.compile(r"[\uff61-\uff9f\x80-\x9f\ue000-\uf8ff\ufffd]")
_NOT_IN_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
"""What Python makes of the bytes 80, A0 and FD to FF, which mean nothing in cp932."""
_SAMPLE = 200_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """``text`` holds U+FFFD for each of the ``damaged`` places whose bytes mean nothing in ``encoding``."""

    text: str
    encoding: str
    damaged: int


def decode(data: bytes, declared: str = "") -> Decoded:
    """Decodes ``data``; ``declared`` is an encoding the file itself names, used where it decodes cleanly."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            # Cleanly decoded, a U+FFFD is what the file says and no damage.
            return _strictly(data, encoding) or _decoded(data, encoding)
    candidates = ["utf-8"]
    if _ISO_2022_JP.search(data[:_SAMPLE]):  # every byte of it is ASCII, so UTF-8 would take it too
        candidates.insert(0, "iso2022_jp_ext")
    if declared:
        candidates.insert(0, _known(declared))
    for encoding in candidates:
        if clean := _strictly(data, encoding):
            return clean
    return max((_decoded(data, encoding) for encoding in ("cp932", "euc_jp", "utf-8")), key=_likeness)


def _known(declared: str) -> str:
    """Python's name for a declared encoding. Shift_JIS means cp932 in every Japanese file (①, ㈱, 髙)."""
    try:
        name = codecs.lookup(declared.strip()).name
    except LookupError:
        return "utf-8"
    return "cp932" if name in {"shift_jis", "shift_jis_2004", "shift_jisx0213"} else name


def _strictly(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(data.decode(encoding), encoding, 0)
    except UnicodeDecodeError:
        return None


def _decoded(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    if encoding == "cp932":
        text = _NOT_IN_CP932.sub(REPLACEMENT, text)
    return Decoded(text, encoding, text.count(REPLACEMENT))


def _likeness(decoded: Decoded) -> tuple[float, float]:
    sample = decoded.text[:_SAMPLE]
    length = max(1, len(decoded.text))
    japanese = len(_LOOKS_JAPANESE.findall(sample)) - 2 * len(_LOOKS_WRONG.findall(sample))
    return -round(decoded.damaged / length, 2), japanese / max(1, len(sample))
