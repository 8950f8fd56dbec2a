"""A real mail server on this machine, which keeps what it is given and can be told to refuse it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult


@dataclass
class Post:
    """Also the handler that aiosmtpd calls."""

    port: int = 0
    refuses: str = ""
    """What it answers to a recipient instead of taking the letter, as SMTP writes it: ``450 try later``."""
    letters: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.refuses:
            return f"{self.refuses} ({address})"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def to(self, address: str) -> list[tuple[str, str]]:
        """Subject and text of the letters to an address, the oldest first."""
        mine = [one for one in self.letters if one["To"] == address]
        return [(str(one["Subject"]).strip(), str(one.get_content()).replace("\r\n", "\n")) for one in mine]


@contextmanager
def mail_server(settings: Any) -> Iterator[Post]:
    """Letters of this test go to it over SMTP."""
    post = Post(port=_free_port())
    running = Controller(post, hostname="127.0.0.1", port=post.port)
    running.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", post.port, 5
    try:
        yield post
    finally:
        running.stop()


def work(*, later: bool = False) -> None:
    """What a worker does with all jobs that wait, by the worker's own code; ``later``: also those put off.

    Its loop is left out: it closes the connection that holds the test's transaction.
    """
    worker = Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    )
    if later:
        DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(run_after=timezone.now())
    while waiting := DBTaskResult.objects.ready().order_by("enqueued_at").first():
        waiting.claim(worker.worker_id)
        worker.run_task(waiting)


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port
