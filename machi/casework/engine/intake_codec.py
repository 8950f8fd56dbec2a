"""An ``Opened`` or a refusal as JSON, to cross from the child process; nothing in it can run."""

from __future__ import annotations

import base64
import json
from typing import Any

from machi.casework.engine.intake_types import Note, Opened, Page, Refused, Sheet, Unopened, refusal


def encode(result: Opened | Refused) -> bytes:
    if isinstance(result, Refused):
        return json.dumps({"key": result.key, "arguments": dict(result.arguments)}).encode()
    return json.dumps(_opened(result), ensure_ascii=False).encode("utf-8", "replace")


def decode(data: bytes) -> Opened:
    """The inverse: raises the refusal; ValueError, KeyError or TypeError for anything else."""
    raw = json.loads(data)
    if "key" in raw:
        raise refusal(str(raw["key"]), **raw["arguments"])
    return _of(raw)


def _opened(one: Opened) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "digest": one.digest,
        "size": one.size,
        "pages": [[p.width, p.height, base64.b64encode(p.png).decode(), p.text] for p in one.pages],
        "sheets": [
            [
                s.name,
                [[*at, text] for at, text in s.cells.items()],
                [list(m) for m in s.merged],
                list(s.widths.items()),
                list(s.heights.items()),
                sorted(s.ruled),
            ]
            for s in one.sheets
        ],
        "text": one.text,
        "flow": list(one.flow),
        "headers": dict(one.headers),
        "attachments": [_opened(a) for a in one.attachments],
        "pdf": base64.b64encode(one.pdf).decode(),
        "unopened": [[u.name, u.key, dict(u.arguments)] for u in one.unopened],
        "notes": [[n.key, dict(n.arguments)] for n in one.notes],
    }


def _of(raw: dict[str, Any]) -> Opened:
    return Opened(
        name=raw["name"],
        kind=raw["kind"],
        digest=raw["digest"],
        size=raw["size"],
        pages=tuple(Page(w, h, base64.b64decode(png), text) for w, h, png, text in raw["pages"]),
        pdf=base64.b64decode(raw["pdf"]),
        sheets=tuple(
            Sheet(
                name,
                {(row, column): text for row, column, text in cells},
                tuple((a, b, c, d) for a, b, c, d in merged),
                dict(widths),
                dict(heights),
                frozenset((row, column) for row, column in ruled),
            )
            for name, cells, merged, widths, heights, ruled in raw["sheets"]
        ),
        text=raw["text"],
        flow=tuple(raw["flow"]),
        headers=raw["headers"],
        attachments=tuple(_of(one) for one in raw["attachments"]),
        unopened=tuple(Unopened(name, key, arguments) for name, key, arguments in raw["unopened"]),
        notes=tuple(Note(key, arguments) for key, arguments in raw["notes"]),
    )
