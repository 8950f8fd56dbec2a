"""What a picture or video of a lesson really is, told by its content and never by its name."""

from __future__ import annotations

import re
from typing import Literal

from machi.base.engine.file_kind import kind_of

MediaKind = Literal["png", "jpeg", "mp4", "webm"]

SUFFIXES: dict[MediaKind, tuple[str, ...]] = {
    "png": (".png",),
    "jpeg": (".jpg", ".jpeg"),
    "mp4": (".mp4",),
    "webm": (".webm",),
}
MEDIA_TYPES: dict[MediaKind, str] = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
PICTURES: tuple[MediaKind, ...] = ("png", "jpeg")
LARGEST_PICTURE = 2_000_000
LARGEST_VIDEO = 48_000_000
"""Bytes: ten minutes at a bit rate that a phone in the field still plays."""
HEAD = 4_096
"""Bytes of the beginning that ``media_kind`` needs to see of a video."""
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}\.(?:png|jpe?g|mp4|webm)")
"""File names as they stand in texts and addresses."""

_MP4_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash")
_EBML = b"\x1a\x45\xdf\xa3"
_VTT_TIME = re.compile(
    r"^(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3} --> (?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}", re.MULTILINE
)


def media_kind(data: bytes) -> MediaKind | None:
    """The kind of what begins with these bytes; None for anything a lesson does not take (SVG, which can hold scripts,
    among it)."""
    match kind_of(data):
        case "png":
            return "png"
        case "jpeg":
            return "jpeg"
    if data[4:8] == b"ftyp" and data[8:12] in _MP4_BRANDS:
        return "mp4"
    if data.startswith(_EBML) and b"webm" in data[:64]:
        return "webm"
    return None


def is_webvtt(text: str) -> bool:
    """Captions as browsers take them (W3C WebVTT): the magic word, and at least one cue with its times."""
    lines = text.removeprefix("\ufeff").splitlines()
    return (
        bool(lines)
        and re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]) is not None
        and bool(_VTT_TIME.search(text))
    )
