from hypothesis import given, settings
from hypothesis import strategies as st

from machi.frontdesk.engine.duplicates import NEAR, find_duplicates, find_near_duplicates

ARTICLE = (
    "市では、遊びを通して子どもが心身ともに健やかに成長するよう、市内6カ所に児童館を設けています。"
    "問い合わせは子育て支援課へ。"
)


def test_width_and_blanks_do_not_make_a_text_new() -> None:
    assert find_duplicates({1: "ＡＥＤは１階", 2: "別の文", 3: "AED は\n1階"}) == {3: 1}


def test_a_text_with_a_changed_month_is_nearly_the_same() -> None:
    texts = {
        5: ARTICLE + "5月号",
        6: ARTICLE + "6月号",
        7: "粗大ごみは電話で申し込みます。収集日の前日までに。",
    }
    found = find_near_duplicates(texts)
    assert list(found) == [6]
    assert found[6][0] == 5
    assert NEAR <= found[6][1] < 1


def test_equal_texts_are_wholly_alike() -> None:
    assert find_near_duplicates({1: ARTICLE, 2: ARTICLE, 3: ""}) == {2: (1, 1.0)}


def test_short_and_empty_texts_are_compared_too() -> None:
    assert find_near_duplicates({1: "", 2: "", 3: "休館", 4: "休館"}) == {2: (1, 1.0), 4: (3, 1.0)}


def shingles(text: str) -> set[str]:
    return {text[i : i + 5] for i in range(max(1, len(text) - 4))}


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(alphabet="あいうえおかきくけこ", min_size=5, max_size=30), min_size=2, max_size=6))
def test_the_likeness_given_is_the_jaccard_index(texts: list[str]) -> None:
    for copy, (original, likeness) in find_near_duplicates(dict(enumerate(texts))).items():
        one, other = shingles(texts[copy]), shingles(texts[original])
        assert original < copy
        assert likeness == len(one & other) / len(one | other)
