"""Lists of staff as files they can open: CSV in the encoding asked for, and Excel.

A view calls ``export(request, "ledger", columns, rows)``; the page offers it with the component
``base/components/export.html``. Text that a spreadsheet would run as a formula comes out as text (OWASP, "CSV
Injection"). What cp932 cannot hold becomes 〓, and the person is told which characters.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, datetime
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

Value = str | int | float | bool | date | datetime | Promise | None

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "csv-cp932": "text/csv; charset=Shift_JIS",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
GETA = "〓"
_IN_MEMORY = 2_000_000
_LONGEST_CELL = 32_767
_MOST_NAMED = 20
# Full-width signs too: Excel in Japanese reads them as their narrow forms.
_FORMULA = re.compile(r"[\t\r\n ]*[=+\-@＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_HEADER_FONT = Font(bold=True, color="FFFFFF")
_HEADER_FILL = PatternFill("solid", start_color="0017C1")


class SpooledResponse(FileResponse):
    """A FileResponse that under ASGI too is read piece by piece and not as a whole."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        file: Any = self.file_to_stream
        while piece := await sync_to_async(file.read)(self.block_size):
            yield piece


def export(
    request: HttpRequest,
    name: str,
    columns: Sequence[str | Promise],
    rows: Iterable[Sequence[Any]],
    kind: str | None = None,
) -> SpooledResponse:
    """The rows as a file called ``name`` and the day, in the ``format`` the address asks for, or in ``kind``
    (``FORMATS``).

    ``rows`` is read once and may be a generator; nothing of it stays in memory. Http404 for an unknown format.
    """
    kind = request.GET.get("format", "") if kind is None else kind
    if kind not in FORMATS:
        raise Http404
    file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  (the response closes it)
    try:
        if kind == "xlsx":
            write_excel(file, columns, rows)
        elif replaced := write_csv(file, columns, rows, "cp932" if kind == "csv-cp932" else "utf-8-sig"):
            messages.warning(request, _told(replaced))
    except BaseException:
        file.close()
        raise
    file.seek(0)
    filename = f"{name}-{timezone.localdate():%Y%m%d}.{kind.partition('-')[0]}"
    response = SpooledResponse(file, as_attachment=True, filename=filename, content_type=FORMATS[kind])
    response["Cache-Control"] = "no-store"
    return response


def write_csv(
    file: IO[bytes], columns: Sequence[str | Promise], rows: Iterable[Sequence[Any]], encoding: str
) -> Counter[str]:
    """RFC 4180 lines in ``encoding``; returns the characters it could not hold, replaced with 〓."""
    replaced: Counter[str] = Counter()

    def held(text: str) -> str:
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            return "".join(one if _holds(encoding, one, replaced) else GETA for one in text)
        return text

    text = TextIOWrapper(file, encoding=encoding, newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([held(str(column)) for column in columns])
    for row in rows:
        writer.writerow([held(_csv_text(value)) for value in row])
    text.flush()
    text.detach()
    return replaced


def write_excel(file: IO[bytes], columns: Sequence[str | Promise], rows: Iterable[Sequence[Any]]) -> None:
    """One sheet with a header that stays in sight; every text is a text, never a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("一覧"))
    sheet.freeze_panes = "A2"
    for number in range(1, len(columns) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 22
    header = []
    for column in columns:
        cell = _text_cell(sheet, str(column))
        cell.font, cell.fill = _HEADER_FONT, _HEADER_FILL
        header.append(cell)
    sheet.append(header)
    for row in rows:
        sheet.append([_excel_value(sheet, value) for value in row])
    book.save(file)


def _holds(encoding: str, character: str, replaced: Counter[str]) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        replaced[character] += 1
        return False
    return True


def _csv_text(value: Value) -> str:
    if isinstance(value, str | Promise):
        text = str(value).replace("\x00", "")
        return f"'{text}" if _is_formula(text) else text
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    if isinstance(value, datetime):
        return f"{_local(value):%Y-%m-%d %H:%M:%S}"
    return str(value)


def _excel_value(sheet: Any, value: Value) -> Any:
    if isinstance(value, datetime):
        return _local(value)
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    if isinstance(value, str | Promise):
        return _text_cell(sheet, str(value))
    return value


def _text_cell(sheet: Any, text: str) -> Any:
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    if len(text) > _LONGEST_CELL:
        mark = _("…（Excelの上限のため以下省略）")
        text = text[: _LONGEST_CELL - len(mark)] + mark
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # openpyxl would make a formula of what begins with "="
    if _is_formula(text):
        cell.quotePrefix = True  # so that Excel keeps it a text when someone edits the cell
    return cell


def _is_formula(text: str) -> bool:
    return _FORMULA.match(text) is not None and _NUMBER.fullmatch(text) is None


def _local(value: datetime) -> datetime:
    """Wall-clock time without a zone, as spreadsheets have it."""
    return (timezone.localtime(value) if timezone.is_aware(value) else value).replace(tzinfo=None)


def _told(replaced: Counter[str]) -> str:
    named = "、".join(
        f"{character}（U+{ord(character):04X}、{count}か所）"
        for character, count in replaced.most_common(_MOST_NAMED)
    )
    if len(replaced) > _MOST_NAMED:
        named += "…"
    return _(
        "Shift_JISで表せない文字を〓に置き換えて書き出しました: %(characters)s。"
        "元の文字のまま必要なときは、UTF-8かExcelで書き出してください。"
    ) % {"characters": named}
