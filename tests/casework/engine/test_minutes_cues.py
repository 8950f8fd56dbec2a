"""Cues of a sentence: its words in short notation, and what people say when they ask, promise, settle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.casework.engine.minutes_cues import cues, shown_by
from machi.casework.engine.minutes_words import things_in, words_of


def test_a_sentence_is_written_in_short_notation():
    assert words_of("13日までに出して。").notation == " 13 日 まで に V:出す て 。 "
    assert words_of("えー、確認しといてください。").notation == " 、 N:確認 する とく て くださる! 。 "


def test_a_stretch_of_the_notation_is_one_of_the_sentence():
    words = words_of("図面を直してください。")
    at = words.notation.index("V:直す")
    start, end = words.said(at, at + 4)
    assert "図面を直してください。"[start:end] == "直し"


def test_half_of_a_surrogate_pair_is_read_as_no_word():
    assert words_of("\ud800決めます。").notation.endswith("V:決める ます 。 ")


@pytest.mark.parametrize(
    "words",
    [
        "3社取って。",
        "見といてくれへん？",
        "出してもらえますか。",
        "直しといて、誤字。",
        "作ってけろ。",
        "確認してください。",
        "取り直してもらわんと。",
        "電話しなさい。",
    ],
)
def test_asking_shows_in_many_ways_of_speaking(words):
    assert "request" in {one.act for one in cues(words).values()}


@pytest.mark.parametrize(
    "words",
    ["私がやります。", "わしが出しとくばい。", "聞いとくわ。", "提出いたします。", "現地を見てきますね。"],
)
def test_promising_shows_in_many_ways_of_speaking(words):
    assert "promise" in {one.act for one in cues(words).values()}


@pytest.mark.parametrize(
    "words",
    [
        "原案どおり可決されました。",
        "では、A案でいきます。",
        "ほな網は買うということで。",
        "今年は見送りましょう。",
        "それで決まりです。",
    ],
)
def test_settling_shows_in_many_ways_of_speaking(words):
    assert "settle" in {one.act for one in cues(words).values()}


def test_what_shows_it_are_words_of_the_sentence():
    sentence = "図面を直して、今週中にメールしてくれる？"
    assert all(word in sentence for word in shown_by([cues(sentence)], {"request"}))
    assert shown_by([cues(sentence)], {"request"}) != ()


@given(st.text(max_size=300))
def test_no_text_breaks_the_cues(text):
    for cue in cues(text).values():
        assert isinstance(cue.words, str)
    things_in(text)
