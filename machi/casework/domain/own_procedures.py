"""A town's own procedure, or a shipped one with rules and letters changed, taken from a folder of its descriptions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.casework.domain.engines import define
from machi.casework.domain.procedure_data import PARTS, content_of
from machi.casework.domain.procedures import save_form
from machi.casework.domain.record import SYSTEM
from machi.casework.domain.shipped import working_days
from machi.casework.engine.described import DescriptionError
from machi.casework.engine.procedures import Procedure as ProcedureData
from machi.casework.engine.procedures import blank_pdf, load
from machi.casework.engine.types import FormDefinition
from machi.casework.models import CaseForm, Procedure


def check(folder: Path, form_keys: Sequence[str] = ()) -> ProcedureData:
    """What the folder describes, its parts held against each other. ``form_keys``: forms made on screen that it uses,
    the main one first; none: those in the folder's own ``forms``. Refused with file, place and what is wrong."""
    try:
        return load(folder, _forms(form_keys))
    except DescriptionError as error:
        raise Refused(str(error)) from None
    except OSError as error:
        missing = Path(error.filename or folder).name
        raise Refused(_("「%(file)s」を読めません。") % {"file": missing}) from None


@transaction.atomic
def take(
    municipality: Municipality, folder: Path, person: Person, form_keys: Sequence[str] = ()
) -> Procedure:
    """Takes it into use; where one of its key is in use, rules and letters are those of the folder from now on and what
    the town has set stays. What was checked before stays as it was checked."""
    data = check(folder, form_keys)
    about = data.about
    known = Procedure.objects.select_for_update().filter(key=about.key).first()
    procedure = known or Procedure(
        municipality=municipality,
        key=about.key,
        working_days=working_days(data),
        two_person=about.approvers == 2,
        kept_days=about.retention_years * 365,
    )
    kept = {key: value for key, value in procedure.content.items() if key == "law_dates"}
    procedure.title, procedure.version = about.title, _version(folder)
    procedure.content = {**content_of(folder, data), **kept}
    if not about.straight_through.possible:
        procedure.straight_through = False
    if about.on_paper:
        procedure.web_form = False
    procedure.save()
    if not form_keys:
        for form in data.forms:
            save_form(municipality, form, blank_pdf(data, form.key), person, own=True)
    ledger.record(
        municipality,
        system=SYSTEM,
        kind="setting",
        subject=f"procedure:{procedure.pk}",
        actor=person,
        outputs={"action": "take_procedure", "key": about.key, "version": procedure.version},
    )
    return procedure


def _forms(keys: Sequence[str]) -> list[FormDefinition] | None:
    if not keys:
        return None
    stored = {one.key: one for one in CaseForm.objects.filter(key__in=keys, current=True)}
    for key in keys:
        if key not in stored:
            raise Refused(_("「%(key)s」という様式はありません。") % {"key": key})
    return [define(stored[key]) for key in keys]


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for part in PARTS:
        digest.update((folder / f"{part}.json").read_bytes())
    return digest.hexdigest()[:12]
