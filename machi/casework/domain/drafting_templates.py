"""The templates that a town may use: machi's own, and those it wrote itself, the newest active version of each."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.casework.engine import draft_templates as engine
from machi.casework.engine.draft_templates import Template, TemplateError
from machi.casework.models import DraftTemplate

SYSTEM = "casework.drafting"
LARGEST = 100_000
"""Characters of a template."""


@dataclass(frozen=True, slots=True)
class Offered:
    template: Template
    own: DraftTemplate | None
    """None: machi's own."""


def offered() -> dict[str, Offered]:
    """By key; a town's own stands in the place of machi's of the same key. One query."""
    found = {key: Offered(one, None) for key, one in engine.shipped().items()}
    for row in DraftTemplate.objects.filter(active=True).order_by("made_at", "pk"):
        found[row.key] = Offered(engine.read(row.text), row)
    return found


def read(text: str) -> Template:
    """Refused, with the place, where the text is no template."""
    if len(text) > LARGEST:
        raise Refused(_("ひな型が大きすぎます。"), field="text")
    try:
        return engine.read(text)
    except TemplateError as error:
        raise Refused(
            _("ひな型の「%(where)s」を直してください：%(what)s") % {"where": error.where, "what": error.what},
            field="text",
        ) from None


@transaction.atomic
def add_template(municipality: Municipality, person: Person, text: str) -> DraftTemplate:
    """A version of the town's own; older versions of its key are offered no longer and stay."""
    template = read(text)
    if DraftTemplate.objects.filter(key=template.key, version=template.version).exists():
        raise Refused(
            _("「%(key)s」の版「%(version)s」はもうあります。版（version）を変えてください。")
            % {"key": template.key, "version": template.version},
            field="text",
        )
    DraftTemplate.objects.filter(key=template.key, active=True).update(active=False)
    made = DraftTemplate.objects.create(
        municipality=municipality,
        key=template.key,
        version=template.version,
        kind=template.kind,
        title=template.title,
        text=text,
        made_by=person,
    )
    _record(made, person, "template_added")
    return made


@transaction.atomic
def withdraw_template(one: DraftTemplate, person: Person) -> None:
    """Offered no longer; machi's own of the same key, if there is one, stands in its place again."""
    one.active = False
    one.save(update_fields=["active"])
    _record(one, person, "template_withdrawn")


def _record(one: DraftTemplate, person: Person, action: str) -> None:
    ledger.record(
        one.municipality,
        system=SYSTEM,
        kind="setting",
        subject=f"draft_template:{one.pk}",
        actor=person,
        inputs={"template": one.text},
        outputs={"action": action, "key": one.key, "version": one.version},
    )
