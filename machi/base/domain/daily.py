"""What is done once a day by whichever worker is there: monthly roots, erasure of what was kept long enough, and
whatever the rooms declare (``RoomConfig.daily``). Each part is safe to repeat, and one that fails stops no other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from machi.base.domain import erasing, roots
from machi.base.models import Municipality
from machi.base.rooms import rooms
from machi.base.scoping import in_municipality

_log = logging.getLogger(__name__)
HOUR = time(3, 10)
"""When nobody is at work."""


def run_daily() -> int:
    """Does it now, for every municipality that takes part; how many parts failed (the log says which)."""
    failed = 0
    for municipality in Municipality.objects.filter(live=True):
        parts: list[Callable[[Municipality], object]] = [
            erasing.erase_expired,
            roots.publish_due,
            *(room.each_day for room in rooms()),
        ]
        for part in parts:
            try:
                with in_municipality(municipality):
                    part(municipality)
            except Exception:
                _log.exception("daily work of %s failed: %s", municipality.code, part)
                failed += 1
    return failed


@task()
def daily() -> None:
    try:
        run_daily()
    finally:
        ensure_scheduled()


def ensure_scheduled() -> None:
    """That the next run waits in the queue; called whenever a worker begins, and by each run."""
    if DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=daily.module_path).exists():
        return
    now = timezone.localtime()
    at = timezone.make_aware(datetime.combine(now.date(), HOUR))
    daily.using(run_after=at if at > now else at + timedelta(days=1)).enqueue()
