"""A gate set up for tests: a scripted endpoint on this machine, allowed and in use."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from machi.base.models import Municipality, Role
from machi.base.scoping import in_municipality
from machi.frontdesk.apps import DRAFTS
from machi.governance.domain import gate_endpoints
from machi.governance.models import Endpoint
from tests.base.factories import a_person
from tests.language_model_server.scripted import Scripted


def an_endpoint(town: Municipality, server: Scripted | str, **changes: Any) -> Endpoint:
    """An endpoint for drafts at ``server`` (or its address), with its line in the allow-list."""
    url = server if isinstance(server, str) else server.url
    by = a_person(Role.ADMINISTRATOR, town)
    with in_municipality(town):
        gate_endpoints.allow(town, by=by, url=url, reach="here", networks=[], basis="")
        given: dict[str, Any] = {
            "name": "手元のモデル",
            "purpose": DRAFTS,
            "base_url": url,
            "model": "m",
            "key": "sk-very-secret",
            "seconds": 5,
        }
        return gate_endpoints.add(town, by=by, **(given | changes))


PAID: dict[str, Decimal] = {"yen_in": Decimal("1"), "yen_out": Decimal("2")}
"""Yen for 1,000 tokens in and out."""
