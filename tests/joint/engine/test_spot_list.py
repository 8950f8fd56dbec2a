"""Lists of standard open data: headings old and new, hours in words, and what is left open."""

from __future__ import annotations

from pathlib import Path

import pytest

import machi.joint.sample
from machi.joint.engine.spot_list import hours_in_words, read_spots, read_time

DATA = Path(machi.joint.sample.__file__).parent / "data" / "tourism"


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("【開館時間】9:00～17:00 【休館日】月曜日", (540, 1020, "0111111")),
        ("【開館時間】9：00〜21：30【休館日】土曜、日曜日", (540, 1290, "1111100")),
        ("営業時間：10時から16時30分 定休日：毎週水曜", (600, 990, "1101111")),
        ("9:00-17:00 休館日:なし", (540, 1020, "1111111")),
    ],
)
def test_plain_words_of_hours_are_read(text: str, hours: tuple[int, int, str]) -> None:
    assert hours_in_words(text) == hours


@pytest.mark.parametrize(
    "text",
    [
        "",
        "【開館時間】9:00～17:00",  # nothing of days off: perhaps none, perhaps Sundays
        "【開館時間】9:00～17:00 【休館日】月曜日（祝日の場合は翌日）",
        "【開館時間】平日9:00～17:00 土日祝10:00～19:00 【休館日】月曜日",
        "午前9時から午後5時 休館日：月曜日",
        "【開館時間】17:00～9:00 【休館日】月曜日",
        "要予約",
    ],
)
def test_other_words_are_left_open(text: str) -> None:
    assert hours_in_words(text) is None


@pytest.mark.parametrize(
    ("text", "minutes"), [("9:00", 540), ("０９：３０", 570), ("17時", 1020), ("24:00", 1440)]
)
def test_times_are_read(text: str, minutes: int) -> None:
    assert read_time(text) == minutes


@pytest.mark.parametrize("text", ["25:00", "9:75", "朝", "9"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a time"):
        read_time(text)


def test_real_list_of_yaizu_is_read_whole_and_half_its_hours() -> None:
    found = read_spots((DATA / "222127_公共施設一覧.csv").read_bytes(), "222127", {})
    assert (found.kind, len(found.rows), found.problems) == ("spot", 28, ())
    by_name = {row.name: row for row in found.rows}
    assert by_name["歴史民俗資料館"].weekdays == "0111111"
    assert not by_name["小泉八雲記念館"].hours_known
    assert sum(row.hours_known for row in found.rows) == 11


def test_real_list_of_wireless_lan_is_known_by_its_heading() -> None:
    found = read_spots((DATA / "222127_公衆無線LAN.csv").read_bytes(), "222127", {})
    assert (found.kind, len(found.rows)) == ("wifi", 17)


def test_headings_of_the_newer_standard_are_read() -> None:
    text = (
        "全国地方公共団体コード,ID,名称,所在地_連結表記,緯度,経度,利用可能曜日,開始時間,終了時間,分類\n"
        "142123,A1,博物館,厚木市下川入1,35.4,139.3,月～金,9:00,17:00,博物\n"
    )
    (row,) = read_spots(text.encode(), "142123", {"博物": "museum"}).rows
    assert (row.code, row.address, row.weekdays, row.category) == ("A1", "厚木市下川入1", "1111100", "museum")


def test_same_id_twice_and_an_event_that_ends_before_it_begins_are_told() -> None:
    text = (
        "NO,イベント名,開始日,終了日,緯度,経度\n1,市,2027-05-02,2027-05-01,35,139\n1,祭,2027-05-01,,35,139\n"
    )
    problems = read_spots(text.encode(), "142123", {}).problems
    assert [(one.code, one.row, one.column) for one in problems] == [
        ("ends_before", 2, "終了日"),
        ("twice", 3, "NO"),
    ]


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"a,b\n1,2\n"])
def test_what_is_no_list_says_so(data: bytes) -> None:
    found = read_spots(data, "142123", {})
    assert found.rows == ()
    assert found.problems
