"""Model sheets: how another town can do the same, who adopted it, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.joint.domain.monitoring_scope import is_office
from machi.joint.domain.projects import record
from machi.joint.models import JointProject, ModelAdoption, ModelSheet

TEXTS = ("summary", "problem", "steps", "needs", "costs", "pitfalls", "fits")
_NEEDED = {
    "summary": gettext_lazy("一言で言うと"),
    "problem": gettext_lazy("どんな困りごとを解いたか"),
    "steps": gettext_lazy("進め方（1行に1つ）"),
    "needs": gettext_lazy("始める前に必要なもの（人・物・合意）"),
    "costs": gettext_lazy("費用と期間の目安"),
}
State = ModelAdoption.State
WRITE, ADOPT = "joint.write_models", "joint.adopt_models"


def published() -> QuerySet[ModelSheet, Any]:
    """All that towns can adopt, with ``adopted``, ``worked`` (also in part) and ``failed``."""
    good = Q(adoptions__state__in=(State.WORKED, State.PARTLY))
    return (
        ModelSheet.objects.exclude(published_at=None)
        .select_related("project", "project__lead", "project__lead__prefecture")
        .annotate(
            adopted=Count("adoptions"),
            worked=Count("adoptions", filter=good),
            failed=Count("adoptions", filter=Q(adoptions__state=State.FAILED)),
        )
        .order_by("-published_at", "-pk")
    )


def may_write(project: JointProject, municipality: Municipality, person: Person) -> bool:
    """The lead town's people, and the office."""
    own = project.lead_id == municipality.pk and person.has_perm(WRITE, municipality)
    return own or is_office(person, municipality)


@transaction.atomic
def write(
    project: JointProject, municipality: Municipality, person: Person, texts: Mapping[str, str]
) -> ModelSheet:
    """As a draft, or a change of what is published: towns that adopted it before see that it changed."""
    if not may_write(project, municipality, person):
        raise PermissionDenied
    sheet, created = ModelSheet.objects.select_for_update().get_or_create(
        consortium=project.consortium, project=project
    )
    for name in TEXTS:
        setattr(sheet, name, texts[name].strip())
    sheet.changed_at = timezone.now()
    sheet.save()
    action = "write_sheet" if created else "change_sheet"
    record(project, municipality, person, action, inputs={"texts": dict(texts)}, sheet=sheet.pk)
    return sheet


@transaction.atomic
def publish(sheet: ModelSheet, municipality: Municipality, person: Person) -> None:
    """For every town of the consortium to adopt."""
    current = _by_office(sheet, municipality, person)
    if current.published_at:
        raise Refused(_("もう公開されています。"))
    if empty := [label for name, label in _NEEDED.items() if not getattr(current, name)]:
        raise Refused(_("まだ書かれていません: %(labels)s") % {"labels": "、".join(map(str, empty))})
    current.published_at = timezone.now()
    current.save(update_fields=["published_at"])
    record(current.project, municipality, person, "publish_sheet", sheet=current.pk)


@transaction.atomic
def withdraw(sheet: ModelSheet, municipality: Municipality, person: Person, reason: str) -> None:
    """No longer offered; what towns made of it stays."""
    current = _by_office(sheet, municipality, person)
    if not current.published_at:
        raise Refused(_("公開されていません。"))
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    current.published_at = None
    current.save(update_fields=["published_at"])
    record(
        current.project, municipality, person, "withdraw_sheet", inputs={"reason": reason}, sheet=current.pk
    )


@transaction.atomic
def adopt(
    sheet: ModelSheet, municipality: Municipality, person: Person, given: Mapping[str, Any]
) -> ModelAdoption:
    """A town outside the project does the same."""
    if not person.has_perm(ADOPT, municipality):
        raise PermissionDenied
    current = ModelSheet.objects.select_for_update().get(pk=sheet.pk)
    if not current.published_at:
        raise Refused(_("公開されていないモデルは取り入れられません。"))
    if current.project.members.filter(pk=municipality.pk).exists():
        raise Refused(_("この事業に参加している自治体です。横展開は、ほかの自治体のためのものです。"))
    if current.adoptions.filter(town=municipality).exists():
        raise Refused(_("もう取り入れています。"))
    adoption = ModelAdoption.objects.create(
        consortium=current.consortium,
        sheet=current,
        town=municipality,
        adopted_on=given["adopted_on"],
        plan=given["plan"].strip(),
    )
    _record_adoption(adoption, municipality, person, "adopt", {"plan": given["plan"]})
    return adoption


@transaction.atomic
def tell_outcome(
    adoption: ModelAdoption, municipality: Municipality, person: Person, *, state: str, outcome: str
) -> None:
    """What came of it, as the town that adopted it says; may be told anew as things go on."""
    if adoption.town_id != municipality.pk or not person.has_perm(ADOPT, municipality):
        raise PermissionDenied
    if state != State.TRYING and not outcome.strip():
        raise Refused(_("どうなったかを書いてください。"), "outcome")
    current = ModelAdoption.objects.select_for_update().get(pk=adoption.pk)
    current.state, current.outcome = State(state), outcome.strip()
    current.outcome_on = timezone.localdate()
    current.save()
    _record_adoption(current, municipality, person, "tell_outcome", {"outcome": outcome}, state=state)


def _by_office(sheet: ModelSheet, municipality: Municipality, person: Person) -> ModelSheet:
    if not is_office(person, municipality):
        raise PermissionDenied
    return ModelSheet.objects.select_for_update().get(pk=sheet.pk)


def _record_adoption(
    adoption: ModelAdoption,
    municipality: Municipality,
    person: Person,
    action: str,
    inputs: Mapping[str, Any],
    **outputs: Any,
) -> None:
    record(
        adoption.sheet.project,
        municipality,
        person,
        action,
        inputs=inputs,
        sheet=adoption.sheet_id,
        town=adoption.town_id,
        **outputs,
    )
