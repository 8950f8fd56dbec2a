"""What is handed in is opened by what it is, and nothing hostile gets further than a refusal."""

import io
import json
import struct
import zlib
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from machi.casework.engine.intake import Hostile, Limits, Opened, Refused, Unreadable, open_file, page_png
from machi.casework.engine.intake_codec import decode, encode
from machi.casework.engine.intake_isolated import open_isolated
from machi.casework.engine.intake_types import HOSTILE, NOTES, UNREADABLE
from tests.casework.engine import intake_files as files


def refused(data: bytes, name: str = "x", limits: Limits | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        open_file(name, data, limits or Limits())
    assert isinstance(caught.value, Hostile) == (caught.value.key in HOSTILE)
    return caught.value


def noted(opened: Opened) -> list[str]:
    return [note.key for note in opened.notes]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.png", files.picture(), "png"),
        ("a.jpg", files.picture("JPEG"), "jpeg"),
        ("a.tif", files.tiff(1), "tiff"),
        ("a.pdf", files.pdf(), "pdf"),
        ("a.xlsx", files.excel(), "excel"),
        ("a.docx", files.word(), "word"),
        ("a.eml", files.mail(), "mail"),
        ("a.txt", "氏名 山田 花子".encode("cp932"), "text"),
    ],
)
def test_a_file_is_what_its_content_says(name: str, data: bytes, kind: str):
    assert open_file(name, data).kind == kind
    assert noted(open_file(name, data)) == []
    other = open_file("写真.gif", data)
    assert (other.kind, noted(other)) == (kind, ["name-differs"])


def test_pictures_are_made_anew_upright_and_without_what_they_told():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010E] = "SECRET PLACE"
    data = files.picture("JPEG", (600, 400), exif=exif, comment=b"SECRET COMMENT")
    assert b"SECRET" in data
    (page,) = open_file("a.jpg", data).pages
    assert (page.width, page.height) == (400, 600)
    assert b"SECRET" not in page.png
    with Image.open(io.BytesIO(page.png)) as image:
        assert image.format == "PNG"
        assert image.info == {}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_pictures_larger_than_reading_needs_are_brought_down_and_keep_their_shape(kind: str):
    (page,) = open_file("a", files.picture(kind, (1500, 3000)), Limits(kept=500_000)).pages
    assert (page.width, page.height) == (500, 1000)
    with Image.open(io.BytesIO(page.png)) as made:
        assert made.size == (500, 1000)
    (page,) = open_file("a", files.picture(kind, (700, 700)), Limits(kept=500_000)).pages
    assert (page.width, page.height) == (700, 700)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16"])
def test_pictures_of_every_mode_become_grey_or_colour(mode: str):
    image = Image.new(mode, (40, 50), 60000 if mode == "I;16" else 0)
    out = io.BytesIO()
    image.save(out, "PNG")
    with Image.open(io.BytesIO(open_file("a.png", out.getvalue()).pages[0].png)) as made:
        assert made.mode in ("L", "RGB")
        light = made.convert("L").getpixel((5, 5))
    assert light == (255 if mode in ("RGBA", "LA") else 234 if mode == "I;16" else 0)


def test_tiff_of_many_pages_keeps_their_order_and_has_a_limit():
    opened = open_file("fax.tif", files.tiff(5))
    assert len(opened.pages) == 5
    assert len({page.png for page in opened.pages}) == 5
    assert refused(files.tiff(5), limits=Limits(pages=4)).key == "too-many-pages"


def test_pdf_pages_have_text_and_are_drawn_when_wanted():
    opened = open_file("a.pdf", files.pdf(3))
    assert [page.text.strip() for page in opened.pages] == [f"児童手当 認定請求書 {n}" for n in (1, 2, 3)]
    with Image.open(io.BytesIO(page_png(opened, 2))) as image:
        assert image.size == (opened.pages[2].width, opened.pages[2].height) == (1654, 2339)
    with pytest.raises(IndexError):
        page_png(opened, 3)
    assert refused(files.pdf(3), limits=Limits(pages=2)).key == "too-many-pages"


@pytest.mark.parametrize(
    ("catalog", "objects", "note"),
    [
        (b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>", (), "pdf-script"),
        (b"/OpenAction << /S /Launch /F (calc.exe) >>", (), "pdf-launch"),
        (b"/Names << /EmbeddedFiles << /Names [] >> >>", (), "pdf-embedded-files"),
        (
            b"/AcroForm << /XFA 4 0 R /Fields [] >>",
            (b"<< /Length 0 >>\nstream\n\nendstream",),
            "pdf-fillable-xfa",
        ),
    ],
)
def test_what_a_viewer_of_pdf_might_run_is_noted(catalog: bytes, objects: tuple[bytes, ...], note: str):
    assert noted(open_file("a.pdf", files.pdf_with(catalog, *objects))) == [note]
    assert noted(open_file("a.pdf", files.pdf_with(b""))) == []


def test_a_script_in_a_compressed_part_of_a_pdf_is_noted_too():
    packed = zlib.compress(b"9 0 << /S /JavaScript /JS (app.alert(1)) >>")
    stream = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
    assert noted(open_file("a.pdf", files.pdf_with(b"", stream % (len(packed), packed)))) == ["pdf-script"]


def test_pages_beyond_any_paper_are_refused():
    big = files.pdf_with(b"").replace(b"[0 0 595 842]", b"[0 0 14400 14400]")
    assert refused(big).key == "huge-page"
    strip = files.pdf_with(b"").replace(b"[0 0 595 842]", b"[0 0 30 14000]")
    assert refused(strip).key == "huge-page"


def test_a_pdf_under_a_password_says_so():
    locked = files.pdf_with(b"").replace(
        b"/Root 1 0 R",
        b"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
        + b"41" * 32
        + b"> /U <"
        + b"42" * 32
        + b"> >> /ID [<41><41>]",
    )
    assert refused(locked).key == "encrypted"


def test_excel_gives_what_is_seen_and_says_what_is_hidden():
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["B2"], sheet["C3"] = "氏名", 1234, "見えない"
    sheet["B2"].number_format = '#,##0"円"'
    sheet.row_dimensions[3].hidden = True
    sheet["D4"] = "=1+1"
    sheet.merge_cells("A1:B1")
    book.create_sheet("控え").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    opened = open_file("a.xlsx", out.getvalue())
    assert [dict(s.cells) for s in opened.sheets] == [{(1, 1): "氏名", (2, 2): "1,234円"}]
    assert list(opened.sheets[0].merged) == [(1, 1, 1, 2)]
    assert sorted(noted(opened)) == ["hidden-cells", "hidden-sheet", "not-calculated"]


def test_word_gives_its_tables_text_and_pasted_photographs():
    opened = open_file("a.docx", files.word(files.picture("JPEG")))
    assert opened.text.startswith("公園内行為許可申請書")
    assert dict(opened.sheets[0].cells) == {
        (1, 1): "氏名",
        (1, 2): "山田 花子",
        (2, 1): "電話",
        (2, 2): "046-223-1511",
    }
    assert [(page.width, page.height) for page in opened.pages] == [(420, 594)]


def test_ticks_of_word_forms_and_deleted_text():
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    box = '<w:r><w:fldChar><w:ffData><w:checkBox><w:default w:val="{}"/></w:checkBox></w:ffData></w:fldChar></w:r>'
    body = (
        f"<w:document {w}><w:body><w:p>{box.format(1)}<w:r><w:t>世帯全員</w:t></w:r>{box.format(0)}<w:r><w:t>一部</w:t>"
        "</w:r><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>隠</w:t></w:r></w:p>"
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p/></w:tc><w:tc><w:p><w:r><w:t>端</w:t>'
        "</w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"
    )
    opened = open_file("a.docx", files.repacked(files.word(), word__document_dot_xml=body.encode()))
    assert opened.text.splitlines()[0] == "☑世帯全員□一部"
    assert dict(opened.sheets[0].cells) == {(1, 501): "端"}
    assert noted(opened) == ["hidden-text"]


def test_mails_give_their_attachments_and_lose_none():
    inner = files.mail(("b.png", files.picture()), body="中のメール")
    data = files.mail(
        ("a.pdf", files.pdf(1)),
        ("../../bad\u202e.exe", b"MZ\x90\0"),
        ("inner.eml", inner),
        ("bomb.xlsx", files.bomb()),
    )
    opened = open_file("m.eml", data)
    assert opened.text.strip() == "申請書を送ります。"
    assert opened.headers["from"] == "山田 花子 <hanako@example.jp>"
    assert opened.headers["date"] == "2026-11-30T09:00:00+09:00"
    assert [(a.name, a.kind) for a in opened.attachments] == [("a.pdf", "pdf"), ("inner.eml", "mail")]
    assert [a.kind for a in opened.attachments[1].attachments] == ["png"]
    assert [(u.name, u.key) for u in opened.unopened] == [("bad.exe", "program"), ("bomb.xlsx", "zip-bomb")]


def test_mails_in_mails_and_attachments_have_an_end():
    data = files.mail(body="x")
    for _ in range(5):
        data = files.mail(("m.eml", data))
    depth, at = 0, open_file("m.eml", data)
    while at.attachments:
        depth, at = depth + 1, at.attachments[0]
    assert (depth, [u.key for u in at.unopened]) == (2, ["too-deep"])
    many = open_file("m.eml", files.mail(*[(f"{n}.txt", b"abc") for n in range(40)]))
    assert len(many.attachments) == 30
    assert {u.key for u in many.unopened} == {"too-many-attachments"}


def test_a_mail_in_html_alone_is_read_without_its_scripts():
    page = "<html><head><style>x{}</style></head><body><p>氏名<br>山田</p><script>alert(1)</script></body></html>"
    opened = open_file("m.eml", files.mail(body="", html=page))
    assert opened.text.split() == ["氏名", "山田"]
    assert noted(opened) == ["html-body"]


def huge_png(width: int, height: int) -> bytes:
    """A PNG that claims to be as large as that, in a few bytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


XML = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
MERGED = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/>'
    b'<mergeCells><mergeCell ref="A1&#58;XFD1048576"/></mergeCells></worksheet>'
)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "empty"),
        (b"MZ\x90\0" + b"\0" * 100, "program"),
        (b"#!/bin/sh\nrm -rf /\n", "program"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "script"),
        (b"\n <!DOCTYPE html><p>a</p>", "script"),
        (b"see\n<script>alert(1)</script>", "script"),
        ("x<html>".encode("utf-16"), "script"),
        (b"GIF89a....", "wrong-type"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "heic"),
        (b"\x1f\x8b\x08\0", "archive"),
        (b"\x00\x01\x02\x03", "wrong-type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old-office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"%PDF-1.7\nnothing", "broken"),
        (b"PK\x03\x04nothing", "broken"),
        (files.picture()[:200], "broken"),
        (files.picture("JPEG")[:900], "broken"),
        (huge_png(60_000, 60_000), "huge-image"),
        (huge_png(10_000, 10_000), "huge-image"),
        (huge_png(1, 50_000), "broken"),
        (files.bomb(), "zip-bomb"),
        (files.repacked(files.excel(), xl__vbaProject_dot_bin=b"x"), "macros"),
        (files.repacked(files.word(), word__document_dot_xml=XML), "unsafe-xml"),
        (files.repacked(files.excel(), xl__worksheets__sheet1_dot_xml=MERGED), "too-many-cells"),
        (
            files.repacked(files.word(files.picture()), word__media__image1_dot_png=huge_png(60000, 60000)),
            "huge-image",
        ),
        (files.archive(), "archive"),
    ],
)
def test_what_is_not_taken_is_refused_with_its_reason(data: bytes, key: str):
    assert refused(data).key == key


def test_what_a_zip_declares_and_what_comes_out_are_both_counted():
    honest = files.bomb()
    place = honest.rindex(struct.pack("<I", 200_000_000))
    lying = honest[:place] + struct.pack("<I", 10) + honest[place + 4 :]
    assert refused(lying).key in {"zip-bomb", "broken"}


def test_files_that_are_too_large_are_not_looked_into():
    assert refused(files.picture(), limits=Limits(size=100)).arguments == {"limit": 100}


@pytest.mark.parametrize(
    ("name", "plain"),
    [("../../etc/passwd", "passwd"), ("C:\\a\\b.pdf", "b.pdf"), ("a\0\u202eb.pdf", "ab.pdf"), ("", "file")],
)
def test_names_are_made_harmless(name: str, plain: str):
    assert open_file(name, b"text").name == plain


def test_the_same_bytes_have_one_digest_and_opening_repeats():
    for data in (
        files.picture(),
        files.pdf(),
        files.word(files.picture()),
        files.mail(("a.pdf", files.pdf(1))),
    ):
        assert open_file("a", data) == open_file("a", data)


@cache
def valid() -> list[bytes]:
    return [
        files.picture(size=(60, 80)),
        files.picture("JPEG", size=(60, 80)),
        files.tiff(2),
        files.pdf(1, "a"),
        files.pdf_with(b"/OpenAction << /S /JavaScript /JS (a) >>"),
        files.excel(),
        files.word(files.picture(size=(60, 80))),
        files.mail(("a.png", files.picture(size=(60, 80)))),
    ]


def opened_or_refused(data: bytes) -> None:
    try:
        opened = open_file("a", data)
    except Refused as refusal:
        key = refusal.key
    else:
        key = ""
        assert set(noted(opened)) <= set(NOTES)
        assert decode(encode(opened)) == opened
    assert key in ("", *HOSTILE, *UNREADABLE)


@given(st.binary(max_size=3000))
@settings(max_examples=200, deadline=5000)
def test_any_bytes_are_opened_or_refused(data: bytes):
    opened_or_refused(data)


@given(
    st.integers(0, 7),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=8), st.integers(0, 8)), min_size=1, max_size=8),
)
@settings(max_examples=200, deadline=10_000, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_files_are_opened_or_refused(which: int, cuts: list[tuple[float, bytes, int]]):
    data = valid()[which]
    for share, inserted, dropped in cuts:
        at = int(share * len(data))
        data = data[:at] + inserted + data[at + dropped :]
    opened_or_refused(data)


def test_opening_in_a_process_of_its_own_gives_the_same():
    for data in (files.pdf(1), files.mail(("a.png", files.picture()))):
        assert open_isolated("山田.bin", data) == open_file("山田.bin", data)
    with pytest.raises(Hostile) as caught:
        open_isolated("a.xlsx", files.bomb())
    assert caught.value.key == "zip-bomb"


def test_a_process_that_takes_too_much_is_a_refusal():
    out = io.BytesIO()
    Image.new("1", (8000, 8000)).save(out, "PNG")
    with pytest.raises(Hostile) as caught:
        open_isolated("a.png", out.getvalue(), memory=180_000_000)
    assert caught.value.key == "too-costly"
    small = io.BytesIO()
    Image.new("1", (80, 80)).save(small, "PNG")
    assert open_isolated("a.png", small.getvalue(), memory=180_000_000).kind == "png"


def test_codec_refuses_what_is_not_an_opened_file():
    with pytest.raises((ValueError, KeyError, TypeError)):
        decode(json.dumps({"name": "a"}).encode())
    with pytest.raises(Unreadable):
        decode(encode(Unreadable("broken")))
