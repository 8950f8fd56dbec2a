"""Notices an emergency in what a resident writes, so that the right telephone numbers come first.

A box of numbers too many costs little, one too few may cost a life: patterns that describe something that is
happening ring always, vaguer ones are silent when the text is plainly about a course, an insurance or a
what-if. The words, the numbers and where each number was verified are in ``data/urgent.json``.

People in need do not use the words one expects. So where no pattern rings, an ear trained on sentence vectors
listens too (``bench/fit_urgent.py``; measured in ``docs/bench/urgent.md``).
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

EMBEDDER = "use-multilingual-3"
"""The model (``UniversalSentenceEncoder``) whose vectors the ear knows."""
READ_CHARACTERS = 4_000
"""How much of a text is looked at, from its start."""

_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


@dataclass(frozen=True, slots=True)
class Phone:
    """A number to call. ``label`` and texts like it are keyed ``ja``, ``easy`` and ``en``."""

    number: str
    label: Mapping[str, str]
    source_title: str
    source_url: str


@dataclass(frozen=True, slots=True)
class Urgency:
    """A kind of emergency that was noticed: what to say and whom to call, most urgent first."""

    kind: str
    message: Mapping[str, str]
    phones: tuple[Phone, ...]


@dataclass(frozen=True, slots=True)
class _Bell:
    urgency: Urgency
    always: re.Pattern[str] | None
    likely: re.Pattern[str] | None
    english: re.Pattern[str] | None
    unless: re.Pattern[str] | None

    def rings(self, compact: str, spaced: str) -> bool:
        if self.always and self.always.search(compact):
            return True
        if self.english and self.english.search(spaced):
            return True
        likely = self.likely is not None and self.likely.search(compact) is not None
        return likely and not (self.unless and self.unless.search(compact))


@dataclass(frozen=True, slots=True)
class Ear:
    """A linear classifier over sentence vectors: whether it is an emergency, and then of which kind."""

    weights: NDArray[np.float32]
    """Shape (dimension,)."""
    bias: float
    """The threshold is part of it: above 0 is an emergency."""
    kinds: tuple[str, ...]
    kind_weights: NDArray[np.float32]
    """Shape (kinds, dimension)."""
    kind_biases: NDArray[np.float32]

    def hears(self, vector: NDArray[np.float32]) -> tuple[str, ...]:
        """The two likeliest kinds of emergency in the text of ``vector``, empty for none."""
        if float(self.weights @ vector) + self.bias <= 0:
            return ()
        likely = np.argsort(-(self.kind_weights @ vector + self.kind_biases), kind="stable")
        return tuple(self.kinds[index] for index in likely[:2])

    def save(self, path: Path) -> None:
        np.savez_compressed(
            path,
            weights=self.weights,
            bias=np.float64(self.bias),
            kinds=np.array(self.kinds),
            kind_weights=self.kind_weights,
            kind_biases=self.kind_biases,
        )


@lru_cache(maxsize=1)
def shipped_ear() -> Ear:
    """The classifier that comes with machi."""
    with files("machi.frontdesk.engine").joinpath("data/urgent_ear.npz").open("rb") as file:
        data = np.load(file)
        return Ear(
            data["weights"],
            float(data["bias"]),
            tuple(map(str, data["kinds"])),
            data["kind_weights"],
            data["kind_biases"],
        )


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().translate(_KATAKANA)


def _pattern(parts: list[str]) -> re.Pattern[str] | None:
    """One expression for all ``parts``, folded as texts are, so that カジ and かじ are written once."""
    joined = "|".join(part.translate(_KATAKANA) for part in parts)
    return re.compile(joined, re.IGNORECASE) if parts else None


@lru_cache(maxsize=1)
def _bells() -> tuple[_Bell, ...]:
    data = json.loads(files("machi.frontdesk.engine").joinpath("data/urgent.json").read_text("utf-8"))
    phones = {
        key: Phone(entry["number"], entry["label"], entry["source"]["title"], entry["source"]["url"])
        for key, entry in data["phones"].items()
    }
    return tuple(
        _Bell(
            Urgency(kind["kind"], kind["message"], tuple(phones[key] for key in kind["phones"])),
            *(_pattern(kind[name]) for name in ("always", "likely", "english", "unless")),
        )
        for kind in data["kinds"]
    )


def urgencies(text: str, vector: NDArray[np.float32] | None = None) -> tuple[Urgency, ...]:
    """The kinds of emergency that ``text`` speaks of, most pressing first; empty for an ordinary question.

    Japanese (any mix of kanji, kana and blanks) and English. ``vector`` is the text's embedding by the model
    ``EMBEDDER``; without it only the patterns are asked. Never raises, whatever the text.
    """
    folded = _fold(text[:READ_CHARACTERS])
    compact = "".join(folded.split())
    spaced = " ".join(folded.replace("’", "'").split())
    ringing = tuple(bell.urgency for bell in _bells() if bell.rings(compact, spaced))
    if ringing or vector is None:
        return ringing
    guessed = shipped_ear().hears(vector)
    # The kinds are guesses here: the numbers for any danger go with them.
    return of_kinds((*guessed, "danger")) if guessed else ()


def of_kinds(kinds: Sequence[str]) -> tuple[Urgency, ...]:
    """The kinds of emergency of these names, in their order; names of an older version are left out."""
    known = {bell.urgency.kind: bell.urgency for bell in _bells()}
    return tuple(known[kind] for kind in kinds if kind in known)
