"""What rows that are documents of their own have in common."""

from collections.abc import Iterator, Mapping, Sequence

from machi.frontdesk.engine.reading.tables.columns import is_code
from machi.frontdesk.engine.reading.tables.table import Row, Table
from machi.frontdesk.engine.reading.types import Problem, ReadDocument, gettext_noop, problem, title_of
from machi.language.engine.dates import parse_date
from machi.language.engine.types import Block


def empty_cell(table: Table, row: Row, column: int) -> Problem:
    """That ``row`` could not be read for want of what should stand in ``column``."""
    message = gettext_noop(
        "「{column}」が空のため、この行は読み取りませんでした。記入してもう一度登録してください。"
    )
    return problem("cell-empty", message, "error", row.place, column=table.columns[column])


def document(title: str, blocks: Sequence[Block], row: Row, at: Mapping[str, int]) -> ReadDocument:
    """The document of ``row``, its date, category, address and validity from the columns ``at`` names."""

    def cell(meaning: str) -> str:
        return row.cells[at[meaning]] if meaning in at else ""

    return ReadDocument(
        title=title_of(title),
        blocks=tuple(blocks),
        date=parse_date(cell("date")),
        url=link(cell("url")),
        category=cell("category"),
        place=row.place,
        valid_from=parse_date(cell("valid_from")),
        valid_until=parse_date(cell("valid_until")),
    )


def details(table: Table, row: Row, at: Mapping[str, int]) -> Iterator[Block]:
    """The filled cells of columns that ``at`` does not name and that are no codes."""
    for index, (column, value) in enumerate(zip(table.columns, row.cells, strict=True)):
        if value and index not in at.values() and not is_code(column):
            yield Block("paragraph", f"{column}: {value}", place=row.place)


def link(text: str) -> str:
    """``text`` if it is a web address that may stand in a link, else nothing."""
    address = text.strip()
    safe = address.lower().startswith(("https://", "http://")) and len(address) <= 500
    return address if safe and not any(char.isspace() for char in address) else ""
