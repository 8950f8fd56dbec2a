"""The case library: written by a town, handed in, published by the joint office or given back with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Field, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.domain.recording import record as record_joint
from machi.base.models import Consortium, Municipality, Person, Role
from machi.governance.domain.personal_check import Slip, counted, ensure_looked_at, slips
from machi.learning.domain import cases_index
from machi.learning.domain.cases_duplicates import Check, record_check
from machi.learning.models import Case

SYSTEM = "learning.cases"
READ, WRITE, REVIEW, ADOPT = (
    "learning.read_cases",
    "learning.write_cases",
    "learning.review_cases",
    "learning.adopt_cases",
)
State = Case.State
WRITABLE = (State.DRAFT, State.RETURNED, State.WITHDRAWN)
TEXTS = ("problem", "before", "after", "counted_how", "risk_checked", "risk_result")
FIELDS = (
    "title",
    "field",
    "tool",
    "system",
    "year",
    *TEXTS,
    "cost_once",
    "cost_yearly",
    "hours_saved",
    "counted",
    "ask_division",
)
NEEDED = ("problem", "after", "risk_checked", "risk_result", "ask_division")
"""Before it is handed in."""


def readable(municipality: Municipality, person: Person) -> QuerySet[Case, Any]:
    """What is published; of one's own town everything; for the office also what was handed in, with its past."""
    found = Case.objects.select_related("town", "town__prefecture", "consortium")
    if person.has_perm(REVIEW, municipality):
        return found.exclude(state=State.DRAFT)
    if not person.has_perm(WRITE, municipality):
        return found.filter(state=State.PUBLISHED)
    own = Q(town=municipality)
    if _only_learns(person, municipality):
        own &= Q(created_by=person)
    return found.filter(Q(state=State.PUBLISHED) | own)


def own_cases(municipality: Municipality, person: Person) -> QuerySet[Case, Any]:
    """Of one's own town, whatever their state, the last changed first."""
    found = readable(municipality, person).filter(town=municipality)
    return found.order_by("-changed_at", "-pk")


def waiting() -> QuerySet[Case, Any]:
    """Handed in, the oldest first."""
    found = Case.objects.filter(state=State.SUBMITTED).select_related("town", "town__prefecture")
    return found.order_by("submitted_at", "pk")


def may_write(case: Case, municipality: Municipality, person: Person) -> bool:
    """The town's own people; of learners only who began it."""
    return (
        case.town_id == municipality.pk
        and person.has_perm(WRITE, municipality)
        and (case.created_by_id == person.pk or not _only_learns(person, municipality))
    )


def _only_learns(person: Person, municipality: Municipality) -> bool:
    return person.roles_in(municipality) == {Role.LEARNER}


@transaction.atomic
def begin(
    consortium: Consortium,
    municipality: Municipality,
    person: Person,
    given: Mapping[str, Any],
    *,
    sample: bool = False,
    **more: Any,
) -> Case:
    """A draft of the town's."""
    if not person.has_perm(WRITE, municipality):
        raise PermissionDenied
    case = Case(consortium=consortium, town=municipality, created_by=person, sample=sample, **more)
    _take(case, given)
    record(case, municipality, person, "begin", inputs=_digested(case))
    return case


@transaction.atomic
def write(
    case: Case, municipality: Municipality, person: Person, given: Mapping[str, Any], revision: int
) -> Case:
    """Saves a draft. Refused where somebody else has saved since ``revision``."""
    current = locked(case)
    if not may_write(current, municipality, person):
        raise PermissionDenied
    ensure_writable(current)
    if revision != current.revision:
        raise Refused(_("ほかの人が先に保存しました。画面を読み直して、書き足してください。"))
    current.revision += 1
    _take(current, given)
    record(current, municipality, person, "write", inputs=_digested(current), revision=current.revision)
    return current


@transaction.atomic
def submit(
    case: Case,
    municipality: Municipality,
    person: Person,
    *,
    checked: bool = False,
    alike: Check | None = None,
) -> None:
    """To the joint office. ``checked``: the person has looked at the personal information that was found; ``alike``:
    the cases they were shown as perhaps the same."""
    current = locked(case)
    if not may_write(current, municipality, person):
        raise PermissionDenied
    ensure_writable(current)
    if missing := what_is_missing(current):
        raise Refused(" ".join(missing))
    found = slips_of(current)
    ensure_looked_at(found, checked)
    current.state, current.reason = State.SUBMITTED, None
    current.submitted_at, current.submitted_by = timezone.now(), person
    current.save(update_fields=["state", "reason", "submitted_at", "submitted_by"])
    record(current, municipality, person, "submit", revision=current.revision, personal=counted(found))
    if alike is not None:
        record_check(current, municipality, person, alike)


@transaction.atomic
def publish(
    case: Case,
    municipality: Municipality,
    person: Person,
    *,
    checked: bool = False,
    alike: Check | None = None,
) -> None:
    """To every town of the consortium. Who handed it in does not publish it. The rest as with ``submit``."""
    current = _under_review(case, municipality, person)
    if current.submitted_by_id == person.pk:
        raise Refused(_("自分が提出した事例は、ほかの人が公開します。"))
    found = slips_of(current)
    ensure_looked_at(found, checked)
    current.state, current.published_at = State.PUBLISHED, timezone.now()
    current.save(update_fields=["state", "published_at"])
    record(current, municipality, person, "publish", revision=current.revision, personal=counted(found))
    if alike is not None:
        record_check(current, municipality, person, alike)
    cases_index.changed(current.consortium)


@transaction.atomic
def give_back(case: Case, municipality: Municipality, person: Person, *, reason: str) -> None:
    """To the town that wrote it, with what is to be mended."""
    current = _under_review(case, municipality, person)
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    current.state, current.reason = State.RETURNED, reason.strip()
    current.save(update_fields=["state", "reason"])
    record(current, municipality, person, "give_back", inputs={"reason": reason.strip()})


@transaction.atomic
def withdraw(case: Case, municipality: Municipality, person: Person, *, reason: str) -> None:
    """From the library, by the town or by the office; who adopted it still finds it through their adoption."""
    current = locked(case)
    if not (may_write(current, municipality, person) or person.has_perm(REVIEW, municipality)):
        raise PermissionDenied
    if current.state not in (State.SUBMITTED, State.PUBLISHED):
        raise Refused(_("取り下げられるのは、確認待ちか公開中の事例です。"))
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    current.state, current.reason = State.WITHDRAWN, reason.strip()
    current.save(update_fields=["state", "reason"])
    adopters = [one.town for one in current.adoptions.select_related("town")]
    record(current, municipality, person, "withdraw", concerned=adopters, inputs={"reason": reason.strip()})
    cases_index.changed(current.consortium)


def what_is_missing(case: Case) -> list[str]:
    """What must be written before it can be handed in."""
    needed = list(NEEDED)
    if case.hours_saved is not None:
        needed += ["counted", "counted_how"]
    return [
        _("「%(field)s」が空欄です。") % {"field": label(name)} for name in needed if not getattr(case, name)
    ]


def label(name: str) -> str:
    field = Case._meta.get_field(name)
    assert isinstance(field, Field)
    return str(field.verbose_name)


def slips_of(case: Case) -> list[Slip]:
    """Personal information in what others would read."""
    return slips({label(name): getattr(case, name) for name in ("title", "system", *TEXTS, "ask_division")})


def locked(case: Case) -> Case:
    """The case as it is now, kept from others until the transaction ends."""
    return Case.objects.select_for_update(of=("self",)).select_related("town", "consortium").get(pk=case.pk)


def ensure_writable(case: Case) -> None:
    if case.erased_at:
        raise Refused(_("この事例は消去されました。"))
    if case.state not in WRITABLE:
        raise Refused(_("確認待ちや公開中の事例は直せません。取り下げてから直してください。"))


def record(
    case: Case,
    municipality: Municipality,
    person: Person,
    action: str,
    *,
    concerned: Iterable[Municipality] = (),
    inputs: Mapping[str, Any] | None = None,
    **outputs: Any,
) -> None:
    """In the ledger of the town that acted and of the town whose case it is."""
    record_joint(
        case.consortium,
        municipality,
        person,
        system=SYSTEM,
        kind="case",
        subject=f"ai_case:{case.pk}",
        concerned=[case.town, *concerned],
        inputs=inputs,
        outputs={"action": action, **outputs},
    )


def _under_review(case: Case, municipality: Municipality, person: Person) -> Case:
    if not person.has_perm(REVIEW, municipality):
        raise PermissionDenied
    current = locked(case)
    if current.state != State.SUBMITTED:
        raise Refused(_("この事例は確認待ちではありません。"))
    return current


def _take(case: Case, given: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in given:
            value = given[name]
            setattr(case, name, value.strip() if isinstance(value, str) else value)
    if not case.title:
        raise Refused(_("題名を書いてください。"), "title")
    case.changed_at = timezone.now()
    case.save()


def _digested(case: Case) -> dict[str, Any]:
    return {name: str(getattr(case, name) or "") for name in ("title", *TEXTS)}
