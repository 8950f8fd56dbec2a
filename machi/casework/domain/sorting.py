"""Saying which procedure an application belongs to."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Person
from machi.casework.domain import reading
from machi.casework.domain.numbering import due_on
from machi.casework.domain.record import record
from machi.casework.models import Application, Procedure


def choose(application: Application, person: Person, procedure: Procedure) -> None:
    """It is read anew as one of this procedure; the deadline is that procedure's, counted from the day it came."""
    with transaction.atomic():
        current = Application.objects.select_for_update().get(pk=application.pk)
        if current.state != Application.State.REVIEW:
            raise Refused(_("審査待ちの申請だけ、読み直せます。"))
        current.procedure = procedure
        current.due_on = due_on(current.received_at, procedure)
        current.state, current.read_at, current.trouble = Application.State.RECEIVED, None, ""
        current.save()
        record(current, "choose", person, procedure=procedure.key)
    reading.wake(application.municipality)
