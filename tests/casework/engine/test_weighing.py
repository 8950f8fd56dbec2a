"""What can stand in a field, weighed against what the picture says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.casework.engine.lattices import Lattice
from machi.casework.engine.plausible import mended, weight
from machi.casework.engine.types import FieldKind
from machi.casework.engine.weighing import is_doubtful, is_nothing, weighed


def pictured(*steps: dict[str, float]) -> Lattice:
    """Each step's letters with their chances; blanks between the steps, and what is left over is blank."""
    letters = ["", *dict.fromkeys(letter for step in steps for letter in step)]
    rows = []
    for step in steps:
        row = [step.get(letter, 0.0) for letter in letters]
        row[0] = 1 - sum(row)
        rows += [row, [1.0] + [0.0] * (len(letters) - 1)]
    return Lattice(np.array(rows, np.float32), letters)


def sure(text: str) -> list[dict[str, float]]:
    return [{letter: 0.98} for letter in text]


def read(kind: FieldKind, *steps: dict[str, float]) -> str:
    told = weighed(kind, pictured(*steps))
    assert told is not None
    assert 0 < told.chance <= 1
    return told.text


@pytest.mark.parametrize(
    ("kind", "steps", "wanted"),
    [
        ("date", [{"分": 0.9, "令": 0.001}, *sure("和6年8月23日")], "令和6年8月23日"),
        ("yen", [*sure("4,936"), {".": 0.6, ",": 0.3}, *sure("000円")], "4,936,000円"),
        ("kana", [*sure("シゲ"), {"ョ": 0.7, "ヨ": 0.2}], "シゲヨ"),
        ("postal_code", [*sure("243"), {"-": 0.7}, *sure("0018")], "2430018"),
        ("my_number", [*sure("12345678901"), {"3": 0.5, "8": 0.4}], "123456789018"),
        ("person", [*sure("小田原樹"), {"6": 0.6}, {"2": 0.6}], "小田原樹"),
        ("text", [*sure("世"), {"串": 0.6, "帯": 0.3}, *sure("主")], "世帯主"),
        ("address", [{"三": 0.001}, *sure("重県津市安濃町17番地")], "三重県津市安濃町17番地"),
        ("address", [*sure("福島県"), {"璃": 0.6, "塙": 0.05}, *sure("町大字山形1-2")], "福島県塙町大字山形1-2"),
    ],
)  # fmt: skip
def test_what_can_stand_in_the_field_wins_where_the_picture_is_unsure(
    kind: FieldKind, steps: list[dict[str, float]], wanted: str
) -> None:
    assert read(kind, *steps) == wanted


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("date", "未定"),
        ("person", "纐纈鼎彝"),
        ("address", "無何有郷大字壺中9番地"),
        ("kana", "ッォョ"),
        ("text", "蜃気楼株式会社"),
        ("yen", "別紙"),
    ],
)
def test_what_no_list_has_still_comes_out_where_the_picture_is_clear(kind: FieldKind, text: str) -> None:
    clear = [{letter: 0.9999999} for letter in text]
    assert read(kind, *clear) == text


def test_what_cannot_stand_in_its_field_is_doubtful_however_sure() -> None:
    assert is_doubtful("date", "分和6年8月23日", 0.999)
    assert not is_doubtful("date", "令和6年8月23日", 0.999)
    assert is_doubtful("text", "人", 0.9)


def test_a_lattice_of_nothing_has_no_text() -> None:
    assert weighed("text", Lattice(np.array([[1.0, 0.0]], np.float32), ["", "a"])) is None


def test_the_chance_says_how_close_it_was() -> None:
    near = weighed("text", pictured({"A": 0.5, "B": 0.49}))
    far = weighed("text", pictured({"A": 0.98, "B": 0.001}))
    assert near is not None
    assert far is not None
    assert near.chance < 0.6 < 0.95 < far.chance


@pytest.mark.parametrize(
    ("read_as", "meant"),
    [
        ("重県津市安濃町40番地", "三重県津市安濃町40番地"),
        ("鹿児鼻美市名瀬浜里481番地", "鹿児島県奄美市名瀬浜里481番地"),
        ("嘉根県出雲市多伎町久村38番地", "島根県出雲市多伎町久村38番地"),
    ],
)
def test_municipalities_that_are_like_what_was_read(read_as: str, meant: str) -> None:
    assert meant in list(mended(read_as))


def test_an_address_of_a_municipality_is_left_alone() -> None:
    assert not list(mended("神奈川県厚木市中町3-17-17"))


@given(st.sampled_from(["text", "person", "address", "date", "kana", "yen", "email"]), st.text(max_size=30))
def test_plausibility_is_never_a_bonus(kind: str, text: str) -> None:
    assert weight(kind, text) <= 0
    assert all(isinstance(one, str) for one in mended(text))


@pytest.mark.parametrize(
    ("kind", "likely", "unlikely"),
    [
        ("person", "富岡　恵子", "冨岡恵孑"),
        ("person", "山田太郎", "山田太郎3.11"),
        ("address", "富山県富山市奥田町12番地3", "富山県富山市奥田町12播地3"),
        ("address", "富山県富山市奥田町1-2-3", "富土県富山市奥田町1-2-3"),
        ("my_number", "123456789018", "123456789012"),
        ("date", "令和6年2月29日", "令和7年2月29日"),
    ],
)
def test_of_two_texts_the_plausible_one(kind: str, likely: str, unlikely: str) -> None:
    assert weight(kind, likely) > weight(kind, unlikely)


@pytest.mark.parametrize(
    ("kind", "text", "nothing"),
    [
        ("text", "一", True),
        ("text", "妻", False),
        ("person", "中", True),
        ("date", "4", True),
        ("number", "1", False),
        ("text", "一人", False),
    ],
)
def test_a_lone_stroke_is_no_writing(kind: FieldKind, text: str, nothing: bool) -> None:
    assert is_nothing(kind, text) is nothing


def test_rules_between_boxes_are_no_doubt() -> None:
    assert not is_doubtful("postal_code", "〒-2-4-3-0018", 0.99)
    assert is_doubtful("postal_code", "2430018", 0.9)
    assert is_doubtful("postal_code", "243001", 0.999)
