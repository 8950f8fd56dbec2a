"""Discussion across towns, over HTTP: topics read, opened and answered. No name is told, whatever people show."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from ninja.errors import HttpError
from ninja.security import django_auth
from pydantic import Field

from machi.base.domain.errors import Refused
from machi.base.web.access import limit
from machi.base.web.api_door import Chosen, Code, opened
from machi.base.web.problems import documented
from machi.learning.domain import discussion as verbs
from machi.learning.domain.discussion_search import topics_with
from machi.learning.models import Case, Cohort, Course, Post, Topic

router = Router()
A_PAGE = 50
_WRITES = "30/m"


class PostOut(Schema):
    number: int = Field(description="Place in the topic, from 1.")
    municipality: str
    participant: int = Field(description="Number in this topic of who wrote it.")
    office: bool = Field(description="Written for the joint office.")
    at: datetime.datetime
    changed_at: datetime.datetime | None
    body: str | None = Field(description="Markdown; none where hidden or erased.")


class TopicOut(Schema):
    id: int
    title: str | None = Field(description="None once erased.")
    course: int | None
    cohort: int | None
    case: int | None
    posts: int
    last_at: datetime.datetime
    answered: bool
    locked: bool


class TopicDetailOut(TopicOut):
    accepted: int | None = Field(description="Number of the accepted post.")
    said: list[PostOut]


class TopicsOut(Schema):
    count: int
    topics: list[TopicOut]


class PostIn(Schema):
    body: str = Field(min_length=1, max_length=verbs.LONGEST, description="Markdown, without HTML.")
    personal_checked: bool = Field(
        False, description="Somebody has looked at the personal information that was found (409 tells where)."
    )


class TopicIn(PostIn):
    title: str = Field(min_length=1, max_length=120)
    course: int | None = None
    cohort: int | None = None
    case: int | None = None


class Asked(Schema):
    q: str = Field("", max_length=100)
    case: int | None = None
    offset: int = Field(0, ge=0, le=100_000)


@router.get(
    "learning/{code}/topics",
    auth=django_auth,
    response=TopicsOut,
    summary="Topics one may read, the last written in first",
    openapi_extra=documented(401, 403, 404, 422, 429),
)
def list_topics(
    request: HttpRequest, code: Code, asked: Query[Asked], consortium: Chosen = None
) -> TopicsOut:
    """At most 50 from `offset` on."""
    with opened(request, code, verbs.DISCUSS, consortium) as (municipality, _, person):
        found = verbs.visible(municipality, person).order_by("-last_at", "-pk")
        if asked.case is not None:
            found = found.filter(case=asked.case)
        if asked.q:
            limit(request, "learning.discussion_search", _WRITES)
            found = found.filter(pk__in=topics_with(found, asked.q)[0])
        page = found[asked.offset : asked.offset + A_PAGE]
        return TopicsOut(count=found.count(), topics=[TopicOut(**_topic(one)) for one in page])


@router.get(
    "learning/{code}/topics/{pk}",
    auth=django_auth,
    response=TopicDetailOut,
    summary="One topic and what was said in it",
    openapi_extra=documented(401, 403, 404, 422),
)
def one_topic(request: HttpRequest, code: Code, pk: int, consortium: Chosen = None) -> TopicDetailOut:
    with opened(request, code, verbs.DISCUSS, consortium) as (municipality, _, person):
        found = get_object_or_404(verbs.visible(municipality, person), pk=pk)
        posts = found.posts.select_related("author").order_by("ordinal")
        accepted = found.accepted.ordinal if found.accepted else None
        return TopicDetailOut(**_topic(found), accepted=accepted, said=[_post(one) for one in posts])


@router.post(
    "learning/{code}/topics",
    auth=django_auth,
    response={201: TopicDetailOut},
    summary="Open a topic",
    openapi_extra=documented(401, 403, 404, 409, 422, 429),
)
def open_topic(
    request: HttpRequest, code: Code, given: TopicIn, consortium: Chosen = None
) -> Status[TopicDetailOut]:
    with opened(request, code, verbs.DISCUSS, consortium) as (municipality, found, person):
        limit(request, "learning.discussion", _WRITES)
        about: dict[str, Any] = {
            name: get_object_or_404(model, pk=getattr(given, name))
            for name, model in (("course", Course), ("cohort", Cohort), ("case", Case))
            if getattr(given, name) is not None
        }
        asked = {"title": given.title, "body": given.body, "personal_checked": given.personal_checked}
        try:
            made = verbs.open_topic(found, municipality, person, {**asked, **about})
        except Refused as refused:
            raise HttpError(409, str(refused.message)) from None
        topic = verbs.visible(municipality, person).get(pk=made.pk)
        said = [_post(one) for one in topic.posts.select_related("author")]
        return Status(201, TopicDetailOut(**_topic(topic), accepted=None, said=said))


@router.post(
    "learning/{code}/topics/{pk}/posts",
    auth=django_auth,
    response={201: PostOut},
    summary="Write in a topic",
    openapi_extra=documented(401, 403, 404, 409, 422, 429),
)
def reply(
    request: HttpRequest, code: Code, pk: int, given: PostIn, consortium: Chosen = None
) -> Status[PostOut]:
    with opened(request, code, verbs.DISCUSS, consortium) as (municipality, _, person):
        limit(request, "learning.discussion", _WRITES)
        topic = get_object_or_404(verbs.visible(municipality, person), pk=pk)
        try:
            made = verbs.reply(
                topic, municipality, person, body=given.body, personal_checked=given.personal_checked
            )
        except Refused as refused:
            raise HttpError(409, str(refused.message)) from None
        return Status(201, _post(made))


def _topic(one: Topic) -> dict[str, Any]:
    return {
        "id": one.pk,
        "title": one.title,
        "course": one.course_id,
        "cohort": one.cohort_id,
        "case": one.case_id,
        "posts": one.said,  # type: ignore[attr-defined]
        "last_at": one.last_at,
        "answered": one.accepted_id is not None,
        "locked": one.locked_at is not None,
    }


def _post(one: Post) -> PostOut:
    return PostOut(
        number=one.ordinal,
        municipality=one.author.town_id,
        participant=one.author.number,
        office=one.author.office,
        at=one.at,
        changed_at=one.changed_at,
        body=None if one.hidden_at else one.body,
    )
