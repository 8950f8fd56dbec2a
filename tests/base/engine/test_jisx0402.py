"""Check digits and readings of codes, against every code in the register."""

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.base.engine.jisx0402 import check_digit, is_prefecture, parse, prefecture_of, with_check_digit

ROOT = Path(__file__).parents[3]
MUNICIPALITIES = ROOT / "machi" / "base" / "data" / "municipalities.csv"
SOURCE = Path(os.environ.get("MACHI_DATA", ROOT.parent / "shared" / "data")) / "localgovjp"


def codes() -> list[str]:
    with MUNICIPALITIES.open(encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    ("five", "digit"),
    # 01000 Hokkaido, 14212 Atsugi, 33202 Kurashiki, 22212 Yaizu; 09000: remainder 1 gives 0; 11000: 0 gives 1
    [("01000", "6"), ("14212", "3"), ("33202", "0"), ("22212", "7"), ("09000", "0"), ("11000", "1")],
)
def test_check_digit_of_known_codes(five: str, digit: str) -> None:
    assert check_digit(five) == digit


def test_every_code_of_the_register_has_its_check_digit() -> None:
    for code in codes():
        assert check_digit(code[:5]) == code[5]
        assert parse(code) == code


@pytest.mark.skipif(not SOURCE.exists(), reason="the localgovjp data (MACHI_DATA) is not here")
def test_every_code_of_the_source_is_read() -> None:
    with (SOURCE / "localgovjp-utf8.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1916
    for row in rows:
        code = with_check_digit(row["cid"].zfill(5))
        assert parse(row["lgcode"]) == code
        assert prefecture_of(code) == with_check_digit(f"{int(row['pid']):02}000")
    with (SOURCE / "prefjp-utf8.csv").open(encoding="utf-8-sig", newline="") as file:
        prefectures = [(int(row["pid"]), parse(row["lgcode"].zfill(6))) for row in csv.DictReader(file)]
    assert [code for _, code in prefectures] == [with_check_digit(f"{pid:02}000") for pid in range(1, 48)]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("142123", "142123"),
        (142123, "142123"),
        ("14212", "142123"),
        (14212, "142123"),
        ("１４２１２３", "142123"),
        ("　142123 \n", "142123"),
        ("011002", "011002"),
        (11002, "011002"),  # Sapporo, its leading zero lost
        ("11002", "011002"),
        (1100, "011002"),
        ("01100", "011002"),
        (10006, "010006"),
        ("13101", "131016"),
    ],
)
def test_parse_reads_what_people_and_spreadsheets_write(value: str | int, code: str) -> None:
    assert parse(value) == code


def test_parse_refuses_to_guess_between_two_readings() -> None:
    with pytest.raises(ValueError, match="'11100' may mean 111007 or 011100: write six digits"):
        parse("11100")
    assert parse("11100", register={"111007"}) == "111007"
    assert parse("11100", register={"011100"}) == "011100"
    with pytest.raises(ValueError, match="write six digits"):
        parse("11100", register={"111007", "011100"})
    with pytest.raises(ValueError, match="write six digits"):
        parse("11100", register=set())


def test_parse_with_the_register_reads_nearly_all_shortened_codes() -> None:
    """Of 1,916 codes without check digit, 15 could as well be another with its zero lost; those are refused."""
    register = set(codes())
    refused = []
    for code in register:
        try:
            assert parse(code[:5], register) == code
        except ValueError:
            refused.append(code)
    assert len(refused) == 15
    assert all("0" + code[:5] in register for code in refused)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("142124", "the check digit of '142124' is wrong: 14212 has 3"),
        ("480001", "there is no prefecture 48"),
        ("14099", "not a code"),
        ("140996", "no municipality is numbered 099"),
        ("48000", "not a code of a Japanese local government: '48000'"),
        ("00100", "there is no prefecture 00"),
        ("001007", "there is no prefecture 00"),
        ("", "a code has five or six digits: ''"),
        ("123", "a code has five or six digits"),
        ("1421230", "a code has five or six digits"),
        ("14212a", "a code has five or six digits"),
        ("14-212", "a code has five or six digits"),
        (-14212, "a code has five or six digits: -14212"),
        (True, "not a code: True"),
        ("१४२१२३", "a code has five or six digits"),
    ],
)
def test_parse_says_what_is_wrong(value: str | int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(value)


@given(st.sampled_from(codes()), st.integers(0, 5), st.sampled_from("0123456789"))
def test_parse_finds_a_wrong_digit(code: str, spot: int, digit: str) -> None:
    """The rule itself gives remainders 0 and 10 the same check digit, 1: such a pair cannot be told apart."""
    wrong = code[:spot] + digit + code[spot + 1 :]
    if wrong == code or {remainder(code), remainder(wrong)} == {0, 10}:
        return
    with pytest.raises(ValueError):
        parse(wrong)


def remainder(code: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(code, (6, 5, 4, 3, 2), strict=False)) % 11


@given(st.text() | st.integers())
def test_parse_gives_six_right_digits_or_value_error(value: str | int) -> None:
    try:
        code = parse(value)
    except ValueError:
        return
    assert len(code) == 6
    assert code.isascii()
    assert code == with_check_digit(code[:5])


def test_is_prefecture_and_prefecture_of() -> None:
    assert is_prefecture(parse("140007"))
    assert not is_prefecture(parse("142123"))
    assert prefecture_of(parse("142123")) == "140007"
    assert prefecture_of(parse("140007")) == "140007"
