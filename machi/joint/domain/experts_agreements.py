"""From a released pair to what came of it: both answer, both accept, the expert reports, the town measures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.joint.domain.experts_mail import tell
from machi.joint.domain.experts_mail_words import Kind
from machi.joint.domain.experts_record import noted
from machi.joint.models import ExpertAgreement, ExpertOffer, ExpertOutcome, ExpertReport, ExpertRound

Answer = ExpertOffer.Answer
MOST_HOURS = 744
"""Hours of the longest month."""


def offers(begun: ExpertRound, municipality: Municipality | None) -> QuerySet[ExpertOffer, Any]:
    """Of one town, or with None of all."""
    found = ExpertOffer.objects.filter(posting__round=begun)
    if municipality is not None:
        found = found.filter(posting__town=municipality)
    return found.select_related(
        "posting__town", "posting__round", "expert__home__prefecture", "expert__town", "agreement"
    ).order_by("posting__town_id", "posting_id", "pk")


def agreements(begun: ExpertRound, municipality: Municipality | None) -> QuerySet[ExpertAgreement, Any]:
    """Of one town, or with None of all, with ``hours_reported``."""
    found = ExpertAgreement.objects.filter(offer__posting__round=begun)
    if municipality is not None:
        found = found.filter(offer__posting__town=municipality)
    return (
        found.select_related("offer__posting__town", "offer__expert__town", "offer__expert__home__prefecture")
        .annotate(hours_reported=Sum("reports__hours"))
        .order_by("offer__posting__town_id", "pk")
    )


def town_answers(offer: ExpertOffer, person: Person, *, accept: bool) -> ExpertOffer:
    return _answer(offer, "by_town", accept, person)


def expert_answers(offer: ExpertOffer, *, accept: bool) -> ExpertOffer:
    return _answer(offer, "by_expert", accept, None)


@transaction.atomic
def _answer(offer: ExpertOffer, side: str, accept: bool, person: Person | None) -> ExpertOffer:
    """Given once. When both have accepted there is an agreement, with the terms as they stand now."""
    current = _held(offer)
    if current.declined:
        raise Refused(_("この組は、辞退で終わっています。"))
    if getattr(current, side) != Answer.WAITING:
        raise Refused(_("すでに返事をしています。"))
    if current.posting.round.state != ExpertRound.State.RELEASED:
        raise Refused(_("この募集は終わっています。"))
    setattr(current, side, Answer.ACCEPTED if accept else Answer.DECLINED)
    current.save(update_fields=[side])
    if current.agreed:
        posting = current.posting
        ExpertAgreement.objects.create(
            consortium=current.consortium,
            offer=current,
            hours=posting.hours,
            on_site=posting.on_site,
            fee=current.expert.fee,
            first=posting.first,
            last=posting.last,
        )
    action = f"{side}_{'accepts' if accept else 'declines'}"
    _noted(current, person, action, agreed=current.agreed)
    if current.agreed:
        tell(current.consortium_id, current.expert_id, Kind.AGREED, current.pk)
    elif current.by_town == Answer.DECLINED:
        tell(current.consortium_id, current.expert_id, Kind.DECLINED, current.pk)
    return current


@transaction.atomic
def end(agreement: ExpertAgreement, person: Person, on: date, reason: str) -> None:
    """The work has ended, as planned or earlier."""
    current = _held_agreement(agreement)
    if current.ended_on:
        raise Refused(_("すでに終わっています。"))
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    if on < current.first:
        raise Refused(_("始まりの日より前の日は選べません。"), "on")
    current.ended_on, current.end_reason = on, reason.strip()
    current.save(update_fields=["ended_on", "end_reason"])
    _noted(current.offer, person, "end_agreement", ended_on=on.isoformat())


@transaction.atomic
def report(
    agreement: ExpertAgreement, *, month: date, hours: Decimal, work: str, person: Person | None = None
) -> ExpertReport:
    """Hours and work of a month: by the expert, or with ``person`` by the town of shared staff. May be put right
    until the town has confirmed it."""
    current = _held_agreement(agreement)
    first = month.replace(day=1)
    if first < current.first.replace(day=1) or first > timezone.localdate():
        raise Refused(_("この月は報告できません（始まる前か、まだ来ていません）。"), "month")
    if current.ended_on and first > current.ended_on:
        raise Refused(_("終わった後の月は報告できません。"), "month")
    if not 0 <= hours <= MOST_HOURS:
        raise Refused(_("時間を確かめてください。"), "hours")
    known = current.reports.filter(month=first).first()
    if known and known.confirmed_at:
        raise Refused(_("この月は自治体が確認済みです。直すときは自治体に連絡してください。"), "month")
    told = known or ExpertReport(consortium=current.consortium, agreement=current, month=first)
    told.hours, told.work, told.reported_at = hours, work.strip(), timezone.now()
    told.save()
    _noted(
        current.offer,
        person,
        "report",
        month=first.isoformat(),
        hours=str(hours),
        inputs={"work": work.strip()},
    )
    return told


@transaction.atomic
def confirm(told: ExpertReport, person: Person) -> None:
    """The town has checked the month's hours and work."""
    current = ExpertReport.objects.select_for_update().select_related("agreement__offer").get(pk=told.pk)
    if current.confirmed_at:
        raise Refused(_("すでに確認しています。"))
    current.confirmed_by, current.confirmed_at = person, timezone.now()
    current.save(update_fields=["confirmed_by", "confirmed_at"])
    offer = _held(current.agreement.offer)
    _noted(offer, person, "confirm_report", month=current.month.isoformat(), hours=str(current.hours))


@transaction.atomic
def set_outcome(
    agreement: ExpertAgreement, person: Person, given: Mapping[str, Any], outcome: ExpertOutcome | None = None
) -> ExpertOutcome:
    """A figure with where it stood and where it should be; later how it came out."""
    current = _held_agreement(agreement)
    measured = outcome or ExpertOutcome(consortium=current.consortium, agreement=current)
    for name in ("name", "unit", "before", "target", "actual", "measured_on"):
        setattr(measured, name, given[name])
    if measured.actual is not None and measured.measured_on is None:
        raise Refused(_("実績を入れるときは、測った日も入れてください。"), "measured_on")
    measured.save()
    figures = {name: str(given[name]) for name in ("before", "target", "actual", "measured_on")}
    _noted(current.offer, person, "set_outcome", outcome=measured.pk, **figures)
    return measured


def _held(offer: ExpertOffer) -> ExpertOffer:
    return (
        ExpertOffer.objects.select_for_update(of=("self",))
        .select_related("posting__town", "posting__round", "expert__via", "expert__town")
        .get(pk=offer.pk)
    )


def _held_agreement(agreement: ExpertAgreement) -> ExpertAgreement:
    return (
        ExpertAgreement.objects.select_for_update(of=("self",))
        .select_related("offer__posting__town", "offer__expert__via", "offer__expert__town")
        .get(pk=agreement.pk)
    )


def _noted(offer: ExpertOffer, person: Person | None, action: str, **more: Any) -> None:
    """In the ledger of the town that works with the expert, and of the town whose staff it is."""
    noted(
        offer.consortium,
        offer.posting.town,
        person,
        action,
        f"expert_offer:{offer.pk}",
        concerned=[offer.expert.town] if offer.expert.town else [],
        **more,
    )
