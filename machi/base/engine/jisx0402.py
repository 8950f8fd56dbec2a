"""Codes of local governments: JIS X 0401 (prefectures) and JIS X 0402 (municipalities).

A code has five digits, two for the prefecture (01 to 47) and three within it: 000 is the prefecture itself,
municipalities and their associations begin at 100. The Ministry of Internal Affairs and Communications adds a
sixth, the check digit: weigh the five by 6, 5, 4, 3 and 2, add up, and take the last digit of 11 minus the
remainder of division by 11 (「全国地方公共団体コード」仕様). machi always writes all six.
"""

import re
import unicodedata
from collections.abc import Container
from typing import NewType

MunicipalityCode = NewType("MunicipalityCode", str)
"""Six ASCII digits with a right check digit; made by ``parse`` or ``with_check_digit`` only."""

_WEIGHTS = (6, 5, 4, 3, 2)


def check_digit(five: str) -> str:
    """The check digit of a five-digit code. ValueError where it is not five ASCII digits."""
    if not re.fullmatch("[0-9]{5}", five):
        raise ValueError(f"a code without its check digit has five digits: {five!r}")
    total = sum(int(digit) * weight for digit, weight in zip(five, _WEIGHTS, strict=True))
    return str((11 - total % 11) % 10)


def with_check_digit(five: str) -> MunicipalityCode:
    """The six-digit code of five digits. ValueError also for numbers that are never given."""
    code = five + check_digit(five)
    if not "01" <= five[:2] <= "47":
        raise ValueError(f"there is no prefecture {five[:2]} (01 to 47): {five!r}")
    if "000" < five[2:] < "100":
        raise ValueError(f"no municipality is numbered {five[2:]} (100 and up; 000 the prefecture): {five!r}")
    return MunicipalityCode(code)


def parse(value: str | int, register: Container[str] | None = None) -> MunicipalityCode:
    """Read a code as people and spreadsheets write it.

    Taken: six digits; five digits without the check digit; either with its leading zero lost (``11002`` for
    011002); full-width digits; space around. Five digits that do not begin with 0 may be read two ways (11100
    is 111007 of Saitama, and 011100 of a ward of Sapporo with its zero lost). Then ``register``, if given,
    decides, and where it cannot, ValueError asks for six digits rather than guess. ValueError also for a wrong
    check digit, a number that is never given, and anything that is not such a code.
    """
    if isinstance(value, bool):
        raise ValueError(f"not a code: {value!r}")
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if not re.fullmatch("[0-9]{4,6}", text):
        raise ValueError(f"a code has five or six digits: {value!r}")
    if len(text) == 6:
        return _with_right_check_digit(text, value)
    if len(text) == 4:
        return with_check_digit("0" + text)
    if text[0] == "0":
        return with_check_digit(text)
    readings = [code for code in (_or_none(text), _or_none("0" + text)) if code is not None]
    if register is not None and len(readings) > 1:
        readings = [code for code in readings if code in register] or readings
    if len(readings) == 1:
        return readings[0]
    if not readings:
        raise ValueError(f"not a code of a Japanese local government: {value!r}")
    raise ValueError(f"{value!r} may mean {' or '.join(readings)}: write six digits")


def prefecture_of(code: MunicipalityCode) -> MunicipalityCode:
    """The six-digit code of the prefecture that a municipality is in (its own for a prefecture)."""
    return with_check_digit(code[:2] + "000")


def is_prefecture(code: MunicipalityCode) -> bool:
    return code[2:5] == "000"


def _with_right_check_digit(text: str, value: str | int) -> MunicipalityCode:
    code = with_check_digit(text[:5])
    if code != text:
        raise ValueError(f"the check digit of {value!r} is wrong: {text[:5]} has {code[5]}")
    return code


def _or_none(text: str) -> MunicipalityCode | None:
    """Five digits as a code without its check digit, six as one with it; None where it cannot be one."""
    try:
        return with_check_digit(text) if len(text) == 5 else _with_right_check_digit(text, text)
    except ValueError:
        return None
