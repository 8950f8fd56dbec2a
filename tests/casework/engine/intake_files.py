"""Files as applicants and attackers send them, made by the libraries that real programs use."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

from docx import Document
from openpyxl import Workbook
from PIL import Image, ImageDraw

from machi.base.engine.typesetting import set_pdf


def picture(
    kind: str = "PNG", size: tuple[int, int] = (420, 594), text: str = "abc", **options: object
) -> bytes:
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((40, 60), text * 10, fill="black")
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def tiff(pages: int) -> bytes:
    images = [Image.new("1", (210, 297), 1) for _ in range(pages)]
    for number, image in enumerate(images):
        ImageDraw.Draw(image).rectangle((20, 20 + number, 120, 60 + number), fill=0)
    out = io.BytesIO()
    images[0].save(out, "TIFF", save_all=True, append_images=images[1:], compression="group4")
    return out.getvalue()


def pdf(pages: int = 2, text: str = "児童手当 認定請求書") -> bytes:
    source = '#set page(paper: "a4")\n#set text(font: "Noto Sans CJK JP")\n' + "#pagebreak()\n".join(
        f"{text} {number + 1}\n" for number in range(pages)
    )
    return set_pdf(source.encode(), {})


def pdf_with(catalog: bytes, *objects: bytes) -> bytes:
    """A PDF of one empty page whose catalogue holds ``catalog`` too."""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        *objects,
    ]
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start)
    return bytes(out)


def excel(**cells: str) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "申請書"
    for place, text in (cells or {"A1": "氏名", "B1": "山田 花子"}).items():
        sheet[place] = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def word(picture_in: bytes | None = None) -> bytes:
    document = Document()
    document.add_paragraph("公園内行為許可申請書")
    table = document.add_table(rows=2, cols=2)
    for row, (label, value) in enumerate((("氏名", "山田 花子"), ("電話", "046-223-1511"))):
        table.cell(row, 0).text, table.cell(row, 1).text = label, value
    if picture_in:
        document.add_picture(io.BytesIO(picture_in))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def repacked(data: bytes, **replaced: bytes) -> bytes:
    """The package with parts replaced or added; ``__`` stands for / and ``_dot_`` for a point in their names."""
    parts = {name.replace("__", "/").replace("_dot_", "."): content for name, content in replaced.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def bomb(megabytes: int = 200) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types>spreadsheetml.sheet.main+xml</Types>")
        package.writestr("xl/workbook.xml", b"0" * (megabytes * 1_000_000))
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("申請書.pdf", pdf(1))
    return out.getvalue()


def mail(*attachments: tuple[str, bytes], body: str = "申請書を送ります。", html: str = "") -> bytes:
    message = EmailMessage()
    message["From"] = "山田 花子 <hanako@example.jp>"
    message["To"] = "kodomo@city.example.jp"
    message["Subject"] = "児童手当の申請"
    message["Date"] = "Mon, 30 Nov 2026 09:00:00 +0900"
    if body:
        message.set_content(body)
    if html:
        message.add_alternative(html, subtype="html") if body else message.set_content(html, subtype="html")
    for name, content in attachments:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()
