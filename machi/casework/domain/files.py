"""Files of applications, below the municipality's own folder, named by what is in them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from machi.base.models import Municipality


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def keep(municipality: Municipality, data: bytes) -> str:
    """Writes it once and gives its digest. A file appears whole or not at all, so a killed job leaves no half."""
    name = digest_of(data)
    path = _path(municipality, name)
    if not path.exists():
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


def _path(municipality: Municipality, name: str) -> Path:
    if len(name) != 64 or not name.isalnum():
        raise ValueError("a file is named by its SHA-256")
    return municipality.folder / "casework" / name[:2] / name
