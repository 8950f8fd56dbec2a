"""One state of an index, open for reading: never changes, may be shared by threads."""

import math
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from machi.language.engine.english import with_japanese
from machi.language.engine.fusion import fuse
from machi.language.engine.tokens import query_tokens
from machi.language.engine.types import Hit, IndexEntry
from machi.language.index import vectors
from machi.language.index.fulltext import FullText, Ids, Stored
from machi.language.index.manifest import Manifest

PASSAGE = np.dtype([("passage_id", "<i8"), ("valid_from", "<i4"), ("valid_until", "<i4")])
_ALWAYS = (0, np.iinfo(np.int32).max)
CANDIDATES = 40
"""Passages that the words, and as many that the meaning, put forward to be ranked by both."""
_UNSEEN = 0.7
"""BM25 score of a passage that the words did not put forward, as a share of the lowest of those they did."""
_DECIMALS = 6
"""Kept of a cosine and of a fused score: the order of float sums must not decide between passages."""


def dates_to_ordinals(entry: IndexEntry) -> tuple[int, int]:
    """The first and last day of validity as proleptic Gregorian ordinals; open ends are the extremes."""
    return (
        entry.valid_from.toordinal() if entry.valid_from else _ALWAYS[0],
        entry.valid_until.toordinal() if entry.valid_until else _ALWAYS[1],
    )


def _date(ordinal: int) -> date | None:
    return None if ordinal in _ALWAYS else date.fromordinal(ordinal)


Places = NDArray[np.int64]
"""Row numbers in the table of living passages, which is ordered by id."""
Mask = NDArray[np.bool_]


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
        self._valid_on: tuple[date | None, Mask | None, Mask | None] | None = None

    def _places(self, passage_ids: Ids) -> Places:
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

    def _valid(self, on: date | None) -> tuple[Mask | None, Mask | None]:
        """Which passages of the table may be returned on day ``on``, which rows of the vectors may not.

        None: all may.
        """
        cached = self._valid_on
        if cached is None or cached[0] != on:
            day = 0 if on is None else on.toordinal()
            valid = (self.passages["valid_from"] <= day) & (day <= self.passages["valid_until"])
            everything = on is None or valid.all()
            banned = self._row_place < 0
            if not everything:
                banned |= ~valid[self._row_place]
            cached = self._valid_on = (on, None if everything else valid, banned if banned.any() else None)
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
        # Until meaning can join the languages, the glossary's words stand in for it.
        tokens = query_tokens(query if 2 * self.embedded > len(self._ids) else with_japanese(query))
        if not tokens or self._fulltext is None or k < 1:
            return []
        wanted = max(k, CANDIDATES)
        candidates, scores = self._lexical(self._fulltext, tokens, wanted, on)
        by_words = dict(zip(candidates.tolist(), scores.tolist(), strict=True))
        if vector is not None and len(self._rows):
            near = self._near(vectors.coarse(vector, basis), wanted, on)
            candidates = np.array(sorted({*candidates.tolist(), *near.tolist()}), np.int64)
        else:
            candidates = np.sort(candidates)
        # Fewer than wanted: all that have a word of the question, so that the others score 0.
        unseen = round(_UNSEEN * float(scores[-1]), _DECIMALS) if len(scores) == wanted else 0.0
        bm25 = np.array([by_words.get(place, unseen) for place in candidates.tolist()])
        cosine = self._cosines(candidates, vector)
        score = fuse(bm25, cosine).round(_DECIMALS)
        # Candidates are in the order of their ids, and among equal scores stay so.
        best = np.argsort(-score, kind="stable")[:k]
        figures = (array[best].tolist() for array in (self._ids[candidates], score, bm25, cosine))
        return [Hit(i, s, b, None if math.isnan(c) else c) for i, s, b, c in zip(*figures, strict=True)]

    def _lexical(
        self, fulltext: FullText, tokens: list[str], wanted: int, on: date | None
    ) -> tuple[Places, NDArray[np.float64]]:
        """Places and scores of the ``wanted`` valid passages of highest BM25 score, by score and id.

        Asks for more until enough of them are valid and none that ties with the last is missing, so that
        neither expired passages nor the order inside the full text can push one out.
        """
        limit = wanted + wanted // 4
        while True:
            ids, scores = fulltext.best(tokens, limit)
            complete = len(ids) < limit
            places = np.searchsorted(self._ids, ids)
            kept = np.full(len(ids), True) if complete else scores > scores[-1]
            valid = self._valid(on)[0]
            if valid is not None:
                kept &= valid[places]
            if complete or kept.sum() >= wanted:
                places, scores = places[kept], scores[kept]
                order = np.lexsort((places, -scores))[:wanted]
                return places[order], scores[order]
            limit *= 4

    def _near(self, vector: NDArray[np.int8], wanted: int, on: date | None) -> Places:
        """Places of the ``wanted`` valid passages nearest to ``vector``, after a comparison with every one."""
        scores = vectors.dots(vector, self._rows.scan)
        banned = self._valid(on)[1]
        if banned is not None:
            scores[banned] = -np.inf
        chosen = np.flatnonzero(scores >= _lower_bound(scores, wanted))
        chosen = chosen[scores[chosen] > -np.inf]
        places = self._row_place[chosen]
        if len(chosen) > wanted:
            places = places[np.lexsort((places, -scores[chosen]))[:wanted]]
        return places

    def _cosines(self, places: Places, vector: NDArray[np.float32] | None) -> NDArray[np.float64]:
        """Cosines in full of the passages at ``places``, NaN where one is not embedded yet."""
        rows = self._place_row[places]
        if vector is None or not len(self._rows):
            return np.full(len(places), np.nan)
        cosines = vectors.dots(vector, self._rows.full.take(rows, axis=0)).round(_DECIMALS)
        cosines[rows < 0] = np.nan
        return cosines


def _lower_bound(scores: NDArray[np.float64], wanted: int) -> np.float64:
    """A score that ``wanted`` of ``scores`` reach, and few more: -inf where there are no more than that.

    The best of each of many groups are looked at instead of all: where ``wanted`` groups have a score that
    reaches the bound, so have ``wanted`` scores.
    """
    groups = max(len(scores) // 16, 4 * wanted)
    if len(scores) >= 2 * groups:
        scores = scores[: len(scores) // groups * groups].reshape(-1, groups).max(axis=0)
    return np.partition(scores, -wanted)[-wanted] if len(scores) > wanted else np.float64(-np.inf)
