"""Prompts and outputs word for word: kept apart and encrypted for an auditor, and gone when their time is over."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.scoping import in_municipality
from machi.governance.domain.gate_endpoints import SYSTEM, settings_of
from machi.governance.models import CachedReply, KeptExchange, ModelCall


def keep(call: ModelCall, messages: Sequence[Mapping[str, str]], output: str) -> None:
    days = settings_of(call.municipality).keep_days
    KeptExchange.objects.create(
        municipality=call.municipality,
        call=call,
        prompt=json.dumps([dict(message) for message in messages], ensure_ascii=False),
        output=output,
        delete_after=timezone.localdate() + timedelta(days=days),
    )


@transaction.atomic
def read(call: ModelCall, *, by: Person) -> KeptExchange:
    """The words of a call, for an auditor; that they were read is recorded. Refused where they are gone."""
    kept = KeptExchange.objects.filter(call=call).first()
    if kept is None:
        raise Refused(_("この呼び出しの入力と出力は残っていません。"))
    ledger.record(
        call.municipality,
        system=SYSTEM,
        kind="gate",
        subject=call.subject,
        actor=by,
        outputs={"action": "read_exchange", "call": call.pk, "entry": call.ledger_index},
    )
    return kept


@transaction.atomic
def forget_old(municipality: Municipality) -> int:
    """Deletes what was kept for long enough; how many exchanges that were. Called once a day."""
    with in_municipality(municipality):
        CachedReply.objects.filter(expires_at__lte=timezone.now()).delete()
        old = KeptExchange.objects.filter(delete_after__lt=timezone.localdate())
        count = old.count()
        old.delete()
        return count


@transaction.atomic
def erase(municipality: Municipality, subject: str) -> int:
    """Deletes all words kept of a subject, for whoever erases that subject; how many exchanges that were."""
    with in_municipality(municipality):
        CachedReply.objects.filter(call__subject=subject).delete()
        kept = KeptExchange.objects.filter(call__subject=subject)
        count = kept.count()
        kept.delete()
        return count
