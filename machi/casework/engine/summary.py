"""A document summarised by extraction: key sentences, figures, days, and who must do what by when.

Key sentences are ranked as in LexRank (Erkan and Radev, 2004, "LexRank: Graph-based Lexical Centrality as Salience in
Text Summarization"): the stationary distribution of a walk over sentences that are alike (cosine of tf-idf of
SudachiPy's tokens), here joined with where a sentence stands and what it says (a cue such as 目的, a figure, a day).
What is too like a sentence already chosen is passed over (maximal marginal relevance; Carbonell and Goldstein, 1998).
Every result is a stretch of the text with its offsets; nothing is written. Deterministic.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from machi.casework.engine.summary_facts import Day, Duty, Figure, days, duties, figures
from machi.language.engine.guard import is_instruction
from machi.language.engine.tokens import search_tokens
from machi.language.engine.units import split_units

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LENGTHS = {"short": 0.08, "middle": 0.15, "long": 0.3}
"""Share of the sentences that are kept."""
LEAST, MOST = 3, 40
"""Key sentences at least (where there are so many) and at most."""
MOST_RANKED = 1_500
"""Sentences compared with each other; of a longer text those with the best features. 18 MB of similarities."""
_SHORTEST, _LONGEST = 12, 220
_DAMPING, _ROUNDS, _CLOSE_ENOUGH = 0.85, 60, 1e-9
_REDUNDANT = 0.55
_CUES = re.compile(
    r"目的|目標|趣旨|概要|重点|方針|計画|基本|課題|対象|変更|改正|廃止|新た|創設|開始|実施|決定|施行|見直|拡充|増額|減額|義務|必要|見込|とする|推進|取り組"
)
_WEAK = re.compile(
    r"^(?:また|なお|例えば|たとえば|これ|それ|このよう|そのよう|しかし|一方|※|\(|（|図|表|出典|資料)|詳しく|お問い?合わせ|電話|ホームページ"
)
_WEIGHTS = {"central": 1.0, "position": 0.35, "cue": 0.35, "facts": 0.3, "title": 0.4, "weak": -0.35}


@dataclass(frozen=True, slots=True)
class Key:
    """``text[start:end]``, a sentence worth keeping. ``heading``: what it stands under."""

    start: int
    end: int
    text: str
    heading: str
    score: float


@dataclass(frozen=True, slots=True)
class Summary:
    sentences: tuple[Key, ...]
    """In the order of the text."""
    figures: tuple[Figure, ...]
    days: tuple[Day, ...]
    duties: tuple[Duty, ...]
    of: int
    """Sentences of the whole text."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    text: str
    heading: str
    place: float
    """0: first of its section, towards 1: late in it."""


def summarise(
    text: str, title: str = "", *, length: str = "middle", published: date | None = None
) -> Summary:
    """The summary. ``length``: a key of ``LENGTHS``; ``published``: day from which days without a year are understood.

    KeyError for an unknown length. Never raises for a text, whatever it holds.
    """
    whole = _sentences(text)
    count = max(LEAST, min(MOST, math.ceil(len(whole) * LENGTHS[length])))
    return Summary(
        tuple(_chosen(whole, title, count)),
        tuple(figures(text)),
        tuple(days(text, published)),
        tuple(duties(text, published)),
        len(whole),
    )


def key_sentences(text: str, title: str, count: int) -> list[Key]:
    """The ``count`` sentences that say most of the text."""
    return _chosen(_sentences(text), title, count)


def _sentences(text: str) -> list[_Sentence]:
    units = split_units(text)
    found: list[_Sentence] = []
    within: Counter[int] = Counter()
    for unit in units:
        if unit.is_heading:
            continue
        above = unit.path[-1] if unit.path else -1
        within[above] += 1
        if _SHORTEST <= len(unit.text) <= _LONGEST and not is_instruction(unit.text):
            heading = units[above].text if unit.path else ""
            found.append(_Sentence(unit.start, unit.end, unit.text, heading, 1 - 1 / within[above]))
    return found


def _chosen(whole: Sequence[_Sentence], title: str, count: int) -> list[Key]:
    return [
        Key(one.start, one.end, one.text, one.heading, score)
        for at, score in most_central([one.text for one in whole], title, count, [one.place for one in whole])
        for one in (whole[at],)
    ]


def most_central(
    texts: Sequence[str], title: str, count: int, places: Sequence[float]
) -> list[tuple[int, float]]:
    """Which ``count`` of these sentences say most of them all, in their order, each with its score. ``places``: where
    each stands in its section, 0 (first) to 1."""
    import numpy as np  # on first use: the room is imported where nothing is summarised

    if not texts or count < 1:
        return []
    tokens = [search_tokens(one) for one in texts]
    asked = set(search_tokens(title))
    own = np.array([_features(*one, asked) for one in zip(texts, places, tokens, strict=True)])
    ranked = np.sort(np.argsort(-own, kind="stable")[:MOST_RANKED])
    likeness = _likeness([tokens[at] for at in ranked])
    central = _central(likeness)
    score = _WEIGHTS["central"] * central / max(float(central.max()), 1e-12) + own[ranked]
    taken: list[int] = []
    for at in np.argsort(-score, kind="stable"):
        if len(taken) == count:
            break
        if all(likeness[at, other] < _REDUNDANT for other in taken):
            taken.append(int(at))
    return [(int(ranked[at]), round(float(score[at]), 4)) for at in sorted(taken)]


def _features(text: str, place: float, words: Sequence[str], asked: set[str]) -> float:
    facts = min(2, len(re.findall(r"[0-9０-９]+", text))) / 2
    named = len(asked & set(words)) / len(asked) if asked else 0.0
    return (
        _WEIGHTS["position"] * (1 - place)
        + _WEIGHTS["cue"] * min(1.0, len(_CUES.findall(text)) / 2)
        + _WEIGHTS["facts"] * facts
        + _WEIGHTS["title"] * named
        + _WEIGHTS["weak"] * (_WEAK.search(text) is not None)
    )


def _likeness(tokens: Sequence[Sequence[str]]) -> Floats:
    """Cosines of tf-idf, of every sentence with every other."""
    import numpy as np
    from scipy.sparse import csr_matrix

    count = len(tokens)
    seen = Counter(word for words in tokens for word in set(words))
    number = {word: at for at, word in enumerate(sorted(seen))}
    rows, columns, values = [], [], []
    for at, words in enumerate(tokens):
        for word, times in sorted(Counter(words).items()):
            rows.append(at)
            columns.append(number[word])
            values.append(times * (math.log((1 + count) / (1 + seen[word])) + 1))
    table = csr_matrix((values, (rows, columns)), shape=(count, max(1, len(number))), dtype=np.float64)
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    scaled = table.multiply(1 / np.where(length > 0, length, 1)[:, None]).tocsr()
    likeness: Floats = np.asarray((scaled @ scaled.T).todense(), dtype=np.float64)
    return likeness


def _central(likeness: Floats) -> Floats:
    """The stationary distribution of the damped walk, by power iteration."""
    import numpy as np

    count = len(likeness)
    walk = likeness.copy()
    np.fill_diagonal(walk, 0)
    sums = walk.sum(axis=1, keepdims=True)
    walk = np.where(sums > 0, walk / np.where(sums > 0, sums, 1), 1 / count)
    rank = np.full(count, 1 / count)
    for _ in range(_ROUNDS):
        following = (1 - _DAMPING) / count + _DAMPING * (walk.T @ rank)
        done = np.abs(following - rank).sum() < _CLOSE_ENOUGH
        rank = following
        if done:
            break
    return rank
