"""Personal information in the layouts of letters, chats, tables and scans. Made-up people."""

import pytest

from machi.language.engine.personal import Kind, find, find_numbers
from machi.language.engine.personal.view import view


def pieces(text, kind):
    return [text[one.start : one.end] for one in find(text, {kind})]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("氏 名　 佐 々 木　 小 百 合", ["佐 々 木　 小 百 合"]),
        ("留守電。「クボタです。またかけます」", ["クボタ"]),
        ("わかりました、では夏目が伺います。", ["夏目"]),
        ("私、大熊は反対です。", ["大熊"]),
        ("相談者峯岸（62歳、女性）", ["峯岸"]),
        ("児童：蒼空、5歳", ["蒼空"]),
        ("本日の当番は三枝、九十九、四月朔日の三名", ["三枝", "九十九", "四月朔日"]),
        ("巽（学校）、丸茂（児相）が参加", ["巽", "丸茂"]),
        ("○議長（安居院君）　開議します。", ["安居院"]),
        ("送達を受けるべき者　グエン・ヴァン・ドゥック", ["グエン・ヴァン・ドゥック"]),
        ("外国人住民のLE THI HONG NHUNG、来庁", ["LE THI HONG NHUNG"]),
        ("番号,氏名,カナ\n1,榊原 侑李,ｻｶｷﾊﾞﾗ ﾕｳﾘ", ["榊原 侑李", "ｻｶｷﾊﾞﾗ ﾕｳﾘ"]),
        ('{"name": "手嶌 勲", "case": "2025-31"}', ["手嶌 勲"]),
        ("長男翔（高2）は不登校気味。", ["翔"]),
    ],
)
def test_names_ring_where_people_write_them(text, expected):
    assert pieces(text, Kind.PERSON) == expected


@pytest.mark.parametrize(
    "text",
    [
        "松本清張記念館の割引券は配布を終了しました。",
        "西村眼鏡店の補聴器相談会",
        "江戸時代の農具を展示します。",
        "市民ロビー、塚口さんさんタウン2番館5階",
        "竹谷町2丁目出屋敷リベル5階",
        "栗山・富松の中継ポンプ場",
        "県民緑税（800円）を含みます。",
        "本人及び世帯主が市内に居住しなくなったとき",
        "ジョンソン・エンド・ジョンソン製の絆創膏",
        "尼崎市長が指定した日",
        "より様式が異なります。",
    ],
)
def test_no_name_rings_in_places_and_firms(text):
    assert pieces(text, Kind.PERSON) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("生 年 月 日　昭 和 45 年 3 月 7 日", ["昭 和 45 年 3 月 7 日"]),
        ("昭63・4・1生", ["昭63・4・1"]),
        ("生年月日　昭．３９．１０．２", ["昭．３９．１０．２"]),
        ("大正十五年十二月二日の生まれ", ["大正十五年十二月二日"]),
        ("山田 花子様（S29.11.3）から", ["S29.11.3"]),
        ("鈴木 一郎, S33.12.1, 独居", ["S33.12.1"]),
        ("通番|氏名|生年月日\n31|濵﨑 德次|3-100215", ["3-100215"]),
        ("私の生年月日を間違えました。正しくは1979年8月5日です。", ["1979年8月5日"]),
    ],
)
def test_dates_of_birth_ring_where_people_write_them(text, expected):
    assert pieces(text, Kind.DATE_OF_BIRTH) == expected


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("記号 3012\n番号 118　保険証", Kind.HEALTH_INSURANCE, ["3012\n番号 118"]),
        ("保険証見せますね。記号がいー204、番号が66です", Kind.HEALTH_INSURANCE, ["いー204、番号が66"]),
        ("介護保険の番号は0003381726です", Kind.HEALTH_INSURANCE, ["0003381726"]),
        ("後期の番号３９１１００２４、更新", Kind.HEALTH_INSURANCE, ["３９１１００２４"]),
        (
            "保険証　記号：倉国15　番号：0284417　（枝番）01",
            Kind.HEALTH_INSURANCE,
            ["倉国15　番号：0284417　（枝番）01"],
        ),
        ("わたしの口座は三菱UFJの厚木支店で5520918。", Kind.BANK_ACCOUNT, ["5520918"]),
        ("口座番号　１ ２ ３ ８ ８ ０ ４", Kind.BANK_ACCOUNT, ["１ ２ ３ ８ ８ ０ ４"]),
        ("夫の未支給年金の件です。番号は3018-442917でした。", Kind.BASIC_PENSION_NUMBER, ["3018-442917"]),
        ("免許の番号、62-18-093347-1-0", Kind.DRIVERS_LICENCE, ["62-18-093347-1-0"]),
        ("旅券 C1234567", Kind.PASSPORT, ["C1234567"]),
        ("個　人　番　号：123456789018", Kind.MY_NUMBER, ["123456789018"]),
        ("<郵便番号>7100834</郵便番号>", Kind.POSTAL_CODE, ["7100834"]),
        ("TEL:(046)241.6623", Kind.TELEPHONE, ["(046)241.6623"]),
        ("資産番号080-1102-4477のプリンター", Kind.TELEPHONE, []),
        ("図面番号 A-045-222-0031", Kind.TELEPHONE, []),
        ("発注番号7654321、請求番号0041772", Kind.BANK_ACCOUNT, []),
        ("記号は凡例、番号は図の右上に示す。", Kind.HEALTH_INSURANCE, []),
    ],
)
def test_numbers_ring_where_they_are_named(text, kind, expected):
    assert [text[one.start : one.end] for one in find_numbers(text, {kind})] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("厚木市妻田北一ノ三ノ二十、井萱あて", ["厚木市妻田北一ノ三ノ二十"]),
        ("住所妻田南1-9-33、日中は留守", ["妻田南1-9-33"]),
        ("うち1件は三田2丁目5-8の街灯", ["三田2丁目5-8"]),
        (
            "東京都千代田区霞が関2-1-2 中央合同庁舎2号館5Fへ",
            ["東京都千代田区霞が関2-1-2 中央合同庁舎2号館5F"],
        ),
        ("和歌山市七番丁23番地の市役所", ["和歌山市七番丁23番地"]),
        ("建物名・部屋番号　コンフォート東塚 Ａ－１０５", ["コンフォート東塚 Ａ－１０５"]),
    ],
)
def test_addresses_ring_in_every_spelling(text, expected):
    assert [text[one.start : one.end] for one in find_numbers(text, {Kind.ADDRESS})] == expected


def test_spread_letters_close_and_spans_point_at_the_original():
    text = "住　所　 佐 藤 町　　１ ２ ３ ４"
    seen = view(text)
    assert seen.text == "住所 佐藤町 1234"
    at = seen.text.index("1234")
    assert text[slice(*seen.span(at, at + 4))] == "１ ２ ３ ４"
