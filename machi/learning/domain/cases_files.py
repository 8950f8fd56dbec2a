"""Files of a case: kept like evidence, below the folder of the town that wrote it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.governance.domain.evidence import keep, stored
from machi.learning.domain.cases import ensure_writable, locked, may_write, record
from machi.learning.models import Case, CaseFile

MOST = 5
SHELF = "case-files"


@transaction.atomic
def attach(case: Case, municipality: Municipality, person: Person, name: str, data: bytes) -> CaseFile:
    """Refused for what is too large or is not what its name says."""
    current = _own(case, municipality, person)
    if current.files.count() >= MOST:
        raise Refused(_("添付は%(most)s個までです。") % {"most": MOST}, "file")
    kept = keep(current.town, name, data, shelf=SHELF)
    made = CaseFile.objects.create(
        consortium=current.consortium,
        case=current,
        name=kept.name,
        digest=kept.digest,
        size=kept.size,
        kind=kept.kind,
        by=person,
    )
    record(current, municipality, person, "attach", sha256=kept.digest, size=kept.size, file_kind=kept.kind)
    return made


@transaction.atomic
def detach(file: CaseFile, municipality: Municipality, person: Person) -> None:
    current = _own(file.case, municipality, person)
    record(current, municipality, person, "detach", sha256=file.digest)
    file.delete()


def path_of(file: CaseFile) -> Path:
    """Where its bytes are; ``file.case.town`` is loaded."""
    return stored(file.case.town, file.digest, SHELF)


def forget(case: Case) -> int:
    """All files of a case, bytes and all, once the transaction holds; returns how many."""
    files = {file.digest: path_of(file) for file in case.files.select_related("case__town")}
    count, _by_model = case.files.all().delete()
    left = set(
        CaseFile.objects.filter(case__town=case.town, digest__in=files).values_list("digest", flat=True)
    )
    for digest in files.keys() - left:
        transaction.on_commit(partial(files[digest].unlink, missing_ok=True))
    return count


def _own(case: Case, municipality: Municipality, person: Person) -> Case:
    current = locked(case)
    if not may_write(current, municipality, person):
        raise PermissionDenied
    ensure_writable(current)
    return current
