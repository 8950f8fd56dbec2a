"""Eligibility by OpenFisca-Japan: the request that its web API takes, and what its reply says.

OpenFisca-Japan is served by its own process in an environment of its own (``openfisca serve``; it holds numpy back);
``machi.casework.openfisca`` carries requests there. No names are sent: people are 親1, 子1, with days of birth alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from machi.casework.engine.checking_rules import Eligibility

HOUSEHOLD = "世帯1"
_PEOPLE, _HOUSEHOLDS = "世帯員", "世帯一覧"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: ``body`` as JSON, or ``failure`` saying why there is none."""

    body: Mapping[str, Any] = field(default_factory=dict)
    failure: str = ""
    system: str = ""
    """``openfisca-japan 2.2.0``, as it names itself."""


def question(rule: Eligibility, values: Mapping[str, str], day: date) -> dict[str, object]:
    """The body for ``POST /calculate``: the household and the variable asked for on ``day``.

    People of whom a field is empty are left out where they are optional; where they are not, the rule does not ask.
    """
    people: dict[str, dict[str, dict[str, str]]] = {}
    household: dict[str, Any] = {}
    for one in rule.people:
        known = {variable: values.get(name, "").strip() for variable, name in one.variables.items()}
        if not all(known.values()):
            continue
        people[one.name] = {variable: {"ETERNITY": value} for variable, value in known.items()}
        household.setdefault(one.role, []).append(one.name)
    household[rule.variable] = {day.isoformat(): None}
    return {_PEOPLE: people, _HOUSEHOLDS: {HOUSEHOLD: household}}


def amount(rule: Eligibility, day: date, reply: Reply) -> Decimal:
    """The variable's value on ``day``. Raises ValueError saying why there is none."""
    if reply.failure:
        raise ValueError(reply.failure)
    try:
        value = reply.body[_HOUSEHOLDS][HOUSEHOLD][rule.variable][day.isoformat()]
    except (KeyError, TypeError):
        raise ValueError(f"no {rule.variable} in the reply") from None
    if isinstance(value, bool):
        return Decimal(value)
    if not isinstance(value, int | float) or value != value or value in (float("inf"), float("-inf")):
        raise ValueError(f"{rule.variable} is not a number")
    return Decimal(str(value))
