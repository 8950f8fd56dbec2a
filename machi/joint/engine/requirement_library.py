"""The library of requirement texts for joint purchases: versioned data, in the house's own words.

Each text names the documents it follows and what purchases it concerns. Purchases with AI in them are asked the items
of the AI checklist besides (``machi.governance.engine.procurement``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from machi.governance.engine.procurement import Asked, share

LATEST = "2026-11"
FILES = {"2026-11": "requirements.json"}
"""An older version's file stays, so that a purchase begun under it can still be read."""
PRINCIPLE = "procurement"
"""Where an item of the AI checklist names its principle, a text of the library says this."""


def propose(facts: Mapping[str, object], version: str = LATEST) -> tuple[Asked, ...]:
    """The whole library as things to ask, those that do not concern a purchase with these facts not selected.

    Weights are proposed for what is selected and need not be met. KeyError: no such version.
    """
    known = [(one, _concerns(applies, facts)) for one, applies in _texts(version)]
    weights = share([one.code for one, selected in known if selected and not one.must])
    return tuple(
        replace(one, selected=selected, weight=weights.get(one.code, Decimal(0))) for one, selected in known
    )


def _concerns(applies: Mapping[str, list[Any]], facts: Mapping[str, object]) -> bool:
    return all(name not in facts or facts[name] in values for name, values in applies.items())


@cache
def _texts(version: str) -> tuple[tuple[Asked, Mapping[str, list[Any]]], ...]:
    kept = json.loads((files("machi.joint") / "data" / FILES[version]).read_text(encoding="utf-8"))
    if kept["version"] != version:
        raise ValueError(f"{FILES[version]} holds version {kept['version']}, not {version}")
    return tuple((_asked(line, kept["documents"]), line["applies"]) for line in kept["items"])


def _asked(line: Mapping[str, Any], documents: Mapping[str, str]) -> Asked:
    return Asked(
        code=line["id"],
        principle=PRINCIPLE,
        title=line["title"],
        requirement=line["requirement"],
        criterion=line["criterion"],
        question=line["question"],
        clause=line["clause"],
        follows="、".join(documents[name] for name in line["follows"]),
        selected=True,
        must=line["must"],
        weight=Decimal(0),
    )
