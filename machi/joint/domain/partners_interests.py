"""Interest of one town in another: told, answered, and shown to the joint office once both have said yes.

A town that is asked may say no, and nobody but the two learns that it was asked.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.domain.recording import record
from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person, Role
from machi.joint.domain.partners import SYSTEM
from machi.joint.models import Interest, InterestMessage, TownSelection

State = Interest.State
LONGEST_MESSAGE = 2_000


def visible(town: Municipality, person: Person) -> QuerySet[Interest, Any]:
    """What a person who works in ``town`` may see, newest first: the town's own for its staff; for the joint office
    all pairs, and nothing that is not yet or no more one."""
    roles = person.roles_in(town)
    mine = Q(pk__in=[])
    if not roles.isdisjoint({Role.CLERK, Role.MANAGER}):
        mine |= Q(asking=town) | Q(asked=town)
    if Role.JOINT_OFFICE in roles:
        mine |= Q(state=State.YES)
    return Interest.objects.filter(mine).select_related(
        "asking", "asked", "asked_by", "answered_by", "selection"
    )


def pairs() -> QuerySet[Interest, Any]:
    """Both have said yes."""
    return Interest.objects.filter(state=State.YES).select_related("asking", "asked", "selection")


def waiting_for(town: Municipality) -> int:
    """How many wait for this town's answer."""
    return Interest.objects.filter(asked=town, state=State.WAITING).count()


def speaks_as(interest: Interest, town: Municipality, person: Person) -> Municipality | None:
    """The town for which the person speaks in this conversation; None: for the joint office."""
    of_the_town = not person.roles_in(town).isdisjoint({Role.CLERK, Role.MANAGER})
    return town if of_the_town and town.pk in (interest.asking_id, interest.asked_id) else None


@transaction.atomic
def declare(
    consortium: Consortium,
    town: Municipality,
    person: Person,
    *,
    other: Municipality,
    work: str,
    message: str = "",
    selection: TownSelection | None = None,
) -> Interest:
    """Tells ``other`` that ``town`` would like to do ``work`` together with it."""
    if other.pk == town.pk:
        raise Refused(_("自分の町以外を選んでください。"), "other")
    if not members(consortium).filter(pk=other.pk).exists():
        raise Refused(
            _("その町はこの共同体に参加していないため、ここでは伝えられません。直接連絡してください。"),
            "other",
        )
    if not work.strip():
        raise Refused(_("一緒に考えたい仕事を書いてください。"), "work")
    if Interest.objects.filter(asking=other, asked=town, state=State.WAITING).exists():
        raise Refused(_("その町からは関心が届いています。届いた関心に返事をしてください。"))
    try:
        with transaction.atomic():
            interest = Interest.objects.create(
                consortium=consortium,
                asking=town,
                asked=other,
                work=work.strip(),
                selection=selection,
                asked_by=person,
            )
    except IntegrityError:
        raise Refused(_("この町には、もう関心を伝えて返事を待っています。")) from None
    if message.strip():
        _write(interest, person, town, message)
    _record(interest, person, "declare", town, {"work": interest.work, "message": message.strip()})
    return interest


@transaction.atomic
def answer(interest: Interest, person: Person, *, yes: bool, message: str = "") -> None:
    """The asked town's answer. With yes the two are a pair, which the joint office sees."""
    current = _waiting(interest)
    current.state = State.YES if yes else State.NO
    current.answered_by, current.answered_at = person, timezone.now()
    current.save(update_fields=["state", "answered_by", "answered_at"])
    if message.strip():
        _write(current, person, current.asked, message)
    _record(current, person, "yes" if yes else "no", current.asked, {"message": message.strip()})


@transaction.atomic
def withdraw(interest: Interest, person: Person) -> None:
    """The asking town takes it back before it is answered."""
    current = _waiting(interest)
    current.state, current.answered_at = State.WITHDRAWN, timezone.now()
    current.save(update_fields=["state", "answered_at"])
    _record(current, person, "withdraw", current.asking, {})


@transaction.atomic
def say(interest: Interest, person: Person, town: Municipality | None, text: str) -> InterestMessage:
    """A further message; ``town`` None is the joint office, which speaks with pairs only."""
    current = _locked(interest)
    if current.state in (State.NO, State.WITHDRAWN):
        raise Refused(_("この話は終わっています。"))
    if town is None and current.state != State.YES:
        raise Refused(_("双方が関心ありと答えた組だけに書けます。"))
    if not text.strip():
        raise Refused(_("本文を書いてください。"), "text")
    message = _write(current, person, town, text)
    _record(current, person, "say", town or current.asking, {"message": text.strip()})
    return message


def _write(interest: Interest, person: Person, town: Municipality | None, text: str) -> InterestMessage:
    if len(text.strip()) > LONGEST_MESSAGE:
        raise Refused(_("%(most)s字までにしてください。") % {"most": LONGEST_MESSAGE}, "text")
    return InterestMessage.objects.create(
        consortium=interest.consortium, interest=interest, town=town, person=person, text=text.strip()
    )


def _record(
    interest: Interest, person: Person, action: str, acting: Municipality, inputs: dict[str, str]
) -> None:
    """In the logs of both towns. What was written may name people, so only its digest is kept."""
    record(
        interest.consortium,
        acting,
        person,
        system=SYSTEM,
        kind="partnering",
        subject=f"interest:{interest.pk}",
        concerned=(interest.asking, interest.asked),
        inputs=inputs,
        outputs={
            "action": action,
            "asking": interest.asking_id,
            "asked": interest.asked_id,
            "state": interest.state,
        },
    )


def _locked(interest: Interest) -> Interest:
    found: Interest = (
        Interest.objects.select_for_update(of=("self",))
        .select_related("consortium", "asking", "asked")
        .get(pk=interest.pk)
    )
    return found


def _waiting(interest: Interest) -> Interest:
    current = _locked(interest)
    if current.state != State.WAITING:
        raise Refused(_("この関心には、もう返事が出ているか、取り下げられています。"))
    return current
