"""The document page's structure: nothing lost, the cited place marked to the character."""

from hypothesis import given
from hypothesis import strategies as st

from machi.frontdesk.web.resident_marked import Element, Run, page_of, pages

KINDS = ["heading", "paragraph", "list_item", "table_row", "question", "answer"]


def laid_out(*pieces):
    """``(kind, level, text)`` as ``Document`` keeps them: one text, and blocks with offsets into it."""
    blocks, offset = [], 0
    for kind, level, text in pieces:
        blocks.append((kind, level, offset, offset + len(text)))
        offset += len(text) + 1
    return "\n".join(text for _, _, text in pieces), blocks


def elements(*pieces, cited=(), title="題名"):
    text, blocks = laid_out(*pieces)
    return [element for page in pages(title, text, blocks, cited) for element in page]


def all_runs(element: Element):
    yield from element.runs
    for _, runs in (*element.items, *element.facts):
        yield from runs
    for row in element.rows:
        for runs in row:
            yield from runs


def test_citation_is_marked_to_the_character():
    found = elements(("paragraph", 0, "受付は九時。費用は五百円。持ち物はなし。"), cited=[(6, 13)])
    assert found[0].runs == (
        Run("受付は九時。"),
        Run("費用は五百円。", cited=True, first=True),
        Run("持ち物はなし。"),
    )


def test_citation_over_two_blocks_is_marked_in_both_and_linked_once():
    found = elements(("paragraph", 0, "一つ目。"), ("list_item", 1, "二つ目。"), cited=[(2, 7)])
    runs = [run for element in found for run in all_runs(element)]
    assert [run.text for run in runs if run.cited] == ["目。", "二つ"]
    assert [run.first for run in runs] == [False, True, False, False]


def test_citation_outside_the_text_marks_nothing():
    found = elements(("paragraph", 0, "本文。"), cited=[(-5, 0), (90, 95), (3, 1)])
    assert found[0].runs == (Run("本文。"),)


def test_headings_never_skip_a_level():
    found = elements(("heading", 1, "甲"), ("heading", 4, "乙"), ("heading", 2, "丙"), ("heading", 1, "丁"))
    assert [element.level for element in found] == [2, 3, 3, 2]


def test_title_is_not_repeated_as_the_first_heading():
    found = elements(("heading", 1, "ごみの出し方"), ("paragraph", 0, "朝八時まで。"), title="ごみの出し方")
    assert [element.kind for element in found] == ["paragraph"]


def test_rows_with_the_same_columns_become_a_table():
    found = elements(("table_row", 0, "品目: 机\n費用: 500円"), ("table_row", 0, "品目: 椅子"))
    assert found[0].columns == ("品目", "費用")
    assert found[0].rows == (((Run("机"),), (Run("500円"),)), ((Run("椅子"),), ()))


def test_list_whose_items_have_marks_gets_no_others():
    marked = elements(("list_item", 1, "・甲"), ("list_item", 1, "・乙"))
    mixed = elements(("list_item", 1, "・甲"), ("list_item", 1, "乙"))
    assert [element.own_marks for element in (*marked, *mixed)] == [True, False]


def test_single_row_becomes_facts_and_a_long_cell_keeps_its_lines():
    found = elements(("table_row", 0, "住所: 焼津市本町\n二丁目\n電話: 054-000-0000"))
    assert found[0].facts == (("住所", (Run("焼津市本町\n二丁目"),)), ("電話", (Run("054-000-0000"),)))


def test_row_with_the_same_column_twice_loses_neither():
    found = elements(("table_row", 0, "備考: 甲\n備考: 乙"), ("table_row", 0, "備考: 丙"))
    assert [element.facts for element in found] == [
        (("備考", (Run("甲"),)), ("備考", (Run("乙"),))),
        (("備考", (Run("丙"),)),),
    ]


def test_empty_document_has_one_empty_page():
    assert pages("題名", "", [], []) == [[]]


def test_long_document_goes_on_and_the_cited_page_is_found():
    text, blocks = laid_out(*(("paragraph", 0, "あ" * 90) for _ in range(10)))
    found = pages("題名", text, blocks, [], limit=200)
    assert [len(page) for page in found] == [2, 2, 2, 2, 2]
    assert page_of(found, 0) == 1
    assert page_of(found, text.rindex("あ")) == 5
    assert page_of(found, 10_000) == 1


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 6), st.text(max_size=20)), max_size=12),
    st.integers(-5, 200),
    st.integers(-5, 200),
)
def test_what_is_marked_is_what_was_cited(pieces, start, end):
    pieces = [(kind, level, text.replace("\n", " ").replace(": ", "：")) for kind, level, text in pieces]
    text, blocks = laid_out(*pieces)
    runs = [
        run
        for page in pages("題名", text, blocks, [(start, end)], limit=30)
        for element in page
        for run in all_runs(element)
    ]
    inside = range(max(0, start), min(len(text), end))
    shown = [b for b in blocks if text[b[2] : b[3]].strip()]
    wanted = "".join(text[max(b[2], inside.start) : min(b[3], inside.stop)] for b in shown if inside)
    dropped = [b for b in shown if b[0] == "heading" and text[b[2] : b[3]].strip() == "題名"]
    assert "".join(run.text for run in runs if run.cited) == wanted
    assert sum(run.first for run in runs) == bool(wanted.strip())
    if not dropped:
        assert "".join(run.text for run in runs) == "".join(text[b[2] : b[3]] for b in shown)
