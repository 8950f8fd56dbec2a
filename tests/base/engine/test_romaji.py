"""English names, against the names that municipalities and prefectures give themselves."""

import csv
import re
from pathlib import Path

import pytest

from machi.base.engine.romaji import hepburn, municipality_name_en

DATA = Path(__file__).parents[3] / "machi" / "base" / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_hepburn_writes_every_prefecture_as_it_writes_itself() -> None:
    for row in rows("prefectures.csv"):
        kana = row["kana"] if row["name"] == "北海道" else re.sub("(けん|ふ|と)$", "", row["kana"])
        assert hepburn(kana).capitalize() == row["name_en"]


@pytest.mark.parametrize(
    ("name", "kana", "english"),
    [
        ("厚木市", "あつぎし", "Atsugi City"),
        ("倉敷市", "くらしきし", "Kurashiki City"),
        ("焼津市", "やいづし", "Yaizu City"),
        ("大阪市", "おおさかし", "Osaka City"),
        ("高知市", "こうちし", "Kochi City"),
        ("中央区", "ちゅうおうく", "Chuo Ward"),
        ("新宿区", "しんじゅくく", "Shinjuku Ward"),
        ("札幌市 北区", "さっぽろし きたく", "Kita Ward, Sapporo City"),
        ("四日市市", "よっかいちし", "Yokkaichi City"),
        ("大町町", "おおまちちょう", "Omachi Town"),
        ("新冠町", "にいかっぷちょう", "Niikappu Town"),
        ("南牧村", "みなみまきむら", "Minamimaki Village"),
        ("椎葉村", "しいばそん", "Shiiba Village"),
        ("ニセコ町", "にせこちょう", "Niseko Town"),
        ("龍ケ崎市", "りゅうがさきし", "Ryugasaki City"),
        ("南陽市", "なんようし", "Nanyo City"),
        ("北九州市", "きたきゅうしゅうし", "Kitakyushu City"),
        ("八王子市", "はちおうじし", "Hachioji City"),
        ("邑楽町", "おうらまち", "Ora Town"),
        ("勝央町", "しょうおうちょう", "Shoo Town"),
        ("真岡市", "もおかし", "Moka City"),
        ("東通村", "ひがしどおりむら", "Higashidori Village"),
        ("佐那河内村", "さなごうちそん", "Sanagochi Village"),
        # two words whose vowels meet
        ("松浦市", "まつうらし", "Matsuura City"),
        ("瀬戸内市", "せとうちし", "Setouchi City"),
        ("小海町", "こうみまち", "Koumi Town"),
        ("豊岡市", "とよおかし", "Toyooka City"),
        ("広尾町", "ひろおちょう", "Hiroo Town"),
        ("桑折町", "こおりまち", "Koori Town"),
        ("西之表市", "にしのおもてし", "Nishinoomote City"),
    ],
)
def test_municipality_name_en(name: str, kana: str, english: str) -> None:
    assert municipality_name_en(name, kana) == english


def test_every_municipality_has_an_english_name() -> None:
    for row in rows("municipalities.csv"):
        english = municipality_name_en(row["name"], row["kana"])
        assert re.fullmatch("[A-Z][a-z]+ (City|Town|Village|Ward)(, [A-Z][a-z]+ City)?", english)
        if row["kind"] != "ward":
            kind = {"city": "City", "town": "Town", "village": "Village", "special_ward": "Ward"}[row["kind"]]
            assert english.endswith(f" {kind}")


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("ハッチョウボリ", "hatchobori"),
        ("まっちゃ", "matcha"),
        ("なんば", "nanba"),
        ("ちづ", "chizu"),
        ("コーポ", "kopo"),
        ("おおおか", "ooka"),
        ("しんおんせん", "shinonsen"),
        ("", ""),
        ("A棟", "A棟"),
    ],
)
def test_hepburn(kana: str, latin: str) -> None:
    assert hepburn(kana) == latin


@pytest.mark.parametrize(
    ("name", "kana"),
    [
        ("厚木", "あつぎ"),
        ("厚木市", "あつぎ"),
        ("厚木市", "あつぎまち"),
        ("札幌市 北区", "さっぽろし"),
        ("市", ""),
    ],
)
def test_municipality_name_en_refuses_what_does_not_fit(name: str, kana: str) -> None:
    with pytest.raises(ValueError):
        municipality_name_en(name, kana)
