"""Which town somebody means by what they wrote: its name, with or without the prefecture, its reading, its name in
Roman letters, or its code.

``府中市`` is in Tokyo and in Hiroshima, and 伊達市 in Hokkaido and in Fukushima: nothing is guessed. Names are compared
without width, blanks, brackets and case, in either kana and with either ケ; 市, 区, 町 and 村 may be left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import jaconv

LONGEST = 60
"""Characters of what is written for one town that are looked at."""
MOST_NEAR = 5
_CODE = re.compile(r"\D*(\d{6})\D*")
_MARKS = re.compile(r"[\s()\[\]（）,、，.・'\-]")
_ENDINGS = {
    "市": ("し",),
    "区": ("く",),
    "町": ("まち", "ちょう"),
    "村": ("むら", "そん"),
}
_ENGLISH = re.compile(r" (City|Town|Village|Ward)$")


@dataclass(frozen=True, slots=True)
class Called:
    """A town as the register has it."""

    code: str
    """Six digits."""
    name: str
    kana: str
    name_en: str
    prefecture: str
    prefecture_kana: str
    prefecture_en: str


class TownNames:
    """Codes by names, over some towns of the register.

    >>> names = TownNames([Called("132063", "府中市", "ふちゅうし", "Fuchu City", "東京都", "とうきょうと", "Tokyo")])
    >>> names.meant("府中"), names.meant("東京都 府中市 132063"), names.meant("町田市")
    (('132063',), ('132063',), ())
    """

    def __init__(self, towns: Iterable[Called]) -> None:
        self._codes: dict[str, tuple[str, ...]] = {}
        self._full: dict[str, list[str]] = defaultdict(list)
        self._short: dict[str, list[str]] = defaultdict(list)
        self._near: list[tuple[str, str]] = []
        for one in towns:
            full, short = _forms(one)
            self._codes[one.code] = (*full, *short)
            for form in full:
                self._full[form].append(one.code)
            for form in short - full:
                self._short[form].append(one.code)
            self._near.append(("\n".join(sorted(full)), one.code))

    def meant(self, words: str) -> tuple[str, ...]:
        """The codes of the towns that are called so: one, several, or none. A code beside a name must be its own."""
        text = unicodedata.normalize("NFKC", words)[:LONGEST]
        if match := _CODE.fullmatch(text):
            rest = plain(text.replace(match[1], ""))
            known = self._codes.get(match[1])
            return (match[1],) if known is not None and (not rest or rest in known) else ()
        form = plain(text)
        return tuple(self._full.get(form) or self._short.get(form) or ())

    def near(self, words: str) -> tuple[str, ...]:
        """The first few that have the words in a name: to ask whether one of them is meant."""
        form = plain(unicodedata.normalize("NFKC", words)[:LONGEST])
        found = (code for names, code in self._near if form and form in names)
        return tuple(code for code, _at in zip(found, range(MOST_NEAR), strict=False))


def plain(text: str) -> str:
    """The form in which names are compared."""
    text = unicodedata.normalize("NFKC", text).replace("ヶ", "ケ").replace("ヵ", "カ")
    return jaconv.kata2hira(_MARKS.sub("", text)).casefold()


def _forms(one: Called) -> tuple[set[str], set[str]]:
    """What it is called in full, and without 市, 区, 町 or 村."""
    names = [(one.name, one.prefecture), (one.kana, one.prefecture_kana)]
    full = {plain(before + name) for name, prefecture in names for before in ("", prefecture)}
    full |= {plain(one.name_en), plain(one.name_en + one.prefecture_en)}
    short_names = [(one.name[:-1], one.prefecture)] if one.name[-1:] in _ENDINGS else []
    short_names += [
        (one.kana.removesuffix(ending), one.prefecture_kana)
        for ending in _ENDINGS.get(one.name[-1:], ())
        if one.kana.endswith(ending)
    ]
    short = {plain(before + name) for name, prefecture in short_names for before in ("", prefecture)}
    english = _ENGLISH.sub("", one.name_en)
    short |= {plain(english), plain(english + one.prefecture_en)}
    return full - {""}, short - {""}
