"""A file as somebody handed it in, opened by what it is and never by its name.

``open_file`` takes pictures (PNG, JPEG, TIFF of many pages), PDF, Excel, Word, mails with attachments, and plain text.
It gives an ``Opened`` or raises ``Hostile`` or ``Unreadable`` with a key for words, for any bytes. It runs nothing,
follows nothing and keeps nothing that could run. Files from outside go through
``engine.intake_isolated.open_isolated``, which does the same in a process of its own with bounded time and memory.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import PurePosixPath

from machi.base.engine.decoding import decode
from machi.base.engine.packages import OLE, is_encrypted_ole
from machi.casework.engine.intake_images import read_pictures
from machi.casework.engine.intake_mail import looks_like_mail, read_mail
from machi.casework.engine.intake_office import read_office
from machi.casework.engine.intake_pdf import draw, read_pdf
from machi.casework.engine.intake_types import (
    Hostile,
    Limits,
    Note,
    Opened,
    OpenedKind,
    Refused,
    Unopened,
    Unreadable,
    refusal,
)

__all__ = ["Hostile", "Limits", "Opened", "Refused", "Unreadable", "open_file", "page_png"]

LIMITS = Limits()
_PICTURES: tuple[tuple[bytes, OpenedKind], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
)
_REFUSED: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"MZ|\x7fELF|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe|#!|L\0\0\0\x01\x14\x02"), "program"),
    (re.compile(rb"....ftyp(?:heic|heix|hevc|mif1|msf1)", re.DOTALL), "heic"),
    (re.compile(rb"\x1f\x8b|7z\xbc\xaf|Rar!|BZh|\xfd7zXZ|MSCF|!<arch>|.{257}ustar", re.DOTALL), "archive"),
    (re.compile(rb"GIF8|BM|RIFF....WEBP|\{\\rtf", re.DOTALL), "wrong-type"),
)
_SCRIPT = re.compile(
    r"<\s*(?:!doctype|html|head|body|script|svg|\?php|\?xml|iframe|object|embed|meta)\b|javascript:|vbscript:"
    r"|^\s*(?:@echo\s+off|powershell|Set-ExecutionPolicy)|WScript\.",
    re.IGNORECASE | re.MULTILINE,
)
_SUFFIXES: dict[str, OpenedKind] = {
    **dict.fromkeys((".jpg", ".jpeg", ".jpe", ".jfif"), "jpeg"),
    **dict.fromkeys((".tif", ".tiff"), "tiff"),
    **dict.fromkeys((".txt", ".csv", ".md", ".text"), "text"),
    **dict.fromkeys((".eml", ".mail"), "mail"),
    ".png": "png",
    ".pdf": "pdf",
    ".xlsx": "excel",
    ".docx": "word",
}
_PDF_WITHIN = 1024
_DAMAGED = 0.01


def open_file(name: str, data: bytes, limits: Limits = LIMITS) -> Opened:
    """What ``data`` holds. Raises ``Hostile`` or ``Unreadable`` and nothing else; deterministic."""
    return _open(name, data, limits, limits.depth, [limits.attachments])


def page_png(opened: Opened, number: int, dots_per_inch: int = 200, limits: Limits = LIMITS) -> bytes:
    """Page ``number`` (from 0) as PNG; of a PDF drawn now. Raises IndexError, ``Refused`` for a page too large."""
    if opened.kind != "pdf":
        return opened.pages[number].png
    return draw(opened.pdf, range(len(opened.pages))[number], dots_per_inch, limits)


def _open(name: str, data: bytes, limits: Limits, depth: int, left: list[int]) -> Opened:
    if not data:
        raise Unreadable("empty")
    if len(data) > limits.size:
        raise Unreadable("too-large", limit=limits.size)
    digest = hashlib.sha256(data).hexdigest()
    bare = Opened(name=plain_name(name), kind="text", digest=digest, size=len(data))
    for head, kind in _PICTURES:
        if data.startswith(head):
            pages, notes = read_pictures(data, limits)
            return _named(replace(bare, kind=kind, pages=tuple(pages), notes=tuple(notes)))
    if data.startswith(b"PK"):
        office = read_office(data, limits)
        return _named(
            replace(
                bare,
                kind=office.kind,
                pages=tuple(office.pages),
                sheets=tuple(office.sheets),
                text=office.text,
                flow=office.flow,
                notes=tuple(office.notes),
            )
        )
    if data.startswith(OLE):
        raise Unreadable("encrypted" if is_encrypted_ole(data) else "old-office")
    for pattern, key in _REFUSED:
        if pattern.match(data):
            raise refusal(key)
    if b"%PDF-" in data[:_PDF_WITHIN]:  # some scanners write a few bytes of their own before it
        pages, notes = read_pdf(data, limits)
        return _named(replace(bare, kind="pdf", pages=tuple(pages), pdf=data, notes=tuple(notes)))
    if looks_like_mail(data):
        return _named(_mail(bare, data, limits, depth, left))
    return _named(replace(bare, text=_text(data, limits)))


def _mail(bare: Opened, data: bytes, limits: Limits, depth: int, left: list[int]) -> Opened:
    """``left`` counts the attachments still allowed, over all levels."""
    if depth <= 0:
        raise Unreadable("too-deep", limit=limits.depth)
    mail = read_mail(data, limits)
    attachments, unopened = [], []
    for name, content in mail.attachments:
        left[0] -= 1
        if left[0] < 0:
            unopened.append(Unopened(plain_name(name), "too-many-attachments", {"limit": limits.attachments}))
            continue
        try:
            attachments.append(_open(name, content, limits, depth - 1, left))
        except Refused as refused:
            unopened.append(Unopened(plain_name(name), refused.key, refused.arguments))
    return replace(
        bare,
        kind="mail",
        text=mail.text,
        headers=mail.headers,
        attachments=tuple(attachments),
        unopened=tuple(unopened[: 2 * limits.attachments]),
        notes=tuple(mail.notes),
    )


def _text(data: bytes, limits: Limits) -> str:
    decoded = decode(data)
    text = decoded.text.replace("\r\n", "\n").lstrip("\ufeff")
    if _SCRIPT.search(text):
        raise Hostile("script")
    strange = sum(1 for c in text if not (c.isprintable() or c in "\n\t\r\f\u3000"))
    if decoded.damaged > _DAMAGED * len(text) or strange:
        raise Unreadable("wrong-type")
    if len(text) > limits.characters:
        raise Unreadable("too-large", limit=limits.characters)
    return text


def plain_name(name: str) -> str:
    """Without folders, control characters and marks that turn the writing direction; at most 120 characters."""
    last = PurePosixPath(name.replace("\\", "/").replace("\0", "")).name
    shown = "".join(c for c in last if c.isprintable()).strip(" .")
    stem, dot, suffix = shown.rpartition(".")
    return (f"{stem[:110]}.{suffix[:9]}" if dot else shown[:120]) or "file"


def _named(opened: Opened) -> Opened:
    """With a note where the name says another kind than the content."""
    suffix = PurePosixPath(opened.name).suffix.lower()
    if not suffix or _SUFFIXES.get(suffix) == opened.kind:
        return opened
    note = Note("name-differs", {"suffix": suffix, "kind": opened.kind})
    return replace(opened, notes=(*opened.notes, note))
