"""What towns need: drafted, published, withdrawn. A draft is the town's own; the others see what is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.joint.domain.experts import refuse_unless
from machi.joint.domain.experts_record import noted
from machi.joint.models import ExpertOffer, ExpertRound, Posting

FIELDS = ("title", "work", "skills", "hours", "on_site", "first", "last", "budget", "places")
State = Posting.State


def visible(begun: ExpertRound, municipality: Municipality) -> QuerySet[Posting, Any]:
    """Published ones of all towns, and whatever the town's own."""
    mine = Q(town=municipality) | Q(state=State.PUBLISHED)
    return (
        Posting.objects.filter(mine, round=begun).select_related("town__prefecture").order_by("town_id", "pk")
    )


def post(begun: ExpertRound, municipality: Municipality, person: Person, need: Mapping[str, Any]) -> Posting:
    """A draft, which only the town sees."""
    with transaction.atomic():
        refuse_unless(begun, ExpertRound.State.OPEN)
        posting = Posting(round=begun, consortium=begun.consortium, town=municipality, created_by=person)
        _fill(posting, need)
        posting.save()
        _noted(posting, person, "post_need")
    return posting


@transaction.atomic
def change(posting: Posting, person: Person, need: Mapping[str, Any]) -> None:
    current = _own(posting)
    _fill(current, need)
    current.save()
    _noted(current, person, "change_need")


@transaction.atomic
def publish(posting: Posting, person: Person) -> None:
    """From now on every town and, without an account, every expert can read it."""
    current = _own(posting)
    if current.state == State.PUBLISHED:
        raise Refused(_("すでに公開しています。"))
    current.state, current.reason = State.PUBLISHED, ""
    current.save(update_fields=["state", "reason"])
    _noted(current, person, "publish_need", hours=current.hours, budget=current.budget, places=current.places)


@transaction.atomic
def withdraw(posting: Posting, person: Person, reason: str) -> None:
    """Out of the round, at any time before a pair of it was released."""
    current = Posting.objects.select_for_update().get(pk=posting.pk)
    if current.state == State.WITHDRAWN:
        raise Refused(_("すでに取り下げています。"))
    if ExpertOffer.objects.filter(posting=current).exists():
        raise Refused(_("結果を伝えた後は取り下げられません。組み合わせに返事をしてください。"))
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    current.state, current.reason = State.WITHDRAWN, reason.strip()
    current.save(update_fields=["state", "reason"])
    _noted(current, person, "withdraw_need")


def _own(posting: Posting) -> Posting:
    refuse_unless(posting.round, ExpertRound.State.OPEN)
    return Posting.objects.select_for_update().select_related("town").get(pk=posting.pk)


def _fill(posting: Posting, need: Mapping[str, Any]) -> None:
    for name in FIELDS:
        setattr(posting, name, need[name])
    if posting.last < posting.first:
        raise Refused(_("終わりの日は、始まりの日より後にしてください。"), "last")
    if not posting.skills:
        raise Refused(_("必要な技能を1つは選んでください。"))


def _noted(posting: Posting, person: Person, action: str, **outputs: Any) -> None:
    noted(posting.consortium, posting.town, person, action, f"posting:{posting.pk}", **outputs)
