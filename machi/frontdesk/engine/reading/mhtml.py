"""Web pages that a browser saved as one file (MHTML): the page itself, not its frames and pictures."""

import email
import email.policy

from machi.base.engine.decoding import decode
from machi.frontdesk.engine.reading.cleaning import clean, invisible_removed
from machi.frontdesk.engine.reading.html_page import read_html
from machi.frontdesk.engine.reading.types import ReadResult, gettext_noop, problem


def read_mhtml(name: str, data: bytes) -> ReadResult:
    """The document of the page that was saved, with the address it was saved from."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    address = str(message.get("Snapshot-Content-Location") or "")
    pages = [
        part for part in message.walk() if part.get_content_type() in {"text/html", "application/xhtml+xml"}
    ]
    page = next((part for part in pages if str(part.get("Content-Location") or "") == address), None)
    page = page or next(iter(pages), None)
    source = page.get_payload(decode=True) if page is not None else None
    if page is None or not isinstance(source, bytes):
        broken = gettext_noop(
            "保存したWebページの中に本文が見つかりません。もう一度保存して登録してください。"
        )
        return ReadResult((), (problem("broken", broken, "error"),), "mhtml", 0, 1)
    decoded = decode(source, page.get_content_charset() or "")
    text, removed = clean(decoded.text)
    result = read_html(name, text, address or str(page.get("Content-Location") or ""))
    problems = (invisible_removed(removed),) if removed else ()
    return ReadResult(result.documents, (*problems, *result.problems), "mhtml", 1, 0)
