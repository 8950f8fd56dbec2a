"""Automata of what a field can hold, held against ``re``."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.casework.engine.grammars import Grammar, grammar_of

PATTERNS = ["ab?c", "(ab|a)*", "[0-9]+(,[0-9][0-9])*", "a(b|c|)d+", "x?(y|[ab]z)?", "[a-]b"]


@given(st.sampled_from(PATTERNS), st.text("abcdxyz019,-", max_size=8))
def test_a_grammar_takes_what_re_takes(pattern: str, text: str) -> None:
    assert Grammar(pattern).matches(text) == bool(re.fullmatch(pattern, text))


@given(st.sampled_from(PATTERNS), st.data())
def test_a_beginning_is_known_as_one(pattern: str, data: st.DataObject) -> None:
    whole = data.draw(st.from_regex(pattern, fullmatch=True))
    grammar = Grammar(pattern)
    state = grammar.start
    for letter in whole:
        state = grammar.step(state, letter)
        assert state
    assert grammar.ends(state)


@pytest.mark.parametrize("pattern", ["(ab", "ab)", "*a", "a|?"])
def test_a_sign_alone_is_an_error(pattern: str) -> None:
    with pytest.raises(ValueError):
        Grammar(pattern)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("date", "令和8年4月5日", "分和8年4月5日"),
        ("date", "昭和元年12月31日", "令和8年4月5日1"),
        ("date", "R8.1.12", "R8.13.12"),
        ("date", "2026/3/4 10時30分", "2026/3"),
        ("date", "令和八年十一月三十日(月)13:00", "令和八年十三月三日"),
        ("yen", "¥8,011,000-", "¥8.011,000"),
        ("yen", "金4,936,000円", "4,936,0001"),
        ("yen", "百二十万円", "円"),
        ("number", "10.5", "046278.9"),
        ("number", "1,200.5", "728577015.7"),
        ("date", "令和7年3月11日", "令和7年3月11"),
        ("number", "1,200人", "1,20"),
        ("telephone", "080(5704)3362", "080(5704)33"),
        ("telephone", "0465551234", "4655512345678"),
        ("postal_code", "〒243-0018", "243-001"),
        ("my_number", "123456789012", "12345678901"),
        ("kana", "おの しゅんいち", "しょょう"),
        ("kana", "ヤマジ　シゲヨ", "ヤマジ シゲョ"),
        ("kana", "イッペイ　ヴェロニカ", "ッペイ"),
    ],
)
def test_kinds_of_fields(kind: str, good: str, bad: str) -> None:
    grammar = grammar_of(kind)
    assert grammar is not None
    assert grammar.matches(good)
    assert not grammar.matches(bad)


def test_of_words_nothing_is_demanded() -> None:
    assert grammar_of("text") is None
    assert grammar_of("address") is None
