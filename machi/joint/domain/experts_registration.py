"""Who offers to work for towns: registered by themselves or by their town, screened step by step.

How they leave again is in ``experts_erasure``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.joint.domain.experts import refuse_unless
from machi.joint.domain.experts_mail import tell
from machi.joint.domain.experts_mail_words import Kind
from machi.joint.domain.experts_record import noted
from machi.joint.models import Expert, ExpertRound, ExpertScreening
from machi.joint.models.experts import new_token

FIELDS = (
    "name", "email", "telephone", "employer", "evidence", "conflict_note", "summary", "skills", "hours",
    "on_site", "home", "travels", "first", "last", "fee", "quota",
)  # fmt: skip
NAMING = ("name", "email", "telephone", "employer", "evidence", "conflict_note")
"""What says who it is: encrypted, and gone after an erasure."""
STEPS = tuple(ExpertScreening.Step.values)
State = Expert.State


def register(
    begun: ExpertRound,
    via: Municipality,
    given: Mapping[str, Any],
    *,
    conflicts: Iterable[Municipality] = (),
    town: Municipality | None = None,
    person: Person | None = None,
    language: str = "ja",
) -> Expert:
    """An expert of their own, or with ``town`` one of its staff, whom it offers to share. Waits for screening.

    The address of their own page goes to them by letter, in ``language``.
    """
    with transaction.atomic():
        current = refuse_unless(begun, ExpertRound.State.OPEN)
        if timezone.localdate() > current.register_by:
            raise Refused(_("応募の期限を過ぎました。"))
        last = current.experts.aggregate(Max("number"))["number__max"] or 0
        kind = Expert.Kind.SHARED if town else Expert.Kind.EXTERNAL
        expert = Expert(
            round=current,
            consortium=current.consortium,
            number=last + 1,
            kind=kind,
            town=town,
            via=via,
            language=language,
        )
        expert.give_token(new_token())
        _fill(expert, given)
        expert.save()
        expert.conflicts.set(conflicts)
        _noted(expert, "register", person, kind=kind, inputs={"profile": _plain(given)})
        tell(expert.consortium_id, expert.pk, Kind.REGISTERED)
    return expert


@transaction.atomic
def change(
    expert: Expert, given: Mapping[str, Any], conflicts: Iterable[Municipality], person: Person | None = None
) -> None:
    """Their own profile, while the round is open. What was screened before is screened anew."""
    refuse_unless(expert.round, ExpertRound.State.OPEN)
    current = held(expert)
    if current.state not in (State.SUBMITTED, State.ACCEPTED):
        raise Refused(_("この登録は終わっています。"))
    _fill(current, given)
    current.state = State.SUBMITTED
    current.save()
    current.conflicts.set(conflicts)
    again = current.screening.all().delete()[0]
    _noted(current, "change_profile", person, screened_anew=again, inputs={"profile": _plain(given)})


@transaction.atomic
def screen(
    expert: Expert, acting: Municipality, person: Person, *, step: str, passed: bool, reason: str
) -> Expert:
    """One step, in its order; after the last the expert is registered, after a failure turned down, and told so."""
    refuse_unless(expert.round, ExpertRound.State.OPEN)
    current = held(expert)
    if step != next_step(current):
        raise Refused(_("この段階はもう済んでいるか、まだ先です。"))
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    ExpertScreening.objects.create(
        consortium=current.consortium,
        expert=current,
        step=step,
        passed=passed,
        reason=reason.strip(),
        by=person,
    )
    if not passed:
        current.state = State.REJECTED
    elif next_step(current) is None:
        current.state = State.ACCEPTED
    current.save(update_fields=["state"])
    noted(
        current.consortium,
        acting,
        person,
        "screen",
        subject_of(current),
        concerned=[current.town] if current.town else [],
        step=step,
        passed=passed,
        state=current.state,
        inputs={"reason": reason.strip()},
    )
    if current.state != State.SUBMITTED:
        tell(
            current.consortium_id,
            current.pk,
            Kind.ACCEPTED if current.state == State.ACCEPTED else Kind.REJECTED,
        )
    return current


def next_step(expert: Expert) -> str | None:
    """The step to be taken; None: none is left."""
    if expert.state != State.SUBMITTED:
        return None
    done = {one.step for one in expert.screening.all()}
    return next((step for step in STEPS if step not in done), None)


def held(expert: Expert) -> Expert:
    """The row as it stands now, locked."""
    return (
        Expert.objects.select_for_update(of=("self",))
        .select_related("via", "town", "round")
        .get(pk=expert.pk)
    )


def subject_of(expert: Expert) -> str:
    return f"expert:{expert.pk}"


def _fill(expert: Expert, given: Mapping[str, Any]) -> None:
    for name in FIELDS:
        setattr(expert, name, given[name])
    if expert.last < expert.first:
        raise Refused(_("終わりの日は、始められる日より後にしてください。"), "last")
    if not expert.skills:
        raise Refused(_("技能を1つは選んでください。"))
    if expert.on_site and not expert.travels:
        raise Refused(_("現地に行けるときは、行ける距離も書いてください。"), "travels")


def _plain(given: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(given[name] or "") for name in FIELDS}


def _noted(expert: Expert, action: str, person: Person | None, **more: Any) -> None:
    concerned = [expert.town] if expert.town else []
    noted(expert.consortium, expert.via, person, action, subject_of(expert), concerned=concerned, **more)
