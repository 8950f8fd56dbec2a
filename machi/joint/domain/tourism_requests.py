"""Booking requests: asked by a visitor, answered by the operator or by staff of the spot's town, followed by both.

Contact details are encrypted and go only to whoever may answer. The ledger of the spot's town has every step without
them; they are erased on request, and by the daily work some time after the day (``tourism_erasure``).
"""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.domain.recording import record
from machi.base.models import Municipality, Person
from machi.joint.domain import tourism_mail as mail
from machi.joint.domain.tourism import KIND, SYSTEM
from machi.joint.domain.tourism_queries import window_on
from machi.joint.models import BookingRequest, RequestTurn, Spot, VisitPlan

State = BookingRequest.State
Who = RequestTurn.Who
MOST_OF_A_PLAN = 20
ANSWERS = (State.ACCEPTED, State.DECLINED, State.PROPOSED)


def requests_of(town: Municipality) -> QuerySet[BookingRequest, Any]:
    """Those for the town's own spots, the newest first."""
    return BookingRequest.objects.filter(spot__municipality=town).select_related("spot__municipality", "plan")


@transaction.atomic
def ask(
    plan: VisitPlan,
    spot: Spot,
    *,
    on: date,
    at: time,
    party: int,
    name: str,
    email: str,
    telephone: str = "",
    words: str = "",
    language: str = "ja",
) -> BookingRequest:
    """Sends a request for a spot of the plan. Refused where the spot takes none, is closed then, or the party is too
    large."""
    current = Spot.objects.select_related("municipality", "consortium").get(pk=spot.pk)
    if not current.published or not current.takes_requests:
        raise Refused(_("ここは予約の希望を受け付けていません。"))
    if not plan.stops.filter(spot=current).exists():
        raise Refused(_("この行程にないスポットです。"))
    if on < timezone.localdate():
        raise Refused(_("過ぎた日は選べません。"), "on")
    window = window_on(current, on)
    if window is None:
        raise Refused(_("その日は開いていません。"), "on")
    if not window[0] <= at.hour * 60 + at.minute < window[1]:
        raise Refused(_("その時刻は開いていません。"), "at")
    if party > current.largest_party:
        raise Refused(_("一度に%(most)s人までです。") % {"most": current.largest_party}, "party")
    if plan.requests.count() >= MOST_OF_A_PLAN:
        raise Refused(_("この行程からの希望が多すぎます。観光案内所に相談してください。"))
    if plan.requests.filter(spot=current, state__in=(State.SENT, State.PROPOSED)).exists():
        raise Refused(_("このスポットには、返事を待っている希望がもうあります。"))
    asked = BookingRequest.objects.create(
        consortium=current.consortium,
        plan=plan,
        spot=current,
        on=on,
        at=at,
        party=party,
        name=name,
        email=email,
        telephone=telephone,
        language=language,
    )
    _turn(asked, Who.VISITOR, State.SENT, words)
    mail.tell_operator(asked)
    return asked


@transaction.atomic
def answer(
    asked: BookingRequest,
    state: str,
    *,
    words: str = "",
    proposed_on: date | None = None,
    proposed_at: time | None = None,
    person: Person | None = None,
    town: Municipality | None = None,
) -> None:
    """The operator's answer, or with ``person`` of ``town`` that of staff on the operator's behalf."""
    current = _open(asked, (State.SENT, State.PROPOSED))
    if person and (town is None or town.pk != current.spot.municipality_id):
        raise Refused(_("ほかの町の予約の希望には答えられません。"))
    if state not in ANSWERS:
        raise Refused(_("その答えは選べません。"), "state")
    if state == State.PROPOSED:
        if not proposed_on or not proposed_at:
            raise Refused(_("提案する日と時刻を入れてください。"), "proposed_on")
        if proposed_on < timezone.localdate():
            raise Refused(_("過ぎた日は選べません。"), "proposed_on")
        current.proposed_on, current.proposed_at = proposed_on, proposed_at
    else:
        current.proposed_on = current.proposed_at = None
    if state == State.DECLINED and not words.strip():
        raise Refused(_("断る理由を、ひとこと書いてください。"), "words")
    current.state, current.settled_at = state, timezone.now()
    current.save()
    _turn(current, Who.STAFF if person else Who.OPERATOR, state, words, person)
    mail.tell_visitor(current)


@transaction.atomic
def agree(asked: BookingRequest) -> None:
    """The visitor takes the day and time that were proposed."""
    current = _open(asked, (State.PROPOSED,))
    assert current.proposed_on
    assert current.proposed_at
    current.on, current.at = current.proposed_on, current.proposed_at
    current.state, current.settled_at = State.ACCEPTED, timezone.now()
    current.save()
    _turn(current, Who.VISITOR, State.ACCEPTED, "")
    mail.tell_operator(current)


@transaction.atomic
def withdraw(asked: BookingRequest) -> None:
    """The visitor needs it no more, also after it was accepted."""
    current = _open(asked, (State.SENT, State.PROPOSED, State.ACCEPTED))
    current.state, current.settled_at = State.WITHDRAWN, timezone.now()
    current.save()
    _turn(current, Who.VISITOR, State.WITHDRAWN, "")
    mail.tell_operator(current)


def by_token(token: str, *, operator: bool = False) -> BookingRequest | None:
    """The request a secret link opens; None where there is none, or it has been erased."""
    named: dict[str, Any] = {"operator_token" if operator else "token": token, "erased_at__isnull": True}
    return (
        BookingRequest.objects.select_related("spot__municipality", "plan__municipality")
        .filter(**named)
        .first()
    )


def may(asked: BookingRequest) -> dict[str, bool]:
    """What its visitor and its operator may still do."""
    return {
        "agree": asked.state == State.PROPOSED,
        "withdraw": asked.state in (State.SENT, State.PROPOSED, State.ACCEPTED),
        "answer": asked.state in (State.SENT, State.PROPOSED),
    }


def _locked(asked: BookingRequest) -> BookingRequest:
    return (
        BookingRequest.objects.select_for_update(of=("self",))
        .select_related("spot__municipality", "consortium")
        .get(pk=asked.pk)
    )


def _open(asked: BookingRequest, states: tuple[str, ...]) -> BookingRequest:
    current = _locked(asked)
    if current.erased_at or current.state not in states:
        raise Refused(_("この予約の希望は、もう終わっています。"))
    return current


def _turn(asked: BookingRequest, who: str, action: str, words: str, person: Person | None = None) -> None:
    RequestTurn.objects.create(
        consortium=asked.consortium,
        request=asked,
        who=who,
        action=action,
        words=words.strip() or None,
        person=person,
    )
    _record(asked, action, person, who=who, words=words)


def _record(
    asked: BookingRequest, action: str, person: Person | None, *, who: str = "", words: str = ""
) -> None:
    record(
        asked.consortium,
        asked.spot.municipality,
        person,
        system=SYSTEM,
        kind=KIND,
        subject=f"visit_request:{asked.pk}",
        inputs={"words": words} if words else {},
        outputs={
            "action": action,
            "by": who,
            "spot": asked.spot_id,
            "on": asked.on.isoformat(),
            "party": asked.party,
        },
    )
