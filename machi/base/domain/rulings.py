"""A person's ruling on a result of an AI system: agreed with, or overruled for a reason.

The ledger keeps the verdict and a salted digest of the reason; the reason itself may name people, so it is kept
beside the ledger, to be read, and to be erased with what it speaks of.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, LedgerRuling, Person

LONGEST_REASON = 1000


def rule_on(entry: LedgerEntry, person: Person, *, verdict: str, reason: str) -> LedgerRuling:
    """Who overrules must say why. A later ruling stands over an earlier one, and both are kept."""
    reason = reason.strip()
    if entry.kind != ledger.RESULT:
        raise Refused(_("判断できるのは、AIの結果の記録だけです。"))
    if verdict not in LedgerRuling.Verdict.values:
        raise Refused(_("「妥当」か「くつがえす」を選んでください。"), field="verdict")
    if verdict == LedgerRuling.Verdict.OVERRULE and not reason:
        raise Refused(_("くつがえす理由を書いてください。"), field="reason")
    with transaction.atomic():
        recorded = ledger.rule(entry, person=person, verdict=str(verdict), reason=reason)
        return LedgerRuling.objects.create(
            municipality=entry.municipality,
            entry=recorded,
            on=entry,
            verdict=verdict,
            person=person,
            at=recorded.at,
            reason=reason,
        )


def counts(system: str, since: datetime) -> tuple[int, int]:
    """How many results of ``system`` were agreed with, and how many overruled, by rulings made since then."""
    figures = LedgerRuling.objects.filter(on__system=system, at__gte=since).aggregate(
        agreed=Count("pk", filter=Q(verdict=LedgerRuling.Verdict.AGREE)),
        overruled=Count("pk", filter=Q(verdict=LedgerRuling.Verdict.OVERRULE)),
    )
    return figures["agreed"], figures["overruled"]
