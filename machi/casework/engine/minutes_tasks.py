"""Tasks of a meeting: who is to do what, until when; from who asks, who takes it on and what is said behind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from machi.casework.engine.minutes_cues import shown_by
from machi.casework.engine.minutes_deadlines import Deadline, day_named
from machi.casework.engine.minutes_features import likely
from machi.casework.engine.minutes_handing import asks
from machi.casework.engine.minutes_meeting import OPENS, Meeting, Sentence
from machi.casework.engine.minutes_people import is_for_anybody
from machi.casework.engine.minutes_transcript import Said
from machi.casework.engine.minutes_weights import Model

_FOLLOWS = 4
"""Turns up to which a promise is the answer to a request."""
_MOST = 12
"""Sentences that can be of one task."""
_WHEN = re.compile(r"いつ(?:頃|ごろ|まで|ですか|出|行)")
_SHORT_ANSWER = 25
"""Characters of an answer whose day is that of what was asked: はい、金曜に。"""
_SAYS_LITTLE = 12
"""Characters up to which a promise does not tell of what."""
_NAMED_BEFORE = 40
"""Characters up to which the sentence before tells who is asked."""
_ACTS = frozenset({"request", "promise"})


@dataclass(frozen=True, slots=True)
class Task:
    said: Said
    people: tuple[str, ...]
    """Who is to do it, as they are called in the transcript; empty: it was not said."""
    deadline: date | None
    deadline_words: str
    """As said (来週の金曜日); empty: it was not said."""
    sure: bool = True
    why: tuple[str, ...] = ()
    """The words that show it."""


WEAK = 0.15
"""Probability from which a sentence counts at all, if another speaks for the same."""


def tasks_in(told: Meeting, chances: Sequence[float], model: Model) -> list[Task]:
    groups: list[list[Sentence]] = []
    for one in told.sentences:
        if chances[one.number] < WEAK:
            continue
        group = next((group for group in reversed(groups[-3:]) if _same(told, group, one)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    return [
        _task(told, group, chances, model) for group in groups if likely(group, chances) >= model.doubtful
    ]


def _same(told: Meeting, group: Sequence[Sentence], one: Sentence) -> bool:
    """Does ``one`` go on with the task that ``group`` speaks of?"""
    last = group[-1]
    if one.turn - last.turn > _FOLLOWS or len(group) >= _MOST:
        return False
    if _item_between(told, last, one):
        return False
    if one.turn == last.turn:
        if asks(one) and one.named and group[0].turn != last.turn:
            return False  # 頼みます、to the one; then another is asked
        # 書きます、連絡票。来週の火曜には出します。
        return (
            one.number == last.number + 1 and not _other(one.named, last.named) and not (one.due and last.due)
        )
    told_of = {thing for other in group for thing in other.things}
    if asks(last) and not asks(one):
        # Asked, then promised by who was asked.
        doer = told.people.promising(one.said.text, one.said.utterance.speaker)
        if one.turn == last.turn + 1:
            # What all divisions or anybody are to do, whoever answers does not take on.
            for_all = any(name.startswith("各") for name in last.named) or (
                not last.named and is_for_anybody(last.said.text)
            )
            return not for_all or not one.things or "self" in one.cues
        return not _other(doer, last.named) and (bool(one.things & told_of) or not one.things)
    if not asks(last) and asks(one):
        # Promised or offered, then asked for: the one who promised is meant.
        speaker = told.people.named(last.said.utterance.speaker)
        return (
            one.turn == last.turn + 1
            and not any(asks(other) for other in group)
            and (speaker in one.named or not one.named)
            and not (one.due and not last.due)
            and (bool(one.things & told_of) or not one.things)
        )
    return (
        asks(last)
        and asks(one)
        and one.said.utterance.speaker == last.said.utterance.speaker
        and one.turn - last.turn <= 2
        and not one.named
        and (bool(one.things & told_of) or not one.things)
    )


def _item_between(told: Meeting, last: Sentence, one: Sentence) -> bool:
    between = told.sentences[last.number + 1 : one.number]
    return any(OPENS & one.cues.keys() for one in between)


def _other(these: Sequence[str], those: Sequence[str]) -> bool:
    return bool(these) and bool(those) and not set(these) & set(those)


def _task(told: Meeting, group: Sequence[Sentence], chances: Sequence[float], model: Model) -> Task:
    best = max(group, key=lambda one: (chances[one.number], -one.number))
    due = _due(told, group)
    asked = next((one for one in group if asks(one)), best)
    return Task(
        # 来週出します says less than what was asked.
        (asked if len(best.said.text) < _SAYS_LITTLE < len(asked.said.text) else best).said,
        _who(told, group),
        due.day if due else None,
        due.words if due else "",
        likely(group, chances) >= model.sure,
        shown_by((one.cues for one in group), _ACTS),
    )


def _who(told: Meeting, group: Sequence[Sentence]) -> tuple[str, ...]:
    asked = next((one for one in group if asks(one)), None)
    promised = next((one for one in reversed(group) if not asks(one)), None)
    if asked is not None and not asked.named and is_for_anybody(asked.said.text):
        # 誰か届けといて: nobody, unless somebody takes it on for themselves.
        own = promised is not None and "self" in promised.cues
        return (
            told.people.promising(promised.said.text, promised.said.utterance.speaker)
            if promised and own
            else ()
        )
    if (
        asked is not None
        and asked.named
        and not (
            promised is not None
            and told.turn(promised.turn) is not told.turn(asked.turn)
            and not any(told.people.speaks(name) for name in asked.named)
        )
    ):
        if promised is not None and promised.turn > asked.turn:
            # 財政課で, promised by the 財政課長; 局長, promised by the 係長 who is to do it.
            return told.people.promising(promised.said.text, promised.said.utterance.speaker)
        return asked.named
    if promised is not None:
        return told.people.promising(promised.said.text, promised.said.utterance.speaker)
    if asked is None:
        return ()
    before = told.before(asked)
    if before and before.named and len(before.said.text) <= _NAMED_BEFORE:
        return before.named  # 伊藤さん、見てきてけねが。次の総会で報告してけろ。
    behind = told.after(asked)
    while behind:
        if behind.named:
            return behind.named
        behind = told.after(behind)
    after = told.turn(asked.turn + 1)
    answers = bool(after) and "accept" in after[0].cues
    for number in (asked.turn + 1, asked.turn - 1) if answers else (asked.turn - 1,):
        who = told.speaker(number)
        if who and who != asked.said.utterance.speaker:
            return (told.people.named(who),)
    return ()


def _due(told: Meeting, group: Sequence[Sentence]) -> Deadline | None:
    """The day in the promise, else in the request, else just behind either, or in the answer to the request."""
    promised = [one for one in reversed(group) if not asks(one)]
    asked = [one for one in reversed(group) if asks(one)]
    named = [one.due for one in (*promised, *asked) if one.due]
    if named:
        return next((due for due in named if due.until), named[0])
    for one in reversed(group):
        before, behind = told.before(one), told.after(one)
        if behind and behind.due and behind not in group and (behind.due.until or not behind.acts & _ACTS):
            return behind.due
        if (
            before
            and before.due
            and before not in group
            and (before.due.until or len(before.said.text) <= _SAYS_LITTLE)
        ):
            return before.due
        # 総務部長から言うて。応援の要請。明日の午前中で。
        further = told.after(behind) if behind and not behind.acts & _ACTS else None
        if further and further.due and len(further.said.text) <= _SHORT_ANSWER:
            return further.due
    return _answered(told, group[-1])


def _answered(told: Meeting, last: Sentence) -> Deadline | None:
    """The day named in answer to the request, or to いつまでですか behind it."""
    for number in range(last.turn + 1, last.turn + _FOLLOWS):
        asked_when = any(
            _WHEN.search(one.said.text) for one in (*told.turn(number - 1), *told.turn(number - 2))
        )
        for one in told.turn(number):
            if (
                number <= last.turn + 2
                and len(one.said.text) <= _SHORT_ANSWER
                and one.due
                and "close" not in one.cues
            ):
                return one.due
            if asked_when and number > last.turn and (day := day_named(one.said.text, told.held_on)):
                return day
        if not asked_when and number > last.turn + 2:
            return None
    return None
