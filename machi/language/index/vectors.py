"""The vectors of an index: two files that only grow, mapped into memory and searched exactly.

``<name>.f32`` holds one vector a row (float32, little-endian), ``<name>.ids`` its passage id (int64). The
manifest says how many rows count; what a killed writer left beyond them is cut off by the next one.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from machi.language.embedding import Embedder

TITLE_SHARE = 0.5
"""How much of a passage's vector is its title's: citizens' questions are short, like titles."""
Vectors = NDArray[np.float32]
_FLOAT = np.dtype("<f4")
_ID = np.dtype("<i8")


def _paths(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / f"{name}.f32", folder / f"{name}.ids"


def read(folder: Path, name: str, rows: int, dimension: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Map the first ``rows`` rows: passage ids, and vectors of shape (rows, dimension)."""
    if rows == 0:
        return np.empty(0, np.int64), np.empty((0, dimension), np.float32)
    vector_path, id_path = _paths(folder, name)
    ids = np.fromfile(id_path, _ID, rows)
    if len(ids) != rows:
        raise OSError(f"{id_path.name} holds {len(ids)} rows, {rows} expected")
    return ids, np.memmap(vector_path, _FLOAT, "r", shape=(rows, dimension))


def append(
    folder: Path, name: str, rows: int, passage_ids: Sequence[int], vectors: NDArray[np.float32]
) -> None:
    """Write ``vectors`` behind the first ``rows`` rows, durably. The rows count once the manifest says so."""
    vector_path, id_path = _paths(folder, name)
    dimension = vectors.shape[1]
    _write_at(vector_path, rows * dimension * _FLOAT.itemsize, vectors.astype(_FLOAT).tobytes())
    _write_at(id_path, rows * _ID.itemsize, np.array(passage_ids, _ID).tobytes())


def _write_at(path: Path, offset: int, data: bytes) -> None:
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(offset)
        file.seek(offset)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def embed(embedder: Embedder, passages: Sequence[tuple[str, tuple[str, ...], str]]) -> Vectors:
    """Return one unit vector a passage, given as (title, headings, text).

    It is the weighted mean of the vector of the title and that of title, headings and text together; a dot
    product with it is the weighted mean of both similarities, for the price of one.
    """
    whole = embedder.embed_passages(["\n".join((t, *h, x)) for t, h, x in passages])
    titles = embedder.embed_passages([t or x for t, _, x in passages])
    mixed = TITLE_SHARE * titles + (1 - TITLE_SHARE) * whole
    lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
    return np.asarray(mixed / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)
