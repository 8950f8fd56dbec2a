"""Mail to applicants: that something has changed, and where to look. Not who they are or what was decided."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.base.domain.mailing import letter, send
from machi.base.models import Municipality
from machi.base.scoping import in_municipality
from machi.casework.models import Application


def status_url(application: Application) -> str:
    path = reverse("casework:status", args=[application.municipality_id, application.token])
    return f"{settings.MACHI_URL}{path}"


def acknowledge(application: Application) -> None:
    """That it has arrived, with the link to see how it stands, where whoever sent it left an address. Of one on paper
    the address is read first, and may be read wrongly: there a person sends it (``receipts``)."""
    if application.email:
        code, pk = application.municipality_id, application.pk
        transaction.on_commit(lambda: send_receipt_mail.enqueue(code, pk))


def tell_applicant(application: Application) -> None:
    if application.email:
        code, pk = application.municipality_id, application.pk
        transaction.on_commit(lambda: send_applicant_mail.enqueue(code, pk))


@letter
def send_applicant_mail(code: str, pk: int) -> None:
    _send(
        code,
        pk,
        gettext_noop("%(town)s：申請についてのお知らせ"),
        gettext_noop("申請（受付番号 %(number)s）について、お知らせがあります。次のページをご覧ください。"),
    )


@letter
def send_receipt_mail(code: str, pk: int) -> None:
    _send(
        code,
        pk,
        gettext_noop("%(town)s：申請を受け付けました"),
        gettext_noop(
            "申請を受け付けました（受付番号 %(number)s）。次のページで、いつでも状況を確かめられます。"
            "アドレスを知っている人だけが見られるので、人に教えないでください。"
        ),
    )


def _send(code: str, pk: int, subject: str, text: str) -> None:
    town = Municipality.objects.get(code=code)
    with in_municipality(town):
        application = Application.objects.select_related("procedure").get(pk=pk)
        if application.erased_at or not application.email:
            return
        with translation.override(application.language):
            lines = [
                _(text) % {"number": application.number},
                "",
                status_url(application),
                "",
                _("このメールに返信しても届きません。"),
            ]
            send(_(subject) % {"town": town}, lines, application.email)
