"""What corrections tell: how often readings were wrong, by form, field, confidence and month; thresholds from that."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Case, Count, Q, QuerySet, When
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.casework.domain.record import SYSTEM
from machi.casework.domain.storing import accepted_thresholds
from machi.casework.engine.corrections import Band, Proposal, Sample, bands, propose
from machi.casework.models import FieldThreshold, FieldValue, Procedure

MOST = 20_000
"""Readings of a form that are looked at, the newest: forms and scanners change."""
_READ = Q(corrected__isnull=False) & ~Q(engine__in=("web", "import"))


@dataclass(frozen=True, slots=True)
class FieldFigures:
    form: str
    field: str
    label: str
    seen: int
    wrong: int
    threshold: float

    @property
    def percent(self) -> float:
        return self.wrong * 100 / self.seen if self.seen else 0.0


@dataclass(frozen=True, slots=True)
class Month:
    month: date
    seen: int
    wrong: int

    @property
    def percent(self) -> float | None:
        return self.wrong * 100 / self.seen if self.seen else None


def by_band(form: str = "") -> list[Band]:
    return bands(_samples(form))


def by_field(form: str = "") -> list[FieldFigures]:
    """The most corrected first."""
    accepted, usual = accepted_thresholds(), usual_thresholds()
    counted = (
        _of(form)
        .values("form", "field", "label")
        .annotate(seen=Count("pk"), wrong=Count(Case(When(corrected=True, then=1))))
        .order_by("-wrong", "form", "field")
    )
    return [
        FieldFigures(
            one["form"],
            one["field"],
            one["label"],
            one["seen"],
            one["wrong"],
            accepted.get((one["form"], one["field"]), usual.get(one["form"], 0.99)),
        )
        for one in counted
    ]


def by_month(form: str = "") -> list[Month]:
    counted = (
        _of(form)
        .annotate(month=TruncMonth("looked_at"))
        .values("month")
        .annotate(seen=Count("pk"), wrong=Count(Case(When(corrected=True, then=1))))
        .order_by("month")
    )
    return [Month(one["month"].date(), one["seen"], one["wrong"]) for one in counted]


def propose_thresholds(municipality: Municipality) -> int:
    """A proposal for each field whose corrections speak for another threshold; how many are new. The daily work does
    it; a person decides."""
    made = 0
    samples: dict[tuple[str, str, str], list[Sample]] = defaultdict(list)
    for form, key, label, confidence, wrong in (
        _of("")
        .order_by("-looked_at")
        .values_list("form", "field", "label", "read_confidence", "corrected")[: MOST * 10]
    ):
        samples[form, key, label].append(Sample(confidence, bool(wrong)))
    accepted, usual = accepted_thresholds(), usual_thresholds()
    for (form, key, label), found in sorted(samples.items()):
        before = accepted.get((form, key), usual.get(form, 0.99))
        proposal = propose(found[:MOST])
        if proposal is not None and abs(proposal.value - before) > 1e-9:
            made += _propose(municipality, form, key, label, before, proposal)
    return made


def decide(threshold: FieldThreshold, person: Person, *, accept: bool) -> None:
    """From then on what is read newly is measured by it."""
    with transaction.atomic():
        current = FieldThreshold.objects.select_for_update().get(pk=threshold.pk)
        if current.state != FieldThreshold.State.PROPOSED:
            raise Refused(_("この提案は、もう決まっています。"))
        current.state = FieldThreshold.State.ACCEPTED if accept else FieldThreshold.State.DECLINED
        current.decided_by, current.decided_at = person, timezone.now()
        current.save()
        ledger.record(
            current.municipality,
            system=SYSTEM,
            kind="setting",
            subject=f"threshold:{current.pk}",
            actor=person,
            outputs={
                "action": current.state,
                "field": f"{current.form}.{current.field}",
                "before": current.before,
                "value": current.value,
                "seen": current.seen,
                "wrong": current.wrong,
            },
        )


def usual_thresholds() -> dict[str, float]:
    """By form: what its procedure asks; of several the strictest."""
    found: dict[str, float] = {}
    for one in Procedure.objects.all():
        for form in one.content.get("forms", ()):
            found[form] = max(found.get(form, 0.0), one.threshold)
    return found


def _propose(
    municipality: Municipality, form: str, key: str, label: str, before: float, proposal: Proposal
) -> int:
    declined = FieldThreshold.objects.filter(
        form=form,
        field=key,
        state=FieldThreshold.State.DECLINED,
        value=proposal.value,
        seen__gte=proposal.seen * 0.8,
    )
    if declined.exists():
        return 0  # asked and answered, and little is new
    _one, made = FieldThreshold.objects.update_or_create(
        municipality=municipality,
        form=form,
        field=key,
        state=FieldThreshold.State.PROPOSED,
        defaults={
            "label": label,
            "before": before,
            "value": proposal.value,
            "seen": proposal.seen,
            "wrong": proposal.wrong,
        },
    )
    return int(made)


def _of(form: str) -> QuerySet[FieldValue]:
    found = FieldValue.objects.filter(_READ)
    return found.filter(form=form) if form else found


def _samples(form: str) -> list[Sample]:
    found = _of(form).order_by("-looked_at").values_list("read_confidence", "corrected")[:MOST]
    return [Sample(confidence, bool(wrong)) for confidence, wrong in found]
