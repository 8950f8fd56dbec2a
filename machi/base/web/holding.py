"""A small file that a page keeps between a dry run and the import itself: sealed, so that it cannot be exchanged."""

from __future__ import annotations

from django.core import signing

_HELD_FOR = 3600
"""Seconds."""


def hold(data: bytes, salt: str) -> str:
    """For a hidden field. ``salt``: the purpose, so that what was sealed for one is nothing to another."""
    return signing.dumps(data.decode("latin-1"), salt=salt, compress=True)


def held(text: str, salt: str) -> bytes | None:
    """None where it is too old or was touched."""
    try:
        kept: str = signing.loads(text, salt=salt, max_age=_HELD_FOR)
    except signing.BadSignature:
        return None
    return kept.encode("latin-1")
