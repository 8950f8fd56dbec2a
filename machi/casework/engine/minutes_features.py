"""What is known of each sentence of a meeting when it is judged: its own cues, and what is said around it.

Around it: whether somebody was asked before, takes it on after it, agrees or objects; whether the chair speaks; how far
the next item is; whether a day is named here or just behind. Each is a name; a sentence has it or not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from machi.casework.engine.minutes_handing import ways as handing_ways
from machi.casework.engine.minutes_meeting import Meeting, Sentence, turns_of
from machi.casework.engine.minutes_settling import PUT, SAYS
from machi.casework.engine.minutes_settling import ways as settling_ways
from machi.casework.engine.minutes_transcript import Utterance

_SHORT, _LONG = 10, 60
"""Characters of a short sentence and of a long one."""
_FRAGMENT = 24
"""Characters up to which a sentence only says until when: えー、来週の金曜には。"""
_LONG_ANSWER = 70
"""Characters of an answer that reports: who was asked for it was asked to speak."""
_THANKED = re.compile(
    r"(?:はい|ええ|うん|あ|じゃあ?|それは|そうですか|お)?[、。]?(?:お願い|助か|ありがと|ありがたい|すみません|すいません|頼[むんみ]|よろしく|おおきに|悪い)"
)
"""Who so answers an offer takes it."""
_ASIDE = re.compile(
    r"[（(〔][^）)〕]{0,20}(?:異議な|「なし|うなず|拍手|賛成|了承|はい)[^）)〕]{0,20}[）)〕]|……?はい。"
)
"""（「異議なし」の声あり） within what the chair says."""
_AROUND = 4
"""Turns before and after that are looked at."""
_ACTS = {
    "items": frozenset(["item", "answer", "question", "procedure", "telling", "shape", "settle", "propose"]),
    "decisions": frozenset(
        ["settle", "propose", "hold", "answer", "telling", "question", "procedure", "request", "promise"]
    ),
    "tasks": frozenset(["request", "promise", "hold", "answer", "telling", "question", "procedure"]),
}
"""Acts whose cues are weighed."""
_ALONE = {
    "items": frozenset({"settle", "propose", "telling"}),
    "decisions": frozenset({"request", "promise"}),
    "tasks": frozenset[str](),
}
"""Acts of which only that there is a cue is weighed, not which."""
_AROUND_OF = {
    "items": frozenset(
        {
            *(
                "first of turn",
                "last of turn",
                "short",
                "long",
                "chair",
                "opening",
                "closing",
                "assent before",
            ),
            *("long answer", "taken", "no speakers", "named", "question before"),
        }
    ),
    "decisions": frozenset(
        {
            *(
                "short",
                "long",
                "chair",
                "assent before",
                "proposed before",
                "assent after",
                "proposed in turn",
            ),
            *(
                "else in turn",
                "object after",
                "item soon",
                "summed up after",
                "last of turn",
                "no speakers",
                "taken",
            ),
            *("long answer", "due", "opening"),
        }
    ),
    "tasks": frozenset(
        {
            *(
                "short",
                "long",
                "chair",
                "asked before",
                "question before",
                "due before",
                "due behind",
                "due",
                "day",
            ),
            *(
                "named",
                "taken",
                "promised after",
                "long answer",
                "no speakers",
                "closing",
                "opening",
                "thanked after",
                "object after",
            ),
        }
    ),
}
"""What of the shape of a sentence and of what is said around it is weighed."""


def meeting(spoken: Sequence[Utterance], held_on: date | None) -> Meeting:
    """Every sentence that somebody speaks, with its features. Never raises."""
    found = turns_of(spoken, held_on)
    for sentence in found.sentences:
        sentence.features = _features(found, sentence)
    return found


def _features(found: Meeting, one: Sentence) -> dict[str, frozenset[str]]:
    shape, around = _shape(found, one), _around(found, one)
    acts = {f"act {act}" for act in one.acts if act != "shape"}
    told = {}
    for target, weighed in _ACTS.items():
        has = {name for name, cue in one.cues.items() if cue.act in weighed - _ALONE[target]}
        has |= ((shape | around) & _AROUND_OF[target]) | acts
        if target == "tasks":
            has |= handing_ways(has, one)
        elif target == "decisions":
            has |= settling_ways(has, one, found)
        told[target] = frozenset(has)
    return told


def _shape(found: Meeting, one: Sentence) -> set[str]:
    has = set()
    length = len(one.said.text)
    if length <= _SHORT:
        has.add("short")
    if length >= _LONG:
        has.add("long")
    if found.before(one) is None:
        has.add("first of turn")
    if found.after(one) is None:
        has.add("last of turn")
    if found.chair and one.said.utterance.speaker == found.chair:
        has.add("chair")
    if not one.said.utterance.speaker:
        has.add("no speakers")
    if one.turn == 0:
        has.add("opening")
    if one.turn >= len(found.turns) - 2:
        has.add("closing")
    if one.due:
        has.add("due" if one.due.until else "day")
    if one.named:
        has.add("named")
    behind = found.after(one)
    if (
        behind
        and behind.due
        and not (behind.acts & {"request", "promise"} and len(behind.said.text) > _FRAGMENT)
        and (behind.due.until or len(behind.said.text) <= _FRAGMENT)
        and "past" not in behind.cues
    ):
        has.add("due behind")
    return has


def _around(found: Meeting, one: Sentence) -> set[str]:
    has = set()
    before, after = found.last_said(one.turn - 1), found.turn(one.turn + 1)
    if any(
        ("request" in other.acts and "order" not in other.cues)
        or ("not_self" in other.cues and ("question" in other.cues or len(other.said.text) <= _FRAGMENT))
        or "propose_hou" in other.cues
        for other in before
    ):
        has.add("asked before")
    if before and "question" in before[-1].cues:
        has.add("question before")
    if any(other.due and other.due.until for other in before):
        has.add("due before")
    if any(assents(other) or "accept" in other.cues for other in before):
        has.add("assent before")
    if any(
        other.acts & {"propose"} for at in range(one.turn - _AROUND, one.turn) for other in found.turn(at)
    ):
        has.add("proposed before")
    if after:
        if "accept" in after[0].cues:
            has.add("taken")
        if any("promise" in other.acts for other in after):
            has.add("promised after")
        if _THANKED.match(after[0].said.text):
            has.add("thanked after")
        if sum(len(other.said.text) for other in after) > _LONG_ANSWER:
            has.add("long answer")
    if "item" in (after[0].acts if after else ()):
        has.add("item after")
    above = found.before(one)
    if above and above.acts & {"settle", "propose"}:
        has.add("proposed in turn")
    alone = len(one.said.text) < SAYS and one.cues.keys() & PUT
    if "any_else" in one.cues or (above and alone and "any_else" in above.cues):
        has.add("else in turn")
    behind = found.after(one)
    if behind and any(name.startswith("item_") and name != "item_bare" for name in behind.cues):
        has.add("item after")
    has |= _answered(found, one)
    return has


def _answered(found: Meeting, one: Sentence) -> set[str]:
    """Who agrees or objects in the turns after it, until the next item."""
    has: set[str] = set()
    behind = found.after(one)
    if (
        _ASIDE.search(one.said.text)
        or (behind and _ASIDE.match(behind.said.text))
        or _ASIDE.search(found.asides.get(one.turn, ""))
    ):
        has.add("assent after")
    for at in range(one.turn + 1, one.turn + 1 + _AROUND):
        of = found.turn(at)
        if not of:
            break
        if any({"item_next", "item_number", "item_take"} & set(other.cues) for other in of):
            has.add("item soon")
            break
        if at > one.turn + 2:
            continue
        if any(assents(other) for other in of) and "object" not in of[0].cues:
            has.add("assent after")
        if "object" in of[0].cues:
            has.add("object after")
        if any({"settle_sou", "so"} <= set(other.cues) or "settle_sou" in other.cues for other in of):
            has.add("summed up after")
    return has


def assents(one: Sentence) -> bool:
    return "assent" in one.cues and "question" not in one.cues


def likely(group: Sequence[Sentence], chances: Sequence[float]) -> float:
    """How likely a group is meant: one of the best sentences of each turn at least. What is asked and then promised,
    or proposed, agreed to and summed up, is likelier than each of them alone."""
    best: dict[int, float] = {}
    for one in group:
        best[one.turn] = max(best.get(one.turn, 0.0), chances[one.number])
    none = 1.0
    for chance in best.values():
        none *= 1.0 - chance
    return 1.0 - none
