"""The front desk over HTTP: ask a question, read the answer again by its secret token. No account is needed.

No cookie says who asks, so there is nothing a foreign page could make a visitor's browser do in their name.
"""

from __future__ import annotations

from typing import Annotated

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from ninja import Query, Router, Status

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.running import NotApproved
from machi.base.scoping import in_municipality
from machi.base.web.access import limit, live_municipality
from machi.base.web.problems import documented, problem
from machi.frontdesk.api_schemas import (
    CODE,
    AnswerOut,
    CitationOut,
    HandOverOut,
    InquiryOut,
    MunicipalityOut,
    NumberOut,
    ProcedureOut,
    QuestionIn,
    RelatedOut,
    SentenceOut,
    StaffAnswerOut,
    UrgentOut,
)
from machi.frontdesk.domain import answers, asking
from machi.frontdesk.models import Citation, Document, HandOver, Inquiry
from machi.frontdesk.web.resident_links import citation_url, document_url, original_url

router = Router()


@router.post(
    "inquiries",
    response={201: InquiryOut},
    summary="Ask a municipality's front desk",
    openapi_extra=documented(400, 403, 404, 413, 422, 429),
)
def ask(request: HttpRequest, response: HttpResponse, data: QuestionIn) -> Status[InquiryOut] | HttpResponse:
    """The answer holds only sentences of the town's own documents, each with its citation, or says that it is
    not known. The same question on the same date and sources gives the same answer. Where the municipality has not
    approved the desk's AI system or has stopped it, the answer is 403 with the reason, and with `urgent` telephone
    numbers where the question tells of an emergency."""
    limit(request, "frontdesk.ask", settings.MACHI_ASK_RATE)
    municipality = _live(data.municipality)
    with in_municipality(municipality), translation.override(data.language):
        try:
            inquiry = asking.ask(
                municipality,
                data.question,
                language=data.language,
                channel=Inquiry.Channel.API,
                on=data.on or timezone.localdate(),
            )
        except NotApproved as refused:
            contacts = answers.urgent_contacts(asking.urgent_kinds(data.question), data.language)
            urgent = [_urgent(contact).dict() for contact in contacts]
            return problem(403, str(refused.message), system=refused.system, urgent=urgent)
        except Refused as refused:
            errors = [{"pointer": "/question", "detail": str(refused)}]
            return problem(422, "The question cannot be answered as it is.", errors=errors)
        shown = _inquiry(request, inquiry)
    query = f"?municipality={municipality.code}"
    response["Location"] = reverse("api:inquiry", args=[inquiry.token]) + query
    response["Cache-Control"] = "no-store"
    return Status(201, shown)


@router.get(
    "inquiries/{token}",
    url_name="inquiry",
    response=InquiryOut,
    summary="Read an inquiry again",
    openapi_extra=documented(404, 422, 429),
)
def inquiry(
    request: HttpRequest,
    response: HttpResponse,
    token: str,
    municipality: Annotated[str, Query(pattern=CODE)],
) -> InquiryOut:
    """The answer as it was given, and what the staff have said since."""
    limit(request, "frontdesk.api.read", "120/m")
    town = _live(municipality)
    with in_municipality(town):
        found = Inquiry.objects.select_related("hand_over__division").filter(token=token).first()
        if found is None:
            raise Http404("There is no inquiry with this token here.")
        with translation.override(found.language):
            shown = _inquiry(request, found)
    response["Cache-Control"] = "no-store"
    return shown


@router.get(
    "municipalities",
    response=list[MunicipalityOut],
    summary="Municipalities with a front desk here",
    openapi_extra=documented(429),
)
def municipalities(request: HttpRequest) -> list[MunicipalityOut]:
    limit(request, "frontdesk.api.read", "120/m")
    return [
        MunicipalityOut(
            code=town.code,
            name=town.name,
            kana=town.kana,
            name_en=town.name_en,
            prefecture=town.prefecture.name,
            desk=request.build_absolute_uri(reverse("frontdesk:desk", args=[town.code])),
        )
        for town in Municipality.objects.filter(live=True).select_related("prefecture")
    ]


def _live(code: str) -> Municipality:
    try:
        return live_municipality(code)
    except Http404:
        raise Http404("No municipality with this code has a front desk here.") from None


def _inquiry(request: HttpRequest, inquiry: Inquiry) -> InquiryOut:
    shown = answers.shown(inquiry)
    handed: HandOver | None = getattr(inquiry, "hand_over", None)
    page = reverse(
        "frontdesk:status" if handed else "frontdesk:answer", args=[inquiry.municipality_id, inquiry.token]
    )
    return InquiryOut(
        token=inquiry.token,
        municipality=inquiry.municipality_id,
        question=inquiry.question,
        language=inquiry.language,
        on=inquiry.on_date,
        state=inquiry.state,  # type: ignore[arg-type]
        urgent=[_urgent(contact) for contact in shown.urgent],
        answer=AnswerOut(
            known=shown.known,
            confidence=inquiry.confidence,
            level=shown.level,
            reasons=shown.reasons,
            sentences=[_sentence(request, citation) for part in shown.parts for citation in part.citations],
            related=[_related(request, document) for document in shown.related],
            procedures=[
                ProcedureOut(title=one.title, link=request.build_absolute_uri(one.url))
                for one in answers.procedures(inquiry)
            ],
        ),
        hand_over=_hand_over(request, handed) if handed else None,
        link=request.build_absolute_uri(page),
    )


def _urgent(contact: answers.UrgentContact) -> UrgentOut:
    return UrgentOut(
        label=contact.label,
        numbers=[NumberOut(number=number, note=note) for number, note in contact.numbers],
    )


def _sentence(request: HttpRequest, citation: Citation) -> SentenceOut:
    document = citation.document
    return SentenceOut(
        text=citation.text,
        about=citation.about,
        citation=CitationOut(
            document=document.pk,
            title=document.title,
            source=document.source.name,
            date=document.date,
            url=original_url(document) or None,
            start=citation.start,
            end=citation.end,
            link=request.build_absolute_uri(citation_url(citation)),
        ),
    )


def _related(request: HttpRequest, document: Document) -> RelatedOut:
    return RelatedOut(
        document=document.pk,
        title=document.title,
        source=document.source.name,
        link=request.build_absolute_uri(document_url(document)),
    )


def _hand_over(request: HttpRequest, handed: HandOver) -> HandOverOut:
    messages = handed.messages.filter(internal=False).prefetch_related("documents__source")
    return HandOverOut(
        state=handed.state,  # type: ignore[arg-type]
        division=handed.division.name,
        due_at=handed.due_at,
        messages=[
            StaffAnswerOut(
                at=message.at,
                from_staff=message.from_staff,
                body=message.body,
                documents=[_related(request, document) for document in message.documents.all()],
            )
            for message in messages
        ],
    )
