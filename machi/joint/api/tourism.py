"""Joint tourism: spots, routes, shareable plans, requests: over HTTP. For staff, signed in as on the pages."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router, Schema, Status
from ninja.security import django_auth
from pydantic import Field

from machi.base.domain.errors import Refused
from machi.base.running import NotApproved
from machi.base.web.api_door import Chosen, Code, opened
from machi.base.web.problems import documented, problem
from machi.joint.domain.tourism_gains import gains as count_gains
from machi.joint.domain.tourism_plans import MOST_DAYS, Wishes, make_plan
from machi.joint.domain.tourism_queries import staff_spots
from machi.joint.engine.routes_travel import Mode
from machi.joint.engine.visit_gains import COUNTED, table
from machi.joint.models import Spot, VisitPlan

router = Router(tags=["joint tourism"])


class SpotOut(Schema):
    id: int
    municipality: str
    kind: str
    category: str
    name: str
    name_en: str
    latitude: float
    longitude: float
    opens: datetime.time | None
    closes: datetime.time | None
    weekdays: str = Field(description="1 or 0 for Monday to Sunday.")
    visit_minutes: int
    takes_requests: bool
    published: bool
    source: str


class WishesIn(Schema):
    starts_on: datetime.date
    days: int = Field(1, ge=1, le=MOST_DAYS)
    mode: Mode = Mode.CAR
    start: str = Field(description="`town:142123` or `spot:12`.", pattern=r"^(town|spot):\d+$")
    finish: str = Field("", pattern=r"^((town|spot):\d+)?$")
    stay: str = Field("", pattern=r"^((town|spot):\d+)?$")
    begin: int = Field(540, ge=0, le=1440, description="Minutes after midnight.")
    end: int = Field(1020, ge=0, le=1440)
    lunch: int = Field(60, ge=0, le=180)
    towns: list[str] = Field(default_factory=list)
    interests: list[Spot.Category] = Field(default_factory=list)
    must: list[int] = Field(default_factory=list)
    avoid: list[int] = Field(default_factory=list)


class StopOut(Schema):
    day: int
    spot: int | None = Field(description="None: lunch.")
    name: str
    begins: int
    ends: int
    travel: int
    reason: str


class PlanOut(Schema):
    link: str
    value: int
    bound: int = Field(description="No route over the spots considered is worth more.")
    considered: int
    left: dict[str, int]
    stops: list[StopOut]


class GainOut(Schema):
    municipality: str
    spots: int
    plans: int | None = Field(description="None here and below: too small to be shown.")
    visits: int | None
    requests: int | None
    accepted: int | None
    people: int | None


@router.get(
    "joint/{code}/spots",
    response=list[SpotOut],
    summary="Spots of a consortium's towns",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def list_spots(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[SpotOut]:
    """All of the town's own, and what the other members have published."""
    with opened(request, code, "joint.see_spots", consortium) as (town, _, _):
        return [_spot(one) for one in staff_spots(town)]


@router.post(
    "joint/{code}/routes",
    response={201: PlanOut},
    summary="Plan a route",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def plan_route(
    request: HttpRequest, code: Code, data: WishesIn, consortium: Chosen = None
) -> Status[PlanOut] | HttpResponse:
    """A model course, kept under its link; not counted among visitors' plans."""
    with opened(request, code, "joint.see_spots", consortium) as (town, shared, person):
        try:
            plan = make_plan(shared, town, person, Wishes(**data.dict()))
        except NotApproved:
            raise
        except Refused as refused:
            errors = [{"pointer": f"/{refused.field or ''}", "detail": str(refused)}]
            return problem(422, "This cannot be planned.", errors=errors)
        return Status(201, _plan(request, plan))


@router.get(
    "joint/{code}/visit-gains",
    response=list[GainOut],
    summary="Which town gains what from joint tourism",
    auth=django_auth,
    openapi_extra=documented(401, 403, 404, 422),
)
def visit_gains(request: HttpRequest, code: Code, consortium: Chosen = None) -> list[GainOut]:
    with opened(request, code, "joint.see_gains", consortium) as (_, shared, _):
        counted = count_gains(shared)
    cells = table(counted)
    return [
        GainOut(
            municipality=one.code,
            spots=one.spots,
            **{name: cells[one.code][name].value for name in COUNTED},
        )
        for one in counted
    ]


def _spot(one: Spot) -> SpotOut:
    fields: dict[str, Any] = {
        name: getattr(one, name) for name in SpotOut.model_fields if name != "municipality"
    }
    return SpotOut(municipality=one.municipality_id, **fields)


def _plan(request: HttpRequest, plan: VisitPlan) -> PlanOut:
    page = reverse("joint:visit_plan", args=[plan.municipality_id, plan.token])
    return PlanOut(
        link=request.build_absolute_uri(f"{page}?consortium={plan.consortium_id}"),
        stops=[
            StopOut(
                day=stop.day + 1,
                spot=stop.spot_id,
                name=stop.spot.name if stop.spot else "",
                begins=stop.begins,
                ends=stop.ends,
                travel=stop.travel,
                reason=stop.reason,
            )
            for stop in plan.stops.select_related("spot")
        ],
        **{name: plan.result[name] for name in ("value", "bound", "considered", "left")},
    )
