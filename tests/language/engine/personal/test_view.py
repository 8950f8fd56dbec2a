from hypothesis import given
from hypothesis import strategies as st

from machi.language.engine.personal.view import view


def test_view_makes_widths_and_dashes_one():
    assert view("０５４ー６２６‐１１１１").text == "054-626-1111"


def test_view_composes_half_width_kana_and_keeps_their_place():
    seen = view("ﾔﾏﾀﾞ様")
    assert seen.text == "ヤマダ様"
    assert seen.span(2, 3) == (2, 4)


def test_view_drops_what_is_invisible():
    seen = view("12\u200b34")
    assert seen.text == "1234"
    assert seen.span(0, 4) == (0, 5)


def test_view_knows_variants_of_names():
    assert view("髙橋と﨑山と辻\U000e0100").text == "高橋と崎山と辻"


def test_view_expands_and_points_back():
    seen = view("㈱山田")
    assert seen.text == "(株)山田"
    assert seen.span(0, 3) == (0, 1)


def test_view_keeps_circled_digits_apart_from_numbers():
    assert view("①123456789018").text == "①123456789018"


def test_view_keeps_the_long_vowel():
    assert view("センター１ー２").text == "センター1-2"


@given(st.text())
def test_view_spans_are_of_the_original(text):
    seen = view(text)
    assert len(seen.starts) == len(seen.ends) == len(seen.text)
    assert all(0 <= start < end <= len(text) for start, end in zip(seen.starts, seen.ends, strict=True))
    assert seen.starts == sorted(seen.starts)
