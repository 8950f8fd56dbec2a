"""Files of applications, below the municipality's own folder, named by what is in them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from machi.base.models import Municipality

NAME = 64
"""Letters of a file's name: a SHA-256."""


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def keep(municipality: Municipality, data: bytes) -> str:
    """Writes it once and gives its digest. A file appears whole or not at all, so a killed job leaves no half."""
    name = digest_of(data)
    path = _path(municipality, name)
    try:
        os.utime(path)  # wanted anew: not left over (``leftovers``), should its first row never have come
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partly = path.with_name(f".{name}.{os.getpid()}")
        with os.fdopen(os.open(partly, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        partly.replace(path)
    return name


def kept(municipality: Municipality, name: str) -> bytes:
    """FileNotFoundError where it was erased."""
    return _path(municipality, name).read_bytes()


def remove_all(municipality: Municipality, names: Iterable[str]) -> None:
    """And what a job that was killed while it wrote one of them left beside it."""
    for name in names:
        path = _path(municipality, name)
        for one in (path, *path.parent.glob(f".{name}.*")):
            one.unlink(missing_ok=True)


def older(municipality: Municipality, before: datetime, at_once: int) -> Iterator[list[str]]:
    """Names of files last wanted before that moment, in portions; of files half written too, by the name they would
    have had."""
    moment = before.timestamp()
    found: set[str] = set()
    for path in _folder(municipality).glob("[0-9a-f][0-9a-f]/*"):
        name = path.name.removeprefix(".").partition(".")[0]
        if len(name) == NAME and path.stat().st_mtime < moment:
            found.add(name)
        if len(found) >= at_once:
            yield sorted(found)
            found = set()
    if found:
        yield sorted(found)


def remove_older(municipality: Municipality, names: Iterable[str], before: datetime) -> int:
    """Removes those that nobody has wanted since; how many files."""
    gone = 0
    for name in names:
        path = _path(municipality, name)
        for one in (path, *path.parent.glob(f".{name}.*")):
            if one.exists() and one.stat().st_mtime < before.timestamp():
                one.unlink(missing_ok=True)
                gone += 1
    return gone


def _folder(municipality: Municipality) -> Path:
    return municipality.folder / "casework"


def _path(municipality: Municipality, name: str) -> Path:
    if len(name) != NAME or not name.isalnum():
        raise ValueError("a file is named by its SHA-256")
    return _folder(municipality) / name[:2] / name
