"""The circuit breakers of the endpoints, in rows that all processes share."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from machi.governance.models import Endpoint, EndpointBreaker
from machi.language.gate import breaker
from machi.language.gate.breaker import Breaker


def value_of(endpoint: Endpoint) -> Breaker:
    row: EndpointBreaker | None = getattr(endpoint, "breaker", None)
    return _value(row) if row else Breaker()


@transaction.atomic
def admit(endpoint: Endpoint) -> bool:
    """Whether a call may be made now; one that may on trial is noted as such."""
    row = _locked(endpoint)
    after = breaker.admit(_value(row), timezone.now())
    if after is None:
        return False
    _save(row, after)
    return True


@transaction.atomic
def report(endpoint: Endpoint, *, well: bool) -> None:
    """How the call that was admitted went."""
    row = _locked(endpoint)
    before, now = _value(row), timezone.now()
    _save(row, breaker.succeeded(before) if well else breaker.failed(before, now))


def state_of(endpoint: Endpoint, now: datetime) -> str:
    return value_of(endpoint).state(now)


def _locked(endpoint: Endpoint) -> EndpointBreaker:
    EndpointBreaker.objects.get_or_create(municipality_id=endpoint.municipality_id, endpoint=endpoint)
    return EndpointBreaker.objects.select_for_update().get(endpoint=endpoint)


def _value(row: EndpointBreaker) -> Breaker:
    return Breaker(row.failures, row.open_until, row.trial_since, row.rests)


def _save(row: EndpointBreaker, value: Breaker) -> None:
    if _value(row) == value:
        return
    row.failures, row.open_until = value.failures, value.open_until
    row.trial_since, row.rests = value.trial_since, value.rests
    row.save()
