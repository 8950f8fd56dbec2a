"""Results as JSON, to cross from the child process; nothing in it can run."""

import datetime
import json
from dataclasses import asdict
from typing import Any

from machi.frontdesk.engine.reading.types import Problem, ReadDocument, ReadResult
from machi.language.engine.types import Block


def encode(result: ReadResult) -> bytes:
    """``result`` as UTF-8 JSON."""
    return json.dumps(asdict(result), default=str, ensure_ascii=False).encode("utf-8", "replace")


def decode_result(data: bytes) -> ReadResult:
    """The inverse of ``encode``. Raises ValueError, KeyError or TypeError for anything else."""
    raw = json.loads(data)
    return ReadResult(
        documents=tuple(_document(document) for document in raw["documents"]),
        problems=tuple(_problem(found) for found in raw["problems"]),
        kind=raw["kind"],
        read=int(raw["read"]),
        not_read=int(raw["not_read"]),
    )


def _problem(raw: dict[str, Any]) -> Problem:
    return Problem(**{**raw, "values": tuple((name, value) for name, value in raw["values"])})


def _document(raw: dict[str, Any]) -> ReadDocument:
    days = {name: _day(raw[name]) for name in ("date", "valid_from", "valid_until")}
    return ReadDocument(**{**raw, **days, "blocks": tuple(Block(**block) for block in raw["blocks"])})


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
