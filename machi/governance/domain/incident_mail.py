"""The letter that tells an AI officer of a new incident: that there is one, not what happened."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from machi.base.domain.jobs import SOON
from machi.base.models import Municipality, Person
from machi.base.scoping import in_municipality
from machi.governance.models import Incident


@task(priority=SOON)
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
        EmailMessage(subject, f"{told}\n{page}", settings.DEFAULT_FROM_EMAIL, [person.email]).send()
