"""Each kind of number: what rings, to the character, and what looks like it and must not."""

import pytest

from machi.language.engine.personal import ALL, Kind, find_numbers

K = Kind


def rings(text):
    return [(one.kind, text[one.start : one.end]) for one in find_numbers(text, ALL)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("個人番号は123456789018です", [(K.MY_NUMBER, "123456789018")]),
        ("マイナンバー：１２３４－５６７８－９０１８", [(K.MY_NUMBER, "１２３４－５６７８－９０１８")]),
        ("My Number 1234 5678 9018", [(K.MY_NUMBER, "1234 5678 9018")]),
        ("個人番号 1 2 3 4 5 6 7 8 9 0 1 8", [(K.MY_NUMBER, "1 2 3 4 5 6 7 8 9 0 1 8")]),
        ("123456789018が私のマイナンバーです", [(K.MY_NUMBER, "123456789018")]),
        ("法人番号7000012050002", [(K.CORPORATE_NUMBER, "7000012050002")]),
        ("登録番号T7000012050002", [(K.CORPORATE_NUMBER, "T7000012050002")]),
        ("基礎年金番号 1234-567890", [(K.BASIC_PENSION_NUMBER, "1234-567890")]),
        ("年金手帳の1234567890", [(K.BASIC_PENSION_NUMBER, "1234567890")]),
        ("運転免許証 第301234567890号", [(K.DRIVERS_LICENCE, "301234567890")]),
        ("旅券番号TK1234567", [(K.PASSPORT, "TK1234567")]),
        ("番号ＡＢ１２３４５６７８ＣＤの方", [(K.RESIDENCE_CARD, "ＡＢ１２３４５６７８ＣＤ")]),
        ("健康保険 記号1234 番号567 枝番01", [(K.HEALTH_INSURANCE, "1234 番号567 枝番01")]),
        ("国保の記号・番号 12・34・567890", [(K.HEALTH_INSURANCE, "12・34・567890")]),
        ("介護保険被保険者番号：0001234567", [(K.HEALTH_INSURANCE, "0001234567")]),
        ("焼津支店 普通預金 1234567", [(K.BANK_ACCOUNT, "1234567")]),
        ("口座番号：0123456", [(K.BANK_ACCOUNT, "0123456")]),
        ("ゆうちょ 記号12340 番号12345671", [(K.BANK_ACCOUNT, "12340 番号12345671")]),
        ("カード4111 1111 1111 1111で", [(K.CREDIT_CARD, "4111 1111 1111 1111")]),
        ("メールはtaro.yaizu+1@city.example.lg.jpです", [(K.EMAIL, "taro.yaizu+1@city.example.lg.jp")]),
        ("〒４２５－８５０２", [(K.POSTAL_CODE, "４２５－８５０２")]),
        ("425-8502 静岡県焼津市", [(K.POSTAL_CODE, "425-8502")]),
    ],
)
def test_numbers_ring(text, expected):
    assert rings(text) == expected


@pytest.mark.parametrize(
    "number",
    [
        "054-626-1111",
        "０５４－６２６－１１１１",
        "054(626)1111",
        "（054）626-1111",
        "054 626 1111",
        "03-3581-0101",
        "090-1234-5678",
        "09012345678",
        "050-1234-5678",
        "0120-123-456",
        "0570-012-345",
        "+81-54-626-1111",
        "+81 90 1234 5678",
    ],
)
def test_telephone_rings_in_every_shape(number):
    assert rings(f"番は{number}です") == [(K.TELEPHONE, number)]


def test_telephone_without_area_code_rings_where_named():
    assert rings("電話 626-1111") == [(K.TELEPHONE, "626-1111")]
    assert rings("議案 626-1111") == []


@pytest.mark.parametrize(
    "text",
    [
        "注文番号 123456789018",  # the check digit of a My Number, by chance
        "123456789018",
        "個人番号 123456789012",  # not its check digit
        "マイナンバーカードの受付番号123456789018",
        "法人番号7000012050003",
        "図書 9784123456789",
        "整理番号 1234-567890",
        "製品 TK1234567",
        "カード4111 1111 1111 1112",
        "予算 1,234,567円",
        "面積 1234567 m2",
        "地方自治法第252条の19第1項",
        "令和7年4月1日から令和8年3月31日まで",
        "2025-04-01 10:30",
        "会員番号 0541234567",
        "年度 2024-2025",
        "住民基本台帳法（昭和42年法律第81号）",
        "192.168.1.1 と 12:34:56",
    ],
)
def test_numbers_stay_silent(text):
    assert rings(text) == []


def test_corporate_number_is_not_personal_unless_asked_for():
    assert find_numbers("法人番号7000012050002") == []


def test_my_number_rings_far_below_the_heading_of_a_table():
    rows = "\n".join(f"{name},123456789018" for name in ("甲", "乙", "丙"))
    assert [kind for kind, _ in rings(f"氏名,個人番号\n{rows}")] == [K.MY_NUMBER] * 3


def test_reasons_say_nothing_of_the_text():
    assert all(
        not any(c.isdecimal() and c in "90" for c in one.reason) for one in find_numbers("電話090-9090-9090")
    )


PENSIONS = ["基礎年金番号", "年金手帳の記号番号", "国民年金の番号", "基礎年金No.", "年金コード付き番号"]
LICENCES = ["運転免許証　第", "免許証（写し）番号", "免許No.", "運転経歴証明書の番号"]
INSURANCES = [
    "介保番号",
    "被保番号",
    "負担者番号",
    "医療証番号",
    "資格確認書番号",
    "後期高齢番号",
    "被保険者No.",
]
PAIRS = [
    "記号 {} 番号 {}",
    "記号:{}\n番号:{}",
    "（記号）{}（番号）{}",
    "記号が{}、番号が{}",
    "記号番号：{}-{}",
]


@pytest.mark.parametrize("between", ["：", " ", "は", "\n", "→", "（写し）"])
@pytest.mark.parametrize(
    ("labels", "values", "kind"),
    [
        (PENSIONS, ["1234-567890", "1234567890", "1234・567890"], Kind.BASIC_PENSION_NUMBER),
        (LICENCES, ["301234567890", "30-1234-567890", "30 12 3456789 0"], Kind.DRIVERS_LICENCE),
        (INSURANCES, ["12345678", "1234 5678", "0012345678"], Kind.HEALTH_INSURANCE),
    ],
)
def test_numbers_behind_every_synonym_of_their_label(labels, values, kind, between):
    for label in labels:
        for value in values:
            text = f"{label}{between}{value}\n"
            assert text[-1 - len(value) : -1] in [
                text[one.start : one.end] for one in find_numbers(text, {kind})
            ], text


@pytest.mark.parametrize("pattern", PAIRS)
@pytest.mark.parametrize(("symbol", "number"), [("焼12", "345"), ("A280", "7"), ("21700023", "1045")])
def test_a_symbol_and_a_number_that_are_called_so(pattern, symbol, number):
    text = pattern.format(symbol, number)
    found = [text[one.start : one.end] for one in find_numbers(text, {Kind.HEALTH_INSURANCE})]
    assert found
    assert found[0].startswith(symbol)
    assert found[-1].endswith(number)


def test_a_savings_book_is_no_insurance():
    text = "ゆうちょ　通帳記号 12340 通帳番号 18822041"
    assert {one.kind for one in find_numbers(text)} == {Kind.BANK_ACCOUNT}
