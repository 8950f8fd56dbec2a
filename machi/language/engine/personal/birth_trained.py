"""Which dates of a text are dates of birth, by a recogniser that was trained: a random field over its dates.

Trained by ``bench/fit_personal.py``; what it looks at is in ``birth_features``.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from machi.language.engine.personal import birth_features, chain
from machi.language.engine.personal.chain import Chain
from machi.language.engine.personal.kinds import Found, Kind
from machi.language.engine.personal.name_trained import FILE

_IS = "Y"
_LIKELY, _UNLIKELY = 0.5, 0.02


@cache
def _model() -> Chain:
    return chain.chain(chain.shipped(FILE)["births"])


def weighed(text: str, persons: Sequence[tuple[int, int]], said: Sequence[Found]) -> Iterator[Found]:
    """Dates of birth: what the model finds likely, and what the rules found (``said``) unless it is most unlikely.

    ``persons`` are the spans of the names found in the view ``text``.
    """
    days = birth_features.days(text)
    model = _model()
    scores = model.scores(birth_features.features(text, days, persons))
    sure = model.probabilities(scores)[:, model.labels.index(_IS)] if days else []
    for day, probability in zip(days, sure, strict=True):
        if probability >= _LIKELY:
            yield Found(
                Kind.DATE_OF_BIRTH,
                day.start,
                day.end,
                0.5 + 0.4 * float(probability),
                "trained recogniser of births",
            )
    for one in said:
        own = [p for day, p in zip(days, sure, strict=True) if day.start < one.end and one.start < day.end]
        if not own or max(own) >= _UNLIKELY:
            yield one
