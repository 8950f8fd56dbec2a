import pytest

from machi.base.engine.decoding import decode
from machi.frontdesk.engine.reading.cleaning import clean

TEXT = "広報あつぎは毎月二回、ポスティングでお届けします。カタカナも。"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp932", "cp932"),
        ("euc_jp", "euc_jp"),
        ("iso2022_jp", "iso2022_jp_ext"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
    ],
)
def test_the_encoding_is_found(encoding: str, found: str) -> None:
    decoded = decode(TEXT.encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.damaged) == (TEXT, found, 0)


def test_a_declared_shift_jis_means_cp932() -> None:
    text = "㈱髙島屋①"
    assert decode(text.encode("cp932"), "Shift_JIS").text == text


def test_a_wrong_declaration_does_not_win() -> None:
    assert decode(TEXT.encode(), "euc-jp").text == TEXT
    assert decode(TEXT.encode("cp932"), "no-such-encoding").text == TEXT


@pytest.mark.parametrize("byte", [b"\xff", b"\xa0", b"\x80", b"\xfd"])
def test_bytes_that_mean_nothing_are_counted(byte: bytes) -> None:
    decoded = decode(TEXT.encode("cp932") + byte + TEXT.encode("cp932"))
    assert (decoded.text, decoded.encoding, decoded.damaged) == (f"{TEXT}\ufffd{TEXT}", "cp932", 1)


def test_clean_keeps_what_people_see() -> None:
    text = "葛\U000e0100城👨\u200d👩 か\u3099"
    assert clean(text) == (text, 0)


def test_clean_makes_every_line_break_one() -> None:
    assert clean("a\r\nb\rc\x0bd\u2028e\x85f") == ("a\nb\nc\nd\ne\nf", 0)


def test_clean_removes_and_counts_what_nobody_sees() -> None:
    assert clean("a\x00b\u200bc\u202ed\ufeff\U000e0041\x1b") == ("abcd", 6)


def test_a_replacement_character_that_the_file_holds_is_no_damage() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        assert decode("0,\ufffd".encode(encoding)).damaged == 0
    assert decode(b"\xef\xbb\xbfA\xff").damaged == 1
