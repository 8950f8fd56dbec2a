"""Mail to applicants: that something has changed, and where to look. Not who they are or what was decided."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from machi.base.domain.mailing import letter, send
from machi.base.models import Municipality
from machi.base.scoping import in_municipality
from machi.casework.models import Application


def status_url(application: Application) -> str:
    path = reverse("casework:status", args=[application.municipality_id, application.token])
    return f"{settings.MACHI_URL}{path}"


def tell_applicant(application: Application) -> None:
    if application.email:
        code, pk = application.municipality_id, application.pk
        transaction.on_commit(lambda: send_applicant_mail.enqueue(code, pk))


@letter
def send_applicant_mail(code: str, pk: int) -> None:
    town = Municipality.objects.get(code=code)
    with in_municipality(town):
        application = Application.objects.select_related("procedure").get(pk=pk)
        if application.erased_at or not application.email:
            return
        with translation.override(application.language):
            lines = [
                _("申請（受付番号 %(number)s）について、お知らせがあります。次のページをご覧ください。")
                % {"number": application.number},
                "",
                status_url(application),
            ]
            subject = _("%(town)s：申請についてのお知らせ") % {"town": town}
            send(subject, lines, application.email)
