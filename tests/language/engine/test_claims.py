"""A generated sentence stays only where a passage says it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.language.engine.claims import Source, check, counts, kept

PASSAGE = Source(
    7,
    "粗大ごみは、収集日の3日前までに電話（046-225-2790）で申し込んでください。手数料は1点1,500円です。"
    "令和7年4月1日から、65歳以上の方は無料です。図書館は月曜日は開館していません。"
    "受付は午前9時〜午後5時。持ち込みはできません。予約は必要ありません。",
    "粗大ごみと図書館",
)


def why(sentence: str) -> str:
    (one,) = check(sentence, [PASSAGE])
    return one.why


@pytest.mark.parametrize(
    "sentence",
    [
        "粗大ごみは収集日の3日前までに電話で申し込みます。",
        "申込みは収集日の３日前まで、電話046-225-2790です。",
        "手数料は1点につき1500円です。",
        "手数料は千五百円です。",
        "2025年4月1日から65歳以上は無料になります。",
        "受付は9時から17時までです。",
        "図書館は月曜日には開館していません。",
        "持ち込みはできません。",
    ],
)
def test_what_the_passage_says_in_other_words_is_kept(sentence: str) -> None:
    assert why(sentence) == "supported"


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("手数料は1点1,600円です。", "facts"),
        ("粗大ごみは収集日の5日前までに電話で申し込みます。", "facts"),
        ("粗大ごみは収集日の3週間前までに電話で申し込みます。", "facts"),
        ("2026年4月1日から65歳以上は無料です。", "facts"),
        ("4月2日から65歳以上は無料です。", "facts"),
        ("65歳未満の方は無料です。", "facts"),
        ("受付は午前9時から午後6時までです。", "facts"),
        ("電話046-225-2791で申し込みます。", "facts"),
        ("図書館は火曜日は開館していません。", "facts"),
        ("厚木市の図書館は月曜日は開館していません。", "facts"),
        ("図書館は月曜日に開館しています。", "denied"),
        ("持ち込みができます。", "denied"),
        ("予約は必要です。", "denied"),
        ("市役所の地下駐車場も使えます。", "words"),
        ("はい。", "nothing_said"),
    ],
)
def test_what_the_passage_does_not_say_is_dropped_with_its_reason(sentence: str, reason: str) -> None:
    assert why(sentence) == reason


def test_the_place_is_that_of_the_unit_that_says_most() -> None:
    (one,) = check("手数料は1点1500円です。", [Source(1, "別の話。"), PASSAGE])
    assert (one.kept, one.source) == (True, 7)
    assert PASSAGE.text[one.start : one.end] == "手数料は1点1,500円です。"


def test_words_of_the_headings_count_as_said() -> None:
    under = Source(1, "費用：500円", "天体観望会")
    assert check("天体観望会の費用は500円です。", [under])[0].kept
    assert not check("音楽会の費用は500円です。", [under])[0].kept


def test_figures_of_two_passages_are_not_joined() -> None:
    one, other = Source(1, "手数料は300円です。"), Source(2, "予約は5日前までです。")
    assert not check("手数料は300円で、予約は5日前までです。", [one, other])[0].kept


def test_each_sentence_is_judged_by_itself_and_in_order() -> None:
    checked = check("手数料は1点1500円です。手数料は2000円です。\n持ち込みはできません。", [PASSAGE])
    assert [one.why for one in checked] == ["supported", "facts", "supported"]
    assert kept(checked) == "手数料は1点1500円です。\n持ち込みはできません。"
    assert counts(checked) == {"supported": 2, "facts": 1}
    assert "2000 円" in checked[1].missing


def test_without_passages_nothing_is_kept() -> None:
    assert not check("手数料は1点1500円です。", [])[0].kept


@given(st.text(max_size=300), st.text(max_size=300))
def test_it_never_raises_and_says_the_same_again(text: str, passage: str) -> None:
    sources = [Source(1, passage)]
    checked = check(text, sources)
    assert checked == check(text, sources)
    for one in checked:
        assert one.text in text
        assert 0 <= one.start <= one.end <= len(passage)


@given(st.sampled_from([s for s in PASSAGE.text.split("。") if s]))
def test_a_sentence_of_the_passage_itself_is_supported(sentence: str) -> None:
    assert check(sentence + "。", [PASSAGE])[0].kept


NOTICES = Source(
    8,
    "参加費：無料\n申込方法：電子申請か電話で。\n\n■龍王山コース\n日時：11月30日(土)9時半〜12時\n定員：30人\n\n"
    "■由加山コース\n日時：12月1日(日)14時〜15時半\n定員：50人\n対象：市内に住む人。妊婦、保険料未納世帯を除く\n"
    "持ち物：旅券の交付には本人確認書類（申請は不可）、地図の申請・配布はできます。",
    "山歩き",
)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("由加山コースは日曜の午後2時から3時半までです。", "supported"),
        ("由加山コースは土曜日です。", "facts"),
        ("龍王山コースの定員は50人です。", "facts"),
        ("龍王山コースの山歩きの参加費は有料です。", "opposite"),
        ("参加費はかかりません。", "supported"),
        ("保険料未納世帯は対象になりません。", "supported"),
        ("保険料未納世帯も対象です。", "denied"),
        ("電話で申し込めます。", "supported"),
        ("旅券の申請ができます。", "denied"),
    ],
)
def test_days_denials_and_exceptions_hold_of_what_they_are_said_of(sentence: str, reason: str) -> None:
    (one,) = check(sentence, [NOTICES])
    assert one.why == reason
