"""English questions are met with the Japanese words that documents use."""

import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.language.engine.answer import answer
from machi.language.engine.english import with_japanese
from machi.language.engine.types import Candidate, Hit


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("Where can I throw away bulky waste?", "Where can I throw away 粗大ごみ?"),
        ("LIBRARY hours", "図書館 hours"),
        ("resident certificate", "住民票"),
        ("catalogue", "catalogue"),
        ("粗大ごみの出し方", "粗大ごみの出し方"),
        ("", ""),
    ],
)
def test_words_of_the_glossary_become_japanese_and_others_stay(question: str, searched: str) -> None:
    assert with_japanese(question) == searched


def test_glossary_lists_each_english_word_once() -> None:
    entries = json.loads(
        files("machi.language.engine").joinpath("data/english_words.json").read_text("utf-8")
    )["entries"]
    english = [word for entry in entries for word in entry["english"]]
    assert len(english) == len(set(english))
    assert all(word == word.lower() for word in english)


def test_an_english_question_is_answered_from_a_japanese_document() -> None:
    library = Candidate(
        Hit(1, 1.0, 5.0, 0.85), "施設の一覧", ("図書館",), "開館時間: 9:00〜19:00\n住所: 本町1-1"
    )
    result = answer("What are the opening hours of the library?", [library])
    assert [sentence.text for sentence in result.sentences] == ["開館時間: 9:00〜19:00"]


@given(
    st.text(max_size=100).filter(
        lambda text: not any(char.isascii() and char.isalpha() for char in text.lower())
    )
)
def test_texts_without_latin_letters_stay_as_they_are(text: str) -> None:
    assert with_japanese(text) == text
