"""Tables that list things: facilities, open data, anything without a kind of its own.

The whole table is one document and each row a passage under the name of its thing, so that opening a citation
shows the row among its neighbours, and rows of one name (two AEDs in one building) are found together.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from machi.frontdesk.engine.reading.tables.columns import is_code
from machi.frontdesk.engine.reading.tables.table import Row, Table, normal
from machi.frontdesk.engine.reading.types import ReadDocument, title_of
from machi.language.engine.types import Block

_NAMES = (
    *(
        "名称",
        "施設名",
        "施設名称",
        "施設",
        "店舗名",
        "品名",
        "品目",
        "ごみの品目",
        "名前",
        "氏名",
        "イベント名",
    ),
    *("行事名", "事業名", "制度名", "手続名", "手続き名", "項目", "name"),
)
_GROUP = re.compile(r"(.+?)(?:_(.+)|[（(](.+)[)）])")
_NAME_LIMIT = 100
_FLAG = re.compile(r"[○◯〇●✓✔1１]|1\.0")


def read_listing(table: Table, at: Mapping[str, int]) -> tuple[ReadDocument, list[str]]:
    """The document of ``table`` and the columns that were left out of it."""
    kept = [index for index, column in enumerate(table.columns) if not is_code(column)]
    if not any(row.cells[index] for row in table.rows for index in kept):
        kept = list(range(len(table.columns)))
    name_at = _name_column(table, kept, at)
    left_out = [
        column for index, column in enumerate(table.columns) if index not in kept and _filled(table, index)
    ]
    notes = [Block("paragraph", "　".join(filter(None, row.cells)), place=row.place) for row in table.notes]
    rows = list(_rows(table, kept, name_at))
    return ReadDocument(title_of(table.name), (*notes, *rows)), left_out


def _filled(table: Table, index: int) -> bool:
    return any(row.cells[index] for row in table.rows)


def _name_column(table: Table, kept: Sequence[int], at: Mapping[str, int]) -> int | None:
    """The column that names each row's thing: by its name, else the first that ends in 名称 or 名."""
    names = {normal(table.columns[index]): index for index in reversed(kept)}
    if "title" in at:
        return at["title"]
    known = next((names[name] for name in _NAMES if name in names), None)
    ends = (names[name] for name in reversed(names) if re.search(r"(名称?|name)$", name))
    return known if known is not None else next(ends, None)


def _rows(table: Table, kept: Sequence[int], name_at: int | None) -> Iterator[Block]:
    values = [index for index in kept if index != name_at]
    grouped = groupby(table.rows, key=lambda row: row.cells[name_at] if name_at is not None else "")
    for name, rows in grouped:
        for number, row in enumerate(rows):
            if not any(row.cells):
                continue
            if number == 0 and name_at is not None:
                yield Block("heading", name, 2, row.place)
            text = "\n".join(_lines(table, row, values))
            if text:
                yield Block("table_row", text, place=row.place)


def _lines(table: Table, row: Row, values: Sequence[int]) -> Iterator[str]:
    """「列名: 値」 for each filled cell; marks below 「災害種別_津波」 become 「災害種別: 地震、津波」."""
    if not table.columns:
        yield "　".join(filter(None, row.cells))
        return
    flags: dict[str, list[str]] = {}
    lines: dict[str, str] = {}
    for index in values:
        column, value = table.columns[index], row.cells[index]
        group = _GROUP.fullmatch(column) if len(column) <= _NAME_LIMIT else None
        if group and _FLAG.fullmatch(value):
            name, choice = group[1], group[2] or group[3]
            flags.setdefault(name, []).append(choice)
            lines[name] = f"{name}: {'、'.join(flags[name])}"
        elif value:
            lines[f"{index} {column}"] = f"{column}: {value}"
    yield from lines.values()
