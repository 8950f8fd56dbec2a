"""Surveys that come with machi: the use of AI and RPA (following the topics of the ministry's yearly survey, in machi's
own words), and the self-assessment of AI maturity."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from machi.base.models import Consortium, Municipality, Person
from machi.learning.domain.surveys import begin
from machi.learning.engine.questionnaire import parse
from machi.learning.models import Survey

NAMES = ("ai-adoption", "ai-maturity")
_GIVEN = ("title", "title_en", "introduction", "introduction_en", "named")


@cache
def ready(name: str) -> dict[str, Any]:
    """The shipped definition. KeyError for a name that is not one of ``NAMES``."""
    if name not in NAMES:
        raise KeyError(name)
    text = (files("machi.learning") / "data" / "surveys" / f"{name}.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


def begin_ready(
    consortium: Consortium, municipality: Municipality, person: Person, *, name: str, year: int, **given: Any
) -> Survey:
    """One of them for a year, to be looked through, changed and published."""
    data = ready(name)
    about = {key: data[key] for key in _GIVEN} | given
    return begin(
        consortium,
        municipality,
        person,
        purpose=data["purpose"],
        series=name,
        year=year,
        form=parse(data["form"]),
        scoring=data.get("scoring"),
        **about,
    )
