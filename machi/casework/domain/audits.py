"""Looking again at a sample of what went straight through; what is found is recorded, and where it can still be undone
it is."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Person
from machi.casework.domain import ruling
from machi.casework.domain.record import record
from machi.casework.models import Application, SampleAudit

Result = SampleAudit.Result


def audits() -> QuerySet[SampleAudit]:
    """Those not looked at first, the oldest first."""
    return SampleAudit.objects.select_related("application__procedure", "by").order_by("at", "drawn_at", "pk")


def figures() -> dict[str, int]:
    counted = SampleAudit.objects.aggregate(
        drawn=Count("pk"),
        right=Count("pk", filter=Q(result=Result.RIGHT)),
        wrong=Count("pk", filter=Q(result=Result.WRONG)),
    )
    straight = Application.objects.filter(rulings__kind="straight").distinct().count()
    return {"straight": straight, **counted}


def judge(audit: SampleAudit, person: Person, *, right: bool, note: str = "") -> bool:
    """Once. A wrong one needs a note; where nobody has been notified yet its approval is undone: True."""
    if not right and not note.strip():
        raise Refused(_("どこが誤っていたかを書いてください。"), "note")
    with transaction.atomic():
        current = (
            SampleAudit.objects.select_for_update(of=("self",)).select_related("application").get(pk=audit.pk)
        )
        if current.result:
            raise Refused(_("この申請は、もう確かめてあります。"))
        current.result = Result.RIGHT if right else Result.WRONG
        current.note, current.by, current.at = note.strip() or None, person, timezone.now()
        current.save()
        application = current.application
        record(application, "audit", person, inputs={"note": note}, result=current.result)
        undone = (
            not right and application.state == Application.State.APPROVED and application.straight_through
        )
        if undone:
            ruling.undo(application, person)
    return undone
