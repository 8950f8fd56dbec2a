"""What rows that are documents of their own have in common."""

from collections.abc import Iterator, Mapping, Sequence

from machi.frontdesk.engine.reading.tables.columns import is_code
from machi.frontdesk.engine.reading.tables.table import Row, Table
from machi.frontdesk.engine.reading.types import Problem, ReadDocument, gettext_noop, problem, title_of
from machi.language.engine.dates import parse_date
from machi.language.engine.types import Block

_NO_END = frozenset({"無期限", "期限なし", "なし", "無し", "常時", "通年", "未定", "-", "－", "ー", "―", "—"})
"""What people write where there is no first or last day."""


def empty_cell(table: Table, row: Row, column: int) -> Problem:
    """That ``row`` could not be read for want of what should stand in ``column``."""
    message = gettext_noop(
        "「{column}」が空のため、この行は読み取りませんでした。記入してもう一度登録してください。"
    )
    return problem("cell-empty", message, "error", row.place, column=table.columns[column])


def unread_days(table: Table, row: Row, at: Mapping[str, int]) -> list[Problem]:
    """That a first or last day of validity is no date: the row would be offered as current for ever, or too early."""
    message = gettext_noop(
        "「{column}」の「{value}」を日付として読めないため、有効期間がないものとして登録します。2026-03-31のように書いてください。"
    )
    return [
        problem(
            "validity-unread", message, "warning", row.place, column=table.columns[column], value=cell[:40]
        )
        for column in (at[name] for name in ("valid_from", "valid_until") if name in at)
        if (cell := row.cells[column].strip()) and parse_date(cell) is None and cell not in _NO_END
    ]


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
