"""Names of municipalities and prefectures, read once from the register (``machi/base/data``)."""

import csv
from functools import cache
from importlib.resources import files

import jaconv

ROMAN = (
    "Hokkaido|Aomori|Iwate|Miyagi|Akita|Yamagata|Fukushima|Ibaraki|Tochigi|Gunma|Saitama|Chiba|Tokyo|Kanagawa|Niigata"
    "|Toyama|Ishikawa|Fukui|Yamanashi|Nagano|Gifu|Shizuoka|Aichi|Mie|Shiga|Kyoto|Osaka|Hyogo|Nara|Wakayama|Tottori"
    "|Shimane|Okayama|Hiroshima|Yamaguchi|Tokushima|Kagawa|Ehime|Kochi|Fukuoka|Saga|Nagasaki|Kumamoto|Oita|Miyazaki"
    "|Kagoshima|Okinawa|Sapporo|Sendai|Yokohama|Kawasaki|Nagoya|Kobe|Naha"
)
"""Prefectures and large cities, as they stand in addresses in Latin letters. A part of a pattern."""


@cache
def prefectures() -> frozenset[str]:
    """The 47 prefectures: 北海道, 東京都 ..."""
    return frozenset(row["prefecture"] for row in _rows())


@cache
def municipalities() -> frozenset[str]:
    """Municipalities and wards as they stand in addresses: 焼津市, 札幌市中央区, 中央区, 新宿区 ..."""
    names: set[str] = set()
    for row in _rows():
        names |= {row["name"].replace(" ", ""), *row["name"].split()}
    return frozenset(names)


@cache
def readings() -> frozenset[str]:
    """How those are read, in katakana: ヤイヅシ, サッポロシチュウオウク, チュウオウク ..."""
    names: set[str] = set()
    for row in _rows():
        names |= {row["kana"].replace(" ", ""), *row["kana"].split()}
    return frozenset(jaconv.hira2kata(name) for name in names if name)


def _rows() -> list[dict[str, str]]:
    with files("machi.base.data").joinpath("municipalities.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
