"""Cost-and-benefit sheets: a plan in ranges, computed, fixed, and then compared with what came of it.

The plan changes only in a draft. Once fixed it stays, so that facts are compared with what was promised and not with
what was promised later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.domain.recording import record as record_joint
from machi.base.models import Consortium, Municipality, Person
from machi.base.running import ensure_may_run
from machi.joint.domain.funding_computing import BENEFIT, compute
from machi.joint.domain.monitoring_scope import is_office
from machi.joint.models import BenefitFact, BenefitLine, BenefitSheet, JointProject

SYSTEM = "joint.benefits"
ESTIMATE = "joint.estimate_benefits"
FIELDS = (
    "title",
    "purpose",
    "project",
    "people",
    "years",
    "first_year",
    "wage_low",
    "wage_likely",
    "wage_high",
    "discount",
)
LINE = ("label", "kind", "low", "likely", "high")
State = BenefitSheet.State
Kind = BenefitLine.Kind
ONCE = (Kind.ONE_OFF, Kind.HOURS_TO_SET_UP)
HOURS = (Kind.HOURS_BEFORE, Kind.HOURS_AFTER, Kind.HOURS_TO_SET_UP)


def sheets(municipality: Municipality, person: Person) -> QuerySet[BenefitSheet, Any]:
    """The town's own; fixed ones of the projects it takes part in; the office reads all."""
    found = BenefitSheet.objects.select_related("town", "town__prefecture", "project", "created_by")
    if not is_office(person, municipality):
        mine = JointProject.objects.filter(members=municipality).values("pk")
        found = found.filter(Q(town=municipality) | Q(state=State.FIXED, project__in=mine))
    return found.order_by("-created_at", "-pk")


def may_write(sheet: BenefitSheet, municipality: Municipality, person: Person) -> bool:
    return sheet.town_id == municipality.pk and person.has_perm(ESTIMATE, municipality)


@transaction.atomic
def begin(
    consortium: Consortium, municipality: Municipality, person: Person, given: Mapping[str, Any]
) -> BenefitSheet:
    """A draft without lines; nothing is computed yet."""
    if not person.has_perm(ESTIMATE, municipality):
        raise PermissionDenied
    _ensure_sound(given)
    sheet = BenefitSheet.objects.create(
        consortium=consortium,
        town=municipality,
        created_by=person,
        **{name: given[name] for name in FIELDS},
    )
    _record(sheet, municipality, person, "begin")
    return sheet


@transaction.atomic
def change(
    sheet: BenefitSheet, municipality: Municipality, person: Person, given: Mapping[str, Any]
) -> BenefitSheet:
    """Computed anew where it has been computed before."""
    current = _draft(sheet, municipality, person)
    _ensure_sound(given)
    for name in FIELDS:
        setattr(current, name, given[name])
    current.save()
    _record(current, municipality, person, "change")
    if current.result:
        compute(current, municipality, person)
    return current


@transaction.atomic
def set_lines(
    sheet: BenefitSheet, municipality: Municipality, person: Person, lines: Sequence[Mapping[str, Any]]
) -> BenefitSheet:
    """All its lines, as they now are, and what comes of them. NotApproved where the estimate may not run."""
    ensure_may_run(municipality, BENEFIT)
    current = _draft(sheet, municipality, person)
    if not lines:
        raise Refused(_("内容を1行は入れてください。"))
    labels = [one["label"] for one in lines]
    if len(set(labels)) != len(labels):
        raise Refused(_("同じ内容の行があります。名前を変えてください。"))
    for one in lines:
        if not one["low"] <= one["likely"] <= one["high"]:
            raise Refused(
                _("「%(label)s」: 低め ≦ ありそうな値 ≦ 高め の順にしてください。") % {"label": one["label"]}
            )
    current.lines.all().delete()
    for one in lines:
        BenefitLine.objects.create(
            consortium=current.consortium, sheet=current, **{name: one[name] for name in LINE}
        )
    compute(current, municipality, person)
    return current


@transaction.atomic
def fix(sheet: BenefitSheet, municipality: Municipality, person: Person) -> None:
    """From here on the plan does not change."""
    current = _draft(sheet, municipality, person)
    if not current.result:
        raise Refused(_("先に、費用と時間を入れてください。"))
    current.state, current.fixed_at = State.FIXED, timezone.now()
    current.save(update_fields=["state", "fixed_at"])
    also = [*current.project.members.all()] if current.project else []
    _record(current, municipality, person, "fix", also=also, net=current.result["net"])


@transaction.atomic
def tell_facts(
    sheet: BenefitSheet,
    municipality: Municipality,
    person: Person,
    year: int,
    amounts: Mapping[int, int | None],
) -> None:
    """What each line came to in a fiscal year, by the line's key; None takes a fact back."""
    if not may_write(sheet, municipality, person):
        raise PermissionDenied
    current = BenefitSheet.objects.select_for_update().get(pk=sheet.pk)
    if current.state != State.FIXED:
        raise Refused(_("計画を確定してから、実績を入れてください。"))
    if year not in years_of(current):
        raise Refused(_("この年度は、見る年数に入っていません。"))
    for line in current.lines.filter(pk__in=amounts):
        if line.kind in ONCE and year != current.first_year:
            continue
        amount = amounts[line.pk]
        if amount is None:
            line.facts.filter(year=year).delete()
        else:
            BenefitFact.objects.update_or_create(
                consortium=current.consortium, line=line, year=year, defaults={"amount": amount}
            )
    told = {str(pk): amount for pk, amount in amounts.items()}
    _record(current, municipality, person, "tell_facts", year=year, amounts=told)


def years_of(sheet: BenefitSheet) -> range:
    return range(sheet.first_year, sheet.first_year + sheet.years)


def _draft(sheet: BenefitSheet, municipality: Municipality, person: Person) -> BenefitSheet:
    if not may_write(sheet, municipality, person):
        raise PermissionDenied
    current = BenefitSheet.objects.select_for_update().get(pk=sheet.pk)
    if current.state != State.DRAFT:
        raise Refused(_("確定した計画は変えられません。"))
    return current


def _ensure_sound(given: Mapping[str, Any]) -> None:
    if not given["wage_low"] <= given["wage_likely"] <= given["wage_high"]:
        raise Refused(_("職員1時間の費用は、低め ≦ ありそうな値 ≦ 高め の順にしてください。"), "wage_likely")


def _record(
    sheet: BenefitSheet,
    municipality: Municipality,
    person: Person,
    action: str,
    *,
    also: Sequence[Municipality] = (),
    **outputs: Any,
) -> None:
    record_joint(
        sheet.consortium,
        municipality,
        person,
        system=SYSTEM,
        kind="benefit",
        subject=f"benefit:{sheet.pk}",
        concerned=also,
        inputs={"title": sheet.title, "purpose": sheet.purpose},
        outputs={"action": action, **outputs},
    )
