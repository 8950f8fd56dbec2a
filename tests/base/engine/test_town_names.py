"""Which town is meant: what people write for all 1,741, and what is never guessed."""

import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.base.engine.romaji import municipality_name_en
from machi.base.engine.town_names import Called, TownNames


def _register() -> list[Called]:
    with (files("machi.base") / "data" / "prefectures.csv").open(encoding="utf-8") as file:
        prefectures = {row["name"]: row for row in csv.DictReader(file)}
    with (files("machi.base") / "data" / "municipalities.csv").open(encoding="utf-8") as file:
        return [
            Called(
                row["code"],
                row["name"],
                row["kana"],
                municipality_name_en(row["name"], row["kana"]),
                row["prefecture"],
                prefectures[row["prefecture"]]["kana"],
                prefectures[row["prefecture"]]["name_en"],
            )
            for row in csv.DictReader(file)
            if row["kind"] != "ward"
        ]


REGISTER = _register()
NAMES = TownNames(REGISTER)


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("厚木市", ["142123"]),
        ("厚木", ["142123"]),
        (" 神奈川県 厚木市 ", ["142123"]),
        ("あつぎし", ["142123"]),
        ("アツギ", ["142123"]),
        ("ａｔｓｕｇｉ", ["142123"]),
        ("Atsugi City, Kanagawa", ["142123"]),
        ("142123", ["142123"]),
        ("１４２１２３", ["142123"]),
        ("神奈川県厚木市 142123", ["142123"]),
        ("厚木市（142123）", ["142123"]),
        ("倉敷市 142123", []),  # the code is another town's
        ("府中市", ["132063", "342084"]),
        ("東京都府中市", ["132063"]),
        ("広島県府中市", ["342084"]),
        ("府中", ["132063", "342084", "343021"]),
        ("一宮市", ["232033"]),  # though 一宮町 is there
        ("鎌ヶ谷市", ["122246"]),
        ("鎌ケ谷", ["122246"]),
        ("山", []),
        ("", []),
        ("県", []),
    ],
)
def test_what_people_write(words, codes):
    assert sorted(NAMES.meant(words)) == codes


def test_every_town_is_meant_by_its_prefecture_and_name_and_by_its_code():
    for one in REGISTER:
        assert NAMES.meant(f"{one.prefecture}{one.name}") == (one.code,)
        assert NAMES.meant(f"{one.prefecture}{one.name} {one.code}") == (one.code,)
        assert NAMES.meant(one.code) == (one.code,)
        assert one.code in NAMES.meant(one.name)


@given(st.text(max_size=80))
def test_any_text_is_read(words):
    assert set(NAMES.meant(words)) <= {one.code for one in REGISTER}
    assert len(NAMES.near(words)) <= 5


@given(st.sampled_from(REGISTER), st.integers(1, 4))
def test_a_part_of_a_name_is_near_and_not_meant_unless_it_is_a_name(one, size):
    part = one.name[:size]
    for code in NAMES.meant(part):
        (town,) = [other for other in REGISTER if other.code == code]
        assert part in (town.name, town.name[:-1], town.kana, town.prefecture)
    if len(NAMES.near(part)) < 5:
        assert one.code in NAMES.near(part)
