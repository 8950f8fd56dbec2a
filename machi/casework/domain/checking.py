"""Rules on the values of an application, and what follows: straight through where the town allows it, else a person."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from machi.casework.domain import letters
from machi.casework.domain.engines import check_rules
from machi.casework.domain.record import CHECK, record, result
from machi.casework.engine.straight_through import Seen, drawn, reasons_against
from machi.casework.models import Application, CheckResult, FieldValue, Ruling, SampleAudit

State = Application.State


def check(application: Application) -> None:
    """Runs the procedure's rules on the values as they stand, in the caller's transaction; replaces what they said."""
    values = list(application.values.all())
    rules = application.procedure.content.get("rules", ()) if application.procedure else ()
    told = check_rules(rules, application, values_by_form(values), others_like(application, values))
    application.checks.all().delete()
    CheckResult.objects.bulk_create(
        CheckResult(
            municipality=application.municipality,
            application=application,
            ordinal=at,
            rule=one.rule,
            title=one.title[:200],
            result=one.result,
            reason=one.reason,
            law=one.law[:300],
            fields=list(one.fields),
        )
        for at, one in enumerate(told)
    )
    application.failed = sum(one.result == CheckResult.Result.FAILED for one in told)
    application.unsure = sum(one.result == CheckResult.Result.UNKNOWN for one in told)
    count_doubts(application, values)
    application.save()
    result(
        application,
        CHECK,
        inputs={"values": values_by_form(values), "reasons": [one.reason for one in told]},
        outputs={
            "procedure": application.procedure.key if application.procedure else "",
            "version": application.procedure.version if application.procedure else "",
            "results": {one.rule: one.result for one in told},
        },
        sources=[{"rule": one.rule, "law": one.law} for one in told if one.law],
    )


def values_by_form(values: list[FieldValue]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for one in values:
        found.setdefault(one.form, {})[one.field] = one.value or ""
    return found


def others_like(application: Application, values: list[FieldValue]) -> list[Application]:
    """Undecided or recent applications of the same person to the same procedure. Names are encrypted, so they are
    compared here and not in the database; only those of the last year are."""
    if not application.applicant or application.procedure_id is None:
        return []
    since = application.received_at - timedelta(days=365)
    others = (
        Application.objects.filter(
            procedure_id=application.procedure_id,
            received_at__gte=since,
            erased_at=None,
            read_at__isnull=False,
        )
        .exclude(pk=application.pk)
        .exclude(applicant=None)
        .only("pk", "number", "applicant", "municipality_id", "received_at", "state")
    )
    mine = _bare(application.applicant)
    return [one for one in others.iterator() if _bare(one.applicant or "") == mine][:5]


def _bare(name: str) -> str:
    return "".join(name.split())


def doubtful() -> Q:
    """Of values: those a person should look at and has not."""
    return Q(looked_at=None) & (Q(confidence__lt=F("threshold")) | ~Q(doubts=[]))


def is_doubtful(value: FieldValue) -> bool:
    """The same of one that is loaded."""
    return value.looked_at is None and (value.confidence < value.threshold or bool(value.doubts))


def count_doubts(application: Application, values: list[FieldValue]) -> None:
    open_ones = [one for one in values if one.looked_at is None]
    application.doubtful = sum(is_doubtful(one) for one in values)
    application.lowest_confidence = min((one.confidence for one in open_ones), default=1.0 if values else 0.0)


def onward(application: Application) -> None:
    """To a person, or straight through; in the caller's transaction, right after ``check``."""
    procedure = application.procedure
    against = against_straight_through(application)
    if procedure is None or against:
        application.state = State.REVIEW
        application.save()
        return
    application.state, application.outcome = State.APPROVED, Application.Outcome.APPROVED
    application.straight_through, application.decided_at = True, timezone.now()
    application.save()
    ruling = Ruling.objects.create(
        municipality=application.municipality, application=application, kind=Ruling.Kind.STRAIGHT
    )
    letters.write(application, ruling)
    digest = sample_digest(application)
    taken = drawn(digest, procedure.sampling_share)
    if taken:
        SampleAudit.objects.create(municipality=application.municipality, application=application)
    record(
        application,
        "straight_through",
        None,
        share=procedure.sampling_share,
        sample_digest=digest,
        drawn=taken,
        threshold=procedure.threshold,
    )


def sample_digest(application: Application) -> str:
    """What the draw rests on: the digest of the first file as it was handed in, or of what was typed."""
    first = application.files.order_by("pk").values_list("sha256", flat=True).first()
    return first or hashlib.sha256(f"{application.number}{application.given}".encode()).hexdigest()


def against_straight_through(application: Application) -> list[str]:
    """Why a person must look at it (``domain.words.AGAINST``)."""
    procedure = application.procedure
    if procedure is None:
        return ["no-procedure"]
    return reasons_against(
        allowed=procedure.straight_through,
        two_person=procedure.two_person,
        values=[
            Seen(one.confidence, one.threshold, one.doubts, not one.value, one.required)
            for one in application.values.all()
        ],
        results=list(application.checks.values_list("result", flat=True)),
    )
