"""Minutes from a transcript: items of the agenda, decisions, tasks with person and day, each with why it was found.

Nothing is written that was not said: every finding is a sentence of the transcript with its place. How people ask,
promise, propose, agree and settle is a table of cues (``minutes_cues``); what is said around a sentence counts as well
(``minutes_features``): whether somebody takes it on, agrees, objects. Both are weighed (``minutes_weights``), and what
follows up on what (a promise on the request, the chair's そういうことで on the proposal) is told as one. Findings that
are not sure are marked so. They err; docs/bench/drafts.md says how often, and a person confirms.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from machi.casework.engine.minutes_cues import shown_by
from machi.casework.engine.minutes_deadlines import Deadline, day_named
from machi.casework.engine.minutes_features import assents, likely, meeting
from machi.casework.engine.minutes_items import is_written, title
from machi.casework.engine.minutes_meeting import Meeting, Sentence
from machi.casework.engine.minutes_settling import (
    SAYS,
    another_matter,
    is_final,
    is_formal,
    only_assents,
    settles,
)
from machi.casework.engine.minutes_tasks import WEAK, Task, tasks_in
from machi.casework.engine.minutes_transcript import Said, Utterance, sentences, speakers, utterances
from machi.casework.engine.minutes_weights import Model, Weights, shipped

_SAME = 4
"""Turns up to which what is settled is the end of what was settled before."""
_MOST = 20
"""Sentences that can be of one decision."""
_TELLS = 9
"""Characters above which a sentence says more than はい、それで。"""
_QUESTION = re.compile(r"(?:か|かな|かね|でしょう|んですよね|ですよね)[。？?]*$")
_NEXT_MEETING = re.compile(
    r"次回(?:の(?:会議|会合|開催|委員会|打合せ))?(?:は|が)|次回の(?:日程|開催)"
    r"|^(?:じゃあ?|では|ほな|で)?、?次(?:は|の会議は|の定例は)(?=.*\d)|来月は.*(?:です|だ)。?$"
)


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the agenda begins at this sentence."""

    said: Said
    title: str


@dataclass(frozen=True, slots=True)
class Decision:
    said: Said
    """Where it is settled, or the proposal to which all agreed."""
    agreed: Said | None = None
    """Where it was agreed to or summed up, if that was later."""
    sure: bool = True
    why: tuple[str, ...] = ()
    """The words that show it."""


@dataclass(frozen=True, slots=True)
class Found:
    spoken: tuple[Utterance, ...]
    speakers: tuple[str, ...]
    items: tuple[Item, ...]
    decisions: tuple[Decision, ...]
    tasks: tuple[Task, ...]
    next_meeting: Said | None


def find(text: str, held_on: date | None, weights: Weights | None = None) -> Found:
    """What a transcript holds. ``held_on``: day of the meeting, from which 来週 and the like are counted.

    ``weights``: others than those shipped. Never raises, whatever the text.
    """
    weighed = weights or shipped()
    spoken = utterances(text)
    told = meeting(spoken, held_on)
    items = _items(spoken, told, weighed)
    begins = {item.said.start for item in items}
    decisions = _decisions(told, weighed, begins)
    handed = tasks_in(told, _chances(told, weighed, "tasks"), weighed.models["tasks"])
    following = next(
        (one.said for one in reversed(told.sentences) if _NEXT_MEETING.search(one.said.text)), None
    )
    if following and (named := _day_of(told, following)) and named.day:
        # Until the next meeting, and when that is was said as well.
        handed = [
            replace(one, deadline=named.day) if one.deadline_words and not one.deadline else one
            for one in handed
        ]
    return Found(
        tuple(spoken), tuple(speakers(spoken)), tuple(items), tuple(decisions), tuple(handed), following
    )


def _day_of(told: Meeting, meeting_on: Said) -> Deadline | None:
    """The day of the next meeting: where it is spoken of, or just behind (次回の日程。一月二十日でいかがですか。)."""
    at = next(one.number for one in told.sentences if one.said is meeting_on)
    days = (day_named(one.said.text, told.held_on) for one in told.sentences[at : at + 2])
    return next((day for day in days if day), None)


def is_question(text: str) -> bool:
    return _QUESTION.search(text) is not None


def _chances(told: Meeting, weights: Weights, target: str) -> list[float]:
    return [weights.models[target].probability(one.features[target]) for one in told.sentences]


def _items(spoken: Sequence[Utterance], told: Meeting, weights: Weights) -> list[Item]:
    # Where the agenda stands in lines of its own, what the chair says of an item begins no further one.
    if speakers(spoken) and (written := [one for one in sentences(spoken) if is_written(one)]):
        return [Item(one, one.text) for one in written]
    chances = _chances(told, weights, "items")
    found: list[Sentence] = []
    for one in told.sentences:
        if chances[one.number] < weights.models["items"].sure or settles(one):
            continue
        if found and found[-1].turn == one.turn and one.number - found[-1].number <= 2:
            continue  # the same opening goes on
        found.append(one)
    return [Item(one.said, title(one.said.text)) for one in found]


def _decisions(told: Meeting, weights: Weights, begins: set[int]) -> list[Decision]:
    model = weights.models["decisions"]
    chances = _chances(told, weights, "decisions")
    tasks = _chances(told, weights, "tasks")
    counted = [
        one
        for one in told.sentences
        if chances[one.number] >= WEAK
        and one.said.start not in begins
        and not only_assents(one)
        # What is handed out is a task, unless it is put to the others or settled in so many words.
        and (chances[one.number] >= tasks[one.number] or settles(one))
    ]
    return [
        _decision(told, group, chances, model)
        for group in _groups(counted, begins)
        if likely(group, chances) >= model.doubtful
    ]


def _groups(counted: Sequence[Sentence], begins: set[int]) -> Iterator[list[Sentence]]:
    """What is proposed, agreed to and summed up of one matter, together."""
    group: list[Sentence] = []
    starts = sorted(begins)
    for one in counted:
        if group and (
            one.turn - group[-1].turn > _SAME
            or len(group) >= _MOST
            or bisect(starts, one.said.start) != bisect(starts, group[-1].said.start)
            or (
                one.said.utterance is not group[-1].said.utterance
                and any(is_final(other) for other in group)
                and another_matter(group, one)
            )
        ):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _decision(told: Meeting, group: Sequence[Sentence], chances: Sequence[float], model: Model) -> Decision:
    best = max(group, key=lambda one: (chances[one.number], -one.number))
    shown = best
    if formal := [one for one in group if is_formal(one) and len(one.said.text) >= SAYS]:
        shown = formal[-1]  # settled in so many words
    elif len(best.said.text) < SAYS:
        # The proposal says what, それでいいですか and そういうことで only that it holds.
        tells = [one for one in group if len(one.said.text) >= SAYS and chances[one.number] >= model.doubtful]
        if not tells and not told.before(best):
            tells = [one for one in group if len(one.said.text) > max(len(best.said.text), _TELLS)]
        shown = (
            max(tells, key=lambda one: (chances[one.number], -one.number))
            if tells
            else told.before(best) or best
        )
    last = group[-1]
    return Decision(
        shown.said,
        last.said if last.turn > shown.turn else _agreed(told, shown),
        likely(group, chances) >= model.sure,
        shown_by((one.cues for one in group), {"settle", "propose"}),
    )


def _agreed(told: Meeting, shown: Sentence) -> Said | None:
    """Who agrees first, if somebody does."""
    for number in range(shown.turn + 1, shown.turn + 3):
        for one in told.turn(number):
            if assents(one):
                return one.said
    return None
