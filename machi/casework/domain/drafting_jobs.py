"""Long summaries, minutes and recordings in the background; a killed job is made good by running it again."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import transaction
from django_tasks import task
from django_tasks.base import Task

from machi.base.domain.jobs import Reporter, enqueue_once, reported
from machi.base.models import Municipality, Person
from machi.base.running import NotApproved
from machi.base.scoping import in_municipality
from machi.casework.domain import drafting, transcribing
from machi.casework.models import Draft

_log = logging.getLogger(__name__)
LABEL = "長い文書の要約・会議の記録"
LISTENING = "録音の文字起こし"


def enqueue(draft: Draft) -> None:
    task, argument = _task_of(draft), f"{draft.municipality_id}:{draft.pk}"
    # Robust: the draft waits; the daily run makes good a job that could not be enqueued.
    transaction.on_commit(lambda: enqueue_once(task, argument), robust=True)


@task()
def make_task(argument: str) -> None:
    _make(argument, LABEL, drafting.extract)


# Listening takes minutes: not in the queue that letters and new documents wait in; but somebody waits for it.
@task(queue_name="embedding", priority=10)
def transcribe_task(argument: str) -> None:
    _make(argument, LISTENING, transcribing.write_down)


def _task_of(draft: Draft) -> Task[[str], None]:
    return transcribe_task if draft.work == Draft.Work.TRANSCRIPT else make_task


def _make(argument: str, label: str, make: Callable[[Draft, Person | None, Reporter], Draft]) -> None:
    code, _colon, pk = argument.partition(":")
    municipality = Municipality.objects.get(code=code)
    with reported(municipality, f"casework.draft:{pk}", label) as report:
        draft = Draft.objects.select_related("document", "given", "made_by").filter(pk=int(pk)).first()
        if draft is None or draft.state != Draft.State.WAITING:
            return
        try:
            make(draft, draft.made_by, report)
        except NotApproved as refused:
            _failed(draft, str(refused.message)[:300])
        except Exception:
            _log.exception("draft %s could not be made", pk)
            _failed(draft)
            raise


def _failed(draft: Draft, reason: str = "") -> None:
    """Only what still waits: another worker may have made it meanwhile."""
    Draft.objects.filter(pk=draft.pk, state=Draft.State.WAITING).update(
        state=Draft.State.FAILED, reason=reason
    )


def each_day(municipality: Municipality) -> None:
    """Enqueues what still waits, of which a job was lost; removes recordings that waited too long."""
    with in_municipality(municipality):
        transcribing.each_day(municipality)
        for draft in Draft.objects.filter(state=Draft.State.WAITING).only("municipality", "work"):
            enqueue_once(_task_of(draft), f"{municipality.pk}:{draft.pk}")
