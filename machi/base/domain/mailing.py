"""Letters sent in the background. One that the mail server does not take is tried again later, a few times.

A job of the queue runs once; ``@letter`` instead of ``@task()`` makes one whose ``OSError`` (of which the errors of
smtplib and of sockets are kinds) puts the same job back, to be begun anew by any worker. What it tells is read from the
database each time, so a letter that was overtaken can say nothing.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ParamSpec

from django.conf import settings
from django.core.mail import EmailMessage
from django.dispatch import receiver
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.signals import task_finished
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult

P = ParamSpec("P")
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
)
"""Before each further try; after the last the job stays failed, and the log says why."""
SOON = 50
"""A person waits for a letter: it goes before indexes and estimates, which take minutes."""
_letters: set[str] = set()


def letter(function: Callable[P, None]) -> Task[P, None]:
    """A background job that sends one letter. A second would be sent again when the first could not be."""
    made: Task[P, None] = task(priority=SOON)(function)
    _letters.add(made.module_path)
    return made


class NotTaken(OSError):
    """The mail server refused a letter. Says how, not whose: it ends in the log and in the queue."""


def send(subject: str, lines: list[str], to: str) -> None:
    """OSError where the mail server is not there or does not take it."""
    try:
        EmailMessage(subject, "\n".join(lines), settings.DEFAULT_FROM_EMAIL, [to]).send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({code for code, _answer in error.recipients.values()})
        raise NotTaken(f"recipient refused: {codes}") from None
    except smtplib.SMTPResponseException as error:
        raise NotTaken(f"{type(error).__name__}: {error.smtp_code}") from None


@receiver(task_finished, dispatch_uid="machi.base.mailing")
def _try_again(sender: type, task_result: TaskResult[Any], **_: object) -> None:
    if task_result.status != TaskResultStatus.FAILED or task_result.task.module_path not in _letters:
        return
    if not issubclass(sender, DatabaseBackend) or not issubclass(
        task_result.errors[-1].exception_class, OSError
    ):
        return
    tried = len(task_result.worker_ids)
    if tried > len(WAITS):
        return
    # The traceback goes, for it may name the address.
    DBTaskResult.objects.filter(pk=task_result.id, status=TaskResultStatus.FAILED).update(
        status=TaskResultStatus.READY,
        run_after=timezone.now() + WAITS[tried - 1],
        finished_at=None,
        exception_class_path="",
        traceback="",
    )
