"""Long work in the background: how it reports how far it has come, and how it survives a killed worker."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from machi.base.models import Municipality, Progress
from machi.base.scoping import in_municipality

_SECONDS_BETWEEN_WRITES = 0.5


class Reporter:
    """Writes progress at most twice a second, so that reporting never becomes the work."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._written = 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._written < _SECONDS_BETWEEN_WRITES and done < total:
            return
        self._written = now
        self._progress.done, self._progress.total = done, total
        self._progress.save(update_fields=["done", "total", "updated_at"])


@contextmanager
def reported(municipality: Municipality, key: str, label: str) -> Iterator[Reporter]:
    """Opens the municipality's scope for a piece of long work and shows its progress under ``key``."""
    with in_municipality(municipality):
        progress, _ = Progress.objects.update_or_create(
            municipality=municipality,
            key=key,
            defaults={
                "label": label,
                "done": 0,
                "total": 0,
                "started_at": timezone.now(),
                "finished_at": None,
                "error": "",
            },
        )
        try:
            yield Reporter(progress)
        except BaseException as error:
            progress.error = type(error).__name__  # the message may name a person's file; the log has it
            progress.save(update_fields=["error", "updated_at"])
            raise
        progress.finished_at = timezone.now()
        progress.save(update_fields=["finished_at", "updated_at"])


def requeue_abandoned() -> int:
    """Puts back what a killed worker left running. Call only where no other worker runs (see ``machi run``)."""
    return DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.READY, started_at=None, worker_ids=[]
    )


def enqueue_once(task: Task[[str], None], argument: str) -> None:
    """Enqueues a task that makes good whatever it finds, unless the same is waiting already."""
    waiting = DBTaskResult.objects.filter(
        status=TaskResultStatus.READY,
        task_path=task.module_path,
        args_kwargs={"args": [argument], "kwargs": {}},
    )
    if not waiting.exists():
        task.enqueue(argument)
