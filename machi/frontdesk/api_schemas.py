"""What goes in and out of the front desk's HTTP API."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Literal

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field

from machi.language.engine.guard import KEPT_CHARACTERS

CODE = r"^[0-9]{6}$"
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written_date(value: object) -> object:
    """Pydantic would read a number as seconds since 1970; whoever sends one has meant something else."""
    if (isinstance(value, str) and not _ISO_DATE.fullmatch(value)) or isinstance(value, int | float):
        raise ValueError("A date is written as 2026-04-01")
    return value


class QuestionIn(Schema):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"municipality": "142123", "question": "粗大ごみの出し方は？", "on": "2025-06-01"}]
        },
    )

    municipality: str = Field(pattern=CODE, description="Standard code with check digit (JIS X 0402).")
    question: str = Field(
        min_length=1,
        max_length=KEPT_CHARACTERS,
        description="In Japanese, as a resident would say it. Control and invisible characters are left out.",
    )
    language: Literal["ja", "ja-easy", "en"] = Field(
        "ja",
        description="Of reasons and labels. The sentences of the answer stay in the words of the source.",
    )
    on: Annotated[datetime.date | None, BeforeValidator(_written_date)] = Field(
        None, description="Only sources valid on this date are used. Without it: today, in Japan."
    )


class CitationOut(Schema):
    document: int = Field(description="Number of the document version cited.")
    title: str
    source: str
    date: datetime.date | None = Field(
        description="When the document was published or last changed, if known."
    )
    url: str | None = Field(description="The document's own address, if known.")
    start: int = Field(description="Offset of the first character in the document's text, in code points.")
    end: int = Field(description="Offset behind the last character.")
    link: str = Field(description="Page of the document with the exact place marked.")


class SentenceOut(Schema):
    text: str = Field(description="Word for word as in the document.")
    about: str = Field(description="The heading above it in the document; empty where there is none.")
    citation: CitationOut


class RelatedOut(Schema):
    document: int
    title: str
    source: str
    link: str


class ProcedureOut(Schema):
    title: str
    link: str = Field(description="Where it can be applied for.")


class AnswerOut(Schema):
    known: bool = Field(description='False: the desk says "I do not know", and there are no sentences.')
    confidence: float = Field(ge=0, le=1, description="Calibrated probability that the sentences answer.")
    level: Literal["high", "middle", "low"]
    reasons: list[str] = Field(description="Why it is as sure as it is.")
    sentences: list[SentenceOut]
    related: list[RelatedOut]
    procedures: list[ProcedureOut] = Field(
        description="What can be applied for here that the question may be about."
    )


class NumberOut(Schema):
    number: str = Field(description="Telephone number.")
    note: str


class UrgentOut(Schema):
    label: str
    numbers: list[NumberOut]


class StaffAnswerOut(Schema):
    at: datetime.datetime
    from_staff: bool
    body: str
    documents: list[RelatedOut]


class HandOverOut(Schema):
    state: Literal["open", "taken", "answered"]
    division: str
    due_at: datetime.datetime
    messages: list[StaffAnswerOut]


class InquiryOut(Schema):
    token: str = Field(description="Secret: whoever has it can read the inquiry.")
    municipality: str
    question: str
    language: str
    on: datetime.date
    state: Literal["answered", "unknown", "handed_over", "closed"]
    urgent: list[UrgentOut] = Field(description="Telephone numbers to show before anything else.")
    answer: AnswerOut
    hand_over: HandOverOut | None = Field(description="Filled once the resident has handed it to the staff.")
    link: str = Field(description="The resident's page: the answer, or after hand-over the state of things.")


class MunicipalityOut(Schema):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "142123",
                    "name": "厚木市",
                    "kana": "あつぎし",
                    "name_en": "Atsugi City",
                    "prefecture": "神奈川県",
                    "desk": "https://machi.example/m/142123/",
                }
            ]
        }
    )

    code: str = Field(pattern=CODE)
    name: str
    kana: str
    name_en: str
    prefecture: str
    desk: str = Field(description="Page of its front desk.")
