"""How an expert leaves: by their own word, at the joint office's, or when their time is over. What names them goes.

Number, kind, state, offers, hours and figures stay, so that published numbers can be made again; and the ledgers stay
whole, but can no longer be asked whether a name was in them. Whoever may still be matched leaves the round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.domain.recording import erase_recorded
from machi.base.models import LedgerEntry, Municipality, Person
from machi.base.scoping import every_municipality, in_consortium
from machi.joint.domain.experts_mail import drop_letters
from machi.joint.domain.experts_record import SYSTEM, noted
from machi.joint.domain.experts_registration import NAMING, held, subject_of
from machi.joint.models import Expert, ExpertAgreement, ExpertOffer, ExpertReport, ExpertRound

Answer = ExpertOffer.Answer
State = Expert.State


@dataclass(frozen=True, slots=True)
class Standing:
    """What says when a registration's time is over. Days as the town's calendar has them."""

    last: date
    """Of the time that was offered."""
    closed: date | None = None
    """When the round was."""
    refused: date | None = None
    worked: date | None = None
    """Until when, of the latest agreement."""


def over(standing: Standing) -> date:
    """The day after which nothing of it is kept."""
    if standing.worked:
        return _years_after(standing.worked, Expert.KEPT_AFTER_WORK_YEARS)
    return _years_after(standing.refused or standing.closed or standing.last, Expert.KEPT_YEARS)


def withdraw(expert: Expert) -> None:
    """The expert's own word, by the page with the secret address."""
    erase(expert, expert.via, ground=erasing.Ground.REQUEST)


@transaction.atomic
def erase(
    expert: Expert,
    acting: Municipality,
    person: Person | None = None,
    *,
    ground: str,
    reference: str = "",
) -> LedgerEntry:
    """For good, in the consortium's scope; returns the entry that tells so in the ledger of ``acting``.

    Refused while agreed work runs, for both sides still need to know with whom.
    """
    current = held(expert)
    if current.erased_at:
        raise Refused(_("この登録は、すでに消去されています。"), "number")
    if _working(current, ground):
        raise Refused(_("合意した仕事があります。先に自治体と話し、終わらせてください。"))
    erasing.overwrite_what_is_deleted()  # before the first row goes
    offers = list(current.offers.order_by("pk"))
    _leave(current, offers, acting, person)
    erased = {
        "experts": 1,
        "letters": drop_letters(current),
        "screening": current.screening.update(reason=None),
        **_erase_work(offers),
    }
    _empty(current)
    return erase_recorded(
        acting,
        person,
        [subject_of(current), *(f"expert_offer:{offer.pk}" for offer in offers)],
        system=SYSTEM,
        ground=ground,
        reference=reference,
        erased=erased,
    )


def erase_expert(
    municipality: Municipality, pk: int, *, ground: str, reference: str = "", person: Person | None = None
) -> LedgerEntry:
    """One that registered on the municipality's page, in whichever of its consortia; Refused where there is none."""
    with every_municipality():
        expert = _registered_at(municipality).select_related("consortium").filter(pk=pk).first()
    if expert is None:
        raise Refused(_("この番号の専門家はいないか、すでに消去されています。"), "number")
    with in_consortium(expert.consortium):
        return erase(expert, municipality, person, ground=ground, reference=reference)


def expired_experts(municipality: Municipality, now: datetime) -> list[int]:
    """Those whose time is over, of whatever state; the withdrawn have been erased at once."""
    today = timezone.localdate(now)
    with every_municipality():
        found = list(
            _registered_at(municipality)
            .annotate(
                refused=Max("screening__at", filter=Q(state=State.REJECTED, screening__passed=False)),
                worked=Max(Coalesce("offers__agreement__ended_on", "offers__agreement__last")),
            )
            .order_by("pk")
            .values_list("pk", "last", "round__closed_at", "refused", "worked")
        )
    return [
        pk
        for pk, last, closed, refused, worked in found
        if over(Standing(last, _day(closed), _day(refused), worked)) < today
    ]


def _registered_at(municipality: Municipality) -> QuerySet[Expert]:
    """To be called in ``every_municipality``: also of consortia that it has left since."""
    return Expert.objects.filter(via=municipality, erased_at=None)


def _working(expert: Expert, ground: str) -> bool:
    running = ExpertAgreement.objects.filter(offer__expert=expert, ended_on=None)
    if ground == erasing.Ground.RETENTION:  # nobody ended it, but it was to end years ago
        running = running.filter(last__gte=timezone.localdate())
    return running.exists()


def _leave(
    expert: Expert, offers: Sequence[ExpertOffer], acting: Municipality, person: Person | None
) -> None:
    """Out of a round that goes on; in one that is closed the state stays, which its numbers are made of."""
    for offer in offers:
        if not offer.declined and not offer.agreed:
            offer.by_expert = Answer.DECLINED
            offer.save(update_fields=["by_expert"])
    in_play = expert.state in (State.SUBMITTED, State.ACCEPTED)
    if in_play and expert.round.state != ExpertRound.State.CLOSED:
        expert.state = State.WITHDRAWN
        concerned = [town for town in (expert.via, expert.town) if town]
        noted(expert.consortium, acting, person, "withdraw_expert", subject_of(expert), concerned=concerned)


def _erase_work(offers: Sequence[ExpertOffer]) -> dict[str, int]:
    """Words about work that was done; months, hours and figures stay."""
    reports = ExpertReport.objects.filter(agreement__offer__in=offers).update(work="")
    ExpertAgreement.objects.filter(offer__in=offers).update(end_reason="")
    return {"reports": reports}


def _empty(expert: Expert) -> None:
    for name in NAMING:
        setattr(expert, name, None)
    expert.summary, expert.skills = "", {}
    expert.home, expert.travels = expert.via, 0  # where they live goes too; a row needs some town
    expert.give_token(None)
    expert.erased_at = timezone.now()
    expert.save()
    expert.conflicts.clear()


def _years_after(day: date, years: int) -> date:
    """29 February lasts until 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None
