"""Vectors: the ordinances' rules, numbers that their holders publish, the card networks' test numbers."""

import pytest

from machi.language.engine.personal import checkdigits


def test_my_number_follows_the_ordinance():
    # 123456789018: 6+10+12+12+10+42+42+40+36+0+... worked by the formula leaves 3; 11 - 3 = 8.
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    assert sum(int(d) * w for d, w in zip("12345678901", weights, strict=True)) % 11 == 3
    assert [d for d in "0123456789" if checkdigits.my_number("12345678901" + d)] == ["8"]


@pytest.mark.parametrize("number", ["000000000000", "021098765430"])
def test_my_number_takes_zero_for_a_remainder_of_zero_or_one(number):
    assert checkdigits.my_number(number)


@pytest.mark.parametrize("number", ["", "12345678901", "1234567890188", "123456789012"])
def test_my_number_refuses(number):
    assert not checkdigits.my_number(number)


@pytest.mark.parametrize("number", ["7000012050002", "8000020130001"])
def test_corporate_number_agrees_with_public_ones(number):
    assert [d for d in "0123456789" if checkdigits.corporate_number(d + number[1:])] == [number[0]]


def test_corporate_number_refuses_other_lengths():
    assert not checkdigits.corporate_number("700001205000")


@pytest.mark.parametrize(
    "number", ["4111111111111111", "5555555555554444", "378282246310005", "3530111333300000"]
)
def test_luhn_agrees_with_test_cards(number):
    assert [d for d in "0123456789" if checkdigits.luhn(number[:-1] + d)] == [number[-1]]
