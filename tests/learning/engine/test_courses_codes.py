"""Codes of certificates, and parts of files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.learning.engine.byte_range import byte_range
from machi.learning.engine.certificate_code import BASE, RANDOM, code_of, read

NUMBERS = st.lists(st.integers(0, BASE - 1), min_size=RANDOM, max_size=RANDOM)


@given(NUMBERS)
def test_what_is_printed_can_be_read(numbers: list[int]) -> None:
    code = code_of(numbers)
    assert read(code) == code
    assert read(code.lower().replace("-", " ")) == code
    wide = code.translate({at: at + 0xFEE0 for at in range(0x21, 0x7F)})
    assert read(f" {wide} ") == code


@given(NUMBERS, st.integers(0, 15), st.integers(1, BASE - 1))
def test_one_wrong_sign_is_always_noticed(numbers: list[int], at: int, step: int) -> None:
    signs = "0123456789ABCDEFGHJKMNPQRSTVWXY"
    plain = code_of(numbers).replace("-", "")
    wrong = plain[:at] + signs[(signs.index(plain[at]) + step) % BASE] + plain[at + 1 :]
    assert read(wrong) is None


@given(NUMBERS, st.integers(0, 14))
def test_neighbours_exchanged_are_always_noticed(numbers: list[int], at: int) -> None:
    plain = code_of(numbers).replace("-", "")
    swapped = plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]
    assert (read(swapped) is None) == (swapped != plain)


def test_lookalikes_are_read_as_meant() -> None:
    code = code_of([0, 1, 1, 0] + [5] * 11)
    assert code.startswith("0110-")
    assert read(code.replace("0110", "OIlo")) == code


@given(st.text(max_size=40))
def test_anything_else_is_no_code(text: str) -> None:
    found = read(text)
    assert found is None or read(found) == found


@pytest.mark.parametrize("numbers", [[0] * 14, [0] * 16, [31] * 15, [-1] + [0] * 14])
def test_only_whole_codes_are_made(numbers: list[int]) -> None:
    with pytest.raises(ValueError, match="numbers"):
        code_of(numbers)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("bytes=0-", (0, 99)),
        ("bytes=10-19", (10, 19)),
        ("bytes=90-200", (90, 99)),
        ("bytes=-5", (95, 99)),
        ("bytes=-500", (0, 99)),
        ("", None),
        ("bytes=-", None),
        ("bytes=20-10", None),
        ("bytes=0-1,4-5", None),
        ("lines=1-2", None),
    ],
)
def test_parts_of_a_hundred_bytes(header: str, found: tuple[int, int] | None) -> None:
    assert byte_range(header, 100) == found


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=-0"])
def test_parts_outside_are_refused(header: str) -> None:
    with pytest.raises(ValueError):
        byte_range(header, 100)


@given(st.text(max_size=20) | st.from_regex(r"bytes=\d{0,4}-\d{0,4}", fullmatch=True), st.integers(0, 3000))
def test_a_part_lies_inside(header: str, size: int) -> None:
    try:
        found = byte_range(header, size)
    except ValueError:
        return
    if found is not None:
        assert 0 <= found[0] <= found[1] < size
