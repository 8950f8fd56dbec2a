"""RFC 8785's own samples, and that canonical bytes are one-to-one with values."""

import hashlib
import hmac
import json
import math
import struct
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.base.engine.canonical import (
    CanonicalError,
    canonical_json,
    digest,
    matches_salted_digest,
    salted_digest,
)

# RFC 8785 appendix B
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(("ieee754", "written"), NUMBERS)
def test_number_is_that_of_the_rfc(ieee754: str, written: str) -> None:
    assert canonical_json(struct.unpack(">d", bytes.fromhex(ieee754))[0]) == written.encode()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_reads_back_as_the_same_double(value: float) -> None:
    assert float(canonical_json(value)) == value


def test_canonical_json_writes_the_sample_of_the_rfc() -> None:
    sample = json.loads(
        r"""{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
             "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
             "literals": [null, true, false]}"""
    )
    assert canonical_json(sample).decode() == (
        r'{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        r'"string":"€$\u000f\nA' + "'" + r'B\"\\\\\"/"}'
    )


def test_canonical_json_sorts_by_utf16_code_units() -> None:
    """RFC 8785 section 3.2.3: the face (a surrogate pair) comes before U+FB33, though its code point is higher."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = canonical_json(dict.fromkeys(names, 0)).decode()
    assert list(json.loads(written)) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@given(values)
def test_canonical_json_reads_back_and_is_a_fixed_point(value: object) -> None:
    written = canonical_json(value)
    read = json.loads(written, parse_int=float)  # JSON numbers are doubles; Python alone reads 2e16 as exact
    assert read == value
    assert canonical_json(read) == written


@given(st.dictionaries(st.text(), values, min_size=2))
def test_canonical_json_does_not_depend_on_insertion_order(value: dict[str, object]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


def test_canonical_json_takes_numpy_floats_as_floats() -> None:
    assert canonical_json([np.float64(0.25), np.float64(-1e-7)]) == b"[0.25,-1e-7]"
    with pytest.raises(CanonicalError, match="float32"):
        canonical_json(np.float32(0.25))


def test_canonical_json_keeps_text_as_written() -> None:
    composed, decomposed = "が", "か\u3099"
    assert canonical_json(composed) == '"が"'.encode()
    assert canonical_json(composed) != canonical_json(decomposed)
    assert canonical_json("髙\U000e0101") == '"髙\U000e0101"'.encode()


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, math.nan]},
        -math.inf,
        [2**53],
        {1: "a"},
        {"at": date(2025, 11, 22)},
        b"bytes",
        {"set": {1}},
        "\ud800",
        {"\udc00": 1},
    ],
)
def test_canonical_json_refuses_what_is_not_json(value: object) -> None:
    with pytest.raises(CanonicalError):
        canonical_json(value)


def test_canonical_json_refuses_endless_nesting() -> None:
    ring: list[object] = []
    ring.append(ring)
    with pytest.raises(CanonicalError):
        canonical_json(ring)


def test_digest_is_the_sha256_of_the_canonical_bytes() -> None:
    assert digest({"b": 1, "a": "厚木"}) == hashlib.sha256('{"a":"厚木","b":1}'.encode()).hexdigest()


def test_salted_digest_is_hmac_and_differs_from_salt_to_salt() -> None:
    salt, other = bytes(range(32)), bytes(32)
    value = {"name": "厚木太郎"}
    expected = hmac.new(salt, '{"name":"厚木太郎"}'.encode(), "sha256").hexdigest()
    assert salted_digest(salt, value) == expected
    assert salted_digest(other, value) != expected
    assert matches_salted_digest(salt, value, expected)
    assert not matches_salted_digest(other, value, expected)
    assert not matches_salted_digest(salt, {"name": "厚木次郎"}, expected)
    assert not matches_salted_digest(salt, value, "日本語")


def test_salted_digest_refuses_a_short_salt() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes, this one has 15"):
        salted_digest(bytes(15), "x")
