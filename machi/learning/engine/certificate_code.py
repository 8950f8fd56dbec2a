"""Codes of certificates: long enough that nobody finds one by trying, and read from paper without mistakes.

16 of 31 signs (digits and letters without I, L, O, U, Z), the last a check sign: the weighted sum of the others modulo
31, a prime, so that one wrong sign and two neighbours exchanged are always noticed. 74 bits of chance.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXY"
BASE = len(_SIGNS)
LENGTH = 16
RANDOM = LENGTH - 1
"""Numbers from 0 to 30 that a code is made of."""
_LOOKALIKES = str.maketrans("OIL", "011")


def code_of(numbers: Sequence[int]) -> str:
    """The code of ``RANDOM`` numbers from 0 to 30, in groups of four: ``7K3M-92QX-…``. ValueError for others."""
    if len(numbers) != RANDOM or not all(0 <= one < BASE for one in numbers):
        raise ValueError(f"{RANDOM} numbers from 0 to 30 are needed")
    plain = "".join(_SIGNS[one] for one in numbers)
    return shown(plain + _SIGNS[_sum(plain)])


def read(text: str) -> str | None:
    """The code as stored, of whatever a person typed: any width and case, blanks and dashes, O for 0, I and L for 1.
    None where it cannot be a code: a sign is wrong or missing."""
    folded = unicodedata.normalize("NFKC", text).upper()
    plain = "".join(one for one in folded if one.isalnum()).translate(_LOOKALIKES)
    if len(plain) != LENGTH or any(one not in _SIGNS for one in plain):
        return None
    return shown(plain) if plain[-1] == _SIGNS[_sum(plain[:-1])] else None


def shown(plain: str) -> str:
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def _sum(plain: str) -> int:
    return sum(at * _SIGNS.index(one) for at, one in enumerate(plain, 1)) % BASE
