"""Joint projects: registered, changed, ended. The joint office's verbs; every town of a project has them on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.domain.recording import record as record_joint
from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person
from machi.joint.domain.monitoring_scope import is_office
from machi.joint.models import JointProject

SYSTEM = "joint.projects"
FIELDS = ("title", "area", "lead", "amount", "starts_on", "ends_on")
State = JointProject.State


def projects() -> QuerySet[JointProject, Any]:
    """All of the consortium, the newest first, with ``town_count``."""
    return (
        JointProject.objects.select_related("lead", "lead__prefecture")
        .annotate(town_count=Count("members", distinct=True))
        .order_by("-starts_on", "-pk")
    )


def projects_of(municipality: Municipality) -> QuerySet[JointProject, Any]:
    """Those a town takes part in."""
    mine = JointProject.objects.filter(members=municipality).values("pk")
    return projects().filter(pk__in=mine)


@transaction.atomic
def register(
    consortium: Consortium,
    municipality: Municipality,
    person: Person,
    given: Mapping[str, Any],
    towns: Sequence[Municipality],
) -> JointProject:
    """A project decided on elsewhere than in a call of machi. ``municipality``: where the office works."""
    _ensure_office(person, municipality)
    together = _towns(consortium, given, towns)
    project = JointProject.objects.create(consortium=consortium, **{name: given[name] for name in FIELDS})
    project.members.set(together)
    record(project, municipality, person, "register", amount=project.amount, towns=len(together))
    return project


@transaction.atomic
def change(
    project: JointProject,
    municipality: Municipality,
    person: Person,
    given: Mapping[str, Any],
    towns: Sequence[Municipality],
) -> None:
    """A town whose report was handed in stays: what it reported belongs to the project."""
    _ensure_office(person, municipality)
    current = locked(project)
    together = _towns(current.consortium, given, towns)
    reported = Municipality.objects.filter(pk__in=current.reports.exclude(submitted_at=None).values("town"))
    if gone := [str(town) for town in reported if town not in together]:
        raise Refused(_("報告を出した自治体は外せません: %(towns)s") % {"towns": "、".join(gone)}, "members")
    before = list(current.members.all())
    for name in FIELDS:
        setattr(current, name, given[name])
    current.save()
    current.members.set(together)
    record(current, municipality, person, "change", also=before, amount=current.amount, towns=len(together))


@transaction.atomic
def end(
    project: JointProject, municipality: Municipality, person: Person, *, state: str, reason: str
) -> None:
    """Done or stopped; no more reports are due."""
    _ensure_office(person, municipality)
    current = locked(project)
    if state not in (State.DONE, State.STOPPED):
        raise Refused(_("完了か中止を選んでください。"), "state")
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    current.state = State(state)
    current.save(update_fields=["state"])
    record(current, municipality, person, state, inputs={"reason": reason})


@transaction.atomic
def reopen(project: JointProject, municipality: Municipality, person: Person) -> None:
    """Under way again: it had been ended by mistake."""
    _ensure_office(person, municipality)
    current = JointProject.objects.select_for_update().get(pk=project.pk)
    if current.state == State.RUNNING:
        raise Refused(_("この事業は実施中です。"))
    current.state = State.RUNNING
    current.save(update_fields=["state"])
    record(current, municipality, person, "reopen")


def locked(project: JointProject) -> JointProject:
    """The project as it is now, under way and kept from others until the transaction ends."""
    current = JointProject.objects.select_for_update().select_related("consortium").get(pk=project.pk)
    if current.state != State.RUNNING:
        raise Refused(_("この事業は終わっています。"))
    return current


def record(
    project: JointProject,
    municipality: Municipality,
    person: Person,
    action: str,
    *,
    also: Iterable[Municipality] = (),
    inputs: Mapping[str, Any] | None = None,
    explanation: str = "",
    **outputs: Any,
) -> None:
    """In the ledger of the town that acted and of every town of the project."""
    record_joint(
        project.consortium,
        municipality,
        person,
        system=SYSTEM,
        kind="joint_project",
        subject=f"project:{project.pk}",
        concerned=[*project.members.all(), *also],
        inputs=inputs,
        outputs={"action": action, **outputs},
        explanation=explanation,
    )


def ended_early(project: JointProject, today: date) -> bool:
    """Still under way although its last day has passed."""
    return project.state == State.RUNNING and project.ends_on < today


def _towns(
    consortium: Consortium, given: Mapping[str, Any], towns: Sequence[Municipality]
) -> list[Municipality]:
    """The lead and its members. Refused where the dates or the towns cannot be."""
    if given["ends_on"] <= given["starts_on"]:
        raise Refused(_("終了日は開始日より後にしてください。"), "ends_on")
    together = {town.pk: town for town in (given["lead"], *towns)}
    known = set(members(consortium).filter(Q(pk__in=together)).values_list("pk", flat=True))
    if set(together) - known:
        raise Refused(_("この共同体に参加していない自治体があります。"), "members")
    if len(together) < 2:
        raise Refused(_("代表のほかに、1つ以上の自治体を選んでください。"), "members")
    return list(together.values())


def _ensure_office(person: Person, municipality: Municipality) -> None:
    if not is_office(person, municipality):
        raise PermissionDenied
