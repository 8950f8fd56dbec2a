"""Reading and checking what came in, unattended: a job that can be stopped, killed and begun again.

Each application is read outside any transaction and stored in one: pages, values, results of rules, ledger entries and
its new state together, or nothing. Whoever comes second finds ``read_at`` set and stores nothing, so however often a
job dies, each application is read exactly once in the ledger.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import task

from machi.base import ledger
from machi.base.domain.jobs import enqueue_once, reported
from machi.base.models import Municipality, Person
from machi.base.running import NotApproved, ensure_may_run, why_not
from machi.base.scoping import in_municipality
from machi.casework.domain import checking, storing
from machi.casework.domain.engines import RefusedFile
from machi.casework.domain.record import CHECK, READ, SYSTEM
from machi.casework.models import Application, ReadingControl

log = logging.getLogger(__name__)
KEY = "casework.reading"
State = Application.State
UNREAD = (State.RECEIVED, State.READING, State.CHECKING)


def waiting() -> QuerySet[Application]:
    """What nobody has read yet, the oldest first; what a killed job was at is among it."""
    return Application.objects.filter(read_at=None, state__in=UNREAD, erased_at=None).order_by(
        "received_at", "pk"
    )


def wake(municipality: Municipality) -> None:
    """Asks a worker to read what waits, unless somebody stopped the reading."""
    if not stopped():
        enqueue_once(read_task, municipality.code)


def stopped() -> bool:
    return ReadingControl.objects.filter(stopped=True).exists()


def stop(municipality: Municipality, person: Person) -> None:
    """After the application it is at. What is read stays read."""
    _set(municipality, person, stop=True)


def resume(municipality: Municipality, person: Person) -> None:
    _set(municipality, person, stop=False)
    wake(municipality)


def may_not(municipality: Municipality) -> str | None:
    """Why nothing is read there; None: it may be."""
    return why_not(municipality, READ) or why_not(municipality, CHECK)


@task()
def read_task(code: str) -> None:
    run(Municipality.objects.get(code=code))


def run(municipality: Municipality, show: Callable[[int, int], None] | None = None) -> int:
    """Reads all that waits, in this process; how many. Where it may not run nothing happens, and the page says why."""
    done = 0
    with in_municipality(municipality):
        if stopped() or may_not(municipality) or not waiting().exists():
            return 0
    with reported(municipality, KEY, gettext_noop("申請の読み取りと点検")) as report:
        while (application := waiting().select_related("procedure", "municipality").first()) is not None:
            left = waiting().count()
            report(done, done + left)
            if show is not None:
                show(done, done + left)
            if stopped():
                break
            try:
                process(application)
            except NotApproved:
                Application.objects.filter(pk=application.pk, read_at=None).update(state=State.RECEIVED)
                break
            done += 1
        report(done, done + waiting().count())
        if show is not None:
            show(done, done + waiting().count())
    return done


def process(application: Application) -> bool:
    """Reads and checks one; False where another had done it. NotApproved where it may not run."""
    ensure_may_run(application.municipality, READ)
    ensure_may_run(application.municipality, CHECK)
    Application.objects.filter(pk=application.pk, read_at=None).update(state=State.READING)
    try:
        found = storing.read(application)
        cases = storing.sort(application, found)
        replies = [checking.ask(one.procedure, application, one.values) for one in cases]
    except NotApproved:
        raise
    except RefusedFile as refused:
        return _troubled(application, refused.key)
    except Exception:  # one application must not keep a thousand others from being read
        log.exception("application %s of %s", application.pk, application.municipality_id)
        return _troubled(application, "failed")
    with transaction.atomic():
        current = _unread(application)
        if current is None:
            return False
        made = storing.store(current, found, cases)
        for one, answered in zip(made, replies, strict=True):
            one.read_at, one.trouble, one.state = timezone.now(), "", State.CHECKING
            one.save()
            checking.check(one, answered)
            checking.onward(one)
    return True


def _troubled(application: Application, key: str) -> bool:
    """A person has to look; it is not tried again by itself."""
    with transaction.atomic():
        current = _unread(application)
        if current is None:
            return False
        current.read_at, current.trouble, current.state = timezone.now(), key, State.REVIEW
        current.lowest_confidence = 0.0
        current.save()
        ledger.record(
            current.municipality,
            system=SYSTEM,
            kind="application",
            subject=f"application:{current.pk}",
            outputs={"action": "not_read", "why": key},
        )
    return True


def _unread(application: Application) -> Application | None:
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("procedure", "municipality")
        .filter(pk=application.pk, read_at=None, erased_at=None)
        .first()
    )


def _set(municipality: Municipality, person: Person, *, stop: bool) -> None:
    with transaction.atomic():
        ReadingControl.objects.update_or_create(
            municipality=municipality, defaults={"stopped": stop, "stopped_by": person}
        )
        ledger.record(
            municipality,
            system=SYSTEM,
            kind="application",
            subject="applications",
            actor=person,
            outputs={"action": "stop_reading" if stop else "resume_reading"},
        )
