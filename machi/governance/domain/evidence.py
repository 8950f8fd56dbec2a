"""Files handed in as evidence: checked by what they hold, kept below the municipality's own folder."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path, PurePath

from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.engine.file_kind import SUFFIXES, FileKind, kind_of
from machi.base.models import Municipality

LARGEST = 10_000_000
"""Bytes."""
LONGEST_NAME = 200
SHELF = "evidence"
"""Name of the folder."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    name: str
    digest: str
    """SHA-256, hexadecimal."""
    size: int
    kind: FileKind


def keep(
    municipality: Municipality, name: str, data: bytes, *, field: str = "file", shelf: str = SHELF
) -> KeptFile:
    """Stores the bytes under their digest. Refused for what is too large, or is not what its name says.

    ``shelf``: of its own where files are erased again, since the same file on another shelf is another's evidence."""
    if not data:
        raise Refused(_("ファイルが空です。"), field)
    if len(data) > LARGEST:
        raise Refused(_("ファイルが大きすぎます。10 MBまでにしてください。"), field)
    kind = kind_of(data)
    if kind is None:
        raise Refused(
            _(
                "この形式のファイルは受け取れません。PDF、画像、Word、Excel、PowerPoint、テキストにしてください。"
            ),
            field,
        )
    if PurePath(name).suffix.lower() not in SUFFIXES[kind]:
        raise Refused(_("ファイルの中身と名前の終わり（拡張子）が合っていません。"), field)
    digest = hashlib.sha256(data).hexdigest()
    path = stored(municipality, digest, shelf)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = path.with_suffix(f".{os.getpid()}.part")
        aside.touch(mode=0o600)
        aside.write_bytes(data)
        aside.replace(path)
    return KeptFile(PurePath(name).name[-LONGEST_NAME:], digest, len(data), kind)


def stored(municipality: Municipality, digest: str, shelf: str = SHELF) -> Path:
    return municipality.folder / shelf / digest[:2] / digest
