"""What a file really is: decided by its content, compared with what its name says."""

import re
from dataclasses import dataclass
from pathlib import PurePath

from machi.base.engine.decoding import Decoded, decode
from machi.base.engine.packages import OLE
from machi.frontdesk.engine.reading.package import check_package, ole_problem
from machi.frontdesk.engine.reading.types import Kind, Limits, Problem, gettext_noop, problem

_BY_SUFFIX: dict[str, Kind] = {
    **dict.fromkeys((".csv", ".tsv"), "csv"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xls"), "excel"),
    **dict.fromkeys((".docx", ".doc"), "word"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **dict.fromkeys((".mhtml", ".mht"), "mhtml"),
    **dict.fromkeys((".md", ".markdown"), "markdown"),
    ".pdf": "pdf",
    ".txt": "text",
}
_NAMES: dict[Kind, str] = {
    "csv": "CSV",
    "excel": "Excel",
    "word": "Word",
    "pdf": "PDF",
    "html": "HTML",
    "mhtml": "保存したWebページ（MHTML）",
    "markdown": "Markdown",
    "text": "文章（テキスト）",
}
_BINARY = (
    (b"\x89PNG", "画像"),
    (b"\xff\xd8\xff", "画像"),
    (b"GIF8", "画像"),
    (b"II*\0", "画像"),
    (b"MM\0*", "画像"),
    (b"BM", "画像"),
    (b"\x1f\x8b", "圧縮ファイル"),
    (b"7z\xbc\xaf", "圧縮ファイル"),
    (b"Rar!", "圧縮ファイル"),
    (b"MZ", "実行ファイル"),
    (b"\x7fELF", "実行ファイル"),
    (b"{\\rtf", "リッチテキスト"),
)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"\s*<\?xml\b")
_MHTML = re.compile(
    rb"\A(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE
)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{1,40})""", re.IGNORECASE)
_MOSTLY_DAMAGED = 0.02
"""Share of undecodable characters from which a text is taken for something that is no text."""


@dataclass(frozen=True, slots=True)
class Identified:
    """``kind`` is "unsupported" where ``problems`` says why; ``text`` is the decoded text of a text format."""

    kind: Kind
    problems: tuple[Problem, ...] = ()
    text: Decoded | None = None


def identify(name: str, data: bytes, limits: Limits) -> Identified:
    """The kind of ``data`` (not empty), with a warning where the name says otherwise."""
    suffix = PurePath(name).suffix.lower()
    found = _by_content(data, _BY_SUFFIX.get(suffix), suffix, limits)
    expected = _BY_SUFFIX.get(suffix)
    if found.kind == "unsupported" or found.kind == expected:
        return found
    message = gettext_noop(
        "拡張子は「{suffix}」ですが、中身は{actual}でした。{actual}として読み取りました。拡張子を確かめてください。"
    )
    wrong = problem("wrong-extension", message, "warning", suffix=suffix or "なし", actual=_NAMES[found.kind])
    return Identified(found.kind, (*found.problems, wrong), found.text)


def _refused(found: Problem) -> Identified:
    return Identified("unsupported", (found,))


def _by_content(data: bytes, expected: Kind | None, suffix: str, limits: Limits) -> Identified:
    if b"%PDF-" in data[:1024]:
        return Identified("pdf")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        checked = check_package(data, limits)
        return _refused(checked) if isinstance(checked, Problem) else Identified(checked)
    if data.startswith(OLE):
        return _refused(ole_problem(data))
    for magic, what in _BINARY:
        if data.startswith(magic) and not (magic == b"BM" and data[2:64].isascii()):
            message = gettext_noop("{what}は読み取れません。文字の入ったファイルを登録してください。")
            return _refused(problem("unsupported", message, "error", what=what))
    if _MHTML.match(data[:4096].replace(b"\r\n", b"\n")):
        return Identified("mhtml")
    return _text(data, expected, suffix)


def _text(data: bytes, expected: Kind | None, suffix: str) -> Identified:
    charset = _CHARSET.search(data[:4096])
    decoded = decode(data, charset[1].decode("ascii") if charset else "")
    if "\0" in decoded.text[:4096] or decoded.damaged > _MOSTLY_DAMAGED * len(decoded.text):
        message = gettext_noop(
            "文字として読み取れません。文字コードをUTF-8かShift_JISにして保存し直すか、ファイルが壊れていないか"
            "確かめてください。"
        )
        return _refused(problem("not-text", message, "error"))
    if _HTML.match(decoded.text[:8192]):
        return Identified("html", text=decoded)
    if expected in {"csv", "markdown", "text", "html"}:
        return Identified(expected, text=decoded)
    if expected in {"excel", "word", "mhtml"} or (not suffix and not _XML.match(decoded.text)):
        return Identified("csv" if _looks_like_csv(decoded.text) else "text", text=decoded)
    if expected:  # only PDF is left
        message = gettext_noop(
            "拡張子は「{suffix}」ですが、中身は{named}ではありません。元のソフトで{named}として保存し直すか、文章なら「.txt」にして"
            "登録してください。"
        )
        return _refused(problem("wrong-extension", message, "error", suffix=suffix, named=_NAMES[expected]))
    message = gettext_noop(
        "この形式（{suffix}）には対応していません。CSV、Excel、Word、PDF、HTML、Markdown、テキストで登録してください。"
    )
    return _refused(problem("unsupported", message, "error", suffix=suffix or "不明"))


def _looks_like_csv(text: str) -> bool:
    """Whether the first lines all hold the same number of commas or tabs, and some."""
    lines = [line for line in text[:20_000].splitlines() if line][:5]
    counts = {(line.count(","), line.count("\t")) for line in lines}
    return len(lines) > 1 and len(counts) == 1 and counts != {(0, 0)}
