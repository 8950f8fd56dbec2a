"""The manifest: the one small file that says which files are the index now.

Every other file is either written once and never changed, or only ever grows past the length that the
manifest names. A new state becomes visible by the atomic rename of a new manifest, after everything it names
is on disk. So a reader sees the state before or after, never between, and a writer killed at any moment has
lost nothing but its unfinished work.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

FORMAT = 3
_NAME = "manifest.json"
_LONGEST = 65_536
"""Bytes of a manifest: a hundred times what is ever written."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One state of an index. Names are of files or folders beside the manifest; empty means none yet."""

    revision: int = 0
    analyzer: str = ""
    fulltext: str = ""
    passages: str = ""
    embedder: str = ""
    dimension: int = 0
    compared: int = 0
    vectors: str = ""
    vector_rows: int = 0
    format: int = FORMAT

    def names(self) -> set[str]:
        """The files and folders this state needs."""
        return {name for name in (self.fulltext, self.passages, self.vectors) if name}


def read_bytes(path: Path) -> bytes:
    """The manifest as stored, for a cheap "has anything changed"; empty where there is no index yet."""
    # Before each search: without the layers of a file object, which take five times as long.
    try:
        descriptor = os.open(f"{path}/{_NAME}", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return b""
    try:
        return os.read(descriptor, _LONGEST)
    finally:
        os.close(descriptor)


def parse(data: bytes) -> Manifest:
    """Read a manifest. One of an earlier format counts as no index yet, and so is built anew by the next writer.

    Raises ValueError where a later version of the software has written it.
    """
    fields = json.loads(data) if data else {"format": 0}
    if fields["format"] > FORMAT:
        raise ValueError(f"search index of format {fields['format']}, this version reads {FORMAT}")
    return Manifest(**fields) if fields["format"] == FORMAT else Manifest()


def write(path: Path, manifest: Manifest) -> None:
    """Make ``manifest`` the current state, durably and at once."""
    temporary = path / f"{_NAME}.new"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path / _NAME)
    sync_folder(path)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable, not only the contents of its files."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
