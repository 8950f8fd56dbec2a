import pytest

from machi.language.engine.personal import Kind, find_numbers


def rings(text, kind):
    return [text[one.start : one.end] for one in find_numbers(text, {kind})]


@pytest.mark.parametrize(
    "address",
    [
        "静岡県焼津市本町二丁目16番32号",
        "静岡県焼津市本町２－１６－３２",
        "焼津市本町2丁目16番32号",
        "静岡県榛原郡吉田町住吉87番地",
        "札幌市中央区北1条西5丁目2-1 コーポ山田203号室",
        "東京都府中市宮西町2-24",
        "京都市中京区寺町通御池上る上本能寺前町488番地",
        "盛岡市玉山第2地割12番地3",
        "静岡県清水市旭町6-8",
        "厚木市中町3-17-17　メゾンひかり 505",
    ],
)
def test_address_rings_from_municipality_to_room(address):
    assert rings(f"住所は{address}です", Kind.ADDRESS) == [address]


def test_quarter_and_house_number_ring_without_a_municipality():
    assert rings("本町2-16-32に住んでいます", Kind.ADDRESS) == ["本町2-16-32"]


def test_quarter_alone_rings_behind_a_label():
    assert rings("住所：焼津市本町", Kind.ADDRESS) == ["焼津市本町"]


@pytest.mark.parametrize(
    "text",
    [
        "焼津市本町2丁目地内で工事をします",
        "令和6-7年度焼津市予算 第2-3号議案",
        "焼津市の人口は137000人です",
        "焼津市に電話したら054-626-1111",
        "地方自治法第2条第14項",
        "焼津市は3月1日に発表した",
        "大井川町と焼津市が合併した",
    ],
)
def test_address_stays_silent(text):
    assert rings(text, Kind.ADDRESS) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("生年月日：昭和45年3月2日", "昭和45年3月2日"),
        ("生年月日 1970/03/02", "1970/03/02"),
        ("Ｓ４５．３．２生", "Ｓ４５．３．２"),
        ("昭和四十五年三月二日生まれ", "昭和四十五年三月二日"),
        ("昭和45年（1970年）3月2日（満55歳）生", "昭和45年（1970年）3月2日"),
        ("平成元年1月8日に生まれました", "平成元年1月8日"),
        ("氏名,生年月日\n甲,1970-03-02\n", "1970-03-02"),
    ],
)
def test_date_of_birth_rings(text, expected):
    assert rings(text, Kind.DATE_OF_BIRTH) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "平成30年4月2日から平成31年4月1日までに生まれた児童",
        "昭和33年4月1日以前に生まれた方",
        "令和7年4月1日現在",
        "昭和45年2月30日生",
        "平成2年1月1日生ごみの収集",
        "発行日：令和7年4月1日",
    ],
)
def test_date_of_birth_stays_silent(text):
    assert rings(text, Kind.DATE_OF_BIRTH) == []
