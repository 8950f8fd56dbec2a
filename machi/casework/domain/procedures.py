"""Procedures that a town takes into use, what it allows in them, and versions of its forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.casework.domain import files
from machi.casework.domain.engines import RefusedFile, open_kept, open_untrusted, pages_of
from machi.casework.domain.intake_words import refusal_words
from machi.casework.domain.procedure_data import data_of
from machi.casework.domain.record import SYSTEM
from machi.casework.domain.shipped import blank, content, shipped, version, working_days
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
    return [(one.key, one.about.title) for one in shipped().values() if one.key not in known]


@transaction.atomic
def adopt(municipality: Municipality, key: str, person: Person | None = None) -> Procedure:
    """Takes a shipped procedure into use, with its forms; nothing goes straight through until the town says so."""
    found = shipped().get(key)
    if found is None:
        raise Refused(_("その手続はありません。"), "key")
    if Procedure.objects.filter(key=key).exists():
        raise Refused(_("この手続は、もう使っています。"), "key")
    procedure = Procedure.objects.create(
        municipality=municipality,
        key=key,
        title=found.about.title,
        version=version(key),
        content=content(key),
        working_days=working_days(found),
        two_person=found.about.approvers == 2,
        kept_days=found.about.retention_years * 365,
        web_form=not found.about.on_paper,
    )
    for form in found.forms:
        if not CaseForm.objects.filter(key=form.key).exists():
            save_form(municipality, form, blank(key, form.key), person, own=True)
    _record(municipality, person, f"procedure:{procedure.pk}", "adopt", key=key, version=procedure.version)
    return procedure


@transaction.atomic
def change(procedure: Procedure, person: Person, settings: Mapping[str, Any]) -> None:
    """What the town allows. Refused where straight through and two persons are both asked for: one excludes the
    other."""
    about = data_of(procedure).about
    possible = about.straight_through
    if settings["web_form"] and about.on_paper:
        raise Refused(
            _("この手続は、ウェブでは受け付けられません。%(why)s") % {"why": about.on_paper}, "web_form"
        )
    if settings["straight_through"] and not possible.possible:
        raise Refused(
            _("この手続は自動で承認できません。%(why)s") % {"why": possible.why}, "straight_through"
        )
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
    blank: bytes | None,
    person: Person | None = None,
    *,
    based_on: CaseForm | None = None,
    own: bool = False,
) -> CaseForm:
    """A new version of the form with this key. ``blank``: its file with nothing filled in; None: that of
    ``based_on``, else of the version before; ``own``: we made it, so it is opened without a process of its own. Its
    pages are counted here. Refused where the definition is none, or the blank form has no pages."""
    before = CaseForm.objects.filter(key=form.key).order_by("-version").first()
    source = based_on or before
    kept, pictures = (source.blank, source.pictures) if source else ("", [])
    if blank is not None:
        kept = files.keep(municipality, blank)
        pictures = [files.keep(municipality, one) for one in _pictures(blank, own)]
    form = replace(form, pages=len(pictures) or form.pages)
    try:
        from_data(to_data(form))
    except ValueError as error:
        raise Refused(_("様式の定義が正しくありません：%(why)s") % {"why": error}) from None
    CaseForm.objects.filter(key=form.key, current=True).update(current=False)
    number = before.version + 1 if before else 1
    made = CaseForm.objects.create(
        municipality=municipality,
        key=form.key,
        title=form.title,
        version=number,
        definition={**to_data(form), "version": str(number)},
        blank=kept,
        pictures=pictures,
        made_by=person,
    )
    _record(municipality, person, f"form:{form.key}", "save_form", version=number, fields=len(form.fields))
    return made


@lru_cache(maxsize=8)
def _pictures(blank: bytes, own: bool) -> tuple[bytes, ...]:
    try:
        pages = pages_of(open_kept("blank", blank) if own else open_untrusted("blank", blank))
    except RefusedFile as refused:
        raise Refused(refusal_words(refused.key, refused.arguments), "blank") from None
    given = [one for one in pages if one.page is not None]  # not one that was drawn of cells
    if not given:
        raise Refused(_("画像のページがありません。PDFか画像を選んでください。"), "blank")
    return tuple(one.png for one in given)


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
