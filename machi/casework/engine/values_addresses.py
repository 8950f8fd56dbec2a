"""Addresses, kept as written but for the width of digits, and held against the register of municipalities."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import jaconv

from machi.language.engine.eras import number

_HOUSE = re.compile(r"\d|[一二三四五六七八九十]+(?:丁目|番)|番地|無番地")
_DASH = re.compile(r"(?<=[0-9])\s?[‐‑–—―−－ーｰ\-]\s?(?=[0-9])")
_BEFORE_NUMBER = re.compile(r"(?<=[一-鿿々ヶケノ]) (?=[0-9])")
"""厚木市中町 3-17-17: a blank that recognisers see where none was meant; before a building it stays."""
_DISTRICT = re.compile(r"[^市区町村\s0-9]{1,5}郡")
_PREFECTURE = re.compile(r"^(?:東京都|北海道|京都府|大阪府|[^市区町村\d]{2,3}県)")
_TOWN_LIKE = re.compile(r"[^0-9\s]{1,8}?[市区町村]")


@dataclass(frozen=True, slots=True)
class Found:
    """Where an address begins: its municipality and what follows it."""

    prefecture: str
    town: str
    """As the register has it, without blanks: 札幌市中央区."""
    rest: str


class AddressRegister:
    """The municipalities (and wards) of Japan, or of as many as are handed in.

    >>> towns = AddressRegister([("神奈川県", "厚木市"), ("北海道", "札幌市 中央区")])
    >>> towns.find("厚木市中町3-17-17")
    (Found(prefecture='神奈川県', town='厚木市', rest='中町3-17-17'),)
    """

    def __init__(self, towns: Iterable[tuple[str, str]]) -> None:
        """Of (prefecture, name) pairs; a ward's name may hold a blank behind its city."""
        self._prefectures: set[str] = set()
        self._by_name: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for prefecture, name in towns:
            plain = name.replace(" ", "").replace("　", "")
            self._prefectures.add(prefecture)
            self._by_name[_form(plain)].add((prefecture, plain))
        self._longest = max(map(len, self._by_name), default=0)

    def towns(self) -> frozenset[tuple[str, str]]:
        """Prefecture and name of each, without blanks."""
        return frozenset(town for towns in self._by_name.values() for town in towns)

    def prefecture(self, text: str) -> str:
        """The prefecture that ``text`` begins with, or nothing."""
        return next((name for name in sorted(self._prefectures) if name and text.startswith(name)), "")

    def find(self, text: str) -> tuple[Found, ...]:
        """The municipalities that ``text`` may begin with, the longest name; several where a name is borne twice."""
        named = self.prefecture(text)
        after = text[len(named) :].lstrip()
        district = _DISTRICT.match(after)
        for start in dict.fromkeys((0, district.end() if district else 0)):
            for length in range(min(self._longest, len(after) - start), 1, -1):
                towns = self._by_name.get(_form(after[start : start + length]), set())
                rest = after[start + length :].strip()
                found = tuple(Found(p, town, rest) for p, town in sorted(towns) if named in ("", p))
                if found:
                    return found
        return ()

    def knows(self, text: str) -> bool:
        """Whether the name behind the prefecture is a town's, whichever prefecture is written."""
        after = text[len(self.prefecture(text)) :].lstrip()
        return any(_form(after[:n]) in self._by_name for n in range(2, self._longest + 1))


@cache
def register_of_japan() -> AddressRegister:
    """Of all municipalities and wards, as the base ships them."""
    with files("machi.base").joinpath("data/municipalities.csv").open(encoding="utf-8") as lines:
        return AddressRegister((row["prefecture"], row["name"]) for row in csv.DictReader(lines))


def address(text: str, register: AddressRegister | None) -> tuple[str, tuple[str, ...]]:
    """Digits and letters half width, dashes between digits ``-``, single blanks; the words as written.

    Doubts, where a register is given: ``no-town`` (none is named), ``no-such-town`` (the one named is not in it),
    ``wrong-prefecture``, ``several-towns`` (府中市 without its prefecture); always ``no-house-number``.
    """
    half = jaconv.h2z(jaconv.z2h(text, kana=False, ascii=True, digit=True), kana=True)
    half = re.sub(r"^(?:〒\s?)?\d{3}\s?[-－ー]?\s?\d{4}\s+", "", re.sub(r"\s+", " ", half))
    value = _BEFORE_NUMBER.sub("", _DASH.sub("-", half)).strip()
    doubts = [*_of_town(value, register)] if register is not None else []
    if not _HOUSE.search(value):
        doubts.append("no-house-number")
    return value, tuple(doubts)


def _of_town(value: str, register: AddressRegister) -> tuple[str, ...]:
    found = register.find(value)
    if len({(one.prefecture, one.town) for one in found}) > 1:
        return ("several-towns",)
    if found:
        return ()
    if register.prefecture(value) and register.knows(value):
        return ("wrong-prefecture",)
    return ("no-such-town",) if register.prefecture(value) or _TOWN_LIKE.match(value) else ("no-town",)


def address_form(text: str) -> str:
    """The form in which addresses are compared: 3丁目17番17号, ３－１７－１７ and 三丁目17の17 are one."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"[一二三四五六七八九十]+(?=丁目|番|号)", lambda found: str(number(found[0])), plain)
    plain = re.sub(r"(?<=\d)(?:丁目|番地の?|番|号(?!室)|の|[-‐‑–—―−ー])(?=\d)", "-", plain)
    plain = re.sub(r"(?<=\d)(?:番地|番|号(?!室)|丁目)$", "", plain)
    return _form(plain).casefold()


def addresses_agree(one: str, other: str) -> bool:
    """Whether two addresses are one place, however written; one of them may leave its prefecture out."""
    first, second = address_form(one), address_form(other)
    if first == second:
        return True
    bare = _PREFECTURE.sub("", first), _PREFECTURE.sub("", second)
    return (bare[0] == first) != (bare[1] == second) and bare[0] == bare[1]


def _form(text: str) -> str:
    return (
        text.replace("ヶ", "ケ")
        .replace("が", "ケ")
        .replace("ガ", "ケ")
        .replace("ﾉ", "ノ")
        .replace("檜", "桧")
    )
