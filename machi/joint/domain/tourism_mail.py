"""Letters of booking requests. They tell that something waits and where; not who asked, for mail is no safe place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from machi.base.domain.mailing import letter, send
from machi.base.models import Consortium
from machi.base.scoping import in_consortium
from machi.joint.models import BookingRequest


def link(asked: BookingRequest, view: str, token: str) -> str:
    """A secret link; it names the consortium, so that it opens for whoever has never been here."""
    path = reverse(f"joint:{view}", args=[asked.spot.municipality_id, token])
    return f"{settings.MACHI_URL}{path}?consortium={asked.consortium_id}"


def tell_operator(asked: BookingRequest) -> None:
    if asked.spot.operator_email:
        send_operator_mail.enqueue(asked.consortium_id, asked.pk)


def tell_visitor(asked: BookingRequest) -> None:
    if asked.email:
        send_visitor_mail.enqueue(asked.consortium_id, asked.pk)


@letter
def send_operator_mail(consortium: int, pk: int) -> None:
    with _the_request(consortium, pk) as asked, translation.override("ja"):
        if asked.erased_at or not asked.spot.operator_email:
            return
        state = {
            BookingRequest.State.SENT: _("予約の希望が届きました。受けられるか、お返事ください。"),
            BookingRequest.State.ACCEPTED: _("提案した日時で、申し込んだ人が承知しました。"),
        }.get(BookingRequest.State(asked.state), _("申し込んだ人が取り下げました。"))
        lines = [state, "", *_facts(asked), "", link(asked, "operator_request", asked.operator_token)]
        subject = _("予約の希望 #%(number)s：%(spot)s") % {"number": asked.pk, "spot": asked.spot.name}
        send(subject, lines, asked.spot.operator_email)


@letter
def send_visitor_mail(consortium: int, pk: int) -> None:
    with _the_request(consortium, pk) as asked, translation.override(asked.language):
        if asked.erased_at or not asked.email:
            return
        lines = [
            _("予約の希望にお返事がありました。次のページをご覧ください。"),
            "",
            *_facts(asked),
            "",
            link(asked, "visitor_request", asked.token),
        ]
        send(_("%(spot)s：予約の希望へのお返事") % {"spot": asked.spot}, lines, asked.email)


@contextmanager
def _the_request(consortium: int, pk: int) -> Iterator[BookingRequest]:
    with in_consortium(Consortium.objects.get(pk=consortium)):
        yield BookingRequest.objects.select_related("spot__municipality").get(pk=pk)


def _facts(asked: BookingRequest) -> list[str]:
    when = f"{date_format(asked.on)} {time_format(asked.at)}"
    return [
        f"{asked.spot} ({asked.spot.municipality})",
        _("日時：%(when)s") % {"when": when},
        _("人数：%(party)s") % {"party": asked.party},
    ]
