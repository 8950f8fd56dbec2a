"""Secrets of the installation itself: made once, kept readable by us alone."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path


def kept(path: Path, make: Callable[[], str]) -> str:
    """The secret in ``path``; where there is none yet, what ``make`` gives.

    Written aside and linked into place: of two processes that start together, one's secret wins whole.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        aside = path.with_suffix(f".{os.getpid()}")
        aside.touch(mode=0o600)
        aside.write_text(make())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(aside)
        aside.unlink()
    return path.read_text().strip()
