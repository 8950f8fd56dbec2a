"""One way to write a JSON value as bytes, and digests of it.

``canonical_json`` is RFC 8785 (JSON Canonicalization Scheme), by the library of that name. Guaranteed: equal
values give equal bytes, on every machine and in every language that has an RFC 8785 library; ``json.loads`` of
the bytes gives the value back (1.0 comes back as 1, as in every RFC 8785 writer; a tuple as a list).

Text is kept as it is: RFC 8785 does no Unicode normalisation, so neither do we. Refused with ``CanonicalError``
(a ValueError): NaN and infinities, whole numbers beyond +-(2**53 - 1), which other readers would round, lone
surrogates, names that are not text, nesting too deep to read, and any type that is not JSON's.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

import rfc8785

JSON = None | bool | int | float | str | Sequence["JSON"] | Mapping[str, "JSON"]

SHORTEST_SALT = 16
"""Bytes. Below this a salt could be tried out."""


class CanonicalError(ValueError):
    """The value has no canonical form."""


def canonical_json(value: object) -> bytes:
    """RFC 8785 bytes of a JSON value (``JSON``; typed object so that unchecked data may be tried)."""
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]  # it says itself what is not JSON's
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError) as error:
        raise CanonicalError(f"the value has no canonical form: {error}") from None


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
