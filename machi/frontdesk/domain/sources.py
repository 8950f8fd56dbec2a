"""Sources and their files: added, checked, versioned, withdrawn. The bytes handed in are always kept."""

from __future__ import annotations

import hashlib
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Division, Municipality, Person
from machi.frontdesk.domain import indexing
from machi.frontdesk.domain.documents import store_documents
from machi.frontdesk.engine.reading import ReadResult, read
from machi.frontdesk.models import Document, Source, SourceFile

SYSTEM = "frontdesk.sources"


def add_source(
    municipality: Municipality,
    *,
    name: str,
    url: str = "",
    attribution: str = "",
    division: Division | None = None,
) -> Source:
    """A new, empty source; Refused where the name is taken."""
    if Source.objects.filter(name=name).exists():
        raise Refused(_("同じ名前の情報源があります。別の名前にしてください。"), field="name")
    return Source.objects.create(
        municipality=municipality, name=name, url=url, attribution=attribution, division=division
    )


def change_source(
    source: Source,
    person: Person | None,
    *,
    name: str,
    url: str = "",
    attribution: str = "",
    division: Division | None = None,
) -> Source:
    """How a source is called, credited and assigned; Refused where the name is taken."""
    if Source.objects.filter(name=name).exclude(pk=source.pk).exists():
        raise Refused(_("同じ名前の情報源があります。別の名前にしてください。"), field="name")
    with transaction.atomic():
        source.name, source.url, source.attribution, source.division = name, url, attribution, division
        source.save(update_fields=["name", "url", "attribution", "division"])
        ledger.record(
            source.municipality,
            system=SYSTEM,
            kind="source",
            subject=f"source:{source.pk}",
            actor=person,
            outputs={"action": "change", "name": name, "url": url, "attribution": attribution},
        )
    return source


def check_file(name: str, data: bytes) -> ReadResult:
    """What would be read of a file and what not, without storing anything."""
    if len(data) > settings.MACHI_UPLOAD_LIMIT:
        raise Refused(
            gettext_lazy("ファイルが大きすぎます。分けるか、小さくしてから登録してください。"), field="file"
        )
    return read(name, data)


def add_file(
    source: Source, name: str, data: bytes, person: Person | None = None, result: ReadResult | None = None
) -> SourceFile:
    """Reads a file into a source: a new name is version 1, a known name with new bytes the next version.

    The same bytes again change nothing. A file of which nothing could be read is kept with its report, and
    the documents of its earlier version stay in use. ``result`` saves reading twice after ``check_file``.
    """
    digest = hashlib.sha256(data).hexdigest()
    current = SourceFile.objects.filter(source=source, name=name, current=True).first()
    if current is not None and current.digest == digest:
        return current
    result = result or check_file(name, data)
    _keep(source.municipality, digest, data)
    with transaction.atomic():
        last = SourceFile.objects.filter(source=source, name=name).order_by("-version").first()
        readable = bool(result.documents)
        if readable and current is not None:
            SourceFile.objects.filter(pk=current.pk).update(current=False)
        file = SourceFile.objects.create(
            municipality=source.municipality,
            source=source,
            name=name,
            version=last.version + 1 if last else 1,
            current=readable or current is None,
            digest=digest,
            size=len(data),
            kind=result.kind,
            read=result.read,
            not_read=result.not_read,
            problems=[_problem(problem) for problem in result.problems],
            added_by=person,
        )
        if readable:
            store_documents(file, result.documents)
        _recorded(file, "add", person, documents=len(result.documents), not_read=result.not_read)
        transaction.on_commit(lambda: indexing.enqueue(source.municipality))
    return file


def withdraw_file(file: SourceFile, person: Person | None) -> None:
    """Takes a file out of use; it and its documents stay to be seen in old answers, and can be restored."""
    with transaction.atomic():
        SourceFile.objects.filter(pk=file.pk).update(current=False)
        Document.objects.filter(source=file.source, file__name=file.name, current=True).update(current=False)
        _recorded(file, "withdraw", person)
        transaction.on_commit(lambda: indexing.enqueue(file.municipality))


def restore_file(file: SourceFile, person: Person | None) -> SourceFile:
    """Puts a withdrawn or an older version back in use, read anew from the bytes that were kept."""
    data = stored_path(file.municipality, file.digest).read_bytes()
    result = check_file(file.name, data)
    with transaction.atomic():
        SourceFile.objects.filter(source=file.source, name=file.name, current=True).update(current=False)
        file.current = True
        file.save(update_fields=["current"])
        store_documents(file, result.documents)
        _recorded(file, "restore", person, documents=len(result.documents))
        transaction.on_commit(lambda: indexing.enqueue(file.municipality))
    return file


def set_active(source: Source, active: bool, person: Person | None) -> None:
    """Whether the desk may answer from this source."""
    with transaction.atomic():
        source.active = active
        source.save(update_fields=["active"])
        ledger.record(
            source.municipality,
            system=SYSTEM,
            kind="source",
            subject=f"source:{source.pk}",
            actor=person,
            outputs={"action": "activate" if active else "deactivate"},
        )
        transaction.on_commit(lambda: indexing.enqueue(source.municipality))


def stored_path(municipality: Municipality, digest: str) -> Path:
    return municipality.folder / "files" / digest[:2] / digest


def _keep(municipality: Municipality, digest: str, data: bytes) -> None:
    """Stores the bytes under their digest; whole or not at all, and never twice."""
    path = stored_path(municipality, digest)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.part")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def _problem(problem: Any) -> dict[str, Any]:
    kept = asdict(problem)
    kept["values"] = dict(problem.values)
    return kept


def _recorded(file: SourceFile, action: str, person: Person | None, **figures: int) -> None:
    ledger.record(
        file.municipality,
        system=SYSTEM,
        kind="source",
        subject=f"source:{file.source_id}",
        actor=person,
        outputs={"action": action, "file_digest": file.digest, "version": file.version, **figures},
    )
