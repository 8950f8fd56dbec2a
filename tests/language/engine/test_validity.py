from datetime import date

import pytest

from machi.language.engine.passages import split
from machi.language.engine.types import Block
from machi.language.engine.validity import UNDATED_EVENT, valid_until, whole_until

ISSUE = date(2025, 4, 15)


def until(text: str, published: date | None = ISSUE, *, event: bool = False) -> date | None:
    _, passages = split("題", [Block("paragraph", text)])
    [end] = valid_until(passages, published, event=event)
    return end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("日時：5月17日　13?16時\n場所：厚木中央公園", date(2025, 5, 17)),
        ("4月26・27日、11?20時。ライトアップ。", date(2025, 4, 27)),
        ("6月15日、7月27日、10月12日、12月14日。田植えなど。", date(2025, 12, 14)),
        ("申込み：5月10日までに青少年課へ。", date(2025, 5, 10)),
        ("期間：2月1日(土)?3月23日(日)", None),
        ("申請期限：4月30日(水)(消印有効)", date(2025, 4, 30)),
        ("会期：4月1日～5月10日", date(2025, 5, 10)),
        ("4月20日は臨時休館します。", date(2025, 4, 20)),
        ("12月14日(日)に試験。申込みは5月10日まで。", date(2025, 12, 14)),
        ("対象は平成17年4月2日～平成18年4月1日生まれの人。申込みは5月9日まで。", date(2025, 5, 9)),
        ("発行日：3月25日。償還は令和12年3月25日。応募期間：4月20日～25日", date(2025, 4, 25)),
    ],
)
def test_an_event_lasts_until_its_last_day_or_deadline(text: str, expected: date | None) -> None:
    assert until(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "開館時間：9時?17時15分\n休館日：月曜、年末年始（12月29日～1月3日）",
        "5月7日から燃やせるごみの収集日が変わります。",
        "軽自動車税は毎年4月1日現在の所有者に課税されます。",
        "人口は令和7年5月1日現在のものです。",
        "昭和56年5月31日以前に建てられた住宅が対象です。",
        "昭和56年5月31日までに建てた住宅が対象です。",
        "3月末に竣工しました。",
        "10月1日に料金を改正します。",
        "移転日：7月16日\n場所：第二庁舎5階",
        "9月9日は救急の日です。",
        "5月と11月は「こどもまんなか月間」です。",
        "(月)((祝)5月5日を除く)に実施します。",
        "粗大ごみは電話で申し込んでください。",
    ],
)
def test_standing_information_does_not_expire(text: str) -> None:
    assert until(text) is None


def test_an_article_announcing_many_events_expires_section_by_section() -> None:
    blocks = [
        Block("heading", "落語会", 1),
        Block("paragraph", "4月26日、11時から。"),
        Block("heading", "料金", 2),
        Block("paragraph", "800円。"),
        Block("heading", "田んぼクラブ", 1),
        Block("paragraph", "6月15日。"),
        Block("heading", "開館時間", 1),
        Block("paragraph", "9時から17時まで。"),
    ]
    _, passages = split("催し", blocks)
    ends = valid_until(passages, ISSUE)
    assert ends == [date(2025, 4, 26), date(2025, 4, 26), date(2025, 6, 15), None]
    assert whole_until(ends) is None


def test_a_date_in_the_heading_holds_for_what_is_under_it() -> None:
    _, passages = split("当番医", [Block("heading", "5/4(祝)", 1), Block("list_item", "・児島中央病院", 1)])
    assert valid_until(passages, ISSUE) == [date(2025, 5, 4)]


def test_an_announcement_lasts_as_long_as_the_dates_below_it() -> None:
    blocks = [
        Block("paragraph", "フェスティバルを開催します。"),
        Block("heading", "前夜祭", 1),
        Block("paragraph", "5月16日。"),
        Block("heading", "本祭", 1),
        Block("paragraph", "5月17日。"),
    ]
    _, passages = split("まつり", blocks)
    assert valid_until(passages, ISSUE) == [date(2025, 5, 17), date(2025, 5, 16), date(2025, 5, 17)]


def test_standing_information_above_dated_sections_stays() -> None:
    blocks = [
        Block("paragraph", "開館時間：9時から17時"),
        Block("heading", "5月の催し", 1),
        Block("paragraph", "5月16日。工作教室。"),
    ]
    _, passages = split("児童館", blocks)
    assert valid_until(passages, ISSUE) == [None, date(2025, 5, 16)]


def test_an_undated_entry_of_an_events_column_is_current_for_a_season() -> None:
    assert until("水曜、11時から。手遊び歌を楽しむ。", event=True) == ISSUE + UNDATED_EVENT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("開設日: 2025年9月6日（土曜日）～19日（金曜日）", date(2025, 9, 19)),
        ("申込みは令和7年5月10日まで。", date(2025, 5, 10)),
        ("平成12年4月1日施行", None),
        ("昭和45年3月14日に開幕した。", None),
        ("5月10日まで。", None),
    ],
)
def test_an_undated_document_expires_only_by_stretches_and_deadlines_with_a_year(
    text: str, expected: date | None
) -> None:
    assert until(text, None) == expected


def test_an_undated_document_takes_its_years_from_its_first_full_date() -> None:
    blocks = [
        Block("heading", "甲", 1),
        Block("paragraph", "開設日: 2025年9月6日～19日"),
        Block("heading", "乙", 1),
        Block("paragraph", "開設日: 9月8日（月曜日）～19日（金曜日）"),
    ]
    _, passages = split("受入場所", blocks)
    assert valid_until(passages, None) == [date(2025, 9, 19), date(2025, 9, 19)]


def test_a_document_ends_with_the_last_of_its_passages() -> None:
    assert whole_until([date(2025, 5, 1), date(2025, 6, 1)]) == date(2025, 6, 1)
    assert whole_until([]) is None
