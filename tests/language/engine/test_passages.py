import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.language.engine.passages import split
from machi.language.engine.types import Block, BlockKind, Passage


def heading(text: str, level: int = 1) -> Block:
    return Block("heading", text, level)


def paragraph(text: str, place: str = "") -> Block:
    return Block("paragraph", text, place=place)


def item(text: str) -> Block:
    return Block("list_item", text, 1)


def shown(passages: list[Passage]) -> list[tuple[tuple[str, ...], str]]:
    return [(passage.headings, passage.text) for passage in passages]


def test_passages_follow_headings() -> None:
    text, passages = split(
        "図書館", [heading("利用"), paragraph("誰でも。"), heading("本", 2), paragraph("5冊まで。")]
    )
    assert text == "利用\n誰でも。\n本\n5冊まで。"
    assert shown(passages) == [(("利用",), "誰でも。"), (("利用", "本"), "5冊まで。")]
    assert [passage.ordinal for passage in passages] == [0, 1]


def test_a_heading_of_the_same_level_closes_the_one_before() -> None:
    _, passages = split("t", [heading("甲"), paragraph("一"), heading("乙"), paragraph("二")])
    assert shown(passages) == [(("甲",), "一"), (("乙",), "二")]


def test_an_empty_heading_closes_its_level() -> None:
    blocks = [
        heading("催し"),
        heading("落語", 2),
        paragraph("4月26日"),
        heading("", 2),
        paragraph("いずれも無料。"),
    ]
    _, passages = split("t", blocks)
    assert shown(passages) == [(("催し", "落語"), "4月26日"), (("催し",), "いずれも無料。")]


def test_a_heading_with_nothing_under_it_is_a_passage() -> None:
    _, passages = split("お知らせ", [heading("本日休館"), heading("次"), paragraph("本文")])
    assert shown(passages) == [((), "本日休館"), (("次",), "本文")]


def test_the_title_repeated_as_heading_is_not_repeated_above_passages() -> None:
    _, passages = split("ごみ", [heading("ごみ"), paragraph("分けて出す。")])
    assert shown(passages) == [((), "分けて出す。")]


def test_the_title_alone_makes_no_passage() -> None:
    assert split("ごみ", [heading("ごみ")])[1] == []


def test_a_question_keeps_its_answer() -> None:
    blocks = [
        Block("question", "休みは？"),
        Block("answer", "月曜。"),
        Block("question", "料金は？"),
        Block("answer", "無料。"),
    ]
    _, passages = split("FAQ", blocks)
    assert shown(passages) == [((), "休みは？\n月曜。"), ((), "料金は？\n無料。")]


def test_later_parts_of_a_long_answer_stand_under_the_question() -> None:
    blocks = [Block("question", "持ち物は？"), Block("answer", "水筒を持ってきてください。" * 4)]
    _, passages = split("FAQ", blocks, limit=30)
    assert passages[0].text.startswith("持ち物は？\n水筒")
    assert passages[0].headings == ()
    assert [passage.headings for passage in passages[1:]] == [("持ち物は？",)] * (len(passages) - 1)
    assert len(passages) > 1


def test_the_sentence_before_a_list_stays_with_its_first_item() -> None:
    blocks = [paragraph("あ" * 30), paragraph("必要なもの："), item("・印鑑" + "い" * 20), item("・写真")]
    _, passages = split("t", blocks, limit=45)
    assert [passage.text.split("\n")[0] for passage in passages] == ["あ" * 30, "必要なもの："]


def test_a_sentence_that_fits_is_never_cut() -> None:
    sentences = ["明日は休みです。", "電話で申し込んでください。", "費用は無料です。"] * 5
    _, passages = split("t", [paragraph("".join(sentences))], limit=40)
    assert "".join(passage.text for passage in passages) == "".join(sentences)
    assert all(passage.text.endswith("。") and len(passage.text) <= 40 for passage in passages)


def test_places_say_from_where_to_where() -> None:
    _, passages = split("t", [paragraph("一。", "1ページ"), paragraph("二。", "2ページ")])
    assert passages[0].place == "1ページ〜2ページ"


def test_no_blocks_give_no_passages() -> None:
    assert split("t", []) == ("", [])


def test_too_small_a_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="limit"):
        split("t", [], limit=1)


KINDS: list[BlockKind] = ["heading", "paragraph", "list_item", "table_row", "question", "answer"]
BLOCKS = st.lists(
    st.builds(
        Block,
        kind=st.sampled_from(KINDS),
        text=st.text(alphabet="あ漢字1。！「」：:・\n 　", max_size=60),
        level=st.integers(1, 6),
    ),
    max_size=14,
)


@settings(deadline=None)
@given(BLOCKS, st.integers(8, 60))
def test_offsets_are_exact_rising_and_within_the_limit(blocks: list[Block], limit: int) -> None:
    text, passages = split("題", blocks, limit=limit)
    assert text == "\n".join(block.text for block in blocks)
    end = 0
    for number, passage in enumerate(passages):
        assert passage.ordinal == number
        assert text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip() != ""
        assert end <= passage.start < passage.end
        assert len(passage.text) <= limit
        end = passage.end


@settings(deadline=None)
@given(BLOCKS)
def test_no_text_is_lost(blocks: list[Block]) -> None:
    text, passages = split("題", blocks, limit=20)
    covered = set().union(*(range(passage.start, passage.end) for passage in passages)) if passages else set()
    named = {name for passage in passages for name in passage.headings}
    offset = 0
    for block in blocks:
        inside = range(offset, offset + len(block.text))
        blank = {place for place in inside if text[place].isspace()}
        assert set(inside) - blank <= covered or block.text.strip() in named
        offset += len(block.text) + 1
