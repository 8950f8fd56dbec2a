"""The search form: what it brings together, what it leaves alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.language.engine.text import fold_kana, search_form


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("ＡＥＤの場所", "aedの場所"),
        ("ｺﾞﾐｾﾝﾀｰ", "ゴミセンター"),
        ("センタ－", "センター"),
        ("センタ―ー", "センター"),
        ("センター-1", "センター-1"),
        ("スーパ-24", "スーパ-24"),
        ("㈱まち", "(株)まち"),
        ("①②", "12"),
        ("３０㎡", "30m2"),
        ("９時〜17時", "9時~17時"),
        ("10－2−3‐4", "10-2-3-4"),
        ("粗大\u200bごみ\ufeff", "粗大ごみ"),
        ("a\x00b\x1fc", "a b c"),
        ("ごみ\ud800", "ごみ "),
        ("一行目\n二　　行目\t終", "一行目\n二 行目 終"),
        ("髙島屋 葛󠄀城", "髙島屋 葛󠄀城"),
        ("", ""),
    ],
)
def test_search_form_brings_spellings_together(written: str, searched: str) -> None:
    assert search_form(written) == searched


@given(st.text())
def test_search_form_of_a_search_form_is_itself(text: str) -> None:
    once = search_form(text)
    assert search_form(once) == once


def test_fold_kana_writes_katakana_as_hiragana() -> None:
    assert fold_kana("ゴミ・ヴィラ・ヶ・センター・abc漢字") == "ごみ・ゔぃら・ゖ・せんたー・abc漢字"
