"""Addresses, from the prefecture or municipality (or the quarter alone) down to house number and room.

Found from the name of a municipality (``places``) to the right: its quarter, then numbers, then a building.
A quarter without a house number is a neighbourhood; it counts only where the text calls it an address.
"""

import re
from collections.abc import Iterator

from machi.language.engine.personal.address_grammar import (
    BUILDING,
    BUILDING_ALONE,
    CHAIN,
    LETTER,
    NO_UNIT,
    NUM,
)
from machi.language.engine.personal.address_quarters import in_quarters
from machi.language.engine.personal.address_scripts import in_other_scripts
from machi.language.engine.personal.kinds import Found, Kind
from machi.language.engine.personal.places import municipalities, prefectures

_STOP = (
    r"では|には|から|まで|ました|です|する|した|って|について|における|にある|令和|平成|昭和|電話|市役所|役場|議会|人口|条例"
    r"|規則|計画|予算|第[0-9]+[回次期号]"
)
_NUMBERED = r"条|線|地割|区画|番[丁町]|街区|丁(?!目)|区[0-9]|号[東西南北]|部[0-9]|の町"
_TOWN = (
    rf"(?:(?!{_STOP})(?:{LETTER}|{NUM}(?={_NUMBERED})| (?={LETTER}|[0-9])))"  # letters of a quarter's name
)
_NUMBER_PLATE = r"(?! ?[ぁ-ん] ?[0-9]{2}-[0-9]{2}(?![0-9]))"
_AFTER_MUNICIPALITY = re.compile(
    rf"{_NUMBER_PLATE} ?(?P<town>{_TOWN}{{0,20}}?) ?(?<!第)(?P<chain>{CHAIN}){NO_UNIT}{BUILDING}"
)
_BARE = re.compile(
    rf"(?:(?<![0-9一-鿿々ァ-ヶー-])|(?<=住所)|(?<=居所)|(?<=本籍)|(?<=自宅)|(?<=現場))(?!住所|居所|本籍|自宅|現場)"
    rf"(?P<town>[一-鿿々ヶヵ](?:(?!第)[一-鿿々ヶヵノァ-ヶーがの]){{0,9}}?)"
    rf"(?<!第)(?P<chain>{CHAIN}){NO_UNIT}{BUILDING}"
)
_END_OF_TOWN = r"(?=[ \n、。,()「」]|$|に(?:住|居|お)|で[すあ]|から)"
_RESIDENT = re.compile(rf" ?(?![内外民])(?:(?!在住|に住|に居住){LETTER}){{2,12}}?(?=在住|に住|に居住)")
_TOWN_ALONE = re.compile(rf" ?(?:(?!は、|が、|に(?:住|居|お)|です){LETTER}){{1,12}}?{_END_OF_TOWN}")
_CALLED = re.compile(
    r"住所|住ま|住む|住ん|居住|居所|在住|転居|転入|転出|引っ?越|自宅|実家|本籍|所在地|宛|送付先|〒|新居|届け先|暮ら|宅|現住|旧居|家は"
)
_LABEL = re.compile(r"(?:住所|居所|本籍地?|所在地|送付先|転居先|転出先|届け先)(?:\(.{1,10}\))?[ :はが]{0,4}$")
_COLUMN = re.compile(r"(?:住所|所在地)[^\n]*\n(?:[^\n]*\n)*[^\n]*[,|;]$")
"""A table with a column of addresses, up to the beginning of a cell."""
_PUBLIC_WORKS = re.compile(r"(?:地内|付近|交差点|周辺|先線)")
_DISTRICT = re.compile(r"[一-鿿]{1,4}郡 ?$")
_OLD_NAME = re.compile(rf" ?(?P<name>{LETTER}{{1,6}}?[市区町村])")
_KYOTO = re.compile(
    rf" ?(?:{LETTER}|[0-9]){{2,16}}?(?:上|下|東入|西入)[るルり]?(?:{LETTER}|[0-9](?=丁目)){{0,14}}?"
    rf"(?P<chain>{CHAIN})(?![一-鿿]){NO_UNIT}{BUILDING}"
)
"""Where a street and the way from its crossing stand before the quarter: 室町通六角下る鯉山町512番地."""
_ONE_NUMBER = re.compile(
    r"[1-9][0-9]{2,4}(?:番|-?[A-Z甲乙丙丁イロハ])?|[1-9],[0-9]{3}|[一二三四五六七八九〇]{3,5}"
)
_LOT = re.compile(r"(?:字|地割|線[東西南北]?|[甲乙丙丁]|[ぁ-ん一-鿿][イロハニホヘト])")
"""What a quarter holds where one number after it is a lot's: 字大手先13, 大更第25地割118, 香西本町甲77."""
_FREE_QUARTER = re.compile(
    r"(?!.*(?:告示|訓令|要綱|番号|電話|人口|内線|平均|総額|合計|西暦|年度|定員|約|計|全|最大|収容|面積|標高|県道|国道|市道))[一-鿿々ヶケぁ-んァ-ヶ0-9]{0,20}"
)
_ENDS_FREE = re.compile(r"[ \n、。,|;)(]|の|で|と|に[おあ住]|[一-鿿]{1,4}様?方|氏名|前|$")
"""A lot number alone (池新田5585) stands where nothing is counted."""
_OF_IWATE = re.compile(
    rf"(?<![一-鿿])[一-鿿々ヶヵノ]{{2,10}}?第?[0-9]{{1,3}}地割(?P<chain>{CHAIN}){NO_UNIT}{BUILDING}"
)
"""Quarters of Iwate are numbered 地割, and nothing else is: they need no municipality before them."""
_IN_BRACKETS = re.compile(r"[)\n、 ]|$")
_OPENS = re.compile(r"[(=]$")
_TOWN_NAMED = re.compile(r"町$|字")
"""砂金(緑町3-4): beside a name."""
_REACH = 24
_BUILDING_ALONE = re.compile(BUILDING_ALONE)


def addresses(text: str) -> Iterator[Found]:
    """Every address of a view, possibly overlapping."""
    for start, end in _municipalities(text):
        match = (_KYOTO.match(text, end) if text.startswith("京都", start) else None) or (
            _AFTER_MUNICIPALITY.match(text, end)
        )
        if match and match.re is _KYOTO:
            yield Found(Kind.ADDRESS, start, match.end(), 0.95, "street of Kyoto and house number")
        elif match and _has_house_number(match["chain"]):
            yield Found(Kind.ADDRESS, start, match.end(), 0.95, "municipality and house number")
        elif match and _is_lot(text, start, match):
            yield Found(Kind.ADDRESS, start, match.end(), 0.65, "municipality, quarter and lot number")
        elif match and (
            _is_called(text, start, match.end()) or _COLUMN.search(text[max(0, start - 400) : start])
        ):
            yield Found(Kind.ADDRESS, start, match.end(), 0.8, "municipality and number, called an address")
        elif (alone := _TOWN_ALONE.match(text, end)) and _LABEL.search(text[max(0, start - 20) : start]):
            yield Found(Kind.ADDRESS, start, alone.end(), 0.7, "municipality and quarter behind a label")
        elif resident := _RESIDENT.match(text, end):
            yield Found(Kind.ADDRESS, start, resident.end(), 0.7, "municipality and quarter of a resident")
    yield from in_other_scripts(text)
    yield from in_quarters(text)
    for match in _BUILDING_ALONE.finditer(text):
        yield Found(Kind.ADDRESS, *match.span("value"), 0.7, "building in a field of its own")
    for match in _OF_IWATE.finditer(text):
        yield Found(Kind.ADDRESS, *match.span(), 0.75, "numbered quarter of Iwate and house number")
    for match in _BARE.finditer(text):
        if (
            _stands_alone(match["chain"])
            or (
                _IN_BRACKETS.match(text, match.end())
                and _OPENS.search(text, 0, match.start())
                and _TOWN_NAMED.search(match["town"])
            )
        ) or (_has_house_number(match["chain"]) and _is_called(text, match.start(), match.end())):
            yield Found(Kind.ADDRESS, match.start(), match.end(), 0.75, "quarter and house number")


def _is_lot(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether one number alone is a lot's: it stands free, and its quarter or its size says so."""
    if not _ENDS_FREE.match(text, match.end()) or not _FREE_QUARTER.fullmatch(match["town"]):
        return False
    return bool(
        _ONE_NUMBER.fullmatch(match["chain"])
        or _LOT.search(match["town"])
        or (match["town"] and len(match["chain"]) > 1 and text.startswith(tuple(prefectures()), start))
    )


def _has_house_number(chain: str) -> bool:
    return len(re.findall(NUM, chain)) > 1 or "番地" in chain


def _stands_alone(chain: str) -> bool:
    """Whether ``chain`` can be nothing else than a house number: 2丁目3番4号, 87番地, 16番32号."""
    return bool(re.search(rf"番地|{NUM} ?番 ?{NUM}号|丁目.*番|丁目 ?{NUM} ?(?:-|の) ?{NUM}", chain))


def _is_called(text: str, start: int, end: int) -> bool:
    if _PUBLIC_WORKS.match(text, end):
        return False
    return bool(_CALLED.search(text[max(0, start - _REACH) : start]) or _CALLED.search(text[end : end + 8]))


def _municipalities(text: str) -> Iterator[tuple[int, int]]:
    """Spans of municipalities, from their prefecture or district where it stands before them."""
    names = municipalities()
    covered = 0
    for index, character in enumerate(text):
        if character not in "市区町村" or index < covered:
            continue
        end = index + 1
        start = next((end - n for n in range(min(12, end), 1, -1) if text[end - n : end] in names), None)
        if start is None:
            continue
        # A ward behind its city: 静岡市葵区.
        covered = next((n for n in range(end + 5, end, -1) if text[start:n] in names), end)
        yield _widened(text, start), covered
    for prefecture in prefectures():
        at = text.find(prefecture)
        while at >= 0:
            old = _OLD_NAME.match(text, at + len(prefecture))
            if old and old["name"] not in names and text[at - 1 : at + 2] != "東京都":
                yield at, old.end()  # of a municipality that was merged: 静岡県清水市
            at = text.find(prefecture, at + len(prefecture))


def _widened(text: str, start: int) -> int:
    """``start``, or where the district and prefecture before it begin."""
    district = _DISTRICT.search(text, max(0, start - 8), start)
    if district:
        left = district.start()
        # 岡県榛原郡: the pattern cannot tell where the prefecture ends.
        start = next(
            (left + n for n in range(start - left) if text[: left + n].endswith(tuple(prefectures()))), left
        )
    for length in (3, 4):
        for gap in (0, 1):
            left = start - length - gap
            if (
                left >= 0
                and text[left : start - gap] in prefectures()
                and text[start - gap : start] in ("", " ")
            ):
                return left
    return start
