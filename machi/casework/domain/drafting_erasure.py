"""Erasing a draft with all its versions and the text or recording handed in for it: they may name people."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person, Progress
from machi.casework.domain import recordings
from machi.casework.domain.drafting_templates import SYSTEM
from machi.casework.models import Draft, GivenText
from machi.governance.domain import gate_keeping

KEPT = timedelta(days=365 * 3)
"""After its last change: the file that was made of it is the record, this is how it came to be."""


@transaction.atomic
def erase_draft(
    municipality: Municipality, pk: int, *, ground: str, reference: str = "", person: Person | None = None
) -> None:
    """For good; the ledger says that it was. Refused where there is none."""
    draft = Draft.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if draft is None:
        raise Refused(_("この番号の下書きはないか、すでに消去されています。"), field="number")
    erasing.overwrite_what_is_deleted()  # before the first row goes
    versions, given = draft.versions.count(), draft.given_id
    Progress.objects.filter(key=f"casework.draft:{pk}").delete()
    heard = recordings.remove(draft)
    draft.delete()
    texts = 0
    if given and not Draft.objects.filter(given=given).exists():
        texts = GivenText.objects.filter(pk=given).delete()[0]
    erasing.erase_traces(
        municipality,
        [f"draft:{pk}"],
        ground=ground,
        reference=reference.strip(),
        person=person,
        system=SYSTEM,
        erased={
            "drafts": 1,
            "versions": versions,
            "texts": texts,
            "recordings": heard,
            "model_exchanges": gate_keeping.erase(municipality, f"draft:{pk}"),
        },
    )


def expired_drafts(municipality: Municipality, now: datetime) -> list[int]:
    """Those that nobody has changed for as long as drafts are kept."""
    return list(Draft.objects.filter(changed_at__lt=now - KEPT).order_by("pk").values_list("pk", flat=True))
