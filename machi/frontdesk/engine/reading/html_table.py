"""HTML tables as grids: spans laid out, headers told from values."""

from collections.abc import Callable

from lxml.html import HtmlElement

_CELLS = 50_000
"""Cells of one table that are laid out; spans can ask for any number."""
_LAYOUT_TEXT = 800
"""A cell with more text than this holds content, not a value: the table only lays out the page."""


def is_layout(table: HtmlElement) -> bool:
    """Whether the table places parts of a page instead of holding data."""
    if table.get("role") in {"presentation", "none"} or table.xpath(".//table"):
        return True
    cells = table.xpath(".//td|.//th")
    if table.xpath(".//th"):
        return False
    return len(cells) <= 1 or any(len(cell.text_content()) > _LAYOUT_TEXT for cell in cells)


def table_rows(
    table: HtmlElement, text_of: Callable[[HtmlElement], str]
) -> tuple[list[list[str]], bool | None]:
    """Rows of cell texts, a spanning cell's text in each place it covers, and whether the first row is a header.

    The header is None where the table has no ``<th>`` to tell.
    """
    rows = table.xpath(".//tr")
    grid: dict[tuple[int, int], str] = {}
    for y, row in enumerate(rows):
        x = 0
        for cell in row.xpath("./td|./th"):
            while (y, x) in grid:
                x += 1
            wide, high = _span(cell, "colspan"), min(_span(cell, "rowspan"), len(rows) - y)
            text = text_of(cell)
            for place in ((y + dy, x + dx) for dy in range(high) for dx in range(wide)):
                if len(grid) < _CELLS:
                    grid[place] = text
            x += wide
    width = max((x for _, x in grid), default=-1) + 1
    return [[grid.get((y, x), "") for x in range(width)] for y in range(len(rows))], _header(rows)


def _span(cell: HtmlElement, name: str) -> int:
    value = cell.get(name, "1")
    return max(1, min(int(value), 100)) if value.isascii() and value.isdigit() else 1


def _header(rows: list[HtmlElement]) -> bool | None:
    if not any(row.xpath("./th") for row in rows):
        return None
    return bool(rows[0].xpath("./th")) and not rows[0].xpath("./td")
