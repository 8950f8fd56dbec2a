"""Personal information that tables, lists and free sentences hold, and what looks like it there. Made-up people."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.language.engine.personal import Kind, find, find_numbers
from machi.language.engine.personal.birth_dates import exists
from machi.language.engine.personal.kinds import Found
from machi.language.engine.personal.name_edges import tidied
from machi.language.engine.personal.name_lists import again
from machi.language.engine.personal.tables import cells
from machi.language.engine.personal.view import view


def pieces(text, kind):
    return [text[one.start : one.end] for one in find(text, {kind})]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("地区\t委員名\n大沼\t大沼 実\n", ["大沼 実"]),
        ("園児名\t生年月日\nすずな\t2021/4/8\nれお\t2021/7/3", ["すずな", "れお"]),
        (
            "1. 岩瀬 千景\n2. シャルマ プラカシュ\n3. 小野 琢磨",
            ["岩瀬 千景", "シャルマ プラカシュ", "小野 琢磨"],
        ),
        ("2025/4/1\t峯村\t出張\t1,480円", ["峯村"]),
        ("浅倉,女,81,独居", ["浅倉"]),
    ],
)
def test_names_in_tables_and_lists(text, expected):
    assert pieces(text, Kind.PERSON) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("面会の予約は柴崎で取りました。", ["柴崎"]),
        ("先月までは渡会でした。", ["渡会"]),
        ("りょうまの母です。", ["りょうま"]),
        ("部長職務代理者の諏訪でございます。", ["諏訪"]),
        ("代理人はTran Van Duc、本人は欠席", ["Tran Van Duc"]),
        ("My name is Anita Desai.", ["Anita Desai"]),
        ("次女澪（H25.12.1）", ["澪"]),
        ("カード番号 WB30017745NC（アフマド）", ["アフマド"]),
        ("実習生2名（スパポン、ニルマラ）", ["スパポン", "ニルマラ"]),
    ],
)
def test_names_that_stand_free(text, expected):
    assert pieces(text, Kind.PERSON) == expected


@pytest.mark.parametrize(
    "text",
    [
        "子宮頸がん予防ワクチンの接種",
        "位置図と申請者の印鑑を持参",
        "児童が入所（2か月以内）している場合",
        "養子となったため氏が変わった。",
        "審査は一次が書類、二次が面接",
        "校区\t世帯数\n柴崎\t120\n",
        "報酬：時給1200円程度",
        "カナダ・オーストラリアの姉妹校",
        "City Planning Division",
        "各位 殿\n静岡県焼津市長",
    ],
)
def test_no_name_rings(text):
    assert pieces(text, Kind.PERSON) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("昭和53年生まれで、独り暮らし", ["昭和53年"]),
        ("3月5日生まれなので", ["3月5日"]),
        ("誕生日は12月24日です", ["12月24日"]),
        ("DOB 12 May 1980", ["12 May 1980"]),
        ("昭和20年8月15日、終戦の日に生まれた", ["昭和20年8月15日"]),
        ("本人は昭和三十一年一月十日、満六十九歳", ["昭和三十一年一月十日"]),
        ("生年月日,氏名\nH20.02.29,藪 大河\nH20.03.01,藪 小春", ["H20.02.29", "H20.03.01"]),
        ("昭 和 ４ ４ 年 １ 月 ３ １ 日生", ["昭 和 ４ ４ 年 １ 月 ３ １ 日"]),
        ("生年月日　ショウワ 24.3.8", ["ショウワ 24.3.8"]),
        ("Data de nascimento: 21/06/1985", ["21/06/1985"]),
        ("次女凪（H21.7.7）", ["H21.7.7"]),
    ],
)
def test_days_of_birth_in_many_forms(text, expected):
    assert pieces(text, Kind.DATE_OF_BIRTH) == expected


@pytest.mark.parametrize(
    "text",
    [
        "昭和40年生まれの方は抗体検査が無料です。",
        "無料対象：令和5年5月生まれ",
        "年度\t対象\t件数\nR5\t昭和20年生まれ\t213\n",
        "生年月日　不詳　死亡年月日　昭和59年2月9日",
        "令和7年4月1日、20歳以上の方",
        "8月31日から生まれ変わる図書館",
    ],
)
def test_cohorts_and_other_days_are_no_births(text):
    assert pieces(text, Kind.DATE_OF_BIRTH) == []


def test_numbers_below_their_heading_need_no_model():
    text = "被保険者番号\t氏名\n0001882734\t溝口 トメ\n0001882741\t大木 正"
    assert [text[f.start : f.end] for f in find_numbers(text)] == ["0001882734", "0001882741"]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("沼津市大岡在住の原", Kind.ADDRESS),
        ("免許証番号は43-0711-882904", Kind.DRIVERS_LICENCE),
        ("年金証書の基礎年金番号・年金コード 3308-661027-1150", Kind.BASIC_PENSION_NUMBER),
    ],
)
def test_other_ways_to_write_numbers_and_places(value, kind):
    assert pieces(value, kind)


def test_a_cell_knows_its_heading_and_its_place():
    text = "氏名,電話\n山,1\n海,2\n\n終わり"
    seen = list(cells(text, re.compile("氏名")))
    assert [(cell.text, cell.heading) for cell in seen] == [
        ("山", "氏名"),
        ("1", "電話"),
        ("海", "氏名"),
        ("2", "電話"),
    ]
    assert all(text.startswith(cell.text, cell.start) for cell in seen)


@given(st.text(alphabet="氏名,|\t\n山 1-", max_size=60))
def test_cells_lie_where_they_say(text):
    for cell in cells(text, re.compile("氏名")):
        assert text[cell.start : cell.start + len(cell.text)] == cell.text


@given(st.text(alphabet="氏名\t\n山田太郎生年月日 S5.1", max_size=40))
def test_a_tab_is_never_part_of_what_is_found(text):
    for one in find(text):
        assert 0 <= one.start < one.end <= len(text)
        assert "\t" not in text[one.start : one.end]


@given(st.text(max_size=12))
def test_no_text_is_too_strange_for_the_calendar(value):
    assert exists(value) in (True, False)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("防災係 瀬戸", "防災係 瀬戸", "瀬戸"),
        ("決裁者:大貫 合議:名倉", "大貫 合議", "大貫"),
        ("養父久保 和彦", "養父久保 和彦", "久保 和彦"),
        ("前田 太郎", "前田 太郎", "前田 太郎"),
    ],
)
def test_edges_are_tidied(text, value, expected):
    start = text.index(value)
    one = tidied(text, Found(Kind.PERSON, start, start + len(value), 0.8, "test"))
    assert one is not None
    assert text[one.start : one.end] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("渡会さんの件、渡会より", [(7, 9)]), ("輪島さんの件、輪島の物産", []), ("渡会さん、渡会橋", [])],
)
def test_a_name_rings_again_where_it_is_no_place(text, expected):
    first = {(0, 2)}
    assert [(one.start, one.end) for one in again(text, first, first)] == expected


def test_a_tab_stands_between_cells():
    seen = view("氏名\t山田")
    assert seen.text == "氏名 | 山田"
    assert seen.span(5, 7) == (3, 5)
