"""Files handed in on the page, many at once: kept at once, opened one after another in the background.

Each is opened in a process of its own, which takes a moment; nobody should wait for a hundred of them. A job that was
killed goes on with what has no outcome yet, and what it had taken it finds there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_tasks import task

from machi.base.domain.errors import Refused
from machi.base.domain.jobs import reported
from machi.base.models import Municipality, Person
from machi.casework.domain import files, intake
from machi.casework.domain.engines import Opened, RefusedFile, open_untrusted
from machi.casework.models import Application, Batch, HandedIn, Page, Procedure, SourceFile

KEY = "casework.batch"
FEW = 5
"""So many are opened while the person waits."""
_KEPT = timedelta(days=30)


def hand_over(
    municipality: Municipality,
    handed_in: Iterable[tuple[str, bytes]],
    *,
    procedure: Procedure | None,
    together: bool,
    person: Person,
) -> Batch:
    """Keeps the files and asks for them to be opened. Refused for a procedure that is not in use."""
    if procedure is not None and not procedure.active:
        raise Refused(_("この手続は、いま受け付けていません。"), field="procedure")
    with transaction.atomic():
        batch = Batch.objects.create(
            municipality=municipality, person=person, procedure=procedure, together=together
        )
        for name, data in handed_in:
            HandedIn.objects.create(
                municipality=municipality, batch=batch, name=name[:300], sha256=files.keep(municipality, data)
            )
    open_task.enqueue(municipality.code, batch.pk)
    return batch


@task()
def open_task(code: str, pk: int) -> None:
    run(Municipality.objects.get(code=code), pk)


def run(municipality: Municipality, pk: int) -> None:
    """Opens what is left of the batch, in this process."""
    with reported(municipality, f"{KEY}.{pk}", gettext_noop("ファイルの受け付け")) as report:
        batch = Batch.objects.select_related("procedure", "person").get(pk=pk)
        left = list(batch.files.filter(outcome="").order_by("pk"))
        total = batch.files.exclude(sha256="").count()
        opened: list[tuple[HandedIn, Opened]] = []
        for number, one in enumerate(left):
            report(total - len(left) + number, total)
            try:
                found = open_untrusted(one.name, files.kept(municipality, one.sha256))
            except RefusedFile as refused:
                _said(one, "refused", refused.key, dict(refused.arguments))
                continue
            opened.append((one, found))
            if not batch.together:
                _take(municipality, batch, opened)
                opened = []
        if opened:
            _take(municipality, batch, opened)
        batch.finished_at = timezone.now()
        batch.save(update_fields=["finished_at"])
        _drop_refused(municipality, batch)
        report(total, total)


def forget_old(municipality: Municipality, now: datetime) -> None:
    """What became of each file is told for a month; the applications themselves stay."""
    Batch.objects.filter(finished_at__lt=now - _KEPT).delete()


def _take(municipality: Municipality, batch: Batch, opened: list[tuple[HandedIn, Opened]]) -> None:
    """Applications and what is said of the files, together or not at all."""
    ready = iter([found for _one, found in opened])
    given = [(one.name, files.kept(municipality, one.sha256)) for one, _found in opened]
    with transaction.atomic():
        taken = intake.take(
            municipality,
            given,
            channel=Application.Channel.UPLOAD,
            procedure=batch.procedure,
            person=batch.person,
            together=batch.together,
            opener=lambda name, data: next(ready),
        )
        waiting = list(opened)
        for result in taken:
            mine = next((pair for pair in waiting if pair[1].name == result.name), None)
            if mine is not None:
                waiting.remove(mine)
            row = (
                mine[0] if mine else HandedIn(municipality=municipality, batch=batch, name=result.name[:300])
            )
            row.application = result.application
            _said(row, result.outcome, result.key, dict(result.arguments))


def _said(one: HandedIn, outcome: str, key: str, arguments: dict[str, str | int]) -> None:
    one.outcome, one.key, one.arguments = outcome, key, arguments
    one.save()


def _drop_refused(municipality: Municipality, batch: Batch) -> None:
    """Bytes of what was refused are not kept."""
    names = set(batch.files.filter(outcome="refused").exclude(sha256="").values_list("sha256", flat=True))
    used = {
        *SourceFile.objects.filter(sha256__in=names).values_list("sha256", flat=True),
        *Page.objects.filter(sha256__in=names).values_list("sha256", flat=True),
    }
    files.remove_all(municipality, names - used)
