"""A small procedure with a form of its own, filled pages of it, and applications in a town's queue."""

from __future__ import annotations

import csv
import io
import json
import struct
import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import Workbook

from machi.base.engine.typesetting import set_pdf
from machi.base.models import Municipality, Person, Role
from machi.base.scoping import in_municipality
from machi.casework.domain import correcting, intake, mappings, procedures, reading
from machi.casework.engine.filling import fill
from machi.casework.engine.form_drawing import (
    Block,
    Cell,
    Layout,
    PrintedOption,
    Row,
    definition,
    typst_source,
)
from machi.casework.models import Application, FieldValue, OwnMapping, Procedure
from tests.base.factories import a_person

LAYOUT = Layout(
    key="dog-registration",
    title="犬の登録申請書",
    version="1",
    addressee="（あて先）厚木市長",
    foot="厚木市",
    blocks=(
        Block(text="狂犬病予防法第4条の規定により、次のとおり犬の登録を申請します。", text_height=8),
        Block(
            heading="申請者",
            rows=(
                Row(
                    14,
                    (
                        Cell("氏名", 110, "name", "person", required=True),
                        Cell("電話番号", 70, "phone", "telephone"),
                    ),
                ),
                Row(16, (Cell("住所", 180, "address", "address", required=True),)),
            ),
        ),
        Block(
            heading="犬",
            rows=(
                Row(14, (Cell("犬の名前", 90, "dog"), Cell("生年月日", 90, "born", "date"))),
                Row(
                    14,
                    (
                        Cell(
                            "性別",
                            90,
                            "sex",
                            "choice",
                            options=(PrintedOption("male", "おす"), PrintedOption("female", "めす")),
                        ),
                        Cell("注射済み", 90, "vaccinated", "check"),
                    ),
                ),
            ),
        ),
        Block(
            text="この申請書の内容に変更があったときは、30日以内に届け出てください。手数料は3,000円です。",
            text_height=10,
        ),
    ),
)
VALUES = {
    "name": "山田 太郎",
    "phone": "046-225-0000",
    "address": "神奈川県厚木市中町三丁目17番17号",
    "dog": "ポチ",
    "born": "令和6年5月1日",
    "sex": "male",
    "vaccinated": "1",
}
RULES: list[dict[str, Any]] = [
    {"kind": "required", "key": "written", "title": "必要な欄が書かれている", "fields": ["name", "address"]},
    {
        "kind": "required",
        "key": "vaccinated",
        "title": "予防注射を受けている",
        "fields": ["vaccinated"],
        "law": {"name": "狂犬病予防法", "article": "第5条"},
    },
]
ABOUT: dict[str, Any] = {
    "key": "dog",
    "title": "犬の登録",
    "summary": "犬を登録する手続です。",
    "law": [{"name": "狂犬病予防法", "article": "第4条"}],
    "documents": [],
    "processing": {"days": 10, "working_days": True},
    "approvers": 1,
    "retention_years": 5,
    "roles": {"applicant": "name", "address": "address", "telephone": "phone"},
    "appeal": "mayor",
    "straight_through": {"possible": True},
}
LETTERS: dict[str, Any] = {
    "receipt": {"subject": "受け付けました", "body": ["{due}までにお知らせします。"]},
    "amendment": {"subject": "補正のお願い", "body": ["{items}", "{due}までにお願いします。"]},
    "approval": {"subject": "登録の通知", "body": ["登録しました。", "{conditions}"]},
    "refusal": {"subject": "登録しないことの通知", "body": ["{reasons}", "{appeal}"]},
}


@lru_cache(maxsize=1)
def blank() -> bytes:
    return set_pdf(typst_source(LAYOUT).encode(), {})


@lru_cache(maxsize=64)
def _filled(values: tuple[tuple[str, str], ...], kind: str) -> bytes:
    return fill(typst_source(LAYOUT), definition(LAYOUT), dict(values), kind=kind)[0]


def a_pdf(**changed: str) -> bytes:
    """A filled form as a born-digital PDF: read from its own letters, in a fraction of a second."""
    return _filled(tuple({**VALUES, **changed}.items()), "pdf")


def a_scan(**changed: str) -> bytes:
    """The same as a picture."""
    return _filled(tuple({**VALUES, **changed}.items()), "png")


def an_excel(*sheets: Mapping[str, str]) -> bytes:
    """The form as a workbook: a sheet for each of ``sheets`` (what differs from ``VALUES``), labels in A."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, changed in enumerate(sheets or ({},), 1):
        sheet = book.create_sheet(f"申請書{number}")
        sheet["A1"] = LAYOUT.title
        for row, (label, value) in enumerate(_labelled(changed), 3):
            sheet.cell(row, 1, label)
            sheet.cell(row, 3, value)
            sheet.merge_cells(start_row=row, end_row=row, start_column=3, end_column=6)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_word(**changed: str) -> bytes:
    """The same as a Word document: two tables with a line between them."""
    document = Document()
    document.add_paragraph(LAYOUT.title)
    rows = _labelled(changed)
    for some in (rows[:3], rows[3:]):
        table = document.add_table(rows=0, cols=2)
        for label, value in some:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = label, value
        document.add_paragraph("以上")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _labelled(changed: Mapping[str, str]) -> list[tuple[str, str]]:
    values = {**VALUES, "sex": "☑おす　□めす", "vaccinated": "☑", **changed}
    return [(one.label, values[one.key]) for one in definition(LAYOUT).fields]


def a_huge_png() -> bytes:
    """A PNG of a few bytes that says it is 60,000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def a_procedure(
    town: Municipality, *, rules: list[dict[str, Any]] | None = None, **settings: Any
) -> Procedure:
    with in_municipality(town):
        procedures.save_form(town, definition(LAYOUT), blank())
        return Procedure.objects.create(
            municipality=town,
            key="dog",
            title="犬の登録",
            version="1",
            content={
                "procedure": ABOUT,
                "letters": LETTERS,
                "forms": [LAYOUT.key],
                "rules": RULES if rules is None else rules,
                "applicant": {
                    "applicant": f"{LAYOUT.key}.name",
                    "telephone": f"{LAYOUT.key}.phone",
                },
            },
            **settings,
        )


def taken(
    town: Municipality, procedure: Procedure | None, *files: bytes, read: bool = True, **options: Any
) -> Application:
    """An application of the files, read unless said otherwise."""
    with in_municipality(town):
        (one, *_more) = intake.take(
            town,
            [(f"file{at}.pdf", data) for at, data in enumerate(files)],
            channel=Application.Channel.UPLOAD,
            procedure=procedure,
            together=len(files) > 1,
            **options,
        )
        assert one.application is not None, one
        if read:
            reading.run(town)
        return Application.objects.select_related("procedure", "municipality").get(pk=one.application.pk)


def typed(town: Municipality, procedure: Procedure, values: Mapping[str, str] | None = None) -> Application:
    """An application typed into the web form: no page to read, so quick to make; read and checked."""
    with in_municipality(town):
        made = intake.take_values(
            town,
            procedure,
            {LAYOUT.key: dict(VALUES if values is None else values)},
            channel=Application.Channel.WEB,
        )
        reading.run(town)
        return Application.objects.select_related("procedure", "municipality").get(pk=made.pk)


def look_at_all(application: Application, person: Person) -> None:
    """As a person does who finds every doubtful value right."""
    for one in list(correcting.to_look_at(application)):
        correcting.look(one, person, one.raw or "")


def value_of(application: Application, field: str) -> FieldValue:
    return FieldValue.objects.get(application=application, field=field)


class StaffClient(Client):
    person: Person


def signed_in(town: Municipality, role: Role = Role.CLERK) -> StaffClient:
    client = StaffClient()
    client.person = a_person(role, town)
    client.force_login(client.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


LAYOUT_ONLINE: dict[str, Any] = {
    "key": "dog.online",
    "title": "犬の登録（電子申請から）",
    "columns": [
        {"title": "申請番号", "field": "@origin", "required": True},
        {"title": "申請日", "field": "@received", "format": "date"},
        {"title": "氏名", "field": "name", "required": True},
        {"title": "電話番号", "field": "phone"},
        {"title": "住所", "field": "address"},
        {"title": "犬の名前", "field": "dog"},
        {"title": "生年月日", "field": "born", "format": "date"},
        {"title": "性別", "field": "sex"},
        {"title": "注射", "field": "vaccinated"},
    ],
}
"""A mapping of the town's own for files of a service on which people apply."""
ONLINE_ROW = {
    "申請番号": "E-1",
    "申請日": "2026-11-30",
    "氏名": "山田 太郎",
    "電話番号": "046-225-0000",
    "住所": "神奈川県厚木市中町三丁目17番17号",
    "犬の名前": "ポチ",
    "生年月日": "令和6年5月1日",
    "性別": "おす",
    "注射": "○",
}


def a_mapping(town: Municipality, **changed: Any) -> OwnMapping:
    """In use there; the procedure ``dog`` must be."""
    text = json.dumps({**LAYOUT_ONLINE, **changed}, ensure_ascii=False)
    with in_municipality(town):
        return mappings.add(town, a_person(Role.MANAGER, town), text, replace=True)


def online(*rows: Mapping[str, str], encoding: str = "utf-8-sig") -> bytes:
    """The service's file, with what each row changes."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(ONLINE_ROW))
    writer.writeheader()
    writer.writerows({**ONLINE_ROW, **row} for row in rows)
    return out.getvalue().encode(encoding)


def url(town: Municipality, name: str, *arguments: object) -> str:
    """A page of the room in this town."""
    return reverse(f"casework:{name}", args=[town.code, *arguments])
