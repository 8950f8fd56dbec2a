"""Files for spreadsheets: right in every encoding, and nothing in them runs."""

import asyncio
import csv
import io
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from machi.base.web.export import export, write_csv, write_excel

COLUMNS = ["氏名", "値"]
Rows = Sequence[Sequence[Any]]


def made_csv(rows: Rows, encoding: str = "utf-8-sig") -> tuple[bytes, Counter[str]]:
    file = io.BytesIO()
    replaced = write_csv(file, COLUMNS, rows, encoding)
    return file.getvalue(), replaced


def read_csv(rows: Rows) -> list[list[str]]:
    data, _ = made_csv(rows)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1:]


def made_sheet(rows: Rows) -> Any:
    file = io.BytesIO()
    write_excel(file, COLUMNS, rows)
    return load_workbook(file).active


def asked(rf: RequestFactory, fmt: str) -> HttpRequest:
    request: Any = rf.get("/", {"format": fmt})
    request.session = {}
    request._messages = FallbackStorage(request)
    made: HttpRequest = request
    return made


def test_csv_is_utf8_with_mark_and_lines_as_rfc_4180() -> None:
    data, replaced = made_csv([["花子", 'a,"b"\n']])
    assert data == '\ufeff氏名,値\r\n花子,"a,""b""\n"\r\n'.encode()
    assert replaced == {}


def test_csv_in_cp932_replaces_what_it_cannot_hold_and_says_which() -> None:
    data, replaced = made_csv([["髙橋 𠮷男", "①😀😀"]], "cp932")
    assert data.decode("cp932") == "氏名,値\r\n髙橋 〓男,①〓〓\r\n"
    assert replaced == {"😀": 2, "𠮷": 1}


def test_csv_values() -> None:
    at = datetime(2026, 4, 30, 15, 30, tzinfo=UTC)
    assert read_csv([[at, date(2026, 5, 1)], [True, False], [None, 1.5], [3, -4]]) == [
        ["2026-05-01 00:30:00", "2026-05-01"],
        ["はい", "いいえ"],
        ["", "1.5"],
        ["3", "-4"],
    ]


DANGEROUS = [
    "=1+1",
    "+A1",
    "-A1",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "＝1+1",
    "＋A1",
    "－A1",
    "＠x",
    "\r=1",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_run_comes_out_as_text(text: str) -> None:
    assert read_csv([[text, ""]])[0][0] == "'" + text
    cell = made_sheet([[text, ""]])["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.parametrize(
    "text", ["-5", "+81.5", "a=b", "2026-05-01", "ー", "'", "046-225-2000", "https://e.example/?a=b"]
)
def test_what_no_spreadsheet_runs_stays_as_it_is(text: str) -> None:
    assert read_csv([[text, ""]])[0][0] == text
    assert made_sheet([[text, ""]])["A2"].value == text


@settings(deadline=None, max_examples=50)
@given(st.text())
def test_no_text_begins_as_a_formula_or_breaks_the_file(text: str) -> None:
    (cell, _) = read_csv([[text, "終"]])[0]
    assert not cell.startswith(("=", "@", "＝", "＠", "\t", "\r"))
    assert cell.removeprefix("'") == text.replace("\x00", "").removeprefix("'")
    sheet = made_sheet([[text, "終"]])
    assert sheet["A2"].data_type != "f"
    assert sheet["B2"].value == "終"


def test_excel_has_a_header_that_stays_and_typed_values() -> None:
    sheet = made_sheet([["花子", 5], ["次郎", datetime(2026, 4, 30, 15, 30, tzinfo=UTC)]])
    assert [cell.value for cell in sheet[1]] == COLUMNS
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet["B2"].value == 5
    assert sheet["B3"].value == datetime(2026, 5, 1, 0, 30)  # noqa: DTZ001


def test_excel_says_where_a_text_was_too_long_for_it() -> None:
    value = made_sheet([["あ" * 40_000, ""]])["A2"].value
    assert len(value) == 32_767
    assert value.endswith("以下省略）")


@pytest.mark.django_db
def test_export_is_named_and_kept_out_of_caches(rf: RequestFactory) -> None:
    response = export(asked(rf, "csv"), "people", COLUMNS, iter([["花子", 1]]))
    content = b"".join(response)
    response.close()
    assert response["Content-Disposition"].startswith('attachment; filename="people-20')
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert content == "\ufeff氏名,値\r\n花子,1\r\n".encode()


@pytest.mark.django_db
def test_export_in_cp932_tells_the_person_what_was_replaced(rf: RequestFactory) -> None:
    request = asked(rf, "csv-cp932")
    response = export(request, "people", COLUMNS, [["𠮷男", 1]])
    response.close()
    assert response["Content-Type"] == "text/csv; charset=Shift_JIS"
    (message,) = get_messages(request)
    assert "𠮷（U+20BB7、1か所）" in str(message)


@pytest.mark.django_db
def test_export_under_asgi_comes_in_pieces(rf: RequestFactory) -> None:
    rows = ([f"人{number}", number] for number in range(50_000))
    response = export(asked(rf, "csv"), "people", COLUMNS, rows)

    async def collect() -> list[bytes]:
        return [piece async for piece in response]

    pieces = asyncio.run(collect())
    response.close()
    assert len(pieces) > 10
    assert b"".join(pieces).count(b"\r\n") == 50_001


def test_export_of_an_unknown_format_is_not_there(rf: RequestFactory) -> None:
    with pytest.raises(Http404):
        export(asked(rf, "pdf"), "people", COLUMNS, [])
