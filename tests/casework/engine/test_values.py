"""What stands in a field becomes plain; what cannot be true is doubted, never an error."""

from datetime import date
from typing import get_args

import jaconv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.base.engine.wareki import ERAS, wareki
from machi.casework.engine.types import FieldKind
from machi.casework.engine.values import DOUBTS, Plain, plain
from machi.casework.engine.values_addresses import address_form, addresses_agree, register_of_japan
from machi.casework.engine.values_names import name_form

KINDS = get_args(FieldKind)
DAYS = st.dates(date(1873, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("kind", "raw", "value", "doubts"),
    [
        ("date", "令和 ８ 年 11月 30日", "2026-11-30", ()),
        ("date", "令和元年5月1日", "2019-05-01", ()),
        ("date", "R8.11.30", "2026-11-30", ()),
        ("date", "h30/4/1", "2018-04-01", ()),
        ("date", "昭和六十三年十二月三十一日生", "1988-12-31", ()),
        ("date", "二〇二六年十一月三〇日", "2026-11-30", ()),
        ("date", "昭 55. 1. 2", "1980-01-02", ()),
        ("date", "2026年11月30日（月）", "2026-11-30", ()),
        ("date", "20261130", "2026-11-30", ()),
        ("date", "平成32年4月1日", "2020-04-01", ("beyond-era",)),
        ("date", "令和1年4月30日", "2019-04-30", ("beyond-era",)),
        ("date", "令和8年2月30日", "", ("no-such-day",)),
        ("date", "11月30日", "", ("no-year",)),
        ("date", "あした", "", ("not-a-date",)),
        ("date", "  ", "", ()),
        ("yen", "1,234円", "1234", ()),
        ("yen", "￥１，２３４－", "1234", ()),
        ("yen", "金壱万円也", "10000", ()),
        ("yen", "金壱百弐拾参万四千五百六拾円也", "1234560", ()),
        ("yen", "千円", "1000", ()),
        ("yen", "1万2千円", "12000", ()),
        ("yen", "12万3,456円", "123456", ()),
        ("yen", "△500円", "-500", ()),
        ("yen", "1,23円", "", ("not-yen",)),
        ("yen", "1.5円", "", ("not-yen",)),
        ("yen", "万円", "", ("not-yen",)),
        ("number", "３人", "3", ()),
        ("number", "1,200.50㎡", "1200.5", ()),
        ("number", "二十三", "23", ()),
        ("number", "三人前", "", ("not-a-number",)),
        ("postal_code", "〒２４３－８５１１", "243-8511", ()),
        ("postal_code", "243 85l1", "243-8511", ("look-alike",)),
        ("postal_code", "243-85", "", ("not-a-postal-code",)),
        ("telephone", "０４６（２２３）１５１１", "046-223-1511", ()),
        ("telephone", "09012345678", "090-1234-5678", ()),
        ("telephone", "+81 46 223 1511", "046-223-1511", ()),
        ("telephone", "電話 046-223-1511", "046-223-1511", ()),
        ("telephone", "046-223", "046223", ("not-a-telephone",)),
        # Groups as written are kept; the number plan decides only where there are none.
        ("telephone", "046-555-0199", "046-555-0199", ()),
        ("telephone", "０４６（５５５）０１９９", "046-555-0199", ()),
        ("telephone", "0465550199", "0465-55-0199", ()),
        ("telephone", "0465 55 0199", "0465-55-0199", ()),
        ("telephone", "0120-123-456", "0120-123-456", ()),
        ("telephone", "046-22-31511", "046-223-1511", ()),
        ("telephone", "O46-223-1511", "046-223-1511", ("look-alike",)),
        ("email", "Hanako＠Example.JP ", "Hanako@example.jp", ()),
        ("email", "hanako.example.jp", "hanako.example.jp", ("not-an-email",)),
        ("my_number", "1234 5678 9018", "123456789018", ()),
        ("my_number", "1234 5678 9012", "123456789012", ("check-digit",)),
        ("my_number", "12345", "", ("not-a-my-number",)),
        ("kana", "ﾔﾏﾀﾞ ﾊﾅｺ", "ヤマダ　ハナコ", ()),
        ("kana", "さとう-  ゆうこ", "サトウー　ユウコ", ()),
        ("kana", "たろう", "タロウ", ()),
        ("kana", "山田", "山田", ("not-kana",)),
        ("person", "髙橋  花子", "髙橋　花子", ()),
        ("person", "渡邉　太郎 ㊞", "渡邉　太郎　㊞", ()),
        ("person", "山田 花子（印）", "山田　花子", ()),
        ("person", "123", "123", ("not-a-name",)),
        ("address", "神奈川県厚木市中町３－１７－１７", "神奈川県厚木市中町3-17-17", ()),
        ("address", "〒243-8511 厚木市中町三丁目17番17号", "厚木市中町三丁目17番17号", ()),
        ("address", "厚木市 中町 3 - 17 - 17 コーポ中町 101", "厚木市 中町3-17-17 コーポ中町101", ()),
        ("address", "東京都厚木市中町3-17", "東京都厚木市中町3-17", ("wrong-prefecture",)),
        ("address", "神奈川県厚本市中町3-17", "神奈川県厚本市中町3-17", ("no-such-town",)),
        ("address", "府中市宮西町2-24", "府中市宮西町2-24", ("several-towns",)),
        ("address", "東京都府中市宮西町2-24", "東京都府中市宮西町2-24", ()),
        ("address", "札幌市中央区北1条西2丁目", "札幌市中央区北1条西2丁目", ()),
        ("address", "神奈川県愛甲郡愛川町角田251-1", "神奈川県愛甲郡愛川町角田251-1", ()),
        ("address", "中町3-17-17", "中町3-17-17", ("no-such-town",)),
        ("address", "旭が丘3-17-17", "旭が丘3-17-17", ("no-town",)),
        ("address", "厚木市", "厚木市", ("no-house-number",)),
        ("check", "☑", "1", ()),
        ("check", "□", "", ()),
        ("check", "レ", "1", ()),
        ("check", "たぶん", "1", ("not-a-mark",)),
        ("choice", "a, b", "a,b", ()),
        ("text", "Ａ棟１０１ ｶﾗｵｹ大会㈱", "A棟101 カラオケ大会㈱", ()),
    ],
)
def test_plain_forms(kind: FieldKind, raw: str, value: str, doubts: tuple[str, ...]):
    assert plain(kind, raw, register_of_japan()) == Plain(value, doubts)


def test_without_a_register_no_town_is_doubted():
    assert plain("address", "中町3-17-17") == Plain("中町3-17-17")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙橋　花子", "高橋花子"),
        ("渡邊 太郎", "渡辺太郎"),
        ("齋藤\U000e0101 愛", "斉藤愛"),
        ("ﾔﾏﾀﾞ", "やまだ"),
        ("山田様", "山田"),
    ],
)
def test_names_that_are_written_in_two_ways_have_one_form(one: str, other: str):
    assert name_form(one) == name_form(other)


def test_other_names_have_other_forms():
    assert len({name_form(name) for name in ("山田花子", "山田華子", "川田花子", "山田 花")}) == 4


def test_addresses_written_in_two_ways_have_one_form():
    ways = (
        "厚木市中町3丁目17番17号",
        "厚木市中町３－１７－１７",
        "厚木市 中町三丁目17-17",
        "厚木市中町3-17-17",
    )
    assert len({address_form(way) for way in ways}) == 1
    assert address_form("厚木市中町3-17-17") != address_form("厚木市中町3-17-1")
    assert address_form("旭ヶ丘1番地の2") == address_form("旭が丘1-2")


def test_addresses_agree_where_one_leaves_its_prefecture_out():
    assert addresses_agree("神奈川県厚木市中町3-17-17", "厚木市中町3丁目17番17号")
    assert addresses_agree("東京都府中市宮西町2-24", "府中市宮西町2-24")
    assert not addresses_agree("東京都府中市宮西町2-24", "広島県府中市宮西町2-24")
    assert not addresses_agree("東京都府中市宮西町2-24", "府中市宮西町2-2")


@given(st.sampled_from(KINDS), st.text(max_size=40))
def test_anything_is_read_without_an_error_and_plain_stays_plain(kind: FieldKind, raw: str):
    found = plain(kind, raw, register_of_japan())
    assert set(found.doubts) <= set(DOUBTS)
    assert plain(kind, found.value, register_of_japan()).value == found.value


@given(DAYS, st.sampled_from(["wareki", "short", "slashes", "wide", "kanji", "spaced", "iso"]))
def test_days_are_read_back_however_they_are_written(day: date, way: str):
    start, era, english = next(row for row in ERAS if row[0] <= day)
    year = day.year - start.year + 1
    text = {
        "wareki": wareki(day, weekday=True),
        "short": f"{english[0]}{year}.{day.month}.{day.day}",
        "slashes": f"{day.year}/{day.month:02}/{day.day:02}",
        "wide": jaconv.h2z(f"{day.year}年{day.month}月{day.day}日", digit=True),
        "kanji": f"{era}{kanji(year)}年{kanji(day.month)}月{kanji(day.day)}日",
        "spaced": f" {era} {year} 年　{day.month} 月 {day.day} 日 ",
        "iso": day.isoformat(),
    }[way]
    assert plain("date", text) == Plain(day.isoformat())


def kanji(number: int) -> str:
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    ten = "" if not tens else "十" if tens == 1 else digits[tens] + "十"
    if tens > 9:
        return "".join(digits[int(d)] for d in str(number))
    return ten + (digits[ones] if ones else "")


def in_units(number: int, deeds: bool) -> str:
    digits = "零壱弐参四五六七八九" if deeds else "〇一二三四五六七八九"
    small = ("", "拾", "百", "千") if deeds else ("", "十", "百", "千")
    out = ""
    for place, large in ((12, "兆"), (8, "億"), (4, "万"), (0, "")):
        part = number // 10**place % 10_000
        written = ""
        for at in (3, 2, 1, 0):
            digit = part // 10**at % 10
            if digit:
                written += ("" if digit == 1 and at and not deeds else digits[digit]) + small[at]
        out += written + large if part else ""
    return out


@given(st.integers(1, 10**15), st.sampled_from(["commas", "wide", "kanji", "deeds", "mixed"]))
def test_sums_are_read_back_however_they_are_written(amount: int, way: str):
    high, low = divmod(amount, 10_000)
    text = {
        "commas": f"￥{amount:,}-",
        "wide": jaconv.h2z(f"{amount:,}円", ascii=True, digit=True),
        "kanji": f"{in_units(amount, deeds=False)}円",
        "deeds": f"金{in_units(amount, deeds=True)}円也",
        "mixed": (f"{high}万" if high else "") + (f"{low:,}" if low else "") + "円",
    }[way]
    assert plain("yen", text) == Plain(str(amount))


@given(st.integers(0, 10**11 - 1), st.integers(0, 9))
def test_my_numbers_have_one_right_check_digit(eleven: int, last: int):
    right = [d for d in range(10) if not plain("my_number", f"{eleven:011}{d}").doubts]
    assert len(right) == 1
    found = plain("my_number", f"{eleven:011}{last}")
    assert (found.doubts == ()) == (last in right)


@given(st.from_regex(r"[0-9]{7}", fullmatch=True))
def test_postal_codes_are_read_back(digits: str):
    wide = jaconv.h2z(f"〒{digits[:3]}-{digits[3:]}", ascii=True, digit=True)
    assert plain("postal_code", wide).value == f"{digits[:3]}-{digits[3:]}"
