import pytest

from machi.language.engine.personal import Kind, find


def persons(text):
    return [text[one.start : one.end] for one in find(text, {Kind.PERSON})]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("山田太郎さんが来庁した。", ["山田太郎"]),
        ("担当：鈴木", ["鈴木"]),
        ("福祉課　小林まで。", ["小林"]),
        ("課長の佐藤が説明します", ["佐藤"]),
        ("木戸委員から質問があった", ["木戸"]),
        ("髙橋さんと﨑山健二さん", ["髙橋", "﨑山健二"]),
        ("氏名：四月一日　太郎　生年月日：昭和45年3月2日", ["四月一日　太郎"]),
        ("フリガナ ﾔﾏﾀﾞ ﾀﾛｳ", ["ﾔﾏﾀﾞ ﾀﾛｳ"]),
        ("マリア・サントスさんの在留カード", ["マリア・サントス"]),
        ("氏名は田中昊です", ["田中昊"]),
        ("仁木善三郎、若杉 彩夢の2名", ["仁木善三郎", "若杉 彩夢"]),
        ("090-1234-5678（山田）", ["山田"]),
        ("鈴木医院の鈴木先生", ["鈴木"]),
        ("山田町の町長が松本市の中村氏と面会した。", ["中村"]),
    ],
)
def test_names_ring(text, expected):
    assert persons(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "山田町と松本市が協定を結んだ。",
        "佐藤公園は閉園しました。",
        "高橋商店で買い物をした。",
        "株式会社山田に委託した。",
        "石川県の金沢駅から歩く。",
        "長谷川内科クリニックを受診した。",
        "市長、副市長、教育長が出席した。",
        "お客様、事業者様、関係者各位",
        "担当：福祉課",
        "世帯主：本人",
        "ご不明な点は職員までお尋ねください。",
    ],
)
def test_names_stay_silent(text):
    assert persons(text) == []


def test_an_address_with_a_name_in_it_is_one_address():
    text = "住所は静岡県焼津市本町2-16-32コーポ山田203号室です"
    assert [one.kind for one in find(text)] == [Kind.ADDRESS]


def test_long_texts_are_read_in_pieces_and_places_stay_right():
    text = "きょうは晴れです。" * 600 + "山田太郎さんが来庁した。"
    assert persons(text) == ["山田太郎"]
