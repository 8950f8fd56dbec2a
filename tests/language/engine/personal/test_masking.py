import itertools

from hypothesis import given
from hypothesis import strategies as st

from machi.language.engine.personal import find_numbers, mask

TEXT = "電話054-626-1111、メールa@example.jp"


def test_mask_writes_labels():
    assert mask(TEXT, find_numbers(TEXT)) == "電話〔電話番号〕、メール〔メール〕"


def test_mask_writes_blocks_of_the_same_length():
    assert mask(TEXT, find_numbers(TEXT), "block") == "電話■■■■■■■■■■■■、メール■■■■■■■■■■■■"


NUMBERS = st.sampled_from(["054-626-1111", "０９０－１２３４－５６７８", "a@example.jp", "4111111111111111"])


@given(st.lists(st.one_of(st.text(max_size=20), NUMBERS), max_size=8).map("".join))
def test_masked_text_holds_no_found_value(text):
    found = find_numbers(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    rest, start = [], 0
    for one in found:
        rest.append(text[start : one.start])
        start = one.end
    assert mask(text, found, "block").replace("■", "") == "".join((*rest, text[start:])).replace("■", "")
