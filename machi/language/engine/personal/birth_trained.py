"""Which dates of a text are dates of birth, by a recogniser that was trained: a random field over its dates.

Trained by ``bench/fit_personal.py``; what it looks at is in ``birth_features``.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from machi.language.engine.personal import birth_features, chain
from machi.language.engine.personal.births import RANGE
from machi.language.engine.personal.chain import Chain
from machi.language.engine.personal.kinds import Found, Kind
from machi.language.engine.personal.name_trained import FILE

_IS = "Y"
_UNTIL = re.compile(
    r" ?(?:\([^()]{1,3}\))? ?(?:以降|以前|以後|まで|から|~)|[、 ]{1,2}満?[0-9]{1,3}[歳才](?:以上|以下|未満|から|まで)"
)
_LIKELY, _UNLIKELY, _SURE = 0.5, 0.02, 0.85


@cache
def _model() -> Chain:
    return chain.chain(chain.shipped(FILE)["births"])


def _is_bound(text: str, start: int, end: int) -> bool:
    """Whether the day begins or ends a range: a cohort's, not a person's."""
    return _UNTIL.match(text, end) is not None or RANGE.search(text, max(0, start - 8), start) is not None


def weighed(text: str, persons: Sequence[tuple[int, int]], said: Sequence[Found]) -> Iterator[Found]:
    """Dates of birth: what the model finds likely, and what the rules found (``said``).

    Of rules that are less sure, what the model finds most unlikely is left out.

    ``persons`` are the spans of the names found in the view ``text``.
    """
    days = birth_features.days(text)
    model = _model()
    scores = model.scores(birth_features.features(text, days, persons))
    sure: list[float] = model.probabilities(scores)[:, model.labels.index(_IS)].tolist() if days else []
    for day, probability in zip(days, sure, strict=True):
        if probability >= _LIKELY and not _is_bound(text, day.start, day.end):
            yield Found(
                Kind.DATE_OF_BIRTH,
                day.start,
                day.end,
                0.5 + 0.4 * probability,
                "trained recogniser of births",
            )
    for one in said:
        own = [p for day, p in zip(days, sure, strict=True) if day.start < one.end and one.start < day.end]
        if one.score >= _SURE or not own or max(own) >= _UNLIKELY:
            yield one
