"""One municipality's search index: many readers, one writer at a time, in any number of processes.

A folder holds the manifest (``manifest.py``), the full text (``fulltext.py``), the vectors (``vectors.py``),
and the table of living passages with their dates: an ``.npy`` array of (passage_id, valid_from, valid_until),
written anew with each revision. Nothing a reader holds is ever changed in place.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from machi.language.embedding import Embedder, Vectors
from machi.language.engine.tokens import analyzer_version
from machi.language.engine.types import Hit, IndexEntry
from machi.language.index import fulltext, manifest, vectors
from machi.language.index.manifest import Manifest
from machi.language.index.snapshot import PASSAGE, Snapshot, dates_to_ordinals

COMPACT_SHARE = 0.25
"""Share of dead vector rows above which a writer copies the living ones to a new file."""


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """How far an index is. ``pending`` passages are found by their words, not yet by their meaning."""

    revision: int
    passages: int
    embedded: int

    @property
    def pending(self) -> int:
        return self.passages - self.embedded


class MunicipalityIndex:
    """The index in folder ``path`` (made on first writing), searched with ``embedder``.

    Threads may share it. A reader holds the state it opened until a search finds a newer manifest; an index
    built with another embedder is searched by words only until ``embed_missing`` has worked.
    """

    def __init__(self, path: Path, embedder: Embedder) -> None:
        self.path = path
        self.embedder = embedder
        self._lock = FileLock(path / "writer.lock")
        self._opening = threading.Lock()
        self._opened: tuple[bytes, Snapshot] | None = None

    # Reading

    def snapshot(self) -> Snapshot:
        """The current state. Cheap where nothing has changed: the manifest is read and compared."""
        while True:
            data = manifest.read_bytes(self.path)
            opened = self._opened
            if opened and opened[0] == data:
                return opened[1]
            with self._opening:
                try:
                    before = self._opened[1] if self._opened else None
                    snapshot = Snapshot(self.path, manifest.parse(data), before)
                except (FileNotFoundError, ValueError):
                    # A writer has moved on and removed what we were opening: look again.
                    if manifest.read_bytes(self.path) == data:
                        raise
                    continue
                self._opened = (data, snapshot)
                return snapshot

    def search(self, query: str, k: int = 10, on: date | None = None) -> list[Hit]:
        """The best ``k`` passages for ``query``, best first; with ``on``, only those valid on that day."""
        snapshot = self.snapshot()
        vector = None
        if snapshot.manifest.embedder == self.embedder.name and query.strip():
            vector = self.embedder.embed_queries([query])[0]
        return snapshot.search(query, vector, self.embedder.basis, k, on)

    def entries(self, passage_ids: Sequence[int]) -> list[IndexEntry]:
        """The passages named, as they were added, in the order asked; unknown ones are left out."""
        return self.snapshot().entries(passage_ids)

    def status(self) -> IndexStatus:
        snapshot = self.snapshot()
        embedded = snapshot.embedded if snapshot.manifest.embedder == self.embedder.name else 0
        return IndexStatus(snapshot.manifest.revision, len(snapshot.passages), embedded)

    # Writing

    def apply(self, add: Iterable[IndexEntry] = (), remove: Iterable[int] = ()) -> None:
        """Add and remove passages, all or nothing.

        May be repeated after a crash: a passage that is there keeps its text (ids are never reused) and takes
        the dates given now; one that is not there needs no removing. An id in both is removed.
        """
        gone = set(remove)
        entries = {entry.passage_id: entry for entry in add if entry.passage_id not in gone}
        self.path.mkdir(parents=True, exist_ok=True)
        with self._lock:
            now = self.snapshot()
            known = set(now.passages["passage_id"].tolist())
            fresh = [entry for i, entry in sorted(entries.items()) if i not in known]
            removed = not known.isdisjoint(gone)
            table = _table(now, entries, gone)
            outdated = now.manifest.analyzer != analyzer_version()
            if not fresh and not removed and not outdated and np.array_equal(table, now.passages):
                return
            revision = now.manifest.revision + 1
            new = replace(
                now.manifest,
                revision=revision,
                analyzer=analyzer_version(),
                passages=f"passages-{revision}.npy",
            )
            with (self.path / new.passages).open("wb") as file:
                np.save(file, table)
                file.flush()
                os.fsync(file.fileno())
            if fresh or removed or outdated:
                new = replace(new, fulltext=f"fulltext-{revision}")
                stored = map(fulltext.analyze, fresh)
                if removed or outdated:
                    kept = (p for p in now.stored() if p.passage_id not in gone)
                    again = map(fulltext.analyze, kept) if outdated else kept
                    fulltext.write(self.path / new.fulltext, chain(again, stored))
                else:
                    base = self.path / now.manifest.fulltext
                    fulltext.write(self.path / new.fulltext, stored, base if now.manifest.fulltext else None)
            self._commit(self._compacted(new))

    def embed_missing(self, progress: Callable[[int, int], None] | None = None, batch: int = 32) -> int:
        """Embed the passages that have no vector yet and return how many were embedded.

        Each batch is committed by itself and the writer's lock is held only for that, so that this may run
        for hours beside searches and additions, be killed, and go on. ``progress`` is told (embedded,
        passages) after each batch.
        """
        done = 0
        while True:
            now = self.snapshot()
            fresh_model = now.manifest.embedder != self.embedder.name
            pending = now.passages["passage_id"] if fresh_model else now.pending()
            if not len(pending):
                return done
            stored = list(now.stored(pending[:batch].tolist()))
            rows = vectors.embed(self.embedder, [(p.title, p.headings, p.text) for p in stored])
            with self._lock:
                done += self._append([p.passage_id for p in stored], rows)
            if progress:
                status = self.status()
                progress(status.embedded, status.passages)

    def _append(self, passage_ids: list[int], embedded: Vectors) -> int:
        now = self.snapshot()
        old = now.manifest
        new = replace(old, revision=old.revision + 1)
        if old.embedder != self.embedder.name:
            new = replace(
                new,
                embedder=self.embedder.name,
                dimension=self.embedder.dimension,
                vectors=f"vectors-{new.revision}",
                vector_rows=0,
            )
            wanted = {int(i) for i in now.passages["passage_id"]}
        else:
            wanted = {int(i) for i in now.pending()}
        # Another process may have removed or embedded some of them meanwhile.
        chosen = [n for n, passage_id in enumerate(passage_ids) if passage_id in wanted]
        if not chosen:
            return 0
        rows = vectors.make(self.embedder, [passage_ids[n] for n in chosen], embedded[chosen])
        new = replace(new, compared=rows.scan.shape[1])
        vectors.append(self.path, new.vectors, new.vector_rows, rows)
        self._commit(replace(new, vector_rows=new.vector_rows + len(chosen)))
        return len(chosen)

    def _compacted(self, new: Manifest) -> Manifest:
        """Copy the living vectors to a new file where too many belong to passages that are gone."""
        now = Snapshot(self.path, new)
        if now.dead_rows <= COMPACT_SHARE * new.vector_rows:
            return new
        rows = now.living_rows()
        name = f"vectors-{new.revision}"
        vectors.append(self.path, name, 0, rows)
        return replace(new, vectors=name, vector_rows=len(rows))

    def _commit(self, new: Manifest) -> None:
        old = manifest.parse(manifest.read_bytes(self.path))
        manifest.sync_folder(self.path)
        manifest.write(self.path, new)
        # The state before is kept for readers that are just opening it; all else is nobody's any more.
        kept = new.names() | old.names()
        for item in self.path.iterdir():
            owned = item.name.startswith(("fulltext-", "passages-", "vectors-"))
            if owned and not {item.name, item.stem} & kept:
                shutil.rmtree(item) if item.is_dir() else item.unlink()


def _table(now: Snapshot, entries: dict[int, IndexEntry], gone: set[int]) -> NDArray[np.void]:
    """The table of passages after ``entries`` are added (or their dates taken) and ``gone`` removed."""
    rows = {row[0]: row for row in now.passages.tolist() if row[0] not in gone}
    rows |= {i: (i, *dates_to_ordinals(entry)) for i, entry in entries.items()}
    return np.array([rows[i] for i in sorted(rows)], PASSAGE)
