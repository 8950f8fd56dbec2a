"""Questions that ask the same thing, brought together for the report of what the desk could not answer.

Leader clustering: in the order given, each question joins the group whose first question it is most like, or
begins a group. Likeness is the cosine of their weighted content words (``machi.language.engine.terms``), so
spelling, politeness and words of asking do not count.
"""

import math
from collections import defaultdict
from collections.abc import Sequence

from machi.language.engine.terms import question_terms
from machi.language.engine.text import fold_kana, search_form

LIKE = 0.6
"""Cosine from which two questions count as one.

Chosen on the 364 development queries of localgovFAQ: of the pairs put together at 0.6, 83 % share an FAQ that was
judged to fit both (0.5: 72 %; 0.7: 84 %, with a third fewer pairs put together).
"""


def group_similar(questions: Sequence[str], like: float = LIKE) -> list[list[int]]:
    """Groups of positions in ``questions``; each group and the list of groups in the order given.

    ``like`` is a cosine, 0-1. A question without content words is only like another with the same text.
    """
    groups: list[list[int]] = []
    leaders: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for position, question in enumerate(questions):
        vector = _vector(question)
        cosines: dict[int, float] = defaultdict(float)
        for term, weight in vector.items():
            for group, other in leaders[term]:
                cosines[group] += weight * other
        best = max(cosines, key=lambda group: (cosines[group], -group), default=None)
        # The weights are sums of rounded squares: the same words give a hair less than 1.
        if best is not None and cosines[best] >= like - 1e-9:
            groups[best].append(position)
            continue
        for term, weight in vector.items():
            leaders[term].append((len(groups), weight))
        groups.append([position])
    return groups


def _vector(question: str) -> dict[str, float]:
    """Unit vector of the question's words; a question without any is one word of its own."""
    weights: dict[str, float] = {}
    for term in question_terms(search_form(question)):
        form = fold_kana(term.form)
        weights[form] = max(weights.get(form, 0.0), term.weight)
    if not weights:
        return {search_form(question).strip(): 1.0}
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {form: weight / length for form, weight in weights.items()}
