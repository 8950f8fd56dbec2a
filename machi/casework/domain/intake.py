"""Taking in files: by upload, from a folder, over the API, as mails. Each file is judged by itself.

What is hostile or cannot be read is refused with its reason and the others go on; what is there already (by its
digest) is named and not taken twice. Reading comes afterwards, in the background (``domain.reading``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.casework.domain import files, mail, reading
from machi.casework.domain.engines import Opened, RefusedFile, open_untrusted
from machi.casework.domain.intake_words import refusal_words
from machi.casework.domain.numbering import due_on, next_number
from machi.casework.domain.record import record
from machi.casework.engine.intake_types import Note
from machi.casework.models import Application, Procedure, SourceFile

Outcome = Literal["taken", "duplicate", "refused"]
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file."""

    name: str
    outcome: Outcome
    application: Application | None = None
    """Made of it; of a duplicate the one it was taken for before."""
    key: str = ""
    """Why it was refused, and its arguments (``domain.intake_words``)."""
    arguments: Mapping[str, str | int] = field(default_factory=dict)


def take(
    municipality: Municipality,
    handed_in: Iterable[tuple[str, bytes]],
    *,
    channel: str,
    procedure: Procedure | None = None,
    person: Person | None = None,
    together: bool = False,
    at: datetime | None = None,
    opener: Callable[[str, bytes], Opened] = open_untrusted,
) -> list[Taken]:
    """Makes an application of each file (``together``: one of all), and asks for it to be read.

    ``procedure`` None: the forms say which it is. ``opener``: another one for files that we made ourselves. Refused
    for a procedure that is not in use.
    """
    if procedure is not None and not procedure.active:
        raise Refused(_("この手続は、いま受け付けていません。"), field="procedure")
    found: list[Taken] = []
    opened: list[tuple[Opened, bytes]] = []
    for one, data in _opened(handed_in, found, opener):
        if together:
            opened.append((one, data))
        else:
            found += _taken(municipality, [(one, data)], channel, procedure, person, at)
    if opened:
        found += _taken(municipality, opened, channel, procedure, person, at)
    if any(one.outcome == "taken" for one in found):
        reading.wake(municipality)
    return found


def _opened(
    handed_in: Iterable[tuple[str, bytes]],
    found: list[Taken],
    opener: Callable[[str, bytes], Opened] = open_untrusted,
) -> Iterator[tuple[Opened, bytes]]:
    """The files that can be opened, one after the other; of each other one ``found`` is told why it was refused."""
    for name, data in handed_in:
        try:
            one = opener(name, data)
        except RefusedFile as refused:
            found.append(Taken(name, "refused", key=refused.key, arguments=refused.arguments))
        else:
            yield one, data


def dry_run(handed_in: Iterable[tuple[str, bytes]]) -> list[Taken]:
    """What would become of each file; opens them and stores nothing."""
    found: list[Taken] = []
    fresh: set[str] = set()
    for one, data in _opened(handed_in, found):
        known = _known(data)
        twice = known is not None or one.digest in fresh
        fresh.add(one.digest)
        found.append(Taken(one.name, "duplicate" if twice else "taken", known))
    return found


def take_folder(
    municipality: Municipality,
    folder: Path,
    *,
    procedure: Procedure | None = None,
    person: Person | None = None,
) -> list[Taken]:
    """Every file of the folder; what was taken or known goes to ``done``, what was refused to ``refused`` below it, so
    that running it again takes nothing twice and nobody's file disappears."""
    found = []
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.name.startswith("."):
            continue
        one, *parts = take(
            municipality,
            [(path.name, path.read_bytes())],
            channel=Application.Channel.FOLDER,
            procedure=procedure,
            person=person,
        )
        moved(path, folder / ("refused" if one.outcome == "refused" else "done"))
        found += [one, *parts]
    return found


def drop_folder(municipality: Municipality) -> Path:
    """Where other systems may drop files; the daily job takes them in."""
    return Path(municipality.folder) / "casework-inbox"


def take_values(
    municipality: Municipality,
    procedure: Procedure,
    given: Mapping[str, Mapping[str, str]],
    *,
    channel: str,
    language: str = "ja",
    attachments: Sequence[tuple[str, bytes]] = (),
    email: str = "",
    person: Person | None = None,
) -> Application:
    """An application that was typed, not scanned: values by form and field, and files beside them. Refused where a file
    cannot be taken, so that whoever sends it can send another; nothing is stored then."""
    if not procedure.active:
        raise Refused(_("この手続は、いま受け付けていません。"))
    opened = []
    for name, data in attachments:
        try:
            opened.append((open_untrusted(name, data), data))
        except RefusedFile as refused:
            raise Refused(f"{name}: {refusal_words(refused.key, refused.arguments)}", field="files") from None
    with transaction.atomic():
        application = _new(municipality, channel, procedure, None)
        application.language = language
        application.email = email[:254] or None
        application.given = json.dumps(given, ensure_ascii=False)
        application.save()
        for one, data in opened:
            if SourceFile.objects.filter(sha256=files.digest_of(data), parent=None).exists():
                raise Refused(_("同じファイルがすでに届いています。"), field="files")
            _keep(application, one, data, None)
        record(
            application,
            "receive",
            person,
            inputs={"given": given},
            channel=channel,
            procedure=procedure.key,
            files=len(opened),
        )
        mail.acknowledge(application)
    reading.wake(municipality)
    return application


def add_files(
    application: Application, handed_in: Sequence[tuple[str, bytes]], person: Person | None = None
) -> list[Taken]:
    """What comes later, after an amendment was asked for: beside what is there; all of it is read anew."""
    found: list[Taken] = []
    opened = list(
        _opened(handed_in, found)
    )  # a file takes its time to open: not while others wait for the lock
    with transaction.atomic():
        current = Application.objects.select_for_update().get(pk=application.pk)
        if current.state not in (Application.State.REVIEW, Application.State.AMENDMENT):
            raise Refused(_("この申請には、いま書類を追加できません。"))
        for one, data in opened:
            known = _known(data)
            if known is not None:
                found.append(Taken(one.name, "duplicate", known))
                continue
            _keep(current, one, data, None)
            found.append(Taken(one.name, "taken", current))
        if any(one.outcome == "taken" for one in found):
            current.state, current.read_at = Application.State.RECEIVED, None
            current.save(update_fields=["state", "read_at"])
            added = sum(one.outcome == "taken" for one in found)
            record(current, "add_files", person, files=added)
    reading.wake(application.municipality)
    return found


@transaction.atomic
def _taken(
    municipality: Municipality,
    opened: Sequence[tuple[Opened, bytes]],
    channel: str,
    procedure: Procedure | None,
    person: Person | None,
    at: datetime | None,
) -> list[Taken]:
    found: list[Taken] = []
    fresh: list[tuple[Opened, bytes]] = []
    for one, data in opened:
        known = _known(data)
        if known is not None or any(data == other for _one, other in fresh):
            found.append(Taken(one.name, "duplicate", known))
        else:
            fresh.append((one, data))
    if not fresh:
        return found
    sent = fresh[0][0] if fresh[0][0].kind == "mail" else None
    application = _new(municipality, Application.Channel.MAIL if sent else channel, procedure, at)
    if sent is not None:
        application.email = parseaddr(sent.headers.get("from", ""))[1][:254] or None
    application.save()
    for one, data in fresh:
        _keep(application, one, data, None)
        found.append(Taken(one.name, "taken", application))
        found += [
            Taken(f"{one.name} / {part.name}", "refused", application, part.key, part.arguments)
            for part in one.unopened
        ]
    record(
        application,
        "receive",
        person,
        inputs={"files": [one.digest for one, _data in fresh]},
        channel=application.channel,
        procedure=procedure.key if procedure else "",
        files=len(fresh),
    )
    mail.acknowledge(application)
    return found


def _new(
    municipality: Municipality, channel: str, procedure: Procedure | None, at: datetime | None
) -> Application:
    received = at or timezone.now()
    return Application(
        municipality=municipality,
        number=next_number(municipality, received),
        procedure=procedure,
        channel=channel,
        received_at=received,
        due_on=due_on(received, procedure),
    )


def _known(data: bytes) -> Application | None:
    file = (
        SourceFile.objects.filter(sha256=files.digest_of(data), parent=None)
        .select_related("application")
        .first()
    )
    return file.application if file else None


def _keep(application: Application, one: Opened, data: bytes, parent: SourceFile | None) -> None:
    SourceFile.objects.create(
        municipality=application.municipality,
        application=application,
        parent=parent,
        name=one.name[:255],
        kind=one.kind,
        sha256=files.keep(application.municipality, data),
        size=one.size,
        notes=[[note.key, dict(note.arguments)] for note in _notes(one)],
    )


def _notes(opened: Opened) -> list[Note]:
    """Of the file and of all that is attached to it."""
    return [*opened.notes, *(note for part in opened.attachments for note in _notes(part))]


def moved(path: Path, folder: Path) -> Path:
    """Moves it there, under another name where its own is taken, and says where it is."""
    folder.mkdir(exist_ok=True)
    target = folder / path.name
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    return path.rename(target)
