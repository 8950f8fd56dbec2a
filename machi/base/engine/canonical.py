"""One way to write a JSON value as bytes, and digests of it.

``canonical_json`` is RFC 8785 (JSON Canonicalization Scheme) in full: UTF-8, no white space, members sorted by
the UTF-16 code units of their names, shortest escapes, numbers as ECMAScript writes them. Guaranteed: equal
values give equal bytes, on every machine and in every language that has an RFC 8785 library; reading the bytes
with numbers as doubles gives the value back (in Python 1.0 comes back as 1, and a tuple as a list).

Text is kept as it is: RFC 8785 does no Unicode normalisation, so neither do we. Refused with ``CanonicalError``
(a ValueError that names the place): NaN and infinities, whole numbers beyond +-(2**53 - 1), which other
readers would round, lone surrogates, names that are not text, and any type that is not JSON's.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from math import isfinite

JSON = None | bool | int | float | str | Sequence["JSON"] | Mapping[str, "JSON"]

_LARGEST_INT = 2**53 - 1
_DEEPEST = 100
SHORTEST_SALT = 16
"""Bytes. Below this a salt could be tried out."""


class CanonicalError(ValueError):
    """The value has no canonical form."""


def canonical_json(value: object) -> bytes:
    """RFC 8785 bytes of a JSON value (``JSON``; typed object so that unchecked data may be tried)."""
    try:
        return _write(value, "$", 0).encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError(f"the value has a lone surrogate {error.object[error.start]!r}") from None


def digest(value: object) -> str:
    """SHA-256 of the canonical bytes, 64 hexadecimal digits.

    For public facts only: a short input (a name, a My Number) can be found again by trying.
    """
    return hashlib.sha256(canonical_json(value)).hexdigest()


def salted_digest(salt: bytes, value: object) -> str:
    """HMAC-SHA-256 (RFC 2104) of the canonical bytes under a secret salt, 64 hexadecimal digits.

    Keep one salt of 32 random bytes per subject, beside the subject's data and never in the ledger. While the
    salt exists the input can be shown to be the one recorded; once it is erased, the digest says nothing about
    the input, however short, and the ledger entry stays as it is. ValueError where the salt is under 16 bytes.
    """
    if len(salt) < SHORTEST_SALT:
        raise ValueError(f"a salt needs at least {SHORTEST_SALT} bytes, this one has {len(salt)}")
    return hmac.new(salt, canonical_json(value), hashlib.sha256).hexdigest()


def matches_salted_digest(salt: bytes, value: object, expected: str) -> bool:
    """Is ``expected`` the salted digest of this value? Compared in constant time."""
    return hmac.compare_digest(salted_digest(salt, value).encode(), expected.encode())


def _write(value: object, place: str, depth: int) -> str:
    if isinstance(value, str):
        return encode_basestring(str(value))
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        if abs(value) > _LARGEST_INT:
            raise CanonicalError(f"{place}: {value} is beyond the exact range of +-(2**53 - 1)")
        return int.__repr__(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise CanonicalError(f"{place}: {value} is not a JSON number")
        return es_number(value)
    if depth >= _DEEPEST:
        raise CanonicalError(f"{place}: nested deeper than {_DEEPEST}")
    if isinstance(value, dict):
        for name in value:
            if not isinstance(name, str):
                raise CanonicalError(f"{place}: the member name {name!r} is not text")
        # Code points and UTF-16 code units sort alike except where a name leaves the basic plane.
        names = sorted(value) if all(map(_basic_plane, value)) else sorted(value, key=_utf16)
        members = (f"{encode_basestring(n)}:{_write(value[n], f'{place}.{n}', depth + 1)}" for n in names)
        return "{" + ",".join(members) + "}"
    if isinstance(value, list | tuple):
        items = (_write(item, f"{place}[{i}]", depth + 1) for i, item in enumerate(value))
        return "[" + ",".join(items) + "]"
    raise CanonicalError(f"{place}: {type(value).__name__} is not a JSON type")


def es_number(value: float) -> str:
    """A finite double as ECMAScript's Number::toString writes it (RFC 8785 section 3.2.2.3).

    Both it and Python's repr give the shortest digits that read back as the same double; they differ only in
    where the exponent begins.
    """
    if value == 0:
        return "0"  # also for -0
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = float.__repr__(abs(value)).partition("e")  # numpy floats repr otherwise
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    # value == 0.digits * 10**point, which is ECMAScript's (s, k, n) with n = point
    if 0 < point <= 21:
        text = digits.ljust(point, "0")
        text = text if len(digits) <= point else f"{text[:point]}.{text[point:]}"
    elif -6 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        text = digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + f"e{point - 1:+d}"
    return sign + text


def _basic_plane(text: str) -> bool:
    return text.isascii() or max(text, default="") <= "\uffff"


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")
