"""A case taken over by another town, what came of it there, and how far the case can be relied on because of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.joint.domain import partners_atlas as atlas
from machi.joint.domain.projects import projects_of
from machi.learning.domain.cases import ADOPT, record
from machi.learning.engine.cases_evidence import Evidence, Telling, evidence
from machi.learning.models import Case, CaseAdoption

State = CaseAdoption.State
RESULT = ("state", "hours_saved", "counted", "cost_once", "cost_yearly", "differed")


def may_adopt(case: Case, municipality: Municipality, person: Person) -> bool:
    """Another town's published case that is not adopted here yet."""
    return (
        case.state == Case.State.PUBLISHED
        and case.town_id != municipality.pk
        and person.has_perm(ADOPT, municipality)
        and not case.adoptions.filter(town=municipality).exists()
    )


@transaction.atomic
def adopt(case: Case, municipality: Municipality, person: Person, given: Mapping[str, Any]) -> CaseAdoption:
    """Into a joint project the town takes part in (``project``), or by a plan of its own (``plan``)."""
    if not person.has_perm(ADOPT, municipality):
        raise PermissionDenied
    current = (
        Case.objects.select_for_update(of=("self",)).select_related("town", "consortium").get(pk=case.pk)
    )
    if current.state != Case.State.PUBLISHED:
        raise Refused(_("公開されていない事例は取り入れられません。"))
    if current.town_id == municipality.pk:
        raise Refused(_("自分の町の事例です。"))
    if current.adoptions.filter(town=municipality).exists():
        raise Refused(_("この事例は、もう取り入れています。"))
    project, plan = given["project"], given["plan"].strip()
    if project is None and not plan:
        raise Refused(_("共同事業を選ぶか、自分の町の計画を書いてください。"), "plan")
    if project is not None and not projects_of(municipality).filter(pk=project.pk).exists():
        raise Refused(_("この町が参加していない共同事業です。"), "project")
    if given["adopted_on"] > timezone.localdate():
        raise Refused(_("取り入れた日は今日までの日にしてください。"), "adopted_on")
    adoption = CaseAdoption.objects.create(
        consortium=current.consortium,
        case=current,
        town=municipality,
        project=project,
        plan=plan,
        adopted_on=given["adopted_on"],
    )
    record(
        current,
        municipality,
        person,
        "adopt",
        inputs={"plan": plan},
        adoption=adoption.pk,
        project=project.pk if project else None,
    )
    return adoption


@transaction.atomic
def tell_result(
    adoption: CaseAdoption, municipality: Municipality, person: Person, given: Mapping[str, Any]
) -> None:
    """What came of it, as it stands now; told again, the last telling counts, and the ledger has them all."""
    current = (
        CaseAdoption.objects.select_for_update(of=("self",))
        .select_related("case", "case__town", "case__consortium")
        .get(pk=adoption.pk)
    )
    if current.town_id != municipality.pk or not person.has_perm(ADOPT, municipality):
        raise PermissionDenied
    if given["hours_saved"] is not None and not given["counted"]:
        raise Refused(_("時間の数え方を選んでください。"), "counted")
    if given["state"] != State.TRYING and not given["differed"].strip():
        raise Refused(
            _("元の事例とちがったことを書いてください。同じなら「同じ」と書いてください。"), "differed"
        )
    for name in RESULT:
        setattr(current, name, given[name])
    current.told_on = None if given["state"] == State.TRYING else timezone.localdate()
    current.save()
    figures = {name: given[name] for name in RESULT if name != "differed"}
    record(
        current.case,
        municipality,
        person,
        "tell_result",
        inputs={"differed": given["differed"]},
        adoption=current.pk,
        **figures,
    )


def evidence_of(case: Case, adoptions: Sequence[CaseAdoption]) -> Evidence:
    """``adoptions``: of this case."""
    told = [one for one in adoptions if one.state != State.TRYING]
    own = _telling("worked", case.town_id, case.hours_saved, case.counted)
    others = [_telling(one.state, one.town_id, one.hours_saved, one.counted) for one in told]
    return evidence(own, others, trying=len(adoptions) - len(told))


def adoptions_of(cases: Iterable[Case]) -> dict[int, list[CaseAdoption]]:
    """By case, without their words (one query)."""
    found: dict[int, list[CaseAdoption]] = {case.pk: [] for case in cases}
    rows = CaseAdoption.objects.filter(case__in=list(found)).defer("plan", "differed").order_by("pk")
    for one in rows:
        found[one.case_id].append(one)
    return found


def _telling(outcome: Any, town: str, hours: int | None, counted: str) -> Telling:
    # A town that SSDSE does not know (founded since) is counted as one of the median town's size.
    people = atlas.populations().get(town) or 23_000
    measured = counted in (Case.Counted.MEASURED, Case.Counted.RECORDS)
    return Telling(str(outcome), people, hours, measured)  # type: ignore[arg-type]
