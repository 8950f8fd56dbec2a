"""Registrations of one seminar wait for each other in the order in which they came.

PostgreSQL queues whoever waits for a row. SQLite's writers instead look again and again whether the database is free,
and under a rush one may look in vain for half a minute while others pass (measured: docs/learning-seminars.md). So they
stand in the kernel's queue for a file first.
"""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from machi.learning.models import Seminar

_mine = threading.local()


@contextmanager
def in_turn(seminar: Seminar) -> Iterator[None]:
    """Not inside a transaction, which would hold the database while it waits; there, and inside another turn of the
    same thread, it waits for nobody."""
    if connection.vendor != "sqlite" or connection.in_atomic_block or getattr(_mine, "turn", False):
        yield
        return
    folder = seminar.municipality.folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "seminars.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _mine.turn = True
        try:
            yield  # closing the file ends the turn
        finally:
            _mine.turn = False
