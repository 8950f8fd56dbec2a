"""Office files are zip packages of XML: checked (``base.engine.packages``) before any library opens them."""

import io
import zipfile

from machi.base.engine.packages import PackageLimits, PackageRefused, is_encrypted_ole, parts_of
from machi.frontdesk.engine.reading.types import Kind, Limits, Problem, gettext_noop, problem

_MAIN_PARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"wordprocessingml.document.main+xml", "word"),
    (b"spreadsheetml.sheet.main+xml", "excel"),
    (b"ms-excel.sheet.macroEnabled.main+xml", "excel"),
)


def ole_problem(data: bytes) -> Problem:
    """What to say of an OLE container: an encrypted new file, or one of the formats before 2007."""
    if is_encrypted_ole(data):
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
        names = parts_of(data, PackageLimits(limits.unpacked, limits.ratio, limits.ratio_from))
    except PackageRefused as refused:
        return _problem(refused)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        types = package.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    return _kind(types)


def _problem(refused: PackageRefused) -> Problem:
    match refused.code:
        case "encrypted":
            message = gettext_noop("パスワード付きのZIPです。パスワードを外して登録してください。")
        case "zip-bomb":
            message = gettext_noop("展開すると異常に大きくなるファイルのため、安全のため開きませんでした。")
        case "unsafe-xml":
            message = gettext_noop("不正な定義（DTD）を含むため、安全のため開きませんでした。")
            return problem(refused.code, message, "error", part=refused.part)
        case "broken":
            message = gettext_noop(
                "ファイルが壊れているため開けません。元のソフトで開いて保存し直してください。"
            )
    return problem(refused.code, message, "error")


def _kind(types: bytes) -> Kind | Problem:
    for main, kind in _MAIN_PARTS:
        if main in types:
            return kind
    if b"ms-word.document.macroEnabled" in types:
        message = gettext_noop("マクロ付きのWord文書です。「.docx」で保存し直し、登録してください。")
        return problem("macro-word", message, "error")
    message = gettext_noop("ZIPや対応していないOffice形式です。中のファイルを取り出して登録してください。")
    return problem("unsupported", message, "error")
