"""Readings and plain words beside a text that stays as it is."""

import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.language.engine.easy import Gloss, glosses, readings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("申し込みは市役所へ。", "申(もう)し込(こ)みは市役所(しやくしょ)へ。"),
        ("引っ越し", "引(ひ)っ越(こ)し"),
        ("5月1日と3月20日、4日間", "5月(がつ)1日(ついたち)と3月(がつ)20日(はつか)、4日(よっか)間(かん)"),
        ("1日1回", "1日1回(かい)"),
        ("10時30分", "10時(じ)30分(ぷん)"),
        ("15分、1人、20人", "15分(ふん)、1人(ひとり)、20人(にん)"),
        ("ひらがな ABC 123 🍣", "ひらがな ABC 123 🍣"),
    ],
)
def test_readings_stand_above_kanji_only(text: str, expected: str) -> None:
    assert (
        "".join(f"{piece}({reading})" if reading else piece for piece, reading in readings(text)) == expected
    )


def test_glosses_explain_each_official_word_once() -> None:
    text = "転入届は窓口へ。転入届の手数料は無料。"
    found = glosses(text)
    assert [gloss.word for gloss in found] == ["転入届", "窓口", "手数料", "無料"]
    assert found[0] == Gloss(0, 3, "転入届", "ほかの市や町から引っ越してきたことを知らせる書類")


def test_glosses_do_not_explain_parts_of_other_words() -> None:
    assert glosses("不可欠です") == []
    assert [gloss.word for gloss in glosses("助成金の申請")] == ["助成金", "申請"]


def test_glossary_holds_enough_words_each_once() -> None:
    entries = json.loads(files("machi.language.engine").joinpath("data/easy_words.json").read_text("utf-8"))[
        "entries"
    ]
    words = [word for entry in entries for word in entry["words"]]
    assert len(entries) >= 150
    assert len(words) == len(set(words))


@given(st.text(max_size=200) | st.text(alphabet="一二日月分人1234567890年申し込み。 ", max_size=60))
def test_readings_never_change_the_text(text: str) -> None:
    assert "".join(piece for piece, _ in readings(text)) == text


@given(st.text(max_size=200))
def test_glosses_stand_where_they_say(text: str) -> None:
    for gloss in glosses(text + "の転入届"):
        assert (text + "の転入届")[gloss.start : gloss.end] == gloss.word
