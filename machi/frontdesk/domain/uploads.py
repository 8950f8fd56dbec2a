"""Files between check and registration: read and reported, kept aside, and registered once a person agrees.

Nobody uploads twice: the bytes wait under their digest below the municipality's own folder, beside a note of
who handed them in and what was read. What nobody confirms within a day is thrown away.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from machi.base.models import Municipality, Person
from machi.frontdesk.domain.documents import Changes, compare
from machi.frontdesk.domain.sources import add_file, check_file
from machi.frontdesk.engine.reading import ReadDocument, ReadResult
from machi.frontdesk.models import Source, SourceFile

KEPT_FOR = timedelta(days=1)
NOTE = "checked.json"
TITLES_SHOWN = 20
"""Documents of a checked file that are named to the person who decides."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What would be read of one file, and what would change in the source."""

    name: str
    digest: str
    size: int
    kind: str
    read: int
    not_read: int
    problems: list[dict[str, Any]]
    """``[{"place", "code", "message", "severity", ...}]``"""
    documents: list[dict[str, str]]
    """The first ones: ``[{"title", "place", "date", "valid_from", "valid_until"}]``, dates in ISO form."""
    changes: Changes
    version: int
    """The version it would become."""
    same: bool
    """The same bytes are registered already: nothing would change."""

    @property
    def readable(self) -> bool:
        return bool(self.documents)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one person handed in at once for one source."""

    token: str
    files: list[CheckedFile]


def hold(source: Source, person: Person, files: Iterable[tuple[str, bytes]]) -> Batch:
    """Reads the files without registering them, and keeps them for ``confirm``. Refused for one too large."""
    discard_old(source.municipality)
    token = secrets.token_urlsafe(18)
    folder = _folder(source.municipality) / token
    folder.mkdir(mode=0o700, parents=True)
    try:
        checked = []
        for name, data in files:
            result = check_file(name, data)
            digest = hashlib.sha256(data).hexdigest()
            _write(folder / digest, data)
            checked.append(_checked(source, name, digest, len(data), result))
        note = {"source": source.pk, "person": person.pk, "files": [asdict(file) for file in checked]}
        _write(folder / NOTE, json.dumps(note, ensure_ascii=False).encode())
    except BaseException:
        shutil.rmtree(folder)
        raise
    return Batch(token, checked)


def held(source: Source, person: Person, token: str) -> Batch | None:
    """The batch as it was checked; None where it is gone, or was handed in by another or for another source."""
    path = _folder(source.municipality) / token / NOTE
    if not token.replace("-", "").replace("_", "").isalnum() or not path.exists():
        return None
    note = json.loads(path.read_bytes())
    if (note["source"], note["person"]) != (source.pk, person.pk):
        return None
    return Batch(
        token, [CheckedFile(**{**file, "changes": Changes(**file["changes"])}) for file in note["files"]]
    )


def confirm(source: Source, person: Person, batch: Batch, digests: Iterable[str]) -> list[SourceFile]:
    """Registers the files of ``batch`` whose digest is named, and throws the others away."""
    wanted = set(digests)
    folder = _folder(source.municipality) / batch.token
    registered = [
        add_file(source, file.name, (folder / file.digest).read_bytes(), person)
        for file in batch.files
        if file.digest in wanted
    ]
    discard(source.municipality, batch)
    return registered


def discard(municipality: Municipality, batch: Batch) -> None:
    """Throws a batch away with its bytes."""
    shutil.rmtree(_folder(municipality) / batch.token, ignore_errors=True)


def discard_old(municipality: Municipality) -> None:
    """Throws away what nobody confirmed in time."""
    oldest = (timezone.now() - KEPT_FOR).timestamp()
    for folder in _folder(municipality).glob("*"):
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)


def _checked(source: Source, name: str, digest: str, size: int, result: ReadResult) -> CheckedFile:
    versions = list(SourceFile.objects.filter(source=source, name=name).order_by("version"))
    return CheckedFile(
        name=name,
        digest=digest,
        size=size,
        kind=result.kind,
        read=result.read,
        not_read=result.not_read,
        problems=[{**asdict(problem), "values": dict(problem.values)} for problem in result.problems],
        documents=[_shown(document) for document in result.documents[:TITLES_SHOWN]],
        changes=compare(source, name, result.documents),
        version=versions[-1].version + 1 if versions else 1,
        same=any(file.current and file.digest == digest for file in versions),
    )


def _shown(document: ReadDocument) -> dict[str, str]:
    return {
        "title": document.title,
        "place": document.place,
        **{
            name: value.isoformat() if (value := getattr(document, name)) else ""
            for name in ("date", "valid_from", "valid_until")
        },
    }


def _folder(municipality: Municipality) -> Path:
    return municipality.folder / "uploads"


def _write(path: Path, data: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(data)
