"""The indexes of all municipalities under one folder, the lately used ones held open."""

import threading
from collections import OrderedDict
from pathlib import Path

from machi.language.embedding import Embedder
from machi.language.index.store import MunicipalityIndex


class IndexPool:
    """Opens indexes on first use and lets go of the least lately used beyond ``capacity``.

    An open index costs memory only for its table of passages; texts and vectors stay in memory maps, which the
    system shares between processes and drops when it needs room. One that was let go of may still be used by
    whoever holds it.
    """

    def __init__(self, root: Path, embedder: Embedder, capacity: int = 128) -> None:
        self._root = root
        self._embedder = embedder
        self._capacity = capacity
        self._open: OrderedDict[str, MunicipalityIndex] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, code: str) -> MunicipalityIndex:
        """The index of the municipality with standard code ``code``. Raises ValueError for no code at all."""
        if not (code.isascii() and code.isdigit()):
            raise ValueError(f"not a municipality's code: {code!r}")
        with self._lock:
            index = self._open.pop(code, None) or MunicipalityIndex(self._root / code, self._embedder)
            self._open[code] = index
            if len(self._open) > self._capacity:
                self._open.popitem(last=False)
            return index
