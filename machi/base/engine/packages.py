"""Zip packages (Office files are such) checked before any library opens them.

Refused are zip bombs (by what the directory declares and by what really comes out), password-protected zips, and XML
with a document type, which the Office format forbids (ECMA-376 part 2) and entity bombs need.
"""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Literal

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an OLE container begins: an Office file from before 2007, or an encrypted new one."""
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 1 << 20
_XML = (".xml", ".rels", ".vml")


@dataclass(frozen=True, slots=True)
class PackageLimits:
    unpacked: int = 300_000_000
    """Bytes of all parts once unpacked."""
    ratio: int = 200
    """Unpacked bytes to packed bytes, checked from ``ratio_from`` bytes on."""
    ratio_from: int = 5_000_000
    entries: int = 20_000


class PackageRefused(ValueError):
    """``code`` says why: ``broken``, ``encrypted``, ``zip-bomb``, ``unsafe-xml``."""

    def __init__(
        self, code: Literal["broken", "encrypted", "zip-bomb", "unsafe-xml"], part: str = ""
    ) -> None:
        super().__init__(f"{code}: {part}" if part else code)
        self.code = code
        self.part = part
        """The part that is to blame, where one is."""


def is_encrypted_ole(data: bytes) -> bool:
    """Whether an OLE container holds a new Office file under a password."""
    return _ENCRYPTED_STREAM in data


def parts_of(data: bytes, limits: PackageLimits) -> dict[str, int]:
    """The names of the parts of the zip ``data`` with their true sizes in bytes. Raises ``PackageRefused``."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _checked(package, len(data), limits)
    except PackageRefused:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        NotImplementedError,
        OSError,
        EOFError,
        RuntimeError,
        ValueError,
    ):
        raise PackageRefused("broken") from None


def _checked(package: zipfile.ZipFile, packed: int, limits: PackageLimits) -> dict[str, int]:
    parts = package.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise PackageRefused("encrypted")
    declared = sum(part.file_size for part in parts)
    if len(parts) > limits.entries or _bomb(declared, packed, limits):
        raise PackageRefused("zip-bomb")
    sizes: dict[str, int] = {}
    total = 0
    for part in parts:
        sizes[part.filename] = _unpack(package, part, total, packed, limits)
        total += sizes[part.filename]
    return sizes


def _unpack(
    package: zipfile.ZipFile, part: zipfile.ZipInfo, before: int, packed: int, limits: PackageLimits
) -> int:
    """Bytes that really come out of ``part``, none of them kept."""
    size = 0
    tail = b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if _bomb(before + size, packed, limits):
                raise PackageRefused("zip-bomb")
            if part.filename.endswith(_XML) and _has_doctype(tail + chunk):
                raise PackageRefused("unsafe-xml", part.filename)
            tail = chunk[-32:]
    return size


def _has_doctype(xml: bytes) -> bool:
    return re.search(rb"<!(?:DOCTYPE|ENTITY)", xml.replace(b"\0", b""), re.IGNORECASE) is not None


def _bomb(unpacked: int, packed: int, limits: PackageLimits) -> bool:
    return unpacked > limits.unpacked or (unpacked > limits.ratio_from and unpacked > limits.ratio * packed)
