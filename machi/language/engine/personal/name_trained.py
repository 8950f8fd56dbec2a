"""Names by a recogniser that was trained: a conditional random field over the characters of a view.

Trained by ``bench/fit_personal.py``; what it looks at is in ``name_features``.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from machi.language.engine.personal import chain, name_features
from machi.language.engine.personal.chain import Chain, Floats
from machi.language.engine.personal.kinds import Found, Kind
from machi.language.engine.personal.name_tokens import Token

FILE = "personal.json.gz"
LOWEST, SPAN = 0.5, 0.42
"""Of the scores, by how likely the model finds a name; at the best above what the rules say of names."""
LIKELY = LOWEST + 0.9 * SPAN
OUTSIDE = "O"
"""The other labels: B begins a name, I goes on, E ends it, S is one of a single character."""


@cache
def model() -> tuple[Chain, float]:
    """The chain, and by how much it leans towards seeing a name."""
    data = chain.shipped(FILE)["names"]
    return chain.chain(data), float(data["lean"])


class Trained:
    """What the model makes of one text."""

    def __init__(self, text: str, words: Sequence[Token], labelled: Sequence[tuple[int, int, str]]) -> None:
        self._chain, self._lean = model()
        self._scores = self._chain.scores(name_features.features(text, words, labelled))
        self._outside = self._chain.labels.index(OUTSIDE)
        self.probability: Floats = 1 - self._chain.probabilities(self._scores)[:, self._outside]
        """How likely each character belongs to a name."""

    def names(self) -> Iterator[Found]:
        leaning = self._scores.copy()
        leaning[:, self._outside] -= self._lean
        labels = [self._chain.labels[index] for index in self._chain.best(leaning)]
        for start, end in spans(labels):
            sure = float(self.probability[start:end].mean())
            yield Found(Kind.PERSON, start, end, LOWEST + SPAN * sure, "trained recogniser of names")

    def most(self, start: int, end: int) -> float:
        """How likely the likeliest character of ``start`` to ``end`` belongs to a name."""
        return float(self.probability[start:end].max(initial=0.0))


def spans(labels: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The names that ``labels`` mark, even where they do not begin or end as they should."""
    start: int | None = None
    for at, label in enumerate(labels):
        if label in "BS" or label == OUTSIDE:
            if start is not None:
                yield start, at
            start = None if label == OUTSIDE else at
        elif start is None:
            start = at
        if label in "ES" and start is not None:
            yield start, at + 1
            start = None
    if start is not None:
        yield start, len(labels)
