"""A document as its page shows it: headings, lists, tables, and the cited places marked to the character."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

PAGE_LIMIT = 20_000
"""Characters after which a long document goes on on another page."""
TABLE_COLUMNS = 6
"""Rows with more columns than this read better as lists of facts, above all on a phone."""
_ITEM_MARKS = "・●○◎◆◇■□▼▽▶▷★☆※*-①②③④⑤⑥⑦⑧⑨⑩"

Span = tuple[int, int]
Block = tuple[str, int, int, int]
"""Kind, level, start, end, as ``Document.blocks`` has it."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that is cited as a whole or not at all."""

    text: str
    cited: bool = False
    first: bool = False
    """The first cited one of the document: where a link to the citation leads."""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """One piece of the page. Of the four last fields the one that ``kind`` speaks of is filled."""

    kind: Literal["heading", "paragraph", "question", "answer", "list", "facts", "table"]
    start: int
    end: int
    level: int = 0
    """Of a heading: 2-6, never more than one deeper than the heading above."""
    runs: Runs = ()
    items: tuple[tuple[int, Runs], ...] = ()
    """Of a list: depth and text."""
    own_marks: bool = False
    """Of a list: every item begins with a mark of its own (・), so that the page need not give one."""
    facts: tuple[tuple[str, Runs], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Runs, ...], ...] = ()


def pages(
    title: str, text: str, blocks: Sequence[Block], cited: Iterable[Span], limit: int = PAGE_LIMIT
) -> list[list[Element]]:
    """The document's elements in order, on pages of about ``limit`` characters; at least one page.

    ``cited`` are stretches of ``text``; those that reach outside of it are cut or left out.
    """
    found: list[list[Element]] = [[]]
    length = 0
    for element in _elements(title, blocks, _Text(text, cited)):
        size = element.end - element.start
        if found[-1] and length + size > limit:
            found.append([])
            length = 0
        found[-1].append(element)
        length += size
    return found


def page_of(found: Sequence[Sequence[Element]], offset: int) -> int:
    """Number, from 1, of the page on which ``offset`` stands; the first page where none has it."""
    for number, page in enumerate(found, start=1):
        if page and page[0].start <= offset < page[-1].end:
            return number
    return 1


class _Text:
    """The document's text with its cited stretches."""

    def __init__(self, text: str, cited: Iterable[Span]) -> None:
        self.text = text
        spans = ((max(0, start), min(len(text), end)) for start, end in cited)
        self._spans = sorted(span for span in spans if span[0] < span[1])
        # A stretch may begin on the line break between two blocks, which no element shows.
        cited_text = text[slice(*self._spans[0])] if self._spans else ""
        self._first = self._spans[0][1] - len(cited_text.lstrip()) if cited_text else -1

    def __getitem__(self, span: slice) -> str:
        return self.text[span]

    def runs(self, start: int, end: int) -> Runs:
        cuts = sorted({start, end, *(edge for span in self._spans for edge in span if start < edge < end)})
        return tuple(self._run(*edges) for edges in pairwise(cuts))

    def _run(self, start: int, end: int) -> Run:
        cited = any(low <= start < high for low, high in self._spans)
        return Run(self.text[start:end], cited, cited and start <= self._first < end)

    def touches(self, start: int, end: int) -> bool:
        return any(low < end and start < high for low, high in self._spans)


def _elements(title: str, blocks: Sequence[Block], text: _Text) -> Iterator[Element]:
    above: list[int] = []
    filled = (block for block in blocks if text[block[2] : block[3]].strip())
    for kind, group in groupby(filled, key=lambda block: block[0]):
        if kind == "list_item":
            yield _list(list(group), text)
        elif kind == "table_row":
            yield from _table(list(group), text)
        else:
            for _, level, start, end in group:
                if kind != "heading":
                    named = kind if kind in ("question", "answer") else "paragraph"
                    yield Element(named, start, end, runs=text.runs(start, end))  # type: ignore[arg-type]
                    continue
                # The page's own heading says the title already.
                if text[start:end].strip() == title.strip() and not text.touches(start, end):
                    continue
                while above and above[-1] >= level:
                    above.pop()
                above.append(level)
                depth = min(6, len(above) + 1)
                yield Element("heading", start, end, level=depth, runs=text.runs(start, end))


def _list(group: Sequence[Block], text: _Text) -> Element:
    items = tuple((level or 1, text.runs(start, end)) for _, level, start, end in group)
    marked = all(text[start:end].lstrip()[0] in _ITEM_MARKS for _, _, start, end in group)
    return Element("list", group[0][2], group[-1][3], items=items, own_marks=marked)


def _table(group: Sequence[Block], text: _Text) -> Iterator[Element]:
    """Rows are kept as lines of 「列名: 値」: a table again where all have the same few columns, else facts."""
    rows = [dict(_cells(start, end, text)) for _, _, start, end in group]
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    whole = all(len(row) == len(list(_cells(b[2], b[3], text))) for row, b in zip(rows, group, strict=True))
    if len(rows) > 1 and len(columns) <= TABLE_COLUMNS and "" not in columns and whole:
        cells = tuple(tuple(row.get(name, ()) for name in columns) for row in rows)
        yield Element("table", group[0][2], group[-1][3], columns=columns, rows=cells)
        return
    for _, _, start, end in group:
        yield Element("facts", start, end, facts=tuple(_cells(start, end, text)))


def _cells(start: int, end: int, text: _Text) -> Iterator[tuple[str, Runs]]:
    """Name and value of each cell; a line without a name goes on with the cell above, or has none."""
    name, low = "", start
    position = start
    for line in text[start:end].split("\n"):
        label, found, _ = line.partition(": ")
        if found and label.strip():
            if position > start:
                yield name, text.runs(low, position - 1)
            name, low = label, position + len(label) + len(found)
        position += len(line) + 1
    yield name, text.runs(low, end)
