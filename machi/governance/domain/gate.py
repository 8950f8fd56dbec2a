"""The gate: the one place through which a language model is called.

In order: may the AI system run; is a My Number in it (then nothing goes anywhere); personal information hidden; which
endpoint, allowed from this network; was the same asked before; is there money left; is the endpoint well. Only then
the call. Whatever stands in the way, the caller's ``fallback`` answers in the model's place, and the reason is told.
Each result is one entry of the ledger, without words; the words are kept apart, encrypted, for their time.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Division, Municipality, Person
from machi.base.running import ensure_may_run
from machi.base.scoping import in_municipality
from machi.governance.domain import gate_breaker, gate_budget, gate_cache, gate_endpoints, gate_keeping
from machi.governance.domain.gate_words import MY_NUMBER, words
from machi.governance.models import Endpoint, ModelCall
from machi.language.engine.personal import LABELS, PERSONAL, Kind, PersonalNumberFound, Pseudonyms
from machi.language.gate.client import Call, CallFailed, Reply, call
from machi.language.gate.egress import Destination, EgressRefused

REFUSAL = "refusal"
"""Kind of the ledger entries of requests that were turned away and answered by nothing."""
State = ModelCall.State


@dataclass(frozen=True, slots=True)
class Completion:
    """What the caller gets. ``text`` has the true names back; ``raw`` is as the model wrote it."""

    text: str
    raw: str
    model: str
    tokens_in: int
    tokens_out: int
    yen: Decimal
    cached: bool
    fallback: bool
    """True: no model wrote this; ``reason`` says why."""
    reason: str
    """A code of ``gate_words``; empty where a model wrote it."""
    ledger_index: int

    @property
    def reason_words(self) -> str:
        return words(self.reason) if self.reason else ""


class GateClosed(Refused):
    """No model could be asked and the caller had nothing to fall back on; ``code`` as in ``gate_words``."""

    def __init__(self, code: str) -> None:
        super().__init__(words(code))
        self.code = code


@dataclass(frozen=True, slots=True)
class _Request:
    municipality: Municipality
    system: str
    purpose: str
    subject: str
    person: Person | None
    division: Division | None
    messages: list[dict[str, str]]
    """Hidden already."""
    hidden: dict[str, int]
    max_tokens: int
    json_schema: Mapping[str, Any] | None
    sources: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of it, before it is written down."""

    state: str
    reason: str = ""
    raw: str = ""
    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    yen: Decimal = Decimal(0)


class _Stopped(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def complete(
    municipality: Municipality,
    *,
    system: str,
    messages: Sequence[Mapping[str, str]],
    subject: str,
    purpose: str = "",
    person: Person | None = None,
    division: Division | None = None,
    max_tokens: int = 512,
    json_schema: Mapping[str, Any] | None = None,
    sources: Sequence[Mapping[str, Any]] = (),
    fallback: Callable[[], str] | None = None,
) -> Completion:
    """Asks the model of ``purpose`` (none: of the AI system ``system``) and returns what it wrote.

    ``messages``   ``role`` and ``content``; personal information in them never leaves
    ``subject``    a reference for the ledger, such as ``inquiry:12``
    ``division``   whose money it is; None: the division of ``person``, if one
    ``sources``    for the ledger, as ``ledger.record`` takes them
    ``fallback``   writes the text where no model can

    Raises NotApproved where the AI system may not run, Refused where a My Number is in it, GateClosed where no model
    can be asked and there is no fallback. Call it outside a transaction: a call may take a minute.
    """
    ensure_may_run(municipality, system)
    with in_municipality(municipality):
        names = Pseudonyms(PERSONAL)
        division = division or _division_of(person, municipality)
        try:
            contents = names.hide_all([message["content"] for message in messages])
        except PersonalNumberFound:
            asked = _Request(
                municipality, system, purpose or system, subject, person, division, [],
                {LABELS[Kind.MY_NUMBER]: 1}, max_tokens, None, (),
            )  # fmt: skip
            _write_down(asked, None, None, _Outcome(State.REFUSED, MY_NUMBER), 0)
            raise GateClosed(MY_NUMBER) from None
        asked = _Request(
            municipality, system, purpose or system, subject, person, division,
            [{"role": m["role"], "content": text} for m, text in zip(messages, contents, strict=True)],
            _counted(contents), max_tokens, json_schema, sources,
        )  # fmt: skip
        begun = time.monotonic()
        endpoint, reserved = None, None
        try:
            endpoint = gate_endpoints.endpoint_for(asked.purpose, system)
            destination = gate_endpoints.destination_of(endpoint) if endpoint else None
            if endpoint is None or destination is None:
                raise _Stopped("no_endpoint")
            outcome, reserved = _ask(asked, endpoint, destination)
        except EgressRefused:
            outcome = _Outcome(State.FALLBACK, "egress")
        except _Stopped as stopped:
            outcome = _Outcome(State.FALLBACK, stopped.code)
        except gate_budget.OverCap as over:
            outcome = _Outcome(State.FALLBACK, over.code)
        return _finished(asked, endpoint, reserved, outcome, begun, names, fallback)


def _ask(asked: _Request, endpoint: Endpoint, destination: Destination) -> tuple[_Outcome, ModelCall | None]:
    """From the cache or from the model. The reservation is what the outcome will be written over."""
    digest = gate_cache.digest(endpoint, asked.messages, asked.max_tokens, asked.json_schema)
    if known := gate_cache.find(digest):
        return _Outcome(State.CACHED, "", known.text, known.model), None
    most_in = gate_budget.most_tokens(asked.messages)
    reserved = gate_budget.reserve(
        endpoint,
        asked.division,
        most_in,
        asked.max_tokens,
        system=asked.system,
        purpose=asked.purpose,
        subject=asked.subject,
        person=asked.person,
    )
    if not gate_breaker.admit(endpoint):
        return _Outcome(State.FALLBACK, "breaker_open"), reserved
    try:
        reply = call(
            Call(
                base_url=endpoint.base_url,
                model=endpoint.model,
                destination=destination,
                messages=asked.messages,
                max_tokens=asked.max_tokens,
                key=endpoint.key or "",
                json_schema=asked.json_schema,
                seconds=endpoint.seconds,
            )
        )
    except CallFailed as fault:
        # A fault of the question or of our own list says nothing of the endpoint's health.
        gate_breaker.report(endpoint, well=fault.code in ("request", "refused_egress"))
        billed = (most_in, asked.max_tokens) if fault.billed else (0, 0)
        return _Outcome(State.FALLBACK, fault.code, "", "", *billed, endpoint.yen(*billed)), reserved
    gate_breaker.report(endpoint, well=True)
    return _answered(endpoint, reply, most_in, asked.max_tokens), reserved


def _answered(endpoint: Endpoint, reply: Reply, most_in: int, most_out: int) -> _Outcome:
    """Where the endpoint does not say what it counted, the most it can have counted is taken."""
    tokens_in = most_in if reply.tokens_in is None else reply.tokens_in
    tokens_out = most_out if reply.tokens_out is None else reply.tokens_out
    return _Outcome(
        State.DONE,
        "",
        reply.text,
        reply.model or endpoint.model,
        tokens_in,
        tokens_out,
        endpoint.yen(tokens_in, tokens_out),
    )


def _finished(
    asked: _Request,
    endpoint: Endpoint | None,
    reserved: ModelCall | None,
    outcome: _Outcome,
    begun: float,
    names: Pseudonyms,
    fallback: Callable[[], str] | None,
) -> Completion:
    by_model = outcome.state in (State.DONE, State.CACHED)
    text = names.reveal(outcome.raw) if by_model else fallback() if fallback else ""
    milliseconds = round((time.monotonic() - begun) * 1000)
    written = _write_down(
        asked, endpoint, reserved, outcome, milliseconds, answered=by_model or bool(fallback)
    )
    gate_budget.warn(asked.division)
    if not by_model and fallback is None:
        raise GateClosed(outcome.reason)
    assert written.ledger_index is not None
    return Completion(
        text=text,
        raw=outcome.raw,
        model=outcome.model,
        tokens_in=outcome.tokens_in,
        tokens_out=outcome.tokens_out,
        yen=outcome.yen,
        cached=outcome.state == State.CACHED,
        fallback=not by_model,
        reason=outcome.reason,
        ledger_index=written.ledger_index,
    )


@transaction.atomic
def _write_down(
    asked: _Request,
    endpoint: Endpoint | None,
    reserved: ModelCall | None,
    outcome: _Outcome,
    milliseconds: int,
    *,
    answered: bool = False,
) -> ModelCall:
    """The call's row, its entry in the ledger, the words that are kept, and the reply for next time."""
    one = reserved or gate_budget.unpaid(
        endpoint, asked.division, asked.system, asked.purpose, asked.subject, asked.person
    )
    one.state = outcome.state if outcome.state != State.FALLBACK or answered else State.REFUSED
    one.reason, one.model, one.hidden = outcome.reason, outcome.model, asked.hidden
    one.tokens_in, one.tokens_out, one.yen = outcome.tokens_in, outcome.tokens_out, outcome.yen
    one.milliseconds = milliseconds
    entry = ledger.record(
        asked.municipality,
        system=asked.system,
        kind=ledger.RESULT if answered else REFUSAL,
        subject=asked.subject,
        actor=asked.person,
        inputs={"prompt": asked.messages, "output": outcome.raw},
        outputs={
            "purpose": asked.purpose,
            "endpoint": endpoint.pk if endpoint else None,
            "model": outcome.model,
            "tokens_in": outcome.tokens_in,
            "tokens_out": outcome.tokens_out,
            "yen": str(outcome.yen.normalize()),
            "cached": outcome.state == State.CACHED,
            "fallback": outcome.state == State.FALLBACK,
            "reason": outcome.reason,
            "hidden": asked.hidden,
        },
        sources=asked.sources,
    )
    one.ledger_index = entry.index
    one.save()
    if endpoint is not None and outcome.state in (State.DONE, State.CACHED):
        gate_keeping.keep(one, asked.messages, outcome.raw)
    if endpoint is not None and outcome.state == State.DONE:
        digest = gate_cache.digest(endpoint, asked.messages, asked.max_tokens, asked.json_schema)
        gate_cache.store(digest, one, outcome.raw)
    return one


def _counted(texts: Sequence[str]) -> dict[str, int]:
    """How many values of which kind the placeholders in ``texts`` stand for."""
    whole = "\n".join(texts)
    found = {label: len(set(re.findall(rf"〔{label}(\d+)〕", whole))) for label in LABELS.values()}
    return {label: count for label, count in found.items() if count}


def _division_of(person: Person | None, municipality: Municipality) -> Division | None:
    if person is None:
        return None
    appointment = (
        person.appointments.filter(municipality=municipality, division__isnull=False)
        .select_related("division")
        .order_by("pk")
        .first()
    )
    return appointment.division if appointment else None
