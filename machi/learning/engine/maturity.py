"""Scoring of a self-assessment: which level a town stands at in each dimension, why, and what would lift it.

A dimension has statements, each answered with one of a questionnaire's options that stand for levels 0 to ``TOP``. A
town stands at the level that all its answers reach: the lowest of them, as in the staged models of process maturity
(CMMI; Paulk et al. 1993, "Capability Maturity Model for Software"), because what is missing is not made up for by what
is strong elsewhere. The mean is given beside it, so that progress is seen before a level is reached. Nothing is
weighted: every score can be worked out by hand.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from machi.learning.engine.questionnaire import Answers, Form, Kind, Question, Words

TOP = 4


@dataclass(frozen=True, slots=True)
class Step:
    """What lifts a dimension to ``level``: in words, with lessons (slugs), kinds of cases, and experts' skills to look
    for."""

    level: int
    words: Words
    lessons: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dimension:
    """``levels``: what each level from 0 to ``TOP`` means. ``scores``: question -> option -> level."""

    id: str
    words: Words
    levels: tuple[Words, ...]
    scores: Mapping[str, Mapping[str, int]]
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Scoring:
    dimensions: tuple[Dimension, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One answer and the level it stands for; ``holds_back``: it is the lowest of its dimension."""

    question: str
    option: str
    level: int
    holds_back: bool


@dataclass(frozen=True, slots=True)
class Score:
    """``level`` None: nothing of it was answered. ``mean`` of the answers, 0 to ``TOP``."""

    dimension: Dimension
    level: int | None
    mean: float | None
    reasons: tuple[Reason, ...]
    unanswered: tuple[str, ...]
    next: Step | None = field(default=None)

    @property
    def holding_back(self) -> tuple[Reason, ...]:
        return tuple(one for one in self.reasons if one.holds_back)


def score(form: Form, scoring: Scoring, answers: Answers) -> tuple[Score, ...]:
    """A score for each dimension, in its order. Answers that are no option of the form do not count."""
    return tuple(_score(form, one, answers) for one in scoring.dimensions)


def overall(scores: Sequence[Score]) -> float | None:
    """The mean of the dimensions' levels, rounded to tenths; None while one is unknown."""
    levels = [one.level for one in scores]
    known = [one for one in levels if one is not None]
    return round(statistics.fmean(known), 1) if known and len(known) == len(levels) else None


def first_steps(scores: Sequence[Score], most: int = 3) -> list[Score]:
    """Where to begin: the dimensions that stand lowest, by level, then mean, then their order; none at the top."""
    open_ = [one for one in scores if one.level is not None and one.next is not None]
    return sorted(open_, key=lambda one: (one.level, one.mean))[:most]


def _score(form: Form, dimension: Dimension, answers: Answers) -> Score:
    found, unanswered = [], []
    for name, levels in dimension.scores.items():
        given = answers.get(name)
        if isinstance(given, str) and given in levels and form.get(name) is not None:
            found.append((name, given, levels[given]))
        else:
            unanswered.append(name)
    if not found:
        return Score(dimension, None, None, (), tuple(unanswered))
    level = min(one for _, _, one in found)
    reasons = tuple(Reason(name, option, one, one == level) for name, option, one in found)
    step = next((one for one in dimension.steps if one.level == level + 1), None)
    mean = statistics.fmean(one for _, _, one in found)
    return Score(dimension, level, round(mean, 2), reasons, tuple(unanswered), step)


def parse_scoring(data: Mapping[str, Any]) -> Scoring:
    """From JSON. ValueError where it is none."""
    try:
        return Scoring(tuple(_dimension(one) for one in data.get("dimensions", ())))
    except (KeyError, TypeError, AttributeError) as wrong:
        raise ValueError(f"not a scoring: {wrong}") from None


def dump_scoring(scoring: Scoring) -> dict[str, Any]:
    return {
        "dimensions": [
            {
                "id": one.id,
                "words": dict(one.words),
                "levels": [dict(level) for level in one.levels],
                "scores": {name: dict(levels) for name, levels in one.scores.items()},
                "steps": [
                    {
                        "level": step.level,
                        "words": dict(step.words),
                        "lessons": list(step.lessons),
                        "cases": list(step.cases),
                        "skills": list(step.skills),
                    }
                    for step in one.steps
                ],
            }
            for one in scoring.dimensions
        ]
    }


def _dimension(data: Mapping[str, Any]) -> Dimension:
    return Dimension(
        str(data["id"]),
        dict(data["words"]),
        tuple(dict(one) for one in data["levels"]),
        {
            str(name): {str(option): int(level) for option, level in levels.items()}
            for name, levels in data["scores"].items()
        },
        tuple(
            Step(
                int(one["level"]),
                dict(one["words"]),
                tuple(one.get("lessons", ())),
                tuple(one.get("cases", ())),
                tuple(one.get("skills", ())),
            )
            for one in data.get("steps", ())
        ),
    )


def check_scoring(form: Form, scoring: Scoring) -> list[str]:
    """Places that do not fit: ids of dimensions, ``dimension/question`` or ``dimension/question/option``.

    Every dimension has all levels in words and at least one question; each of its questions is a single choice that is
    always asked and must be answered, and each option of it has a level."""
    found = [] if scoring.dimensions else ["-"]
    for one in scoring.dimensions:
        if len(one.levels) != TOP + 1 or not one.scores:
            found.append(one.id)
        for name, levels in one.scores.items():
            question = form.get(name)
            if question is None or not _scorable(question):
                found.append(f"{one.id}/{name}")
                continue
            options = {option.id for option in question.options}
            found += [f"{one.id}/{name}/{option}" for option in sorted(options ^ set(levels))]
            found += [
                f"{one.id}/{name}/{option}" for option, level in levels.items() if not 0 <= level <= TOP
            ]
    return found


def _scorable(question: Question) -> bool:
    return question.kind is Kind.SINGLE and question.required and not question.when
