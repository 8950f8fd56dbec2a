"""Sheets and documents become pages on which every cell and line has its box."""

from __future__ import annotations

import io

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from machi.casework.engine.intake_types import Opened, Sheet
from machi.casework.engine.office_pages import HEAD_HEIGHT, HEAD_WIDTH, Drawn, Key, draw, letters
from machi.casework.engine.snippets import excerpt
from machi.casework.engine.types import Box


def workbook(*sheets: Sheet) -> Opened:
    return Opened("a.xlsx", "excel", "", 0, sheets=sheets)


def picture(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"))


def inside(page: Drawn, key: Key) -> np.ndarray:
    """The pixels of a cell without its border."""
    box, image = page.boxes[key], picture(page.png)
    left, right = round(box.left * page.width) + 4, round(box.right * page.width) - 4
    top, bottom = round(box.top * page.height) + 4, round(box.bottom * page.height) - 4
    return image[top:bottom, left:right]


def test_a_cell_with_text_has_ink_in_its_box_and_an_empty_one_none():
    (page,) = draw(workbook(Sheet("申請書", {(1, 1): "氏名", (2, 3): "山田"})))
    assert inside(page, ("sheet", 1, 2, 3)).min() < 80
    assert inside(page, ("sheet", 1, 2, 1)).min() == 255
    assert picture(page.png).shape == (page.height, page.width)


def test_merged_cells_have_one_box_over_all_of_them():
    sheet = Sheet("x", {(1, 1): "氏名", (1, 2): "山田"}, ((1, 2, 2, 4),), {2: 10.0, 3: 10.0, 4: 10.0})
    (page,) = draw(workbook(sheet))
    box, first = page.boxes["sheet", 1, 1, 2], page.boxes["sheet", 1, 1, 1]
    assert round((box.right - box.left) * page.width) == 3 * 133
    assert (box.left, box.top) == (first.right, first.top)
    assert box.bottom > first.bottom


def test_hidden_columns_and_rows_are_not_drawn_and_empty_rows_shortened():
    sheet = Sheet("x", {(1, 1): "a", (2, 3): "b", (60, 1): "c"}, (), {2: 0.0}, {2: 0.0})
    (page,) = draw(workbook(sheet))
    assert ("sheet", 1, 1, 2) not in page.boxes
    assert ("sheet", 1, 2, 1) not in page.boxes
    rows = sorted({key[2] for key in page.boxes})
    assert rows == [1, 3, 4, 5, 59, 60]


def test_long_texts_are_wrapped_and_large_sheets_go_over_several_pages():
    wide = {(1, column): "氏名" * 30 for column in range(1, 41)}
    tall = {(row, 1): "x" for row in range(1, 200)}
    pages = draw(workbook(Sheet("wide", wide), Sheet("tall", tall)))
    assert len(pages) == 5
    assert {key[1] for page in pages for key in page.boxes} == {1, 2}
    assert all(("sheet", 1, 1, column) in {**pages[0].boxes, **pages[1].boxes} for column in range(1, 41))
    assert all(page.width < 2_600 and page.height < 3_200 for page in pages)


def test_a_document_has_its_lines_and_tables_in_their_order():
    table = Sheet("1", {(1, 1): "氏名", (1, 2): "山田"}, (), {1: 20.0, 2: 60.0})
    (page,) = draw(Opened("a.docx", "word", "", 0, sheets=(table,), flow=("前", 1, "後")))
    first, cell, last = (
        page.boxes[key] for key in (("line", 1, 1, 1), ("table", 1, 1, 2), ("line", 2, 1, 1))
    )
    assert first.bottom <= cell.top < cell.bottom <= last.top
    assert inside(page, ("table", 1, 1, 2)).min() < 80


def test_long_documents_and_mails_go_over_several_pages():
    pages = draw(Opened("a.eml", "mail", "", 0, text="\n\n".join(f"{at}行目" for at in range(1, 101))))
    assert len(pages) == 3
    assert sorted(key[1] for page in pages for key in page.boxes) == list(range(1, 101))


def test_files_with_pages_of_their_own_are_not_drawn():
    assert draw(Opened("a.pdf", "pdf", "", 0, text="x")) == []
    assert draw(workbook(Sheet("x", {}))) == []


def test_drawing_repeats():
    one = workbook(Sheet("x", {(1, 1): "☑本人　□代理人"}))
    assert draw(one) == draw(one)


def test_ticks_are_drawn_though_the_font_has_none():
    (ticked,) = draw(workbook(Sheet("x", {(1, 1): "☑"})))
    (bare,) = draw(workbook(Sheet("x", {(1, 1): "□"})))
    key: Key = ("sheet", 1, 1, 1)
    assert inside(ticked, key).sum() < inside(bare, key).sum()


def test_columns_have_their_letters():
    assert [letters(one) for one in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]


def test_an_excerpt_shows_label_and_value_marked_under_the_letters_of_the_columns():
    cells = {(row, column): f"{row}/{column}" for row in range(1, 30) for column in range(1, 12)}
    (page,) = draw(workbook(Sheet("x", cells)))
    box, label = page.boxes["sheet", 1, 20, 8], page.boxes["sheet", 1, 20, 7]
    around = Box(label.left, label.top, box.right, box.bottom)
    shown = Image.open(io.BytesIO(excerpt(page.png, box, around, headed=True)))
    assert shown.width == HEAD_WIDTH + round((around.right - around.left) * page.width) + 48
    assert shown.height == HEAD_HEIGHT + round((around.bottom - around.top) * page.height) + 88
    colours = {colour for _count, colour in shown.getcolors(100_000) or ()}
    assert (0, 23, 193) in colours
    plain = Image.open(io.BytesIO(excerpt(page.png, box, around, headed=False)))
    assert (plain.width, plain.height) == (shown.width - HEAD_WIDTH + 36, shown.height - HEAD_HEIGHT)
    strip = np.asarray(shown.crop((HEAD_WIDTH, 0, shown.width, HEAD_HEIGHT)))
    whole = np.asarray(Image.open(io.BytesIO(page.png)).convert("RGB"))
    left = round(around.left * page.width) - 24
    assert np.array_equal(strip, whole[:HEAD_HEIGHT, left : left + strip.shape[1]])


def test_an_excerpt_ends_soon_after_what_stands_in_a_wide_cell():
    sheet = Sheet("x", {(1, 1): "氏名", (1, 2): "山田"}, ((1, 2, 1, 12),))
    (page,) = draw(workbook(sheet))
    box = page.boxes["sheet", 1, 1, 2]
    shown = Image.open(
        io.BytesIO(excerpt(page.png, box, Box(0.1, box.top, box.right, box.bottom), headed=True))
    )
    assert shown.width < 600 < (box.right - box.left) * page.width


PLACES = st.tuples(st.integers(1, 12), st.integers(1, 8))
SPANS = st.tuples(st.integers(1, 12), st.integers(1, 8), st.integers(0, 4), st.integers(0, 3))


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(PLACES, st.text(max_size=60), max_size=12),
    st.lists(SPANS, max_size=4),
    st.dictionaries(st.integers(1, 8), st.floats(0, 80), max_size=8),
    st.dictionaries(st.integers(1, 12), st.floats(0, 120), max_size=4),
    st.sets(PLACES, max_size=6),
)
def test_any_table_is_drawn_with_every_seen_cell_in_a_box(
    cells: dict[tuple[int, int], str],
    spans: list[tuple[int, int, int, int]],
    widths: dict[int, float],
    heights: dict[int, float],
    ruled: set[tuple[int, int]],
):
    merged = tuple((row, column, row + down, column + across) for row, column, down, across in spans)
    sheet = Sheet("1", cells, merged, widths, heights, frozenset(ruled))
    pages = draw(workbook(sheet))
    seen = {key for page in pages for key in page.boxes}
    wanted = {place for place in cells if heights.get(place[0]) != 0 and widths.get(place[1]) != 0}
    assert {("sheet", 1, *place) for place in wanted} <= seen
    boxes = [box for page in pages for box in page.boxes.values()]
    assert all(0 <= box.left <= box.right <= 1 and 0 <= box.top <= box.bottom <= 1 for box in boxes)
    document = Opened("a.docx", "word", "", 0, sheets=(sheet,), flow=("a", 1, *cells.values()))
    draw(document)
