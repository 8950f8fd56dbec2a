"""Folders of files: which are offered for reading, in a fixed order."""

from collections.abc import Iterator
from pathlib import Path

_PASSED_OVER = ("~$", ".")
"""Word's lock files and hidden files."""
_NAMES = frozenset({"thumbs.db", "desktop.ini"})


def files_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """Name relative to ``folder`` (with ``/``) and path of each file below it, sorted by name.

    Links are not followed: they could lead out of the folder. ``folder`` may be a single file.
    """
    if folder.is_file():
        yield folder.name, folder
        return
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        passed_over = any(part.startswith(_PASSED_OVER) for part in inside.parts)
        linked = any((folder / part).is_symlink() for part in (inside, *inside.parents))
        if path.is_file() and not passed_over and not linked and path.name.lower() not in _NAMES:
            yield inside.as_posix(), path
