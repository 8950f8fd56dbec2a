"""A Word document as it is read on paper: its lines and tables in their order, form fields' answers as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from machi.casework.engine.intake_excel import clean
from machi.casework.engine.intake_types import Limits, Note, Sheet, Unreadable, refusal

_MOST_COLUMNS = 500
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_HIDDEN_TAGS = frozenset(_W + tag for tag in ("del", "moveFrom", "rt", "instrText", "delText"))
_CHECK, _LIST, _CONTROL, _SIGN = _W + "checkBox", _W + "ddList", _W + "sdt", _W + "sym"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {
    **dict.fromkeys(
        (("Wingdings", 0xFE), ("Wingdings", 0xFD), ("Wingdings 2", 0x52), ("Wingdings 2", 0x53)), "☑"
    ),
    **dict.fromkeys((("Wingdings", 0xFC), ("Wingdings 2", 0x50)), "✓"),
    **dict.fromkeys((("Wingdings", 0xA8), ("Wingdings", 0x6F), ("Wingdings 2", 0xA3)), "□"),
}
"""Signs that Word puts in by their number in a font of signs."""
_TWENTIETHS = 120
"""Of a point: about as wide as a letter of half width."""


def document(xml: bytes, limits: Limits, notes: list[Note]) -> tuple[list[Sheet], str, tuple[str | int, ...]]:
    """Its tables, its whole text, and its lines outside of tables with the numbers of the tables between them."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    body = etree.fromstring(xml, parser).find(_W + "body")
    if body is None:
        raise Unreadable("broken")
    if sum(1 for _ in body.iter(_W + "vanish")):
        notes.append(Note("hidden-text"))
    sheets: list[Sheet] = []
    flow: list[str | int] = []
    lines: list[str] = []
    cells = 0
    for element in _in_order(body):
        if element.tag == _W + "tbl":
            sheets.append(_table(element, len(sheets) + 1))
            flow.append(len(sheets))
            cells += len(sheets[-1].cells)
            if cells > limits.cells:
                raise refusal("too-many-cells", limit=limits.cells)
            continue
        text = _paragraph(element)
        lines.append(text)
        if next(element.iterancestors(_W + "tc"), None) is None or _in_text_box(element):
            flow += [line for line in text.split("\n") if line.strip()]
    text = "\n".join(lines)
    if len(text) > limits.characters:
        raise refusal("too-large", limit=limits.characters)
    return sheets, text.strip(), tuple(flow)


def _in_order(element: Any) -> Iterator[Any]:
    """Tables and paragraphs; of what is there twice, for old programs too, the first."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag == _FALLBACK:
            continue
        if child.tag in (_W + "tbl", _W + "p"):
            yield child
        yield from _in_order(child)


def _in_text_box(paragraph: Any) -> bool:
    """It lies in a box over a table's cell and is none of the cell's own lines."""
    for one in paragraph.iterancestors(_W + "tc", _W + "txbxContent"):
        return bool(one.tag == _W + "txbxContent")
    return False


def _table(table: Any, number: int) -> Sheet:
    """Texts by place; a cell over several columns or rows counts them all."""
    grid: dict[tuple[int, int], str] = {}
    spans: list[tuple[int, int, int, int]] = []
    begun: dict[int, int] = {}
    """Column -> which of ``spans`` goes on below."""
    for row, line in enumerate(_own(table, _W + "tr", _W + "tbl"), 1):
        column = 1 + _number(line.find(f"{_W}trPr/{_W}gridBefore"), 0)
        for cell in _own(line, _W + "tc", _W + "tr"):
            wide = max(1, _number(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1))
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merge is not None and merge.get(_W + "val") != "restart" and column in begun:
                at = begun[column]
                spans[at] = (*spans[at][:2], row, spans[at][3])
            else:
                begun.pop(column, None)
                text = "\n".join(_paragraph(p) for p in _own(cell, _W + "p", _W + "tc")).strip()
                if text:
                    grid[row, column] = text
                spans.append((row, column, row, column + wide - 1))
                if merge is not None:
                    begun[column] = len(spans) - 1
            column += wide
    merged = tuple(span for span in spans if span[0] != span[2] or span[1] != span[3])
    columns = table.findall(f"{_W}tblGrid/{_W}gridCol")[:_MOST_COLUMNS]
    widths = {at: _number(one, 0, "w") / _TWENTIETHS for at, one in enumerate(columns, 1)}
    ruled = frozenset(span[:2] for span in spans)
    return Sheet(str(number), grid, merged, {at: wide for at, wide in widths.items() if wide}, {}, ruled)


def _own(element: Any, tag: str, holder: str) -> Iterator[Any]:
    """What of ``tag`` stands in it and in no other ``holder`` within: not a table's in a cell, nor a text box's."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag == _FALLBACK:
            continue
        if child.tag == tag:
            yield child
        elif child.tag not in (holder, _W + "tbl", _W + "txbxContent"):
            yield from _own(child, tag, holder)


def _number(element: Any, usual: int, name: str = "val") -> int:
    value = element.get(_W + name, "") if element is not None else ""
    most = _MOST_COLUMNS if name == "val" else 100_000
    return min(int(value[:9]), most) if value.isdecimal() and value.isascii() else usual


def _paragraph(paragraph: Any) -> str:
    return clean("".join(_visible(paragraph)))


def _visible(element: Any) -> Iterator[str]:
    """What a reader sees: inserted text, not deleted or hidden text; form fields' ticks as ☑ and □."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _HIDDEN_TAGS or child.tag == _FALLBACK:
            continue
        if child.tag == _W + "r" and _is_hidden(child):
            continue
        if child.tag == _W + "t":
            yield child.text or ""
        elif child.tag == _W + "tab":
            yield "\t"
        elif child.tag in (_W + "br", _W + "cr"):
            yield "\n"
        elif child.tag == _CHECK:
            yield "☑" if _is_ticked(child) else "□"
        elif child.tag == _LIST:
            yield _chosen(child)
        elif child.tag == _SIGN:
            yield _sign(child)
        elif child.tag == _CONTROL:
            yield from _answer(child)
        elif child.tag != _W + "p":  # a text box's paragraphs come by themselves
            yield from _visible(child)


def _answer(control: Any) -> Iterator[str]:
    """What stands in a content control; nothing where it shows only what is to be filled in there."""
    box = control.find(f"{_W}sdtPr/{_W14}checkbox")
    if box is not None:
        checked = box.find(_W14 + "checked")
        yield "☑" if checked is not None and _is_on(checked.get(_W14 + "val", "1")) else "□"
        return
    placeholder = control.find(f"{_W}sdtPr/{_W}showingPlcHdr")
    if placeholder is None or not _is_on(placeholder.get(_W + "val", "1")):
        yield from _visible(control)


def _chosen(dropdown: Any) -> str:
    """Of an old drop-down list, whose choice stands nowhere as text."""
    entries = dropdown.findall(_W + "listEntry")
    result = dropdown.find(_W + "result")
    number = _number(result if result is not None else dropdown.find(_W + "default"), 0)
    return str(entries[number].get(_W + "val", "")) if number < len(entries) else ""


def _sign(sign: Any) -> str:
    try:
        number = int(sign.get(_W + "char", ""), 16) & 0xFF
    except ValueError:
        return ""
    return _SIGNS.get((sign.get(_W + "font", ""), number), "")


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and _is_on(mark.get(_W + "val", "true"))


def _is_ticked(box: Any) -> bool:
    mark = box.find(_W + "checked")
    mark = box.find(_W + "default") if mark is None else mark
    return mark is not None and _is_on(mark.get(_W + "val", "true"))


def _is_on(value: str) -> bool:
    return value not in {"0", "false", "off"}
