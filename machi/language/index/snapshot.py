"""One state of an index, open for reading: never changes, may be shared by threads."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from machi.language.engine.fusion import fuse
from machi.language.engine.tokens import query_tokens
from machi.language.engine.types import Hit, IndexEntry
from machi.language.index import vectors
from machi.language.index.fulltext import FullText, Stored
from machi.language.index.manifest import Manifest

PASSAGE = np.dtype([("passage_id", "<i8"), ("valid_from", "<i4"), ("valid_until", "<i4")])
_ALWAYS = (0, np.iinfo(np.int32).max)
CANDIDATES = 100
"""Passages that the words, and as many that the meaning, put forward to be ranked by both."""
_DECIMALS = 6
"""Kept of a cosine and of a fused score: the order of float sums must not decide between passages."""

Ids = NDArray[np.int64]


def dates_to_ordinals(entry: IndexEntry) -> tuple[int, int]:
    """The first and last day of validity as proleptic Gregorian ordinals; open ends are the extremes."""
    return (
        entry.valid_from.toordinal() if entry.valid_from else _ALWAYS[0],
        entry.valid_until.toordinal() if entry.valid_until else _ALWAYS[1],
    )


def _date(ordinal: int) -> date | None:
    return None if ordinal in _ALWAYS else date.fromordinal(ordinal)


class Snapshot:
    """See ``MunicipalityIndex`` for what the searches promise."""

    def __init__(self, path: Path, manifest: Manifest, before: "Snapshot | None" = None) -> None:
        """Open the state that ``manifest`` names; parts that ``before`` has open already are taken over.

        Raises FileNotFoundError where a writer has removed a part meanwhile.
        """
        self.manifest = manifest
        self.passages: NDArray[np.void]
        old = before.manifest if before else Manifest()
        if before and manifest.passages == old.passages:
            self.passages = before.passages
        elif manifest.passages:
            self.passages = np.load(path / manifest.passages)
        else:
            self.passages = np.empty(0, PASSAGE)
        self._ids: Ids = np.ascontiguousarray(self.passages["passage_id"])
        self._fulltext: FullText | None = None
        if before and manifest.fulltext == old.fulltext:
            self._fulltext = before._fulltext
        elif manifest.fulltext:
            self._fulltext = FullText(path / manifest.fulltext)
        self._rows = vectors.read(path, manifest)
        # The place in the table of each row (-1: dead), and the row of each place (-1: not embedded).
        self._row_place = self._places(self._rows.ids)
        self._place_row = np.full(len(self._ids), -1, np.int64)
        living_rows = np.flatnonzero(self._row_place >= 0)
        self._place_row[self._row_place[living_rows]] = living_rows
        self._valid_on: tuple[date | None, NDArray[np.bool_], NDArray[np.bool_]] | None = None

    def _places(self, passage_ids: Ids) -> NDArray[np.int64]:
        """Places of ``passage_ids`` in the table of living passages, -1 where they are not in it."""
        if not len(self._ids):
            return np.full(len(passage_ids), -1, np.int64)
        places = np.searchsorted(self._ids, passage_ids)
        places[places == len(self._ids)] = 0
        return np.where(self._ids[places] == passage_ids, places, -1)

    @property
    def embedded(self) -> int:
        """Living passages that have a vector."""
        return int((self._place_row >= 0).sum())

    @property
    def dead_rows(self) -> int:
        """Vectors of passages that are gone."""
        return int((self._row_place < 0).sum())

    def pending(self) -> Ids:
        """Ids of the living passages without a vector, ascending."""
        return self._ids[self._place_row < 0]

    def living_rows(self) -> vectors.Rows:
        """The vectors of the living passages."""
        return self._rows.take(np.flatnonzero(self._row_place >= 0))

    def stored(self, passage_ids: Sequence[int] | None = None) -> Iterator[Stored]:
        """What the full text keeps of all passages, or of those named, in the order of their ids."""
        return iter(()) if self._fulltext is None else self._fulltext.stored(passage_ids)

    def entries(self, passage_ids: Sequence[int]) -> list[IndexEntry]:
        found = {}
        for stored in self.stored(list(passage_ids)):
            _, valid_from, valid_until = self.passages[self._places(np.array([stored.passage_id]))[0]]
            found[stored.passage_id] = IndexEntry(
                stored.passage_id,
                stored.title,
                stored.headings,
                stored.text,
                _date(int(valid_from)),
                _date(int(valid_until)),
            )
        return [found[i] for i in passage_ids if i in found]

    # Searching

    def _valid(self, on: date | None) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which passages of the table, and which rows of the vectors, may be returned on day ``on``."""
        cached = self._valid_on
        if cached is None or cached[0] != on:
            if on is None:
                valid = np.ones(len(self._ids), np.bool_)
            else:
                day = on.toordinal()
                valid = (self.passages["valid_from"] <= day) & (day <= self.passages["valid_until"])
            rows = self._row_place >= 0
            rows[rows] = valid[self._row_place[rows]]
            cached = self._valid_on = (on, valid, rows)
        return cached[1], cached[2]

    def search(
        self,
        query: str,
        vector: NDArray[np.float32] | None,
        basis: NDArray[np.float32] | None = None,
        k: int = 10,
        on: date | None = None,
    ) -> list[Hit]:
        """The best ``k`` passages for ``query``, best first, only those valid on day ``on`` where given.

        ``vector`` is the embedding of the query and ``basis`` that of the embedder; None: by words only.
        """
        tokens = query_tokens(query)
        if not tokens or self._fulltext is None or k < 1:
            return []
        if not len(self._rows):
            vector = None
        wanted = max(k, CANDIDATES)
        valid, valid_rows = self._valid(on)
        bm25 = dict(self._lexical(self._fulltext, tokens, wanted, valid))
        if vector is not None:
            near = self._near(vector, basis, wanted, valid_rows)
            bm25 |= self._fulltext.scores(tokens, [i for i in near if i not in bm25])
            bm25 = dict.fromkeys(near, 0.0) | bm25
        ids = np.array(sorted(bm25), np.int64)
        lexical = np.array([bm25[i] for i in ids.tolist()])
        cosine = np.full(len(ids), np.nan)
        if vector is not None:
            rows = self._place_row[self._places(ids)]
            cosine[rows >= 0] = self._cosines(rows[rows >= 0], vector)
        score = np.round(fuse(lexical, cosine), _DECIMALS)
        best = np.lexsort((ids, -score))[:k]
        figures = zip(ids[best], score[best], lexical[best], cosine[best], strict=True)
        return [Hit(int(i), float(s), float(b), None if np.isnan(c) else float(c)) for i, s, b, c in figures]

    def _lexical(
        self, fulltext: FullText, tokens: list[str], wanted: int, valid: NDArray[np.bool_]
    ) -> list[tuple[int, float]]:
        """The ``wanted`` valid passages of highest BM25 score.

        Asks for more until enough of them are valid and none that ties with the last is missing, so that
        neither expired passages nor the order inside the full text can push one out.
        """
        limit = wanted + 28
        while True:
            hits = fulltext.best(tokens, limit)
            complete = len(hits) < limit
            if not complete:
                hits = [hit for hit in hits if hit[1] > hits[-1][1]]
            places = self._places(np.array([i for i, _ in hits], np.int64))
            alive = (places >= 0) & valid[places]
            hits = [hit for hit, is_alive in zip(hits, alive.tolist(), strict=True) if is_alive]
            if complete or len(hits) >= wanted:
                return sorted(hits, key=lambda hit: (-hit[1], hit[0]))[:wanted]
            limit *= 4

    def _near(
        self,
        vector: NDArray[np.float32],
        basis: NDArray[np.float32] | None,
        wanted: int,
        valid_rows: NDArray[np.bool_],
    ) -> list[int]:
        """Ids of the ``wanted`` valid passages nearest to ``vector``, after a comparison with every one."""
        scores = self._rows.scan @ vectors.project(vector, basis)
        scores[~valid_rows] = -np.inf
        chosen = np.arange(len(scores))
        if len(scores) > wanted:
            # A little below the last one: a matrix product rounds differently from row to row.
            chosen = np.flatnonzero(scores >= np.partition(scores, -wanted)[-wanted] - 1e-5)
        chosen = chosen[valid_rows[chosen]]
        ids = self._rows.ids[chosen]
        return [int(i) for i in ids[np.lexsort((ids, -self._cosines(chosen, vector)))[:wanted]]]

    def _cosines(self, rows: NDArray[np.int64], vector: NDArray[np.float32]) -> NDArray[np.float64]:
        """Cosines of single rows in full, the same wherever a row stands in the file."""
        full = self._rows.full[rows].astype(np.float32)
        products: NDArray[np.float64] = np.einsum("ij,j->i", full, vector).astype(np.float64)
        return np.round(products, _DECIMALS)
