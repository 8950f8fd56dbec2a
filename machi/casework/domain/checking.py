"""Rules on the values of an application, and what follows: straight through where the town allows it, else a person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import override

from machi.base.running import why_not
from machi.casework.domain import letters, likeness
from machi.casework.domain.checking_words import law_words, reason_words
from machi.casework.domain.procedure_data import data_of, labels_of
from machi.casework.domain.record import CHECK, STRAIGHT, result
from machi.casework.engine import checking as engine
from machi.casework.engine.checking_rules import AnyRule, Duplicate
from machi.casework.engine.eligibility import Reply
from machi.casework.engine.procedures import may_go_straight
from machi.casework.engine.straight_through import Seen, drawn, reasons_against
from machi.casework.engine.values_names import name_form
from machi.casework.models import (
    Application,
    CheckResult,
    DuplicateKey,
    FieldValue,
    Procedure,
    Ruling,
    SampleAudit,
)
from machi.casework.openfisca import ask_all

State = Application.State
_MOST_EARLIER = 20


def ask(procedure: Procedure | None, application: Application, values: Mapping[str, str]) -> dict[str, Reply]:
    """What OpenFisca says, where the town has one; outside any transaction, for it may take seconds."""
    if procedure is None:
        return {}
    context = engine.Context(timezone.localdate(application.received_at), timezone.localdate())
    return ask_all(engine.questions(data_of(procedure).rules, values, context))


def check(application: Application, replies: Mapping[str, Reply]) -> None:
    """Runs the procedure's rules on the values as they stand, in the caller's transaction; replaces what they said.
    ``replies``: of ``ask`` for the same values."""
    values = list(application.values.all())
    procedure = application.procedure
    rules = data_of(procedure).rules if procedure else ()
    told = engine.check(rules, flat(values, procedure), _context(application, rules, values, replies))
    labels = labels_of(procedure) if procedure else {}
    with override("ja"):  # it is stored, and goes into letters
        reasons = [reason_words(one, labels) for one in told]
    application.checks.all().delete()
    CheckResult.objects.bulk_create(
        CheckResult(
            municipality=application.municipality,
            application=application,
            ordinal=at,
            rule=one.rule,
            title=one.title[:200],
            result=one.outcome,
            reason=reason,
            law=law_words(one.law)[:300] if one.law else "",
            fields=list(one.fields),
        )
        for at, (one, reason) in enumerate(zip(told, reasons, strict=True))
    )
    application.failed = sum(one.outcome == "failed" for one in told)
    application.unsure = sum(one.outcome == "unknown" for one in told)
    count_doubts(application, values)
    application.save()
    likeness.look(application, values)
    result(
        application,
        CHECK,
        inputs={"values": flat(values, procedure), "documents": sorted(application.documents)},
        outputs={
            "procedure": procedure.key if procedure else "",
            "version": procedure.version if procedure else "",
            "results": {one.rule: [one.outcome, one.reason] for one in told},
        },
        sources=[
            {"rule": one.rule, "law": one.law.name, "article": one.law.article} for one in told if one.law
        ],
    )


def flat(values: Iterable[FieldValue], procedure: Procedure | None) -> dict[str, str]:
    """Plain values by field: a field's key stands once in all forms of a procedure. Papers are left out."""
    own = procedure.content.get("forms", ()) if procedure else ()
    return {one.field: one.value or "" for one in values if one.form in own}


def _on_papers(application: Application, values: Iterable[FieldValue]) -> dict[str, dict[str, str]]:
    """What came with it, and what was read of it."""
    found: dict[str, dict[str, str]] = {key: {} for key in application.documents}
    for one in values:
        if one.form in found and one.value:
            found[one.form][one.field] = one.value
    return found


def _context(
    application: Application,
    rules: Sequence[AnyRule],
    values: list[FieldValue],
    replies: Mapping[str, Reply],
) -> engine.Context:
    return engine.Context(
        received=timezone.localdate(application.received_at),
        today=timezone.localdate(),
        documents=_on_papers(application, values),
        earlier=_earlier(application, rules, flat(values, application.procedure)),
        doubts={
            one.field: one.doubts
            for one in values
            if one.looked_at is None and one.doubts and one.form not in application.documents
        },
        replies=replies,
    )


def _earlier(
    application: Application, rules: Sequence[AnyRule], values: Mapping[str, str]
) -> list[engine.Earlier]:
    """Earlier applications that a rule may call the same, found by keyed digests; this one leaves its own."""
    keys = {
        rule.key: _digest(rule, values)
        for rule in rules
        if isinstance(rule, Duplicate) and all(values.get(name) for name in rule.fields)
    }
    application.duplicate_keys.all().delete()
    DuplicateKey.objects.bulk_create(
        DuplicateKey(municipality=application.municipality, application=application, rule=rule, digest=digest)
        for rule, digest in keys.items()
    )
    if not keys:
        return []
    same = Q()
    for rule, digest in keys.items():
        same |= Q(duplicate_keys__rule=rule, duplicate_keys__digest=digest)
    before = Q(received_at__lt=application.received_at) | Q(
        received_at=application.received_at, pk__lt=application.pk
    )
    others = (
        Application.objects.filter(same, before, procedure=application.procedure, erased_at=None)
        .distinct()
        .prefetch_related("values")
        .order_by("-received_at")[:_MOST_EARLIER]
    )
    return [
        engine.Earlier(
            one.number, timezone.localdate(one.received_at), flat(one.values.all(), application.procedure)
        )
        for one in others
    ]


def _digest(rule: Duplicate, values: Mapping[str, str]) -> str:
    """Keyed with the installation's secret: without it nobody can try names against it. The values are brought to the
    form in which the rule compares them."""
    joined = "\x1f".join(name_form(values[name]) for name in rule.fields)
    return salted_hmac(f"casework.duplicate.{rule.key}", joined, algorithm="sha256").hexdigest()


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
    result(
        application,
        STRAIGHT,
        inputs={},
        outputs={
            "action": "straight_through",
            "share": procedure.sampling_share,
            "sample_digest": digest,
            "drawn": taken,
            "threshold": procedure.threshold,
        },
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
    values = list(application.values.all())
    unapproved = ["not-approved"] if why_not(application.municipality, STRAIGHT) else []
    unapproved += ["alike"] if likeness.unanswered(application).exists() else []
    return unapproved + reasons_against(
        allowed=procedure.straight_through,
        only=may_go_straight(data_of(procedure), flat(values, procedure)),
        two_person=procedure.two_person,
        values=[
            Seen(one.confidence, one.threshold, one.doubts, not one.value, one.required) for one in values
        ],
        results=list(application.checks.values_list("result", flat=True)),
    )
