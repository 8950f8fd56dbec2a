"""The table of indicators: read as published, refused where it is something else."""

import csv
from pathlib import Path

import pytest

from machi.joint.engine.indicators import read, shipped

REGISTER = Path(__file__).parents[3] / "machi" / "base" / "data" / "municipalities.csv"
SMALL = """SSDSE-A-2025,Prefecture,Municipality,A1101,D1202
,,年度,2020,2023
地域コード,都道府県,市区町村,総人口,一般行政部門職員数（市区町村）
R14212,神奈川県,厚木市,223705,812
R22212,静岡県,焼津市,136845,585
"""


def test_read_gives_codes_with_check_digits_names_years_and_numbers():
    table = read(SMALL)
    assert table.codes == ("142123", "222127")
    assert table.prefectures == ("神奈川県", "静岡県")
    assert [(one.code, one.year) for one in table.indicators] == [("A1101", 2020), ("D1202", 2023)]
    assert table.column("D1202").tolist() == [812, 585]
    assert table.rows(["222127", "142123"]).tolist() == [1, 0]


@pytest.mark.parametrize(
    "text",
    [
        "code,value\n1,2\n",
        SMALL.replace("SSDSE-A", "SSDSE-B"),
        SMALL.replace("R22212", "R14212"),
        SMALL.replace("136845", "…"),
        SMALL.replace(",585", ""),
        "",
    ],
)
def test_read_refuses_what_is_not_such_a_table(text):
    with pytest.raises((ValueError, IndexError)):
        read(text)


def test_unknown_indicators_and_municipalities_are_key_errors():
    table = read(SMALL)
    with pytest.raises(KeyError):
        table.column("X1")
    with pytest.raises(KeyError):
        table.rows(["011002"])


def test_shipped_table_holds_every_municipality_of_the_register():
    with REGISTER.open(encoding="utf-8") as file:
        register = {row["code"] for row in csv.DictReader(file) if row["kind"] != "ward"}
    table = shipped()
    assert set(table.codes) == register
    assert table.values.shape == (1741, 125)
    sapporo = table.rows(["011002"])[0]
    assert table.column("A1101")[sapporo] == 1_973_395
    assert table.column("D320303")[sapporo] == 506_761_351
