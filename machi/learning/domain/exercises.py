"""Doing exercises: in a course, where the answer is kept for its time; in the practice room, where nothing is.

Kinds whose score rests on the recogniser of personal information or on the claims check are an AI system's work
(``CHECK``): it runs only where it is approved, and each result is an entry of the ledger. What an instruction makes of
its source (``OUTPUT``) comes through the gate in a course, and never in the practice room.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.running import ensure_may_run, why_not
from machi.governance.domain import gate
from machi.learning.domain.courses_completion import settle
from machi.learning.engine import exercises
from machi.learning.engine.exercise_instruct import LONGEST, extracted
from machi.learning.engine.exercise_types import Result, text_of
from machi.learning.models import Attempt, Enrolment, Exercise

CHECK = "learning.exercise_check"
OUTPUT = "learning.exercise_output"
"""The AI systems: scoring, and running an instruction."""
SYSTEM, KIND = "learning.exercises", "exercise"
"""Of results that are arithmetic."""
SUBJECT = "exercise_answers"
"""Of ledger entries, with the number of the enrolment: what is erased as one."""
BY_MACHINE = frozenset({Exercise.Kind.MASK, Exercise.Kind.INSTRUCT, Exercise.Kind.SUMMARISE})
MAX_TOKENS = 700


@dataclass(frozen=True, slots=True)
class Tried:
    """An answer as it was scored. ``answer`` has ``output`` and ``by_model`` where a text was made."""

    answer: Mapping[str, Any]
    result: Result


def closed(municipality: Municipality, exercise: Exercise) -> str:
    """Why the exercise cannot be done there now, for the page; empty: it can."""
    return (why_not(municipality, CHECK) or "") if exercise.kind in BY_MACHINE else ""


def practise(municipality: Municipality, exercise: Exercise, answer: Mapping[str, Any]) -> Tried:
    """Scores an answer and keeps nothing: no row, no entry, no model outside. NotApproved where it may not run."""
    if exercise.kind in BY_MACHINE:
        ensure_may_run(municipality, CHECK)
    given = {name: value for name, value in answer.items() if name != "output"}
    if exercise.kind == Exercise.Kind.INSTRUCT:
        given |= {
            "output": extracted(exercise.task, text_of(given, "instruction")[:LONGEST]),
            "by_model": False,
        }
    return Tried(given, exercises.score(exercise.kind, exercise.task, given))


def attempt(enrolment: Enrolment, exercise: Exercise, person: Person, answer: Mapping[str, Any]) -> Attempt:
    """Scores an answer, keeps it and records the result.

    Refused where the course has not begun or a My Number is in the answer, NotApproved where the check may not run. A
    model may take a minute: call it outside a transaction.
    """
    ensure_open(enrolment, exercise, person)
    if exercise.kind in BY_MACHINE:
        ensure_may_run(enrolment.municipality, CHECK)
    given = {name: value for name, value in answer.items() if name != "output"}
    if exercise.kind == Exercise.Kind.INSTRUCT:
        given |= _made(enrolment, exercise, person, text_of(given, "instruction")[:LONGEST])
    result = exercises.score(exercise.kind, exercise.task, given)
    with transaction.atomic():
        made = Attempt.objects.create(
            consortium_id=enrolment.consortium_id,
            enrolment=enrolment,
            exercise=exercise,
            answer=json.dumps(given, ensure_ascii=False),
            items=result.points,
            percent=result.percent,
            passed=result.percent >= exercise.pass_percent,
            at=timezone.now(),
        )
        _record(made, person, given, result)
        if made.passed:
            settle(enrolment)
    return made


def ensure_open(enrolment: Enrolment, exercise: Exercise, person: Person) -> None:
    """PermissionDenied unless it is the person's own place and an exercise of its course; Refused before it begins."""
    if (
        enrolment.person_id != person.pk
        or exercise.lesson.module.version_id != enrolment.cohort.version_id
        or enrolment.state == Enrolment.State.WITHDRAWN
    ):
        raise PermissionDenied
    if enrolment.cohort.starts_on > timezone.localdate():
        raise Refused(_("この回はまだ始まっていません。始まる前は練習室で試せます。"))


def shown(one: Attempt) -> Tried:
    """A stored attempt with its reasons: scored again, which gives the same; without them once its words are erased."""
    exercise = one.exercise
    if one.answer:
        given = json.loads(one.answer)
        return Tried(given, exercises.score(exercise.kind, exercise.task, given))
    items = [
        type(item)(
            item.id,
            item.about,
            points := float(one.items.get(item.id, 0)),
            (),
            item.why,
            item.read_again if points < 1 else "",
        )
        for item in exercises.items_of(exercise.kind, exercise.task)
    ]
    return Tried({}, Result(tuple(items), one.percent, (), exercise.task.get("read_again", "")))


def _made(enrolment: Enrolment, exercise: Exercise, person: Person, text: str) -> dict[str, Any]:
    """What the instruction makes of its source: by the town's approved model or, where none can, by extraction."""
    if not text.strip():
        return {"output": "", "by_model": False}
    if why_not(enrolment.municipality, OUTPUT):
        return {"output": extracted(exercise.task, text), "by_model": False}
    source = exercise.task["source"]
    got = gate.complete(
        enrolment.municipality,
        system=OUTPUT,
        messages=[{"role": "user", "content": f"{text}\n\n「{source['title']}」\n{source['text']}"}],
        subject=f"{SUBJECT}:{enrolment.pk}",
        person=person,
        max_tokens=MAX_TOKENS,
        fallback=lambda: extracted(exercise.task, text),
    )
    return {"output": got.text, "by_model": not got.fallback, "model": got.model}


def _record(made: Attempt, person: Person, given: Mapping[str, Any], result: Result) -> None:
    by_machine = made.exercise.kind in BY_MACHINE
    ledger.record(
        made.enrolment.municipality,
        system=CHECK if by_machine else SYSTEM,
        kind=ledger.RESULT if by_machine else KIND,
        subject=f"{SUBJECT}:{made.enrolment_id}",
        actor=person,
        inputs={"answer": dict(given)},
        outputs={
            "attempt": made.pk,
            "exercise": made.exercise_id,
            "kind": made.exercise.kind,
            "percent": made.percent,
            "passed": made.passed,
            "reasons": {item.id: [one.code for one in item.reasons] for item in result.items},
        },
    )
