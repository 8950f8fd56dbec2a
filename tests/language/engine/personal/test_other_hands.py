"""What texts by other hands showed that the rules for numbers, addresses and dates did not know; made-up values."""

import pytest

from machi.language.engine.personal import ALL, Kind, find_numbers
from machi.language.engine.personal.birth_features import days
from machi.language.engine.personal.view import view

K = Kind


def rings(text):
    return [(one.kind, text[one.start : one.end]) for one in find_numbers(text, ALL)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("お問い合わせ FAX0546-26-1112まで", K.TELEPHONE, "0546-26-1112"),
        ("TEL054-626-1111", K.TELEPHONE, "054-626-1111"),
        ("電話(0265)72-48-19", K.TELEPHONE, "(0265)72-48-19"),
        ("受付 O8O-4471-2O16 折返し", K.TELEPHONE, "O8O-4471-2O16"),
        ("静銀ではなく清水銀行 0883416", K.BANK_ACCOUNT, "0883416"),
        ("ＪＡあいち 0986277", K.BANK_ACCOUNT, "0986277"),
        ("年金は8131810に入ります", K.BANK_ACCOUNT, "8131810"),
        ("2708889が給与の振込口座です", K.BANK_ACCOUNT, "2708889"),
        ("My bank account is 7763813", K.BANK_ACCOUNT, "7763813"),
        ("070-8848がうちの郵便番号です", K.POSTAL_CODE, "070-8848"),
        ("〒九九六ー〇〇九一", K.POSTAL_CODE, "九九六ー〇〇九一"),
        ("甲斐 護\t884-0002\t高鍋町大字北高鍋513番地", K.POSTAL_CODE, "884-0002"),
        ("3-4-5 Kitahama, Takamatsu-shi, Kagawa 760-0031", K.POSTAL_CODE, "760-0031"),
        ("扶養控除等申告書 本人 123456789018", K.MY_NUMBER, "123456789018"),
        ("工事請負契約 株式会社海山土建 7000012050002", K.CORPORATE_NUMBER, "7000012050002"),
        ("年金:夏目さん 0792-352743", K.BASIC_PENSION_NUMBER, "0792-352743"),
        ("Pension no. 7184-002937", K.BASIC_PENSION_NUMBER, "7184-002937"),
        ("Driver license No. 609262280131", K.DRIVERS_LICENCE, "609262280131"),
        ("国籍 米国 TZ1946380", K.PASSPORT, "TZ1946380"),
        ("保険証04678157を落としました", K.HEALTH_INSURANCE, "04678157"),
        ("資格確認書 96485264", K.HEALTH_INSURANCE, "96485264"),
        ("09485514（被保険者番号）", K.HEALTH_INSURANCE, "09485514"),
        ("母の保険証をなくしました。番号は18494810です", K.HEALTH_INSURANCE, "18494810"),
        ("Insurance card: symbol 214, no. 90317", K.HEALTH_INSURANCE, "90317"),
    ],
)
def test_numbers_ring(text, kind, value):
    assert (kind, value) in rings(text)


@pytest.mark.parametrize(
    "text",
    [
        "路線コード 045-221-0033 のバス停",
        "設備番号 0857-30-1102 のポンプ",
        "電話 000-0000-0000（記入例）",
        "雇用保険番号は0201-483716-5",
        "監理技術者資格者証番号 00041827365",
        "製造ロット KX20417735PL を回収します",
        "軽自動車 標識番号 豊橋市 さ 30-47",
        "補助金は2500000円です",
        "来場者は1234567人",
    ],
)
def test_numbers_of_things_stay_silent(text):
    assert rings(text) == []


@pytest.mark.parametrize(
    "address",
    [
        "郡上市白鳥町長滝91番地イ",
        "熊本県阿蘇郡高森町高森1614-乙",
        "新潟県南蒲原郡田上町大字田上丙1,342",
        "相馬市中村字大手先13",
        "滋賀県東近江市五個荘川並町七一五",
        "岩手県和賀郡西和賀町沢内字猿橋17地割22-6",
        "京都市上京区今出川通烏丸東入玄武町604",
        "札幌市北区北二十四条西九丁目三番六号 グランメール北24 808号室",
        "東京都江戸川区西葛西六丁目8番地4 メゾン葛西二〇三号室",
        "三重県名張市桔梗が丘7番町1街区20番地",
        "酒田市亀ケ崎五丁目7番－33",
        "#301 Green Heights, 5-2-9 Sakuragaoka, Tama-shi, Tokyo",
        "Room 302, Sunny Heights, 5-7-16 Motomachi, Naka-ku, Hiroshima",
        "5-2-9-B103 Minami-Senju, Arakawa-ku, Tokyo",
    ],
)
def test_addresses_ring_whole(address):
    assert (K.ADDRESS, address) in rings(f"届出: {address}。")


def test_quarter_beside_a_name_rings_in_brackets():
    assert (K.ADDRESS, "緑町3-4") in rings("組長 砂金(緑町3-4)")
    assert (K.ADDRESS, "沢内字太田3地割40の2") in rings("除雪は沢内字太田3地割40の2、13時集合")


@pytest.mark.parametrize(
    "text", ["June 3, Tokyo Station", "第3回 緑町5-2北町 試合終了", "Is Route 16 in Chiba closed?"]
)
def test_no_address_rings(text):
    assert rings(text) == []


@pytest.mark.parametrize(
    "written",
    [
        "21 JUL 1993",
        "1974-Jun-02",
        "昭和4１年７月l2日",
        "大正十三年四月廿九日",
        "昭和九年師走二十日",
        "16.4.2",
        "S五一・四・二",
    ],
)
def test_dates_of_other_shapes_are_candidates(written):
    seen = view(f"山田 花子 {written} 女")
    (day,) = days(seen.text)
    start, end = seen.span(day.start, day.end)
    assert f"山田 花子 {written} 女"[start:end] == written
