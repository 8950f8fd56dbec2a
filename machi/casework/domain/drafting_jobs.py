"""Long summaries and minutes in the background; a job that was killed is made good by running it again."""

from __future__ import annotations

import logging

from django.db import transaction
from django_tasks import task

from machi.base.domain.jobs import enqueue_once, reported
from machi.base.models import Municipality
from machi.base.running import NotApproved
from machi.base.scoping import in_municipality
from machi.casework.domain import drafting
from machi.casework.models import Draft

_log = logging.getLogger(__name__)
LABEL = "長い文書の要約・会議の記録"


def enqueue(draft: Draft) -> None:
    argument = f"{draft.municipality_id}:{draft.pk}"
    # Robust: the draft waits; the daily run makes good a job that could not be enqueued.
    transaction.on_commit(lambda: enqueue_once(make_task, argument), robust=True)


@task()
def make_task(argument: str) -> None:
    code, _colon, pk = argument.partition(":")
    municipality = Municipality.objects.get(code=code)
    with reported(municipality, f"casework.draft:{pk}", LABEL) as report:
        draft = Draft.objects.select_related("document", "given", "made_by").filter(pk=int(pk)).first()
        if draft is None or draft.state != Draft.State.WAITING:
            return
        try:
            drafting.extract(draft, draft.made_by, report)
        except NotApproved as refused:
            _failed(draft, str(refused.message)[:300])
        except Exception:
            _log.exception("draft %s could not be made", pk)
            _failed(draft)
            raise


def _failed(draft: Draft, reason: str = "") -> None:
    """Only what still waits: another worker may have made it meanwhile."""
    Draft.objects.filter(pk=draft.pk, state=Draft.State.WAITING).update(
        state=Draft.State.FAILED, reason=reason
    )


def each_day(municipality: Municipality) -> None:
    """Enqueues what still waits, of which a job was lost."""
    with in_municipality(municipality):
        for pk in Draft.objects.filter(state=Draft.State.WAITING).values_list("pk", flat=True):
            enqueue_once(make_task, f"{municipality.pk}:{pk}")
