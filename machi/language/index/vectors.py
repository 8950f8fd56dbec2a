"""The vectors of an index: files that only grow, mapped into memory.

``<name>.full`` holds one vector a row (float32), ``<name>.scan`` the same vector in the few coordinates in which
all rows are compared (8-bit integers), ``<name>.ids`` its passage id (int64); all little-endian. Half precision
would halve ``.full``, but widening the 200 rows of a search takes longer than it saves.
The manifest says how many rows count; what a killed writer left beyond them is cut off by the next one.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import simsimd
from numpy.typing import NDArray

from machi.language.embedding import Embedder, Vectors
from machi.language.index.manifest import Manifest

TITLE_SHARE = 0.5
"""How much of a passage's vector is its title's: citizens' questions are short, like titles."""


def embed(embedder: Embedder, passages: Sequence[tuple[str, tuple[str, ...], str]]) -> Vectors:
    """Return one unit vector a passage, given as (title, headings, text).

    It is the mean of the vector of the title and that of title, headings and text together, brought back to
    unit length: better than either and than the greater or the mean of both similarities, at the price of one.
    """
    whole = embedder.embed_passages(["\n".join((t, *h, x)) for t, h, x in passages])
    titles = embedder.embed_passages([t or "\n".join((*h, x)) for t, h, x in passages])
    mixed = TITLE_SHARE * titles + (1 - TITLE_SHARE) * whole
    lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
    return np.asarray(mixed / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)


def coarse(vectors: Vectors, basis: NDArray[np.float32] | None) -> NDArray[np.int8]:
    """The coordinates in which all passages are compared, in 127ths.

    A unit vector has none above 1 along an orthonormal basis, so none is cut off.
    """
    coordinates = vectors if basis is None else vectors @ basis
    rounded: NDArray[np.int8] = np.rint(coordinates * np.float32(127)).astype(np.int8)
    return rounded


def dots(vector: NDArray[Any], rows: NDArray[Any]) -> NDArray[np.float64]:
    """The dot product of ``vector`` with each of ``rows``, each computed by itself: a row's is the same wherever
    it stands and whatever stands beside it (a matrix product rounds differently from row to row). Of integers
    it is exact."""
    if not len(rows):
        return np.empty(0)
    return np.asarray(simsimd.dot(vector, rows), np.float64).reshape(len(rows))


@dataclass(frozen=True, slots=True)
class Rows:
    """Vectors as stored, row by row: ``full`` (rows, dimension), ``scan`` (rows, compared), ``ids`` (rows)."""

    full: NDArray[np.float32]
    scan: NDArray[np.int8]
    ids: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: NDArray[np.int64]) -> "Rows":
        return Rows(self.full[rows], self.scan[rows], self.ids[rows])


def make(embedder: Embedder, passage_ids: Sequence[int], vectors: Vectors) -> Rows:
    return Rows(vectors.astype("<f4"), coarse(vectors, embedder.basis), np.array(passage_ids, np.int64))


def read(path: Path, manifest: Manifest) -> Rows:
    """Map the rows that count. Raises FileNotFoundError where a writer has removed them meanwhile."""
    count = manifest.vector_rows
    if count == 0:
        return Rows(np.empty((0, 0), np.float32), np.empty((0, 0), np.int8), np.empty(0, np.int64))
    files = (
        path / f"{manifest.vectors}.full",
        path / f"{manifest.vectors}.scan",
        path / f"{manifest.vectors}.ids",
    )
    return Rows(
        _map(files[0], "<f4", (count, manifest.dimension)),
        _map(files[1], "i1", (count, manifest.compared)),
        _map(files[2], "<i8", (count,)),
    )


def _map(path: Path, dtype: str, shape: tuple[int, ...]) -> NDArray[Any]:
    # As a plain array, which is quicker to index than np.memmap itself.
    return np.asarray(np.memmap(path, dtype, "r", shape=shape))


def append(path: Path, name: str, after: int, rows: Rows) -> None:
    """Write ``rows`` behind the first ``after`` rows, durably. They count once the manifest says so."""
    _write(path / f"{name}.full", after, rows.full.astype("<f4"))
    _write(path / f"{name}.scan", after, rows.scan)
    _write(path / f"{name}.ids", after, rows.ids.astype("<i8"))


def _write(path: Path, after: int, array: NDArray[Any]) -> None:
    offset = after * array[:1].nbytes
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(offset)
        file.seek(offset)
        file.write(array.tobytes())
        file.flush()
        os.fsync(file.fileno())
