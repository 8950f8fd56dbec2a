"""Weighs the cues by which machi's minutes find items, decisions and tasks.

    python bench/fit_minutes.py [--across] [--misses] [--write]

Fitted on the transcripts of ``tune``, ``unseen``, ``fresh``, ``hand1`` and k01 to k12 of ``hand2`` (all others stay
out), with regularised logistic regression over the features of ``engine/minutes_features.py``, drawn to what is
expected of the ways in which meetings settle things and hand out work. The keys mark lines; of a marked line the
sentence that scores highest is taken as the one meant, again after each of a few rounds. ``--across`` prints, by
half, what is found in each seventh of the transcripts by weights fitted on the rest; ``--write`` stores the weights
of all (``machi/casework/data/minutes_weights.json``).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from drafts_minutes import Score, Transcript, measure, transcripts
from logistic import Floats, fit_binary, sigmoid

from machi.casework.engine.minutes_features import meeting
from machi.casework.engine.minutes_meeting import Sentence
from machi.casework.engine.minutes_transcript import utterances
from machi.casework.engine.minutes_weights import TARGETS, Model, Weights

WEIGHTS = Path(__file__).parents[1] / "machi/casework/data/minutes_weights.json"
PENALTY = {"items": 0.5, "decisions": 6.0, "tasks": 3.0}
FROM = {"items": (0.45, 0.45), "decisions": (0.45, 0.2), "tasks": (0.5, 0.2)}
"""Probabilities from which a finding is sure, and from which doubtful."""
ROUNDS = 4
FOLDS = 7
BY_LINE = frozenset({"items", "tasks"})
"""Where each marked line holds a sentence that is meant; of a decision's lines only one need."""
_CLEAR = 0.5
"""Probability from which a further sentence of a marked line is meant as well."""
EXPECTED = {
    "items": {},
    "decisions": {
        "way formal": 3.0,
        "way sou": 3.5,
        "way so": 3.0,
        "way so followed": 1.0,
        "way put agreed": 3.5,
        "way put": 1.0,
        "way put content": 0.5,
        "way put behind": 2.0,
        "way ending agreed": 2.5,
        "way ending": 0.5,
        "way ending chair": 1.0,
        "way proposal agreed": 2.0,
        "way answer": 1.0,
        "way ruling": 2.5,
        "way declared": 1.5,
        "way chair does": 1.5,
        "way summed up": 1.0,
        "way open": -2.0,
        "way no matter": -2.0,
        "way promise": -1.5,
        "way told": -1.0,
    },
    "tasks": {
        "way asked": 1.5,
        "way asked day": 1.5,
        "way asked taken": 2.5,
        "way asked named": 1.0,
        "way soft": 0.3,
        "way soft day": 1.0,
        "way soft day taken": 1.5,
        "way soft named": 1.5,
        "way promised": 0.7,
        "way promised day": 2.5,
        "way promised on day": 1.5,
        "way happens": -1.5,
        "way promised thanked": 2.0,
        "way day answered": 3.0,
        "way promised self": 2.0,
        "way promised asked": 2.0,
        "way promised for": 0.7,
        "way promise questioned": -1.0,
        "way kept": 1.2,
        "way only day": 1.5,
        "way procedure": -2.5,
        "way told": -2.0,
    },
}
"""What is expected before any transcript of the ways in which meetings settle things and hand out work."""
LEAST = 3
"""Sentences that must have a feature for it to be weighed."""


def chosen() -> list[Transcript]:
    return [one for one in transcripts() if one.half in _HALVES or one.name in _HAND2]


_HALVES = frozenset({"tune", "unseen", "fresh", "hand1"})
_HAND2 = frozenset(f"k{number:02}" for number in range(1, 13))


def _wanted(one: Transcript, target: str) -> list[frozenset[int]]:
    """The lines of each item, decision or task: any of them may be cited."""
    if target == "items":
        return [frozenset({line}) for line in sorted(one.items)]
    if target == "decisions":
        return [frozenset(lines) for lines in one.decisions.values()]
    return [task.lines for task in one.tasks]


def _read(told: Sequence[Transcript]) -> list[tuple[Transcript, list[Sentence]]]:
    return [(one, meeting(utterances(one.text), one.held_on).sentences) for one in told]


def fit(read: Sequence[tuple[Transcript, list[Sentence]]], target: str) -> Model:
    sentences = [one for _told, found in read for one in found]
    wanted = [
        {(told.name, line) for line in lines} for told, _found in read for lines in _wanted(told, target)
    ]
    if target in BY_LINE:
        wanted = [{place} for places in wanted for place in sorted(places)]
    places = [(told.name, one.said.utterance.line) for told, found in read for one in found]
    times: dict[str, int] = {}
    for one in sentences:
        for name in one.features[target]:
            times[name] = times.get(name, 0) + 1
    names = sorted(name for name, count in times.items() if count >= LEAST)
    column = {name: at for at, name in enumerate(names)}
    x = np.zeros((len(sentences), len(names)))
    for row, one in enumerate(sentences):
        for name in one.features[target]:
            if name in column:
                x[row, column[name]] = 1.0
    rows: dict[tuple[str, int], list[int]] = {}
    for row, place in enumerate(places):
        rows.setdefault(place, []).append(row)
    marked = [
        of for places in wanted if (of := [row for place in sorted(places) for row in rows.get(place, ())])
    ]
    weight = np.ones(len(sentences))
    for of in marked:
        weight[of] = 0.0
    score = _first_guess(sentences, target) / 100
    coefficients: Floats = np.zeros(len(names))
    expected = np.array([EXPECTED[target].get(name, 0.0) for name in names])
    bias = 0.0
    for _ in range(ROUNDS):
        y, importance = np.zeros(len(sentences)), weight.copy()
        for of in marked:
            best = max(of, key=lambda row: score[row])
            for row in of:
                if row == best or score[row] >= _CLEAR:
                    y[row], importance[row] = 1.0, 1.0
        coefficients, bias = fit_binary(x, y, PENALTY[target], importance, expected)
        score = sigmoid(x @ coefficients + bias)
    return Model(
        round(bias, 3),
        {name: round(float(w), 3) for name, w in zip(names, coefficients, strict=True) if abs(w) >= 0.005},
        *FROM[target],
    )


def _first_guess(sentences: Sequence[Sentence], target: str) -> Floats:
    acts = {"items": {"item"}, "decisions": {"settle", "propose"}, "tasks": {"request", "promise"}}[target]
    return np.array(
        [sum(cue.act in acts for cue in one.cues.values()) + bool(one.due) for one in sentences], float
    )


def weights_of(read: Sequence[tuple[Transcript, list[Sentence]]]) -> Weights:
    return Weights({target: fit(read, target) for target in TARGETS})


def across(read: Sequence[tuple[Transcript, list[Sentence]]], folds: int) -> dict[str, dict[str, Score]]:
    """By half: what is found in each part of the transcripts by weights fitted on the rest."""
    told: dict[str, dict[str, Score]] = {}
    for fold in range(folds):
        rest = [one for at, one in enumerate(read) if at % folds != fold]
        weights = weights_of(rest)
        for at, (one, _sentences) in enumerate(read):
            if at % folds == fold:
                for name, score in measure([one], weights).items():
                    told.setdefault(one.half, {}).setdefault(name, Score()).add(score)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--across", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    read = _read(chosen())
    if given.across:
        for half, scores in across(read, FOLDS).items():
            for name, score in scores.items():
                print(half, name, score.as_dict(), *(score.misses if given.misses else ()))
    if given.write:
        weights = weights_of(read)
        WEIGHTS.write_text(
            json.dumps(weights.as_json(), ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8"
        )


if __name__ == "__main__":
    main()
