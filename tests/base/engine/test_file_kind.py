"""What a file is, by its content."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.base.engine.file_kind import MEDIA_TYPES, SUFFIXES, kind_of


def package(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n....", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (package("[Content_Types].xml", "word/document.xml"), "word"),
        (package("xl/workbook.xml"), "excel"),
        (package("ppt/presentation.xml"), "powerpoint"),
        ("質問,回答\r\n".encode(), "text"),
        ("質問,回答\r\n".encode("cp932"), "text"),
        ("\ufeff根拠\t1".encode(), "text"),
    ],
)
def test_kind_of_known_files(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ\x90\x00\x03",
        b"\x7fELF",
        b"\x1f\x8b\x08",
        b"text with a \x00 in it",
        package("readme.txt"),
        package("word/document.xml", "word/vbaProject.bin"),
        package("word/document.xml")[:-20],
        b"PK\x03\x04 broken",
    ],
)
def test_kind_of_anything_else_is_none(data: bytes) -> None:
    assert kind_of(data) is None


@given(st.binary(max_size=400))
def test_kind_of_never_raises(data: bytes) -> None:
    assert kind_of(data) in {None, *SUFFIXES}


def test_each_kind_has_its_suffixes_and_media_type() -> None:
    assert set(SUFFIXES) == set(MEDIA_TYPES)
