"""Addresses that begin with their quarter, as people of one town write them: 若宮町8-21, 字西野々12-1, 中央4-11-6-302.

Nothing but their form tells them, so they must fill a field of their own.
"""

import re
from collections.abc import Iterator

from machi.language.engine.personal.address_grammar import BUILDING, CHAIN, NO_UNIT
from machi.language.engine.personal.kinds import Found, Kind
from machi.language.engine.personal.lexicon import is_place

_BEGIN = r"(?:(?<=[ \n、。|(=:])|^)"
_END = r"(?=[ \n、。|,)]|$|の(?![0-9一-鿿])|です|に[住おあ]|氏名|様方)"
_LAND = (
    r"(?! ?(?:[田畑] ?[0-9]|田|畑|山林|宅地|原野|雑種地|地目|地内|公衆用|ほか|外[0-9一二三]"
    r"|の(?:田|畑|土地|農地|一部)))"
)
"""A lot of land is no dwelling."""
_PARCEL = re.compile(r"(?:家屋番号|地番|筆)[ :]?$")
_TWO = (
    r"(?:[1-9][0-9]{0,3}(?:[-のノ][0-9]{1,4}){1,4}|[一二三四五六七八九十]{1,3}(?:ノ[一二三四五六七八九十]{1,3}){1,3}"
    r"|[l1-9][0-9l]{0,3}番地)"
)
_NAMED = re.compile(
    rf"{_BEGIN}大?字[一-鿿々ヶノ之ァ-ヶぁ-ん]{{1,10}}?{CHAIN}{NO_UNIT}{_LAND}{BUILDING}{_END}"
)
_TOWN = re.compile(
    rf"{_BEGIN}[一-鿿々ヶ]{{1,5}}(?:町|台|[がヶ]?丘)[甲乙丙丁イロハ]?{_TWO}{NO_UNIT}{_LAND}{BUILDING}{_END}"
)
_PLACE = re.compile(
    rf"{_BEGIN}(?P<place>[一-鿿々ヶ]{{2,5}})[1-9][0-9]{{0,2}}(?:-[0-9]{{1,4}}){{2,4}}{NO_UNIT}{_LAND}{BUILDING}{_END}"
)


def in_quarters(text: str) -> Iterator[Found]:
    """Addresses of a view that name no municipality."""
    for pattern in (_NAMED, _TOWN, _PLACE):
        for match in pattern.finditer(text):
            if _PARCEL.search(text, max(0, match.start() - 8), match.start()):
                continue
            if pattern is not _PLACE or is_place(match["place"]):
                yield Found(
                    Kind.ADDRESS, *match.span(), 0.7, "quarter and house number in a field of their own"
                )
