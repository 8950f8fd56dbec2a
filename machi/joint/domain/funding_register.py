"""The register of programmes and subsidies, kept by the joint office for every town of the consortium."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.domain.recording import record as record_joint
from machi.base.models import Consortium, Municipality, Person
from machi.joint.engine.funding import Programme, check
from machi.joint.models import FundingProgramme, TownStanding

SYSTEM = "joint.programmes"
MANAGE = "joint.manage_programmes"
FIELDS = (
    "name",
    "giver",
    "purposes",
    "who",
    "rate",
    "ceiling",
    "floor",
    "unit",
    "opens",
    "deadline",
    "kinds",
    "prefectures",
    "population_least",
    "population_most",
    "members_least",
    "members_most",
    "flags",
    "costs",
    "documents",
    "url",
    "note",
)


def programmes(*, purpose: str = "", open_only: bool = False) -> QuerySet[FundingProgramme, Any]:
    """The nearest deadline first, those without one after them. ``open_only``: neither ended nor past."""
    found = FundingProgramme.objects.all()
    if open_only:
        today = timezone.localdate()
        found = found.filter(withdrawn_at=None).exclude(deadline__lt=today)
    if purpose:
        # A JSON list of words without quotes in them: its text holds each between quotes, on every database.
        found = found.filter(Q(purposes__icontains=f'"{purpose}"'))
    return found.order_by(F("deadline").asc(nulls_last=True), "name")


def engine_of(programme: FundingProgramme) -> Programme:
    """Its rules as plain data."""
    return Programme(
        str(programme.pk),
        frozenset(programme.purposes),
        programme.fraction,
        programme.ceiling,
        programme.floor,
        programme.unit,
        programme.opens,
        programme.deadline,
        frozenset(programme.kinds),
        frozenset(programme.prefectures),
        (programme.population_least, programme.population_most),
        (programme.members_least, programme.members_most),
        frozenset(programme.flags),
        frozenset(programme.costs),
    )


def why_not(given: Mapping[str, Any]) -> str | None:
    """What makes no sense in a programme's rules, in words; None: they can be matched."""
    try:
        rules = engine_of(FundingProgramme(**given))
        check(rules)
    except (ValueError, ZeroDivisionError):
        return _("補助率、金額、日付、範囲のどれかが合っていません。下限は上限より小さくしてください。")
    return None if rules.purposes else _("目的を1つは選んでください。")


@transaction.atomic
def add(
    consortium: Consortium, municipality: Municipality, person: Person, given: Mapping[str, Any]
) -> FundingProgramme:
    _ensure_office(person, municipality)
    _ensure_sound(given, FundingProgramme.objects.all())
    programme = FundingProgramme.objects.create(consortium=consortium, **given)
    record(consortium, municipality, person, f"programme:{programme.pk}", "add", **_told(given))
    return programme


@transaction.atomic
def change(
    programme: FundingProgramme, municipality: Municipality, person: Person, given: Mapping[str, Any]
) -> None:
    """Checks made before keep what they said that day."""
    _ensure_office(person, municipality)
    current = FundingProgramme.objects.select_for_update().get(pk=programme.pk)
    _ensure_sound(given, FundingProgramme.objects.exclude(pk=current.pk))
    for name, value in given.items():
        setattr(current, name, value)
    current.changed_at = timezone.now()
    current.save()
    record(current.consortium, municipality, person, f"programme:{current.pk}", "change", **_told(given))


@transaction.atomic
def withdraw(
    programme: FundingProgramme, municipality: Municipality, person: Person, *, withdrawn: bool
) -> None:
    """Ended, or offered again."""
    _ensure_office(person, municipality)
    current = FundingProgramme.objects.select_for_update().get(pk=programme.pk)
    if bool(current.withdrawn_at) == withdrawn:
        raise Refused(_("もうその状態になっています。"))
    current.withdrawn_at = timezone.now() if withdrawn else None
    current.save(update_fields=["withdrawn_at"])
    action = "withdraw" if withdrawn else "restore"
    record(current.consortium, municipality, person, f"programme:{current.pk}", action)


@transaction.atomic
def take(
    consortium: Consortium, municipality: Municipality, person: Person, rows: Iterable[Mapping[str, Any]]
) -> tuple[int, int, int]:
    """A whole list: (new, changed, unchanged). One that is known by name and giver is changed; none is removed."""
    _ensure_office(person, municipality)
    known = {(one.name, one.giver): one for one in FundingProgramme.objects.select_for_update()}
    added, changed, same = [], [], 0
    for given in rows:
        if why := why_not(given):
            raise Refused(f"{given['name']}: {why}")
        programme = known.get((given["name"], given["giver"]))
        if programme is None:
            added.append(FundingProgramme.objects.create(consortium=consortium, **given))
        elif differs(programme, given):
            for name, value in given.items():
                setattr(programme, name, value)
            programme.changed_at = timezone.now()
            programme.save()
            changed.append(programme)
        else:
            same += 1
    record(
        consortium,
        municipality,
        person,
        "programmes",
        "take_list",
        added=[one.pk for one in added],
        changed=[one.pk for one in changed],
        unchanged=same,
    )
    return len(added), len(changed), same


def differs(programme: FundingProgramme, given: Mapping[str, Any]) -> bool:
    """Lists in another order say the same."""

    def plain(value: Any) -> Any:
        return sorted(value) if isinstance(value, list) else value

    return any(plain(getattr(programme, name)) != plain(value) for name, value in given.items())


@transaction.atomic
def say_standing(
    consortium: Consortium, municipality: Municipality, person: Person, flags: Iterable[str]
) -> None:
    """What the town is by law: depopulated area and the like. Its own people say so."""
    if not person.has_perm("joint.check_funding", municipality):
        raise PermissionDenied
    kept = sorted(flags)
    TownStanding.objects.update_or_create(consortium=consortium, town=municipality, defaults={"flags": kept})
    record(consortium, municipality, person, f"standing:{municipality.pk}", "say_standing", flags=kept)


def record(
    consortium: Consortium,
    municipality: Municipality,
    person: Person,
    subject: str,
    action: str,
    *,
    inputs: Mapping[str, Any] | None = None,
    **outputs: Any,
) -> None:
    record_joint(
        consortium,
        municipality,
        person,
        system=SYSTEM,
        kind="funding",
        subject=subject,
        inputs=inputs,
        outputs={"action": action, **outputs},
    )


def _told(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "rate": given["rate"],
        "ceiling": given["ceiling"],
        "deadline": given["deadline"].isoformat() if given["deadline"] else "",
        "inputs": {"programme": {name: str(value) for name, value in given.items()}},
    }


def _ensure_sound(given: Mapping[str, Any], others: QuerySet[FundingProgramme, Any]) -> None:
    if why := why_not(given):
        raise Refused(why)
    if others.filter(name=given["name"], giver=given["giver"]).exists():
        raise Refused(_("同じ実施主体の同じ名称の制度がもうあります。"), "name")


def _ensure_office(person: Person, municipality: Municipality) -> None:
    if not person.has_perm(MANAGE, municipality):
        raise PermissionDenied
