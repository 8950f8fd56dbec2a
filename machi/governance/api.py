"""The governance room over HTTP: what a municipality's AI systems are and how they do, for everybody."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from django.http import Http404, HttpRequest
from ninja import Path, Router, Schema
from pydantic import ConfigDict, Field

from machi.base.scoping import in_municipality
from machi.base.web.access import limit, live_municipality
from machi.base.web.problems import documented
from machi.governance.domain.transparency import PublicSystem, published

CODE = r"^[0-9]{6}$"
router = Router()


class QualityOut(Schema):
    label: str
    value: str
    on: datetime.date | None = Field(description="When it was measured; none: it counts up to now.")
    note: str


class AISystemOut(Schema):
    model_config = ConfigDict(json_schema_extra={"title": "AISystem"})

    key: str
    title: str
    state: Literal["running", "draft", "under_review", "suspended", "retired", "lapsed"] = Field(
        description="Only `running` may give results. `lapsed`: approved once, but for an older version or until an "
        "earlier day."
    )
    since: datetime.date | None = Field(description="Since when it is so.")
    version: str = Field(description="Version that runs or would run.")
    approved_version: str = Field(description="Version approved; empty where none ever was.")
    approved_until: datetime.date | None
    conditions: str
    notice: str = Field(description="What users read while it is suspended.")
    decided_by: str
    purpose: str
    inputs: str
    method: str
    model: str
    data: str
    reviewer: str
    never: str
    users: Literal["staff", "residents"]
    personal_information: bool = Field(description="Personal information may go in or is kept.")
    sends_outside: bool = Field(description="Anything is sent outside the installation.")
    generates: bool = Field(description="It writes text of its own.")
    quality: list[QualityOut]
    results: int = Field(description="How many results are in the ledger.")
    rulings_agreed: int
    rulings_overruled: int


@router.get(
    "municipalities/{code}/ai-systems",
    url_name="ai_systems",
    response=list[AISystemOut],
    summary="AI systems of a municipality",
    openapi_extra=documented(404, 422, 429),
)
def ai_systems(request: HttpRequest, code: Annotated[str, Path(pattern=CODE)]) -> list[AISystemOut]:
    """What the municipality's public page about its AI systems says, generated from its register and its ledger.
    Texts are in the language of `Accept-Language` (ja, en)."""
    limit(request, "governance.api.read", "120/m")
    try:
        municipality = live_municipality(code)
    except Http404:
        raise Http404("No municipality with this code takes part here.") from None
    with in_municipality(municipality):
        return [_out(one) for one in published(municipality)]


def _out(one: PublicSystem) -> AISystemOut:
    system = one.system
    return AISystemOut(
        key=system.key,
        title=str(system.title),
        state=one.state,  # type: ignore[arg-type]
        since=one.since,
        version=system.version,
        approved_version=one.version,
        approved_until=one.until,
        conditions=one.conditions,
        notice=one.notice,
        decided_by=one.decided_by,
        purpose=str(system.purpose),
        inputs=str(system.inputs),
        method=str(system.method),
        model=str(system.model),
        data=str(system.data),
        reviewer=str(system.reviewer),
        never=str(system.never),
        users=system.users,
        personal_information=system.personal,
        sends_outside=system.outside,
        generates=system.generates,
        quality=[
            QualityOut(label=str(line.label), value=str(line.value), on=line.on, note=str(line.note))
            for line in one.quality
        ],
        results=one.results,
        rulings_agreed=one.agreed,
        rulings_overruled=one.overruled,
    )
