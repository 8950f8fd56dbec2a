import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.language.engine.personal import FRONT_DESK, Kind, PersonalNumberFound, Pseudonyms, find

LETTER = "山田太郎様（電話０５４－６２６－１１１１）。山田太郎様の住所は焼津市本町2-16-32です。"


def test_hide_and_reveal_bring_the_text_back():
    names = Pseudonyms()
    hidden = names.hide(LETTER)
    assert hidden == "〔人名1〕様（電話〔電話番号1〕）。〔人名1〕様の住所は〔住所1〕です。"
    assert names.reveal(hidden) == LETTER


def test_one_value_has_one_placeholder_through_a_request():
    names = Pseudonyms()
    first, second = names.hide_all(["電話054-626-1111", "電話０５４ー６２６ー１１１１"])
    assert first == second == "電話〔電話番号1〕"
    assert names.hide("電話090-1234-5678") == "電話〔電話番号2〕"


@pytest.mark.parametrize(
    "written", ["〔人名1〕", "[人名1]", "［人名１］", "【人名 1】", "( 人名1 )", "「人名１」"]
)
def test_reveal_understands_mangled_placeholders(written):
    names = Pseudonyms()
    names.hide("山田太郎様")
    assert names.reveal(f"{written}様へ") == "山田太郎様へ"


def test_reveal_leaves_what_was_never_given_out():
    names = Pseudonyms()
    names.hide("山田太郎様")
    assert names.reveal("〔人名7〕と〔住所1〕") == "〔人名7〕と〔住所1〕"


def test_a_literal_placeholder_comes_back_as_it_was():
    names = Pseudonyms()
    text = "〔人名1〕と書かれた紙を山田太郎様から受け取った。"
    hidden = names.hide(text)
    assert hidden == "〔記号1〕と書かれた紙を〔人名1〕様から受け取った。"
    assert names.reveal(hidden) == text


def test_a_name_found_once_is_hidden_everywhere():
    names = Pseudonyms()
    first, second = names.hide_all(["山田太郎様", "件名 山田太郎公園の命名について"])
    assert "山田太郎" not in first + second


def test_my_number_blocks_whatever_kinds_were_chosen():
    names = Pseudonyms({Kind.EMAIL})
    with pytest.raises(PersonalNumberFound) as refusal:
        names.hide_all(["a@example.jp", "個人番号は123456789018です"])
    assert not any(c.isdecimal() for c in str(refusal.value))
    assert names.hide("b@example.jp") == "〔メール1〕"


def test_kinds_not_chosen_stay():
    assert Pseudonyms(FRONT_DESK).hide("〒425-8502の収集日") == "〒425-8502の収集日"


VALUES = (
    "山田太郎様",
    "電話054-626-1111",
    "a@example.jp",
    "静岡県焼津市本町2-16-32",
    "生年月日：昭和45年3月2日",
)
PIECES = st.one_of(st.sampled_from(VALUES), st.text("あ、。〔〕人名1住所 \n様", max_size=8))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=5).map("。".join), min_size=1, max_size=3))
def test_nothing_true_leaves_and_all_comes_back(texts):
    names = Pseudonyms()
    hidden = names.hide_all(texts)
    values = {text[one.start : one.end] for text in texts for one in find(text)}
    assert not any(value in each for value in values if len(value) > 2 for each in hidden)
    assert [names.reveal(each) for each in hidden] == texts
