"""Office files are zip packages of XML: checked before any library opens them.

Refused are zip bombs (by what the directory declares and by what really comes out), password-protected zips,
and XML with a document type, which the format forbids (ECMA-376 part 2) and entity bombs need.
"""

import io
import re
import zipfile
import zlib

from machi.frontdesk.engine.reading.types import Kind, Limits, Problem, gettext_noop, problem

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_MAIN_PARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"wordprocessingml.document.main+xml", "word"),
    (b"spreadsheetml.sheet.main+xml", "excel"),
    (b"ms-excel.sheet.macroEnabled.main+xml", "excel"),
)
_CHUNK = 1 << 20
_ENTRIES = 20_000


def ole_problem(data: bytes) -> Problem:
    """What to say of an OLE container: an encrypted new file, or one of the formats before 2007."""
    if _ENCRYPTED_STREAM in data:
        message = gettext_noop(
            "パスワードで保護されたOfficeファイルです。パスワードを外して保存し直し、登録してください。"
        )
        return problem("encrypted", message, "error")
    message = gettext_noop(
        "古い形式のOfficeファイルです。「.docx」または「.xlsx」で保存し直し、登録してください。"
    )
    return problem("old-office", message, "error")


def check_package(data: bytes, limits: Limits) -> Kind | Problem:
    """The kind of the office file ``data``, or why it is not opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _checked(package, len(data), limits)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, RuntimeError, ValueError):
        message = gettext_noop("ファイルが壊れているため開けません。元のソフトで開いて保存し直してください。")
        return problem("broken", message, "error")


def _checked(package: zipfile.ZipFile, packed: int, limits: Limits) -> Kind | Problem:
    parts = package.infolist()
    if any(part.flag_bits & 1 for part in parts):
        message = gettext_noop("パスワード付きのZIPです。パスワードを外して登録してください。")
        return problem("encrypted", message, "error")
    declared = sum(part.file_size for part in parts)
    if len(parts) > _ENTRIES or _bomb(declared, packed, limits):
        return _too_large()
    total = 0
    for part in parts:
        found = _unpack(package, part, total, packed, limits)
        if isinstance(found, Problem):
            return found
        total += found
    return _kind(package)


def _unpack(
    package: zipfile.ZipFile, part: zipfile.ZipInfo, before: int, packed: int, limits: Limits
) -> int | Problem:
    """Bytes that really come out of ``part``, none of them kept."""
    size = 0
    tail = b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if _bomb(before + size, packed, limits):
                return _too_large()
            if part.filename.endswith((".xml", ".rels", ".vml")) and _has_doctype(tail + chunk):
                message = gettext_noop("不正な定義（DTD）を含むため、安全のため開きませんでした。")
                return problem("unsafe-xml", message, "error", part=part.filename)
            tail = chunk[-32:]
    return size


def _has_doctype(xml: bytes) -> bool:
    return re.search(rb"<!(?:DOCTYPE|ENTITY)", xml.replace(b"\0", b""), re.IGNORECASE) is not None


def _bomb(unpacked: int, packed: int, limits: Limits) -> bool:
    return unpacked > limits.unpacked or (unpacked > limits.ratio_from and unpacked > limits.ratio * packed)


def _too_large() -> Problem:
    message = gettext_noop("展開すると異常に大きくなるファイルのため、安全のため開きませんでした。")
    return problem("zip-bomb", message, "error")


def _kind(package: zipfile.ZipFile) -> Kind | Problem:
    names = package.namelist()
    types = package.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    for main, kind in _MAIN_PARTS:
        if main in types:
            return kind
    if b"ms-word.document.macroEnabled" in types:
        message = gettext_noop("マクロ付きのWord文書です。「.docx」で保存し直し、登録してください。")
        return problem("macro-word", message, "error")
    message = gettext_noop("ZIPや対応していないOffice形式です。中のファイルを取り出して登録してください。")
    return problem("unsupported", message, "error")
