"""The letter that tells an AI officer of a new incident: that there is one, not what happened."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from machi.base.domain.mailing import letter, send
from machi.base.models import Municipality, Person
from machi.base.scoping import in_municipality
from machi.governance.models import Incident


@letter
def send_filed(code: str, pk: int, officer: int) -> None:
    municipality = Municipality.objects.get(code=code)
    person = Person.objects.filter(pk=officer, is_active=True).first()
    with in_municipality(municipality), translation.override("ja"):
        incident = Incident.objects.get(pk=pk)
        if person is None:
            return
        told = _("AIのインシデント（%(kind)s、重さ：%(severity)s）が報告されました。") % {
            "kind": incident.get_kind_display(),
            "severity": incident.get_severity_display(),
        }
        page = settings.MACHI_URL + reverse("governance:incident", args=[code, pk])
        subject = _("%(town)s：AIのインシデント #%(number)s") % {"town": municipality, "number": pk}
        send(subject, [told, page], person.email)
