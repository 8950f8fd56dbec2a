"""Erasing an application: files, pages, values, words and contacts go; number, state and dates stay as figures."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.casework.domain import files
from machi.casework.domain.record import SYSTEM
from machi.casework.models import (
    Application,
    CaseLetter,
    ImportedRow,
    Likeness,
    Page,
    Procedure,
    Ruling,
    SampleAudit,
    SourceFile,
)
from machi.casework.models.applications import new_token


@transaction.atomic
def erase_application(
    municipality: Municipality, pk: int, *, ground: str, reference: str = "", person: Person | None = None
) -> None:
    """Refused where there is none, or it was erased before."""
    application = Application.objects.select_for_update().filter(pk=pk, erased_at=None).first()
    if application is None:
        raise Refused(_("この番号の申請はないか、すでに消去されています。"), field="number")
    names = [
        *SourceFile.objects.filter(application=application).values_list("sha256", flat=True),
        *Page.objects.filter(application=application).values_list("sha256", flat=True),
    ]
    counted = {
        "values": application.values.all().delete()[0],
        "pages": application.pages.all().delete()[0],
        "keys": application.duplicate_keys.all().delete()[0] + application.value_keys.all().delete()[0],
        "imported": ImportedRow.objects.filter(application=application).delete()[0],
        "handed_in": application.handed_in.all().delete()[0],
        "alike": Likeness.objects.filter(Q(application=application) | Q(other=application)).delete()[0],
        "checks": application.checks.all().delete()[0],
        "letters": CaseLetter.objects.filter(application=application).update(content=None),
        "reasons": Ruling.objects.filter(application=application).update(reason=None, remedy=None),
        "notes": SampleAudit.objects.filter(application=application).update(note=None),
        "files": application.files.all().delete()[0],
    }
    application.applicant = application.email = application.telephone = application.given = None
    application.documents = []
    application.token, application.erased_at = new_token(), timezone.now()  # the link leads nowhere now
    application.save()
    gone = [name for name in set(names) if not _still_used(name)]
    erasing.erase_traces(
        municipality,
        [f"application:{pk}"],
        ground=ground,
        reference=reference.strip(),
        person=person,
        system=SYSTEM,
        erased=counted,
    )
    transaction.on_commit(lambda: files.remove_all(municipality, gone))


def expired_applications(municipality: Municipality, now: datetime) -> list[int]:
    """Notified, or ended without a decision, for as long as the procedure keeps its cases."""
    found: list[int] = []
    for procedure in Procedure.objects.all():
        before = now - timedelta(days=procedure.kept_days)
        closed = Q(
            state=Application.State.CLOSED,
            rulings__kind=Ruling.Kind.CLOSE,
            rulings__undone_at=None,
            rulings__at__lt=before,
        )
        old = Application.objects.filter(
            Q(notified_at__lt=before) | closed, procedure=procedure, erased_at=None
        )
        found += old.order_by("pk").values_list("pk", flat=True).distinct()
    return found


def _still_used(name: str) -> bool:
    """One file may have been several applications."""
    return Page.objects.filter(sha256=name).exists() or SourceFile.objects.filter(sha256=name).exists()
