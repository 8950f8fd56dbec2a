"""Learning records as xAPI 1.0.3 statements (ADL, Experience API; IEEE 9274.1.1 has the same form).

The form is the models below: what they do not allow cannot be written, and whatever else claims to be a statement can
be held against them. A learner is an account with a pseudonym; neither name nor mail address leaves.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field, field_validator

_IRI = r"^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`]+$"
_LANGUAGE = r"^[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*$"

Iri = Annotated[str, Field(pattern=_IRI)]
LanguageMap = dict[Annotated[str, Field(pattern=_LANGUAGE)], str]

VERBS: Mapping[str, tuple[str, str, str]] = {
    "registered": ("http://adlnet.gov/expapi/verbs/registered", "registered", "登録した"),
    "initialized": ("http://adlnet.gov/expapi/verbs/initialized", "initialized", "始めた"),
    "completed": ("http://adlnet.gov/expapi/verbs/completed", "completed", "終えた"),
    "passed": ("http://adlnet.gov/expapi/verbs/passed", "passed", "合格した"),
    "failed": ("http://adlnet.gov/expapi/verbs/failed", "failed", "合格しなかった"),
    "abandoned": ("https://w3id.org/xapi/adl/verbs/abandoned", "abandoned", "取りやめた"),
}
TYPES: Mapping[str, str] = {
    "course": "http://adlnet.gov/expapi/activities/course",
    "lesson": "http://adlnet.gov/expapi/activities/lesson",
    "exercise": "http://adlnet.gov/expapi/activities/assessment",
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Account(_Part):
    home_page: Annotated[Iri, Field(alias="homePage")]
    name: Annotated[str, Field(min_length=1)]


class Agent(_Part):
    object_type: Annotated[Literal["Agent"], Field(alias="objectType")] = "Agent"
    account: Account


class Verb(_Part):
    id: Iri
    display: LanguageMap


class Definition(_Part):
    name: LanguageMap
    type: Iri


class Activity(_Part):
    object_type: Annotated[Literal["Activity"], Field(alias="objectType")] = "Activity"
    id: Iri
    definition: Definition | None = None


class Score(_Part):
    """``scaled`` is ``raw`` between ``min`` and ``max`` as a share."""

    scaled: Annotated[float, Field(ge=-1, le=1)]
    raw: float
    min: float = 0
    max: float = 100


class Result(_Part):
    score: Score | None = None
    success: bool | None = None
    completion: bool | None = None


class ContextActivities(_Part):
    parent: list[Activity] | None = None
    grouping: list[Activity] | None = None


class Context(_Part):
    registration: UUID
    platform: str
    language: Annotated[str, Field(pattern=_LANGUAGE)]
    context_activities: Annotated[ContextActivities, Field(alias="contextActivities")]


class Statement(_Part):
    id: UUID
    actor: Agent
    verb: Verb
    object: Activity
    result: Result | None = None
    context: Context
    timestamp: datetime
    version: Literal["1.0.3"] = "1.0.3"

    @field_validator("timestamp")
    @classmethod
    def _with_a_zone(cls, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise ValueError("a time needs its zone (ISO 8601)")
        return value

    def as_json(self) -> str:
        """In the names of the standard; what is not known is left out, for null is not allowed."""
        return self.model_dump_json(by_alias=True, exclude_none=True)


def pseudonym(salt: str, person: int) -> str:
    """Always the same for one person under one ``salt``; without it nobody comes back from it to the person."""
    return hmac.new(salt.encode(), f"person:{person}".encode(), hashlib.sha256).hexdigest()[:32]


def statement(
    *,
    site: str,
    salt: str,
    enrolment: int,
    person: int,
    verb: str,
    kind: str,
    path: str,
    title: str,
    at: datetime,
    grouping: tuple[str, str] | None = None,
    percent: int | None = None,
    success: bool | None = None,
    completion: bool | None = None,
) -> Statement:
    """``site``: address of this installation; ``path``: of the activity below it; ``grouping``: path and title of the
    course it belongs to. Equal facts give an equal statement, its id too, so that a record store takes it once.

    KeyError for a verb or kind that is not in the tables above; pydantic's ValidationError for what the standard
    does not allow.
    """
    verb_id, english, japanese = VERBS[verb]
    registration = uuid5(NAMESPACE_URL, f"{site}/enrolments/{enrolment}")
    groups = None
    if grouping:
        groups = [_activity(site, grouping[0], grouping[1], "course")]
    score = None if percent is None else Score(scaled=percent / 100, raw=percent)
    result = None
    if score or success is not None or completion is not None:
        result = Result(score=score, success=success, completion=completion)
    return Statement(
        id=uuid5(registration, f"{verb} {path} {at.isoformat()}"),
        actor=Agent(account=Account(home_page=site, name=pseudonym(salt, person))),
        verb=Verb(id=verb_id, display={"en": english, "ja": japanese}),
        object=_activity(site, path, title, kind),
        result=result,
        context=Context(
            registration=registration,
            platform="machi",
            language="ja",
            context_activities=ContextActivities(grouping=groups),
        ),
        timestamp=at,
    )


def _activity(site: str, path: str, title: str, kind: str) -> Activity:
    return Activity(id=f"{site}{path}", definition=Definition(name={"ja": title}, type=TYPES[kind]))
