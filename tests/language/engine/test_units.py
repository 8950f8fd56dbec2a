"""Headings, fields and sentences inside a passage, each at its exact place."""

from hypothesis import given
from hypothesis import strategies as st

from machi.language.engine.units import FIELD_LIMIT, split_units


def shape(text: str) -> list[tuple[str, bool, str, tuple[int, ...]]]:
    return [(unit.text, unit.is_heading, unit.label, unit.path) for unit in split_units(text)]


def test_a_label_takes_the_lines_that_follow_up_to_a_blank_one() -> None:
    assert shape("定員：\n・11日…10人\n・12日…15人\n費用：500円\n\n当日は晴れ。雨なら中止。") == [
        ("定員：\n・11日…10人\n・12日…15人", False, "定員", ()),
        ("費用：500円", False, "費用", ()),
        ("当日は晴れ。", False, "", ()),
        ("雨なら中止。", False, "", ()),
    ]


def test_headings_nest_in_the_order_their_marks_appear() -> None:
    assert [
        (unit.text, unit.path) for unit in split_units("■催し\n◇朝\n六時から\n◇夜\n九時から\n■講座\n無料")
    ] == [
        ("■催し", ()),
        ("◇朝", (0,)),
        ("六時から", (0, 1)),
        ("◇夜", (0,)),
        ("九時から", (0, 3)),
        ("■講座", ()),
        ("無料", (5,)),
    ]


def test_times_and_addresses_are_no_labels() -> None:
    assert [unit.label for unit in split_units("10:30に集合\nhttps://example.jp/\n【電話】225-2412")] == [
        "",
        "",
        "電話",
    ]


def test_a_field_too_long_is_cut_into_sentences_that_keep_its_label() -> None:
    text = "内容：" + "とても長い説明です。" * 30
    units = split_units(text)
    assert {unit.label for unit in units} == {"内容"}
    assert len(text) > FIELD_LIMIT
    assert len(units) == 30


@given(st.text(alphabet="あ漢a1。：:■◇・\n （【】) ?", max_size=200))
def test_units_are_exact_ordered_and_lose_nothing_but_blanks(text: str) -> None:
    units = split_units(text)
    position = 0
    for unit in units:
        assert text[unit.start : unit.end] == unit.text == unit.text.strip()
        assert not text[position : unit.start].strip()
        assert position <= unit.start < unit.end
        assert all(units[index].is_heading for index in unit.path)
        position = unit.end
    assert not text[position:].strip()
