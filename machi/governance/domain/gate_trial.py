"""Trying an endpoint out: one word asked, nothing of the town's in it."""

from __future__ import annotations

from django.db import transaction

from machi.base.models import Person
from machi.governance.domain import gate_breaker, gate_budget
from machi.governance.domain.gate_endpoints import SYSTEM, destination_of, record
from machi.governance.models import Endpoint, ModelCall
from machi.language.gate.client import Call, CallFailed, Reply, call
from machi.language.gate.egress import EgressRefused

_ASKED = [{"role": "user", "content": "「はい」とだけ答えてください。"}]
_MOST_OUT = 8
_SECONDS = 30


def test(endpoint: Endpoint, *, by: Person | None) -> Reply:
    """What the endpoint says. Raises EgressRefused, gate_budget.OverCap or CallFailed.

    No AI system runs here, so none need be approved. It counts for the caps like any call, does not ask the breaker
    (it is how a person finds out that an endpoint is well again) and tells it the outcome.
    """
    outcome, reserved = "well", None
    try:
        destination = destination_of(endpoint)
        reserved = gate_budget.reserve(
            endpoint,
            None,
            gate_budget.most_tokens(_ASKED),
            _MOST_OUT,
            system=SYSTEM,
            purpose="test",
            subject=f"endpoint:{endpoint.pk}",
            person=by,
        )
        reply = call(
            Call(
                base_url=endpoint.base_url,
                model=endpoint.model,
                destination=destination,
                messages=_ASKED,
                max_tokens=_MOST_OUT,
                key=endpoint.key or "",
                seconds=min(endpoint.seconds, _SECONDS),
            )
        )
    except (EgressRefused, gate_budget.OverCap, CallFailed) as error:
        outcome = error.code
        _settle(endpoint, reserved, None, error)
        raise
    else:
        _settle(endpoint, reserved, reply, None)
        return reply
    finally:
        record(endpoint.municipality, by, f"endpoint:{endpoint.pk}", {"action": "test", "outcome": outcome})


@transaction.atomic
def _settle(
    endpoint: Endpoint, reserved: ModelCall | None, reply: Reply | None, error: Exception | None
) -> None:
    if reserved is None:
        return
    gate_breaker.report(endpoint, well=reply is not None)
    if reply is not None:
        reserved.state, reserved.model = ModelCall.State.DONE, reply.model or endpoint.model
        if reply.tokens_in is not None and reply.tokens_out is not None:
            reserved.tokens_in, reserved.tokens_out = reply.tokens_in, reply.tokens_out
    else:
        reserved.state = ModelCall.State.REFUSED
        if isinstance(error, CallFailed):
            reserved.reason = error.code
            if not error.billed:
                reserved.tokens_in = reserved.tokens_out = 0
    reserved.yen = endpoint.yen(reserved.tokens_in, reserved.tokens_out)
    reserved.save()
