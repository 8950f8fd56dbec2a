"""Which programmes fit a town's plan: computed, kept as it was that day, and decided by people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.domain.recording import record as record_joint
from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person
from machi.base.running import ensure_may_run
from machi.joint.domain.funding_register import engine_of, programmes, record
from machi.joint.domain.monitoring_scope import is_office
from machi.joint.engine.funding import Applicant, Match, Plan, match
from machi.joint.engine.indicators import shipped
from machi.joint.models import FundingCheck, FundingProgramme, TownKind, TownStanding

MATCH = "joint.funding_match"
"""Key of the AI system."""
CHECK, CHOOSE = "joint.check_funding", "joint.choose_funding"


def checks(municipality: Municipality, person: Person) -> QuerySet[FundingCheck, Any]:
    """The town's own plans; the office reads all."""
    found = FundingCheck.objects.select_related("town", "town__prefecture", "made_by", "chosen", "project")
    return found if is_office(person, municipality) else found.filter(town=municipality)


def applicants(towns: Sequence[Municipality]) -> list[Applicant]:
    """What the statistics and the towns themselves say of who applies."""
    flags = dict(TownStanding.objects.filter(town__in=towns).values_list("town", "flags"))
    return [
        Applicant(
            town.code,
            kind_of(town),
            town.prefecture_id,
            population_of(town.code),
            frozenset(flags.get(town.code, ())),
        )
        for town in towns
    ]


def kind_of(town: Municipality) -> str:
    """By the last letter of its name: 市, 町, 村, 区 (special wards are the only 区 in the register)."""
    return {"市": TownKind.CITY, "町": TownKind.TOWN, "村": TownKind.VILLAGE}.get(
        town.name[-1], TownKind.SPECIAL_WARD
    )


def population_of(code: str) -> int:
    """Of the census of 2020 as SSDSE-A gives it; 0 for a municipality that is not in it."""
    return _populations().get(code, 0)


@cache
def _populations() -> dict[str, int]:
    table = shipped()
    return {str(code): int(value) for code, value in zip(table.codes, table.column("A1101"), strict=True)}


@transaction.atomic
def check(
    consortium: Consortium, municipality: Municipality, person: Person, given: Mapping[str, Any]
) -> FundingCheck:
    """``given``: title, project, towns, purposes, costs (yen by kind). NotApproved where the system may not run."""
    if not person.has_perm(CHECK, municipality):
        raise PermissionDenied
    ensure_may_run(municipality, MATCH)
    costs = {kind: yen for kind, yen in given["costs"].items() if yen}
    if not costs:
        raise Refused(_("費用を1つは入れてください。"))
    if not given["purposes"]:
        raise Refused(_("目的を1つは選んでください。"), "purposes")
    towns = sorted(
        {town.pk: town for town in (municipality, *given["towns"])}.values(), key=lambda one: one.code
    )
    known = set(members(consortium).values_list("pk", flat=True))
    if any(town.pk not in known for town in towns):
        raise Refused(_("この共同体に参加していない自治体があります。"), "towns")
    offered = {str(one.pk): one for one in programmes(open_only=True)}
    plan = Plan(frozenset(given["purposes"]), costs)
    found = match([engine_of(one) for one in offered.values()], applicants(towns), plan, timezone.localdate())
    made = FundingCheck.objects.create(
        consortium=consortium,
        town=municipality,
        title=given["title"],
        project=given["project"],
        purposes=list(given["purposes"]),
        costs=costs,
        made_by=person,
        results=[told(one, offered[one.programme]) for one in found],
    )
    made.towns.set(towns)
    _record_result(made, municipality, person, found, towns)
    return made


@transaction.atomic
def choose(
    made: FundingCheck,
    municipality: Municipality,
    person: Person,
    programme: FundingProgramme | None,
    reason: str,
) -> None:
    """The manager decides which to apply for (None: none); also one that does not fit, with a reason."""
    if made.town_id != municipality.pk or not person.has_perm(CHOOSE, municipality):
        raise PermissionDenied
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    current = FundingCheck.objects.select_for_update().get(pk=made.pk)
    if programme is not None and programme.pk not in {one["programme"] for one in current.results}:
        raise Refused(_("この照合で調べていない制度です。"), "programme")
    current.chosen, current.reason = programme, reason.strip()
    current.save(update_fields=["chosen", "reason"])
    fits = next(
        (one["fits"] for one in current.results if programme and one["programme"] == programme.pk), None
    )
    record(
        current.consortium,
        municipality,
        person,
        f"funding_check:{current.pk}",
        "choose",
        inputs={"reason": reason},
        programme=programme.pk if programme else 0,
        fitted=fits,
    )


def told(found: Match, programme: FundingProgramme) -> dict[str, Any]:
    """A match as plain data, with the programme's terms as they were."""
    return {
        "programme": programme.pk,
        "name": programme.name,
        "giver": programme.giver,
        "rate": programme.rate,
        "ceiling": programme.ceiling,
        "documents": programme.documents,
        "deadline": programme.deadline.isoformat() if programme.deadline else None,
        "kinds": programme.kinds,
        "prefectures": programme.prefectures,
        "population": [programme.population_least, programme.population_most],
        "members": [programme.members_least, programme.members_most],
        "flags": programme.flags,
        "fits": found.fits,
        "reasons": [
            {"condition": str(one.condition), "met": one.met, "about": list(one.about)}
            for one in found.reasons
        ],
        "eligible": found.amount.eligible,
        "granted": found.amount.granted,
        "own": found.amount.own,
        "capped": found.amount.capped,
        "days_left": found.days_left,
    }


def _record_result(
    made: FundingCheck,
    municipality: Municipality,
    person: Person,
    found: Sequence[Match],
    towns: Sequence[Municipality],
) -> None:
    fitting = [one for one in found if one.fits]
    with override("ja"):
        words = _("%(all)s件の制度を調べ、%(fit)s件が条件に合う。") % {"all": len(found), "fit": len(fitting)}
    unmet = {
        one.programme: [str(reason.condition) for reason in one.reasons if not reason.met]
        for one in found
        if not one.fits
    }
    record_joint(
        made.consortium,
        municipality,
        person,
        system=MATCH,
        kind=ledger.RESULT,
        subject=f"funding_check:{made.pk}",
        inputs={"title": made.title, "costs": made.costs},
        outputs={
            "action": "check",
            "towns": [town.code for town in towns],
            "purposes": made.purposes,
            "fits": {one.programme: one.amount.granted for one in fitting},
            "unmet": unmet,
        },
        explanation=words,
    )
