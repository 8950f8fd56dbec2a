"""Search tokens: words that mean the same to a citizen come out the same."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.language.engine.tokens import query_tokens, search_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("粗大ごみの出し方は？", ["粗大", "ごみ", "出す", "方"]),
        ("粗大ゴミの出しかたを教えてください", ["粗大", "ごみ", "出す", "方"]),
        ("印鑑登録証明書", ["印鑑", "登録", "証明", "書"]),
        ("引越しの手続", ["引っ越し", "手続き"]),
        ("子どもの予防接種", ["子供", "予防", "接種"]),
        ("ＡＥＤ", ["aed"]),
        ("1,000円", ["1000", "円"]),
        ("どうすればいいですか？", []),
        ("😀。、\n", []),
        ("", []),
    ],
)
def test_search_tokens_are_content_words_in_one_spelling(text: str, tokens: list[str]) -> None:
    assert search_tokens(text) == tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("申込み", "申し込み"),
        ("問合せ", "お問い合わせ"),
        ("ｻｰﾋﾞｽｾﾝﾀｰ", "サービスセンター"),
        ("コンピュータ", "コンピューター"),
        ("子供", "こども"),
        ("ゴミ", "ごみ"),
        ("WiFi", "Ｗｉ－Ｆｉ"),
    ],
)
def test_variants_of_a_word_have_the_same_tokens(one: str, other: str) -> None:
    assert search_tokens(one) == search_tokens(other) != []


def test_search_tokens_repeat_as_often_as_they_occur() -> None:
    assert search_tokens("ごみとごみ") == ["ごみ", "ごみ"]


def test_query_tokens_are_distinct_and_bounded() -> None:
    assert query_tokens("ごみとゴミと住民票") == ["ごみ", "住民", "票"]
    assert query_tokens("ごみ住民票", limit=2) == ["ごみ", "住民"]
    many = "、".join(f"{number}番" for number in range(1000, 3000))
    assert len(query_tokens(many)) == 64


def test_long_text_is_read_to_its_end() -> None:
    # Sudachi refuses more than 49,149 bytes at once; the cut between pieces splits no word.
    text = "図書館は休みです。" * 5_000 + "動物園"
    tokens = search_tokens(text)
    assert tokens.count("図書") == 5_000
    assert tokens[-2:] == ["動物", "園"]
    assert len(search_tokens("亜" * 30_000)) > 0


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(), max_size=300))
def test_any_text_has_tokens_without_blanks(text: str) -> None:
    tokens = search_tokens(text)
    assert all(token and not any(char.isspace() for char in token) for token in tokens)
    assert query_tokens(text) == list(dict.fromkeys(tokens))[:64]


def test_threads_tokenise_at_once() -> None:
    texts = [f"第{number}図書館の粗大ごみ収集について" for number in range(200)]
    started = threading.Barrier(4)

    def tokenise(part: int) -> list[list[str]]:
        started.wait()
        return [search_tokens(text) for text in texts[part::4]]

    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(tokenise, range(4)))
    for part, found in enumerate(parts):
        assert found == [search_tokens(text) for text in texts[part::4]]
