"""The files below the folders a person names."""

from collections.abc import Iterable
from pathlib import Path


def find_files(paths: Iterable[Path]) -> list[tuple[str, Path]]:
    """(name, path) of each file, in order of name; a file in a folder is named by its path within it.

    Hidden files and links out of the folder are left out.
    """
    found: dict[str, Path] = {}
    for path in paths:
        if path.is_file():
            found[path.name] = path
            continue
        root = path.resolve()
        for file in sorted(path.rglob("*")):
            name = file.relative_to(path)
            hidden = any(part.startswith((".", "~$")) for part in name.parts)
            if file.is_file() and not hidden and file.resolve().is_relative_to(root):
                found[name.as_posix()] = file
    return sorted(found.items())
