"""Mails (.eml, RFC 5322) by the standard library: body, who and when, and the attachments as bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from machi.base.engine.decoding import decode
from machi.casework.engine.intake_types import Limits, Note, Unreadable, refusal

_HEADER = re.compile(
    rb"(?:\A|\n)(From|To|Date|Subject|Received|Message-ID|MIME-Version|Return-Path):", re.IGNORECASE
)
_FIRST_LINE = re.compile(rb"\A(?:From [^\n]*\n)?[!-9;-~]{1,76}:[^\n]*\n")
_MOST_PARTS = 300
_HEADS = ("from", "to", "subject")


@dataclass(frozen=True, slots=True)
class Mail:
    text: str
    headers: dict[str, str] = field(default_factory=dict)
    attachments: list[tuple[str, bytes]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def looks_like_mail(data: bytes) -> bool:
    """Whether the file begins with a header, and its first block has at least two of the usual ones."""
    head = re.split(rb"\r?\n\r?\n", data[:60_000], maxsplit=1)[0]
    return bool(_FIRST_LINE.match(head + b"\n")) and len({n.lower() for n in _HEADER.findall(head)}) >= 2


def read_mail(data: bytes, limits: Limits) -> Mail:
    """Raises ``Unreadable``. What is attached is not looked into here."""
    try:
        return _mail(message_from_bytes(data, policy=policy.default), limits)
    except Unreadable:
        raise
    except MemoryError:
        raise refusal("too-costly") from None
    except Exception:  # the email package raises many kinds on malformed headers and encodings
        raise Unreadable("broken") from None


def _mail(message: EmailMessage, limits: Limits) -> Mail:
    texts: list[str] = []
    pages: list[str] = []
    attachments: list[tuple[str, bytes]] = []
    for number, part in enumerate(_parts(message, limits.depth + 8)):
        if number >= _MOST_PARTS:
            raise Unreadable("too-many-attachments", limit=limits.attachments)
        kind = part.get_content_type()
        name = part.get_filename() or ""
        if kind == "message/rfc822":
            inner = part.get_payload(0)
            attachments.append((name or "mail.eml", inner.as_bytes()))  # type: ignore[union-attr]
            continue
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        if name or part.get_content_disposition() == "attachment" or not kind.startswith("text/"):
            if content:
                attachments.append((name or f"part-{number}", content))
        elif kind == "text/html":
            pages.append(_seen(decode(content, part.get_content_charset("")).text))
        else:
            texts.append(decode(content, part.get_content_charset("")).text)
    text = "\n".join(texts if any(t.strip() for t in texts) else pages)
    if len(text) > limits.characters:
        raise Unreadable("too-large", limit=limits.characters)
    notes = [Note("html-body")] if pages else []
    return Mail(_clean(text), _headers(message), attachments, notes)


def _parts(message: EmailMessage, depth: int) -> Iterator[EmailMessage]:
    """The leaves, in order; a mail within is a leaf, opened by whoever opens attachments."""
    if message.get_content_maintype() != "multipart":
        yield message
        return
    if depth <= 0:
        raise Unreadable("too-deep", limit=depth)
    payload = message.get_payload()
    if not isinstance(payload, list):
        return
    for part in payload:
        yield from _parts(part, depth - 1)  # type: ignore[arg-type]


def _headers(message: EmailMessage) -> dict[str, str]:
    found = {name: _clean(str(message.get(name, ""))).replace("\n", " ")[:500] for name in _HEADS}
    raw = str(message.get("date", ""))[:100]
    try:
        found["date"] = parsedate_to_datetime(raw).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        found["date"] = _clean(raw)
    return {name: value for name, value in found.items() if value}


def _seen(html: str) -> str:
    """The text of an HTML body: tags, styles and scripts gone; cells of a row parted by tabs."""
    from lxml import etree
    from lxml import html as pages

    if not html.strip():
        return ""
    parser = pages.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8")
    tree = pages.document_fromstring(html.encode(), parser=parser)
    etree.strip_elements(tree, "script", "style", "head", with_tail=False)
    for line in tree.iter("br", "p", "div", "tr", "li"):
        line.tail = "\n" + (line.tail or "")
    for cell in tree.iter("td", "th"):
        cell.tail = "\t" + (cell.tail or "").strip()
    return re.sub(r"[ \t]*\n\s*", "\n", "".join(str(text) for text in tree.itertext())).strip()


def _clean(text: str) -> str:
    return "".join(c for c in text.replace("\r\n", "\n") if c.isprintable() or c in "\n\t\u3000")
