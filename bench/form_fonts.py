"""Japanese fonts of ``form_pages.py``: Debian's, where they are installed, and the house's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Font:
    family: str
    path: str
    style: str
    """printed or hand."""
    measured_only: bool = False


_SYSTEM = Path("/usr/share/fonts")
FONTS: Mapping[str, Font] = {
    "noto": Font("Noto Sans CJK JP", "", "printed"),
    "ipa_gothic": Font("IPAexGothic", "opentype/ipaexfont-gothic", "printed"),
    "ipa_mincho": Font("IPAexMincho", "opentype/ipaexfont-mincho", "printed"),
    "biz_gothic": Font("BIZ UDGothic", "truetype/bizud-gothic", "printed"),
    "biz_mincho": Font("BIZ UDMincho", "truetype/bizud-mincho", "printed", measured_only=True),
    "vl_gothic": Font("VL Gothic", "truetype/vlgothic", "printed"),
    "migu": Font("Migu 1P", "truetype/migmix", "printed", measured_only=True),
    "noto_serif": Font("Noto Serif CJK JP", "opentype/noto", "printed"),
    "maruberi": Font("MotoyaLMaru", "truetype/motoya-l-maruberi", "printed", measured_only=True),
    "yusei": Font("Yusei Magic", "truetype/yusei-magic", "hand"),
    "kiloji": Font("kiloji", "truetype/kiloji", "hand"),
    "seto": Font("SetoFont", "truetype/seto", "hand", measured_only=True),
}


@cache
def fonts(part: str, style: str) -> Sequence[str]:
    """Keys of the installed fonts of a part and style."""
    return [
        key
        for key, font in FONTS.items()
        if font.style == style
        and (part == "test" or not font.measured_only)
        and (not font.path or (_SYSTEM / font.path).is_dir())
    ]


def missing() -> list[str]:
    return [key for key, font in FONTS.items() if font.path and not (_SYSTEM / font.path).is_dir()]


def folders() -> list[str]:
    """Where the installed ones lie."""
    from machi.base.engine.typesetting import FONTS as HOUSE

    own = (str(_SYSTEM / font.path) for font in FONTS.values() if font.path)
    return [folder for folder in (*HOUSE, *own) if Path(folder).is_dir()]
