"""Values of spreadsheets as a person sees them in their cells."""

import datetime

import pytest

from machi.language.engine.cell_text import cell_text


def moment(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime.datetime:
    """Spreadsheets know no time zones."""
    return datetime.datetime(year, month, day, hour, minute)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (500, "General", "500"),
        (0.1 + 0.2, "General", "0.3"),
        (1500, '#,##0"円"', "1,500円"),
        (1500, "¥#,##0", "¥1,500"),
        (1500, '"¥"#,##0;[Red]"¥"-#,##0', "¥1,500"),
        (0.125, "0.0%", "12.5%"),
        (7, "0000", "0007"),
        (3.14159, "0.00", "3.14"),
        (True, "General", "はい"),
        (moment(2025, 4, 1), "yyyy/m/d", "2025年4月1日"),
        (moment(2025, 4, 1), '[$-411]ggge"年"m"月"d"日";@', "令和7年4月1日"),
        (moment(2019, 5, 1), "[$-ja-JP-x-gannen]ggge年m月d日", "令和元年5月1日"),
        (moment(2025, 4, 1), 'm"月"d"日"', "4月1日"),
        (moment(2025, 4, 1, 9, 5), "yyyy/m/d h:mm", "2025年4月1日 9:05"),
        (moment(1899, 12, 31, 17, 15), "h:mm", "17:15"),
        (datetime.time(9, 0), "h:mm", "9:00"),
        (datetime.timedelta(hours=27), "[h]:mm", "27:00"),
        ("文字", "@", "文字"),
        (None, "General", ""),
    ],
)
def test_values_read_as_they_are_shown(value: object, number_format: str, expected: str) -> None:
    assert cell_text(value, number_format) == expected
