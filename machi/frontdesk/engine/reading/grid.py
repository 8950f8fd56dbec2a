"""Tables inside documents: each row as text that explains itself."""

from collections.abc import Iterator, Sequence

from machi.language.engine.types import Block

# First rows that are a header even in a table of two columns, where rows are usually 「日時 | 4月1日」.
_COLUMN_NAMES = """
項目 内容 区分 種類 種別 名称 料金 金額 費用 手数料 備考 対象 担当課 電話番号 品目 出し方 曜日 地区 質問 回答
年度 窓口 持ち物
"""
_HEADER_WORDS = frozenset(_COLUMN_NAMES.split())


def row_blocks(
    rows: Sequence[Sequence[str]], *, header: bool | None = None, place: str = ""
) -> Iterator[Block]:
    """A block for each row of a table: 「列名: 値」 lines, or 「見出し: 値」 where the first column names the row.

    ``header`` says whether the first row names the columns; None where the document does not tell.
    """
    filled = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return
    named = _has_header(filled) if header is None else header
    body = filled[1:] if named and len(filled) > 1 else filled
    names = filled[0] if body is not filled else []
    for row in body:
        if len(row) > 1 and len({cell for cell in row if cell}) == 1:
            yield Block("table_row", next(filter(None, row)), place=place)  # one cell across the table
            continue
        yield Block("table_row", _with_names(names, row) if names else _with_label(row), place=place)


def _has_header(rows: Sequence[Sequence[str]]) -> bool:
    first = rows[0]
    if len(rows) < 2 or not all(first) or len(set(first)) < len(first):
        return False
    return len(first) > 2 or set(first) <= _HEADER_WORDS


def _with_names(names: Sequence[str], row: Sequence[str]) -> str:
    lines = []
    for index, cell in enumerate(row):
        name = names[index] if index < len(names) else ""
        if cell:
            lines.append(f"{name}: {cell}" if name and name != cell else cell)
    return "\n".join(lines)


def _with_label(row: Sequence[str]) -> str:
    label, *values = dict.fromkeys(cell for cell in row if cell)
    return f"{label}: {'　'.join(values)}" if values else label
