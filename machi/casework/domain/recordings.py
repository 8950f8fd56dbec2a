"""Recordings of meetings on disk: encrypted, below the town's own folder, gone as soon as they are written down.

Each has a key of its own, kept in its row (itself encrypted): with the row goes the key, so that neither a copy of the
disk nor a backup of the folder can be heard afterwards.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from machi.base.models import Municipality
from machi.casework.engine.speech_types import NotHeard
from machi.casework.models import Draft, Recording

KEPT = timedelta(days=7)
"""A recording that nothing could be made of (no worker ran) goes after this time."""
_PIECE = 1 << 20
"""Bytes that are encrypted together."""
_TAG = 16
_LOST = timedelta(days=1)


def keep(draft: Draft, data: Iterable[bytes]) -> Recording:
    """Writes it and its row; inside the caller's transaction. A file whose row was never committed has no key."""
    name, key = secrets.token_hex(16), AESGCM.generate_key(256)
    path = _path(draft.municipality, name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for number, (piece, last) in enumerate(_in_pieces(data)):
                digest.update(piece)
                file.write(AESGCM(key).encrypt(_nonce(number), piece, _position(last)))
        return Recording.objects.create(
            municipality=draft.municipality, draft=draft, file=name, key=key.hex(), digest=digest.hexdigest()
        )
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def pieces(recording: Recording) -> Iterator[bytes]:
    """Its bytes, in pieces. NotHeard("lost") where it is gone, was changed or cut off."""
    key = AESGCM(bytes.fromhex(str(recording.key)))
    path = _path(recording.municipality, recording.file)
    try:
        left = path.stat().st_size
        with path.open("rb") as file:
            number = 0
            while left:
                sealed = file.read(_PIECE + _TAG)
                left -= len(sealed)
                yield key.decrypt(_nonce(number), sealed, _position(left == 0))
                number += 1
    except (FileNotFoundError, InvalidTag):
        raise NotHeard("lost") from None


def remove(draft: Draft) -> int:
    """For good, row and file, as soon as the caller's transaction is committed; how many there were."""
    found = Recording.objects.filter(draft=draft).first()
    if found is None:
        return 0
    path = _path(found.municipality, found.file)
    found.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return 1


def expired(now: datetime) -> list[Draft]:
    """Those whose recording has waited for as long as one is kept."""
    old = Recording.objects.filter(given_at__lt=now - KEPT).select_related("draft")
    return [one.draft for one in old.order_by("pk")]


def sweep(municipality: Municipality, now: datetime) -> int:
    """Removes files that no row names: what a process that was killed while it wrote one left. How many."""
    known = set(Recording.objects.values_list("file", flat=True))
    removed = 0
    folder = _folder(municipality)
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in known and path.stat().st_mtime < (now - _LOST).timestamp():
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _in_pieces(data: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """``data`` in pieces of ``_PIECE`` bytes, each with whether it is the last."""
    held = bytearray()
    for one in data:
        held += one
        while len(held) > _PIECE:
            yield bytes(held[:_PIECE]), False
            del held[:_PIECE]
    yield bytes(held), True


def _nonce(number: int) -> bytes:
    """No key seals more than one file, so counting is enough."""
    return number.to_bytes(12, "big")


def _position(last: bool) -> bytes:
    return b"last" if last else b""


def _folder(municipality: Municipality) -> Path:
    return municipality.folder / "casework" / "recordings"


def _path(municipality: Municipality, name: str) -> Path:
    if len(name) != 32 or not name.isalnum():
        raise ValueError("a recording is named by 32 hexadecimal digits")
    return _folder(municipality) / name
