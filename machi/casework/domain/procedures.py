"""Procedures that a town takes into use, what it allows in them, and versions of its forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.casework.domain import files
from machi.casework.domain.engines import shipped
from machi.casework.domain.record import SYSTEM
from machi.casework.engine.form_data import from_data, to_data
from machi.casework.engine.types import FormDefinition
from machi.casework.models import CaseForm, Procedure

SETTINGS = (
    "active",
    "web_form",
    "working_days",
    "straight_through",
    "threshold",
    "two_person",
    "sampling_share",
    "kept_days",
)


def to_adopt() -> list[tuple[str, str]]:
    """Key and title of shipped procedures that are not in use here."""
    known = set(Procedure.objects.values_list("key", flat=True))
    return [(one.key, one.title) for one in shipped() if one.key not in known]


@transaction.atomic
def adopt(municipality: Municipality, key: str, person: Person | None = None) -> Procedure:
    """Takes a shipped procedure into use, with its forms; nothing goes straight through until the town says so."""
    found = next((one for one in shipped() if one.key == key), None)
    if found is None:
        raise Refused(_("その手続はありません。"), "key")
    if Procedure.objects.filter(key=key).exists():
        raise Refused(_("この手続は、もう使っています。"), "key")
    procedure = Procedure.objects.create(
        municipality=municipality,
        key=found.key,
        title=found.title,
        version=found.version,
        content=found.content,
        working_days=found.working_days,
        two_person=found.two_person,
    )
    for form, pictures in found.forms:
        if not CaseForm.objects.filter(key=form.key).exists():
            save_form(municipality, form, pictures, person)
    _record(municipality, person, f"procedure:{procedure.pk}", "adopt", key=key, version=found.version)
    return procedure


@transaction.atomic
def change(procedure: Procedure, person: Person, settings: Mapping[str, Any]) -> None:
    """What the town allows. Refused where straight through and two persons are both asked for: one excludes the
    other."""
    if settings["straight_through"] and settings["two_person"]:
        raise Refused(_("2人で決める手続を、自動で承認することはできません。"), "straight_through")
    before = {name: getattr(procedure, name) for name in SETTINGS}
    for name in SETTINGS:
        setattr(procedure, name, settings[name])
    procedure.save()
    changed = {name: [before[name], settings[name]] for name in SETTINGS if before[name] != settings[name]}
    if changed:
        _record(procedure.municipality, person, f"procedure:{procedure.pk}", "change", changed=changed)


@transaction.atomic
def save_form(
    municipality: Municipality,
    form: FormDefinition,
    pictures: Sequence[bytes] | None,
    person: Person | None = None,
) -> CaseForm:
    """A new version of the form with this key. ``pictures`` None: those of the version before. Refused where the
    definition is none."""
    try:
        from_data(to_data(form))
    except ValueError as error:
        raise Refused(_("様式の定義が正しくありません：%(why)s") % {"why": error}) from None
    last = CaseForm.objects.filter(key=form.key).aggregate(last=Max("version"))["last"] or 0
    kept: list[str] = []
    if pictures is not None:
        kept = [files.keep(municipality, one) for one in pictures]
    elif last:
        kept = CaseForm.objects.get(key=form.key, version=last).pictures
    CaseForm.objects.filter(key=form.key, current=True).update(current=False)
    made = CaseForm.objects.create(
        municipality=municipality,
        key=form.key,
        title=form.title,
        version=last + 1,
        definition={**to_data(form), "version": str(last + 1)},
        pictures=kept,
        made_by=person,
    )
    _record(
        municipality, person, f"form:{form.key}", "save_form", version=made.version, fields=len(form.fields)
    )
    return made


def _record(
    municipality: Municipality, person: Person | None, subject: str, action: str, **outputs: Any
) -> None:
    ledger.record(
        municipality,
        system=SYSTEM,
        kind="setting",
        subject=subject,
        actor=person,
        outputs={"action": action, **outputs},
    )
