from hypothesis import given, settings
from hypothesis import strategies as st

from machi.frontdesk.engine.reading import read
from machi.frontdesk.engine.reading.marked_text import blocks_of


def shown(text: str) -> list[tuple[str, int, str]]:
    return [(block.kind, block.level, block.text) for block in blocks_of(text) if block.text or block.level]


def test_marks_nest_in_the_order_they_first_appear() -> None:
    assert shown("■講座\n案内\n◇初級\n内容\n■催し\n内容") == [
        ("heading", 1, "■講座"),
        ("paragraph", 0, "案内"),
        ("heading", 2, "◇初級"),
        ("paragraph", 0, "内容"),
        ("heading", 1, "■催し"),
        ("paragraph", 0, "内容"),
    ]


def test_a_run_of_the_same_mark_is_no_run_of_headings() -> None:
    assert [kind for kind, _, _ in shown("○りんご\n○みかん\nおわり")] == ["paragraph", "heading", "paragraph"]


def test_fields_keep_the_lines_that_follow_them() -> None:
    assert shown("定員：30人\n先着順\n費用：無料\n\n申込不要") == [
        ("paragraph", 0, "定員：30人\n先着順"),
        ("paragraph", 0, "費用：無料"),
        ("paragraph", 0, "申込不要"),
    ]


def test_a_time_is_no_field() -> None:
    assert shown("9：00開始\n雨天中止") == [("paragraph", 0, "9：00開始"), ("paragraph", 0, "雨天中止")]


def test_what_holds_for_all_parts_leaves_the_last_part() -> None:
    text = "■催し\n□落語\n4月26日\n\n□講談\n4月27日\n\nいずれも無料。"
    assert shown(text)[-2:] == [("heading", 2, ""), ("paragraph", 0, "いずれも無料。")]


def test_the_only_contact_of_an_article_belongs_to_all_of_it() -> None:
    assert shown("■甲\n内容\n\n問合せ：青少年課")[-2:] == [
        ("heading", 1, ""),
        ("paragraph", 0, "問合せ：青少年課"),
    ]
    own = "■甲\n内容\n\n問合せ：青少年課\n\n■乙\n内容\n\n問合せ：図書課"
    assert ("heading", 1, "") not in shown(own)


def test_chapters_and_numbers_are_headings_where_text_follows() -> None:
    assert shown("第1章 総則\n１　目的\nこの要綱は手続を定める。") == [
        ("heading", 1, "第1章 総則"),
        ("heading", 2, "１　目的"),
        ("paragraph", 0, "この要綱は手続を定める。"),
    ]
    assert [kind for kind, _, _ in shown("1 りんご\n2 みかん\n3 なし")] == ["paragraph"] * 3


@settings(deadline=None)
@given(st.text(alphabet="あ。■◇・：: \n　(1)いずれも問合せ第章<#5", max_size=120))
def test_the_text_is_kept_to_the_letter(text: str) -> None:
    assert "\n".join(block.text for block in blocks_of(text)) == text


def test_a_text_file_is_called_by_its_first_line() -> None:
    result = read("memo.txt", "夏まつりのご案内\n\n■日時\n8月2日です。".encode("cp932"))
    [document] = result.documents
    assert (result.kind, document.title) == ("text", "夏まつりのご案内")
    assert document.blocks[2].place == "3行目"
    assert read("memo.txt", "これは本文です。".encode()).documents[0].title == "memo"
