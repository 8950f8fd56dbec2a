"""What a small file that somebody hands in as evidence really is, told by its content and never by its name."""

from __future__ import annotations

import io
import zipfile
from typing import Literal

FileKind = Literal["pdf", "png", "jpeg", "word", "excel", "powerpoint", "text"]

SUFFIXES: dict[FileKind, tuple[str, ...]] = {
    "pdf": (".pdf",),
    "png": (".png",),
    "jpeg": (".jpg", ".jpeg"),
    "word": (".docx",),
    "excel": (".xlsx",),
    "powerpoint": (".pptx",),
    "text": (".txt", ".csv", ".md"),
}
MEDIA_TYPES: dict[FileKind, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "excel": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "powerpoint": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "text": "text/plain",
}
_HEADS: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
)
_PARTS: tuple[tuple[str, FileKind], ...] = (
    ("word/document.xml", "word"),
    ("xl/workbook.xml", "excel"),
    ("ppt/presentation.xml", "powerpoint"),
)


def kind_of(data: bytes) -> FileKind | None:
    """The kind of file these bytes are; None for anything else: programs, macros, archives, damaged files."""
    for head, kind in _HEADS:
        if data.startswith(head):
            return kind
    if data.startswith(b"PK"):
        return _office(data)
    return "text" if data and _is_text(data) else None


def _office(data: bytes) -> FileKind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((kind for part, kind in _PARTS if part in names), None)


def _is_text(data: bytes) -> bool:
    for encoding in ("utf-8", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return all(character.isprintable() or character in "\t\r\n\ufeff\u3000" for character in text)
    return False
