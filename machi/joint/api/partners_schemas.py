"""What the partners' API takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from machi.joint.domain.partners_blocks import LONGEST_SECONDS
from machi.joint.domain.partners_interests import LONGEST_MESSAGE
from machi.joint.engine.cost_model import Form
from machi.joint.engine.cost_sample import Purpose

CODE = r"^[0-9]{6}$"


class PointOut(Schema):
    population: float
    value: float = Field(description="1,000 yen a head; staff: people for 1,000 people.")
    low: float = Field(description="95 % confidence.")
    high: float


class StandingOut(Schema):
    population: int
    actual: float
    expected: float = Field(description="Of a town of the same people, density, ages and kind.")


class CurveOut(Schema):
    purpose: Purpose
    form: Form
    towns: int = Field(description="In the sample.")
    controls: list[str]
    median_error: float = Field(description="On prefectures the model was not fitted on.")
    points: list[PointOut]
    own: StandingOut | None = Field(description="None for a town that the model leaves out.")


class SuggestionOut(Schema):
    code: str
    score: float = Field(description="0 to 100: the weighted mean of the next three.")
    likeness: float
    complement: float
    nearness: float
    kilometres: float
    member: bool = Field(description="Takes part in the consortium.")
    reasons: list[str]


class EstimateOut(Schema):
    purpose: Purpose
    share: list[float] = Field(
        description="Saved of today's cost: estimate, low, high (95 %). Below 0: more."
    )
    amount: list[float] = Field(description="The same of the part done together, in 1,000 yen or people.")
    per_head: list[float]
    today: float
    part: float
    caveats: list[str] = Field(description="What the estimate does not show; always some.")


class SelectionIn(Schema):
    title: str = Field(min_length=1, max_length=80)
    towns: list[Annotated[str, Field(pattern=CODE)]] = Field(max_length=200)
    note: str = Field("", max_length=1000)
    part: float = Field(1.0, gt=0, le=1)


class SelectionOut(Schema):
    id: int
    title: str
    town: str
    towns: list[str]
    note: str
    shared: bool
    created_at: datetime
    estimates: list[EstimateOut]


class InterestOut(Schema):
    id: int
    asking: str
    asked: str
    work: str
    state: Literal["waiting", "yes", "no", "withdrawn"]
    asked_at: datetime
    answered_at: datetime | None


class InterestIn(Schema):
    to: str = Field(pattern=CODE)
    work: str = Field(min_length=1, max_length=120)
    message: str = Field("", max_length=LONGEST_MESSAGE)


class AnswerIn(Schema):
    yes: bool
    message: str = Field("", max_length=LONGEST_MESSAGE)


class BlocksIn(Schema):
    prefecture: str = Field(pattern=CODE)
    fewest: int = Field(ge=1, le=60)
    most: int = Field(ge=1, le=60)
    objective: Literal["compact", "similar", "balance"] = "compact"
    blocks: int | None = Field(None, ge=1, le=180)
    seconds: int = Field(30, ge=1, le=LONGEST_SECONDS)


class BlocksOut(Schema):
    id: int
    prefecture: str
    state: Literal["waiting", "running", "found", "none", "stopped"]
    found: dict[str, Any] = Field(
        description="`blocks` (centre, towns, population), `value`, `bound`, `gap` (0: proven), or `why` none."
    )
