"""JSON read into dataclasses, with an error that names the place: ``rules.json: rules.3.fields: ...``.

pydantic does the types; what it would pass over in silence, a misspelt key, is an error here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")


class DescriptionError(ValueError):
    """``place`` is where in the description, keys and numbers joined by points; ``why`` in English, for its author."""

    def __init__(self, source: str, place: str, why: str) -> None:
        super().__init__(f"{source}: {place}: {why}" if place else f"{source}: {why}")
        self.source = source
        self.place = place
        self.why = why


def described(kind: type[T] | Any, raw: object, source: str = "") -> T:
    """``raw`` (what ``json.loads`` gives) as ``kind``. Raises ``DescriptionError``."""
    adapter: TypeAdapter[T] = TypeAdapter(kind)
    try:
        value: T = adapter.validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = _named(raw, ".".join(str(part) for part in first["loc"]))
        raise DescriptionError(source, where, f"{first['msg']} ({str(first.get('input'))[:60]})") from None
    except ValueError as error:
        raise DescriptionError(source, "", str(error)) from None
    if unknown := _unknown(raw, adapter.dump_python(value, mode="json"), ()):
        raise DescriptionError(source, _named(raw, unknown), "no such key")
    return value


def described_json(kind: type[T] | Any, text: str | bytes, source: str = "") -> T:
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise DescriptionError(source, "", f"not JSON: {error}") from None
    value: T = described(kind, raw, source)
    return value


def plain_json(value: object) -> Any:
    """The description of a dataclass as what ``json.dumps`` takes; ``described`` gives the same value back."""
    return TypeAdapter(type(value)).dump_python(value, mode="json")


def _unknown(raw: object, known: object, place: tuple[str, ...]) -> str:
    if isinstance(raw, Mapping) and isinstance(known, Mapping):
        for key, value in raw.items():
            if key not in known:
                return ".".join((*place, str(key)))
            if found := _unknown(value, known[key], (*place, str(key))):
                return found
    elif isinstance(raw, list) and isinstance(known, list):
        for number, (one, other) in enumerate(zip(raw, known, strict=False)):
            if found := _unknown(one, other, (*place, str(number))):
                return found
    return ""


def _named(raw: object, place: str) -> str:
    """``place`` with the key of the entry that a number stands for: ``rules.3 (applicant-name).fields``."""
    out = []
    for part in place.split("."):
        if isinstance(raw, list) and part.isdecimal() and int(part) < len(raw):
            raw = raw[int(part)]
            key = raw.get("key") if isinstance(raw, Mapping) else None
            out.append(f"{part} ({key})" if key else part)
            continue
        raw = raw.get(part, raw) if isinstance(raw, Mapping) else raw
        out.append(part)
    return ".".join(out)
