"""A meeting as turns of sentences, each with its cues, the day it names and whom it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from machi.casework.engine.minutes_cues import Cue, cues
from machi.casework.engine.minutes_deadlines import Deadline, day_named, deadline_in
from machi.casework.engine.minutes_people import People
from machi.casework.engine.minutes_transcript import Said, Utterance, is_aside, sentences, speakers
from machi.casework.engine.minutes_words import things_in

_ANY_DAY = date(2000, 1, 3)
"""For asking whether a day is named at all."""

OPENS = frozenset({"item_next", "item_number", "item_take", "item_numbered", "item_moving"})
"""Cues that an item of the agenda begins here."""
_THEN = re.compile(r"(?:それ|その日|その会議?)まで|同じ日に")
_BACK = 3
"""Sentences back to which それまで points."""
_LONGEST = 400
"""Characters of a sentence, from its end, in which days and names are looked for."""


@dataclass(slots=True)
class Sentence:
    """One sentence of a meeting, with what is known of it."""

    said: Said
    number: int
    """Among the sentences of the meeting."""
    turn: int
    cues: Mapping[str, Cue]
    due: Deadline | None
    named: tuple[str, ...]
    """Who is asked or named as doing it."""
    features: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By what it may be: ``items``, ``decisions``, ``tasks``; given by ``minutes_features``."""

    @property
    def things(self) -> frozenset[str]:
        return things_in(self.said.text)

    @property
    def acts(self) -> frozenset[str]:
        return frozenset(one.act for one in self.cues.values())


@dataclass(slots=True)
class Meeting:
    spoken: Sequence[Utterance]
    people: People
    sentences: list[Sentence]
    turns: list[list[Sentence]] = field(default_factory=list)
    chair: str = ""
    held_on: date | None = None
    asides: dict[int, str] = field(default_factory=dict)
    """What is written in brackets behind a turn and said by nobody: （拍手）."""

    def before(self, one: Sentence) -> Sentence | None:
        """The sentence before it in the same turn."""
        at = one.number - 1
        return self.sentences[at] if at >= 0 and self.sentences[at].turn == one.turn else None

    def after(self, one: Sentence) -> Sentence | None:
        at = one.number + 1
        return (
            self.sentences[at] if at < len(self.sentences) and self.sentences[at].turn == one.turn else None
        )

    def turn(self, number: int) -> Sequence[Sentence]:
        return self.turns[number] if 0 <= number < len(self.turns) else ()

    def last_said(self, number: int) -> Sequence[Sentence]:
        """Of a turn what is said of its last item."""
        of = self.turn(number)
        opens = [at for at, one in enumerate(of) if OPENS & one.cues.keys()]
        return of[opens[-1] :] if opens else of

    def speaker(self, number: int) -> str:
        of = self.turn(number)
        return of[0].said.utterance.speaker if of else ""


def turns_of(spoken: Sequence[Utterance], held_on: date | None) -> Meeting:
    """Every sentence that somebody speaks. Never raises.

    Where no speaker is named at all, every line that is no aside is spoken, by somebody else than the line before.
    """
    names = speakers(spoken)
    people = People(names)
    found = Meeting(spoken, people, [], held_on=held_on)
    turn, before = -1, None
    for one in sentences(spoken):
        at = one.utterance
        if not at.speaker and is_aside(one.text):
            found.asides[turn] = found.asides.get(turn, "") + one.text
            continue
        if names and not at.speaker:
            before = None  # a heading: whoever speaks next begins anew
            continue
        if before is None or (before.number != at.number and (before.speaker != at.speaker or not names)):
            turn += 1
            found.turns.append([])
        before = at
        sentence = Sentence(
            one,
            len(found.sentences),
            turn,
            cues(one.text),
            deadline_in(one.text[-_LONGEST:], held_on or _ANY_DAY)
            or _by_then(found, one, held_on or _ANY_DAY),
            people.addressed(one.text[-_LONGEST:], at.speaker),
        )
        found.sentences.append(sentence)
        found.turns[turn].append(sentence)
    found.chair = _chair(found)
    return found


def _by_then(found: Meeting, one: Said, held_on: date) -> Deadline | None:
    """それまでに: the day named last before it."""
    then = _THEN.search(one.text)
    for before in reversed(found.sentences[-_BACK:]) if then else ():
        if then and (day := day_named(before.said.text[-_LONGEST:], held_on)):
            return replace(day, start=then.start(), end=then.end(), words=then[0])
    return None


def _chair(found: Meeting) -> str:
    """Who opens most items."""
    opened = Counter(
        one.said.utterance.speaker
        for one in found.sentences
        for name, cue in one.cues.items()
        if cue.act == "item" and name != "item_bare"
    )
    first = found.speaker(0)
    opened[first] += 2
    return max(opened, key=lambda who: opened[who]) if opened else ""
