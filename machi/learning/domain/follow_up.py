"""What somebody does after a course: makes a plan, changes it, shares it or no longer, tells what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Person
from machi.base.rooms import ai_system
from machi.learning.domain.follow_up_access import may_plan, record
from machi.learning.engine.check_in import State, schedule
from machi.learning.models import CheckIn, Enrolment, PracticePlan

MOST_PLANS = 3
"""After one course: who sets out to do ten things does none."""
TEXTS = ("will", "work", "see")
Outcome = CheckIn.Outcome


@transaction.atomic
def make_plan(
    enrolment: Enrolment, person: Person, given: Mapping[str, Any], today: date | None = None
) -> PracticePlan:
    """``given``: ``will``, ``work``, ``see``, ``system`` (key, or empty), ``shared``."""
    today = today or timezone.localdate()
    if enrolment.person_id != person.pk:
        raise PermissionDenied
    current = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("cohort", "consortium", "municipality")
        .get(pk=enrolment.pk)
    )
    if not may_plan(current, today):
        raise Refused(_("実践計画は、修了してから、または回が終わってから立てられます。"))
    if current.plans.filter(erased_at=None).count() >= MOST_PLANS:
        raise Refused(_("計画は3つまでです。まず、その中の1つをやってみてください。"))
    plan = PracticePlan(consortium=current.consortium, enrolment=current, made_on=today, **_checked(given))
    plan.save()
    record(plan, person, "make", _digested(plan), shared=plan.shared)
    return plan


@transaction.atomic
def change_plan(plan: PracticePlan, person: Person, given: Mapping[str, Any]) -> None:
    """Until the first check-in: afterwards it would no longer be what was looked back on."""
    current = _own(plan, person)
    if current.check_ins.exists():
        raise Refused(_("振り返りを書いたあとの計画は直せません。新しい計画を立ててください。"))
    for name, value in _checked(given).items():
        setattr(current, name, value)
    current.save()
    record(current, person, "change", _digested(current), shared=current.shared)


@transaction.atomic
def share_plan(plan: PracticePlan, person: Person, shared: bool) -> None:
    """Lets instructors and the town's managers see it and its check-ins, or no longer."""
    current = _own(plan, person)
    if current.shared != shared:
        current.shared = shared
        current.save(update_fields=["shared"])
        record(current, person, "share" if shared else "unshare", {})


@transaction.atomic
def check_in(
    plan: PracticePlan, person: Person, days: int, given: Mapping[str, Any], today: date | None = None
) -> CheckIn:
    """``given``: ``outcome``, ``reason`` (wanted where given up), ``hours`` (or None), ``helped``, ``hindered``."""
    current = _own(plan, person)
    answered = set(current.check_ins.values_list("days", flat=True))
    steps = schedule(current.made_on, today or timezone.localdate(), answered)
    due = next((one for one in steps if one.days == days), None)
    if due is None or due.state != State.OPEN:
        raise Refused(_("この振り返りは、いまは書けません。"))
    outcome = str(given["outcome"])
    reason = str(given.get("reason") or "").strip()
    if outcome not in Outcome.values:
        raise Refused(_("どうなったかを選んでください。"), field="outcome")
    if outcome == Outcome.GIVEN_UP and not reason:
        raise Refused(_("やめた理由を書いてください。次の研修に生かします。"), field="reason")
    texts = {name: str(given.get(name) or "").strip() or None for name in ("helped", "hindered")}
    made = CheckIn.objects.create(
        consortium=current.consortium,
        plan=current,
        days=days,
        outcome=outcome,
        reason=reason or None,
        hours=given.get("hours"),
        at=timezone.now(),
        **texts,
    )
    hours = None if made.hours is None else str(made.hours)
    told = {"outcome": outcome, "reason": reason, "hours": hours, **texts}
    record(current, person, "check_in", told, days=days)
    return made


def _own(plan: PracticePlan, person: Person) -> PracticePlan:
    current = (
        PracticePlan.objects.select_for_update(of=("self",))
        .select_related("enrolment__municipality", "consortium")
        .get(pk=plan.pk)
    )
    if current.enrolment.person_id != person.pk:
        raise PermissionDenied
    if current.erased_at is not None:
        raise Refused(_("この計画は消去されています。"))
    return current


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: str(given.get(name) or "").strip() for name in TEXTS}
    for name, text in texts.items():
        if not text:
            raise Refused(_("書いてください。"), field=name)
    key = str(given.get("system") or "")
    if key:
        try:
            ai_system(key)
        except KeyError:
            raise Refused(_("台帳にないAIシステムです。"), field="system") from None
    return {**texts, "system": key, "shared": bool(given.get("shared"))}


def _digested(plan: PracticePlan) -> dict[str, Any]:
    return {"will": plan.will, "work": plan.work, "see": plan.see, "system": plan.system}
