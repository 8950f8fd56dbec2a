"""Addresses in every combination of municipality, quarter, house number, building and room. Made-up addresses."""

import itertools

import pytest

from machi.language.engine.personal import Kind, find_numbers

HEADS = ["静岡県焼津市", "札幌市中央区", "榛原郡吉田町", "大阪府堺市 堺区"]
TOWNS = ["本町", "大字中根", "一ノ宮", "五ヶ堀之内", "みなとみらい"]
NUMBERS = [
    "2丁目16番32号",
    "二丁目十六番三十二号",
    "二丁目の九の十四",
    "２－１６－３２",
    "2ー16ー32",
    "1234番地の5",
    "千二百三十四番地",
    "87ノ3",
    "2・16・32",
]
BUILDINGS = [
    "",
    "　コーポ青葉201",
    "　第二さくら荘 5号",
    " レオパレスTOWN B棟201",
    "　クレストフォルム焼津1203",
    " 山田様方",
    "　Ｃ－２０５",
    " 合同庁舎4階",
]


def _addresses(text):
    return [text[one.start : one.end] for one in find_numbers(text, {Kind.ADDRESS})]


@pytest.mark.parametrize("building", BUILDINGS)
@pytest.mark.parametrize("head", HEADS)
def test_an_address_is_found_whole(head, building):
    for town, number in itertools.product(TOWNS, NUMBERS):
        address = f"{head}{town}{number}{building}"
        assert _addresses(f"私は{address}に住んでいます") == [address]


@pytest.mark.parametrize(
    "text",
    [
        "焼津市本町2-16-32　電話 054-626-1111",
        "焼津市本町2-16-32 氏名 山田太郎",
    ],
)
def test_the_next_field_is_no_building(text):
    assert _addresses(text) == ["焼津市本町2-16-32"]


@pytest.mark.parametrize(
    "address",
    [
        "ﾔｲﾂﾞｼ ﾎﾝﾏﾁ 2-16-32",
        "シズオカケンフジエダシアオキ２チョウメ３－４",
        "2-16-32 Honmachi, Yaizu-shi, Shizuoka",
        "Shizuoka-ken, Yaizu-shi, Ogawa 12-3",
    ],
)
def test_addresses_in_other_scripts(address):
    assert _addresses(f"{address}\n") == [address]


@pytest.mark.parametrize("text", ["カイシ 2025", "Windows 11, Office 2021", "ヤイヅシ ノ コウホウ"])
def test_no_address_in_other_scripts(text):
    assert _addresses(text) == []
