"""Taking applications from another system's file: looked at first, then taken as a whole once a person says so.

The file waits in the database, encrypted, for a day at most. What was looked at is looked at again when it is taken:
where something has changed meanwhile nothing is taken, and the person is shown what is so now.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_tasks import task

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.domain.jobs import reported
from machi.base.models import Municipality, Person
from machi.casework.domain import reading
from machi.casework.domain.importing import Fresh, Preview, look, taken_before
from machi.casework.domain.importing_words import kept
from machi.casework.domain.intake import moved
from machi.casework.domain.mappings import offered, the
from machi.casework.domain.numbering import due_on, next_numbers
from machi.casework.domain.record import SYSTEM, record
from machi.casework.models import Application, Import, ImportedRow

KEY = "casework.import"
State = Import.State
SMALL = 100_000
"""Bytes of a file that is looked at while the person waits."""
FEW = 50
"""So many rows are taken while the person waits."""
_WAITS = timedelta(days=1)
_TOLD_FOR = timedelta(days=30)
_BATCH = 500


def hand_in(municipality: Municipality, key: str, name: str, data: bytes, person: Person) -> Import:
    """Keeps the file until it is taken, and looks at it: at once where it is small, else in the background. Refused
    where no file can be taken by this mapping."""
    layout = the(key)
    one = Import(
        municipality=municipality,
        mapping=key,
        name=name[:300],
        sha256=hashlib.sha256(data).hexdigest(),
        data=base64.b64encode(zlib.compress(data)).decode(),
        state=State.LOOKING,
        person=person,
    )
    if len(data) <= SMALL:
        _shown(one, look(layout, data, timezone.now()))
        one.save()
        return one
    one.procedure = look(layout, b"", timezone.now()).procedure
    one.save()
    work.enqueue(municipality.code, one.pk)
    return one


def confirm(one: Import, person: Person) -> Import:
    """The person has seen what it would do, and says so: few rows are taken at once, many in the background."""
    with transaction.atomic():
        current = Import.objects.select_for_update().get(pk=one.pk)
        if current.state != State.WAITING or current.data is None:
            raise Refused(_("このファイルは、もう取り込んだか、取り込んでいるところです。"))
        if current.wrong or not current.fresh:
            raise Refused(_("このファイルから取り込める申請はありません。"))
        current.state, current.person, current.overtaken = State.TAKING, person, False
        current.save()
    if current.fresh <= FEW:
        run(current.municipality, current.pk)
    else:
        work.enqueue(current.municipality_id, current.pk)
    return Import.objects.get(pk=one.pk)


def discard(one: Import) -> None:
    """Takes nothing of it. Refused once it is being taken."""
    if not Import.objects.filter(pk=one.pk, state=State.WAITING).delete()[0]:
        raise Refused(_("このファイルは、もう取り込んだか、取り込んでいるところです。"))


@task()
def work(code: str, pk: int) -> None:
    run(Municipality.objects.get(code=code), pk)


def run(municipality: Municipality, pk: int) -> None:
    """What is to be done with it next, in this process: it is looked at, or taken. A job that was killed is begun
    again; it had stored nothing, or all."""
    with reported(municipality, f"{KEY}.{pk}", gettext_noop("ほかのシステムからの取り込み")) as report:
        one = Import.objects.select_related("municipality", "procedure", "person").get(pk=pk)
        if one.data is None or one.state not in (State.LOOKING, State.TAKING):
            return
        preview = _looked_at(one, report)
        if one.state == State.TAKING and _as_shown(one, preview):
            try:
                _store(one, preview)
            except Refused:
                preview = _looked_at(one, report)
            except Exception:  # the person is not left waiting; what went wrong is in the log
                Import.objects.filter(pk=pk).update(state=State.WAITING, overtaken=True)
                raise
            else:
                reading.wake(municipality)
                return
        one.overtaken = one.state == State.TAKING
        _shown(one, preview)
        one.save()


def _looked_at(one: Import, show: Callable[[int, int], None]) -> Preview:
    data = zlib.decompress(base64.b64decode(one.data or ""))
    try:
        return look(the(one.mapping), data, timezone.now(), show)
    except Refused:  # the mapping or the procedure is not used any more
        preview = Preview(one.procedure, one.rows)
        preview.tell("error", "not-used")
        return preview


def _as_shown(one: Import, preview: Preview) -> bool:
    return not preview.errors and (len(preview.fresh), preview.known) == (one.fresh, one.known)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file that was taken without being shown first."""

    preview: Preview
    taken: Import | None
    """None where there is an error, or nothing new."""


def dry_run(key: str, data: bytes) -> Preview:
    """What taking the file would do; nothing is kept. Refused where no file can be taken by this mapping."""
    return look(the(key), data, timezone.now())


def take(municipality: Municipality, key: str, name: str, data: bytes, person: Person | None) -> Outcome:
    """For other programs and the command line, which do the dry run themselves where they want one: all that is new, or
    nothing where a row is wrong."""
    preview = dry_run(key, data)
    if preview.errors or not preview.fresh:
        return Outcome(preview, None)
    one = Import(
        municipality=municipality,
        mapping=key,
        name=name[:300],
        sha256=hashlib.sha256(data).hexdigest(),
        person=person,
    )
    _shown(one, preview)
    _store(one, preview)
    reading.wake(municipality)
    return Outcome(preview, one)


def take_folder(
    municipality: Municipality, folder: Path, key: str, person: Person | None = None
) -> Iterator[tuple[str, Outcome]]:
    """Every file of the folder; what was taken or is there already goes to ``done`` below it. What is wrong goes to
    ``refused``, with the reasons in a text beside it."""
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.name.startswith("."):
            continue
        outcome = take(municipality, key, path.name, path.read_bytes(), person)
        if errors := outcome.preview.errors:
            target = moved(path, folder / "refused")
            beside = target.with_name(f"{target.name}.txt")
            beside.write_text("".join(f"{one}\n" for one in errors), encoding="utf-8-sig")
            beside.chmod(0o600)
        else:
            moved(path, folder / "done")
        yield path.name, outcome


def drop_folder(municipality: Municipality) -> Path:
    """Where other systems may drop files, each in a folder that is called as its mapping; the daily job takes them."""
    return Path(municipality.folder) / "casework-import"


def take_dropped(municipality: Municipality) -> None:
    folder = drop_folder(municipality)
    for key in offered() if folder.is_dir() else ():
        if (folder / key).is_dir():
            try:
                list(take_folder(municipality, folder / key, key))
            except Refused:  # the procedure takes nothing now: the files stay until it does
                continue


def forget_old(now: datetime) -> None:
    """Files that nobody took after a day; what was told of each row after a month. The applications stay."""
    Import.objects.filter(state__in=(State.LOOKING, State.WAITING), at__lt=now - _WAITS).delete()
    Import.objects.filter(at__lt=now - _TOLD_FOR, report__isnull=False).update(report=None)


def _shown(one: Import, preview: Preview) -> None:
    one.procedure, one.state = preview.procedure, State.WAITING
    one.rows, one.fresh = preview.rows, len(preview.fresh)
    one.known, one.wrong = preview.known, preview.wrong
    one.report = kept(preview.told)


def _store(one: Import, preview: Preview) -> None:
    """All rows or none: applications, what they were made of, an entry in the ledger for each, and one for the file.
    Refused where somebody else has taken one of them meanwhile."""
    town, person, now = one.municipality, one.person, timezone.now()
    with transaction.atomic():
        numbers = next_numbers(
            town, [row.received or now for row in preview.fresh]
        )  # others wait from here on
        if dict(taken_before([row.identity for row in preview.fresh])):
            raise Refused(_("同じ行を、ほかの人が先に取り込みました。もう一度確かめてください。"))
        due: dict[date, date] = {}
        made = [
            _application(one, row, number, row.received or now, due)
            for row, number in zip(preview.fresh, numbers, strict=True)
        ]
        Application.objects.bulk_create(made, batch_size=_BATCH)
        one.state, one.taken_at, one.data = State.TAKEN, timezone.now(), None
        one.report = kept(preview.told, bare=True)
        one.save()
        ImportedRow.objects.bulk_create(
            (
                ImportedRow(
                    municipality=town,
                    application=application,
                    source=one,
                    row=row.row,
                    reference=row.reference or None,
                    cells=json.dumps(row.cells, ensure_ascii=False),
                    identity=row.identity,
                    content=row.content,
                )
                for application, row in zip(made, preview.fresh, strict=True)
            ),
            batch_size=_BATCH,
        )
        for application, row in zip(made, preview.fresh, strict=True):
            record(
                application,
                "receive",
                person,
                inputs={"given": row.given},
                channel=Application.Channel.IMPORT,
                procedure=preview.procedure.key,
                files=0,
                of_import=one.pk,
                row=row.row,
            )
        ledger.record(
            town,
            system=SYSTEM,
            kind="application",
            subject=f"import:{one.pk}",
            actor=person,
            inputs={"sha256": one.sha256},
            outputs={
                "action": "import",
                "mapping": one.mapping,
                "rows": preview.rows,
                "taken": len(made),
                "known": preview.known,
            },
        )


def _application(
    one: Import, row: Fresh, number: str, received: datetime, due: dict[date, date]
) -> Application:
    day = timezone.localdate(received)
    if day not in due:
        due[day] = due_on(received, one.procedure)
    return Application(
        municipality=one.municipality,
        number=number,
        procedure=one.procedure,
        channel=Application.Channel.IMPORT,
        received_at=received,
        due_on=due[day],
        given=json.dumps(row.given, ensure_ascii=False),
    )
