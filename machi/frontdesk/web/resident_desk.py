"""The desk itself: a resident asks, and the answer comes as a page of its own or, with JavaScript, as it is found."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.running import NotApproved, why_not
from machi.base.scoping import in_municipality
from machi.base.web.access import limit, resident
from machi.frontdesk.apps import ANSWERS
from machi.frontdesk.domain import answers, asking
from machi.frontdesk.domain.asking import Step
from machi.frontdesk.domain.examples import examples
from machi.frontdesk.models import Citation, Inquiry
from machi.frontdesk.web.resident_answer import answer_context
from machi.frontdesk.web.resident_forms import AskForm, refuse
from machi.frontdesk.web.resident_links import Sentence, citation_url, document_url


@resident
def desk(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    return _desk(request, municipality, AskForm())


@resident
def ask(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    if request.method != "POST":  # a change of language on the page of a refused question leads here
        return redirect("frontdesk:desk", municipality.code)
    limit(request, "frontdesk.ask", settings.MACHI_ASK_RATE)
    form = AskForm(request.POST)
    if form.is_valid():
        asked = _asked(form)
        try:
            inquiry = asking.ask(municipality, **asked)
        except NotApproved:
            kinds = asking.urgent_kinds(asked["question"])
            return _desk(request, municipality, form, kinds=kinds, status=403)
        except Refused as refused:
            refuse(form, refused)
        else:
            return redirect("frontdesk:answer", municipality.code, inquiry.token)
    return _desk(request, municipality, form)


@resident
def pass_on(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """To the staff without asking the desk: always possible, and all there is where its AI system may not run."""
    if request.method != "POST":
        return redirect("frontdesk:desk", municipality.code)
    limit(request, "frontdesk.ask", settings.MACHI_ASK_RATE)
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            inquiry = asking.pass_on(municipality, **_asked(form))
        except Refused as refused:
            refuse(form, refused)
        else:
            return redirect("frontdesk:ask_staff", municipality.code, inquiry.token)
    return _desk(request, municipality, form)


@resident
def ask_stream(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    """The steps of the answer as lines of JSON, ``{"kind", "html"}``.

    When there is anything to say but an answer, there is no last line "done": the page then sends the form
    in the ordinary way, and the resident reads there what is wrong.
    """
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    limit(request, "frontdesk.ask", settings.MACHI_ASK_RATE)
    form = AskForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    advance = _advancing(request, municipality, _asked(form))
    # Each kind of server takes its own kind of iterator as it comes, and keeps the other until its end.
    lines = _awaited(advance) if isinstance(request, ASGIRequest) else iter(advance, None)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(lines, content_type="application/x-ndjson", headers=headers)


def _asked(form: AskForm) -> dict[str, Any]:
    return {
        "question": form.cleaned_data["question"],
        "language": translation.get_language() or "ja",
        "channel": Inquiry.Channel.WEB,
        "on": timezone.localdate(),
    }


def _advancing(
    request: HttpRequest, municipality: Municipality, asked: dict[str, Any]
) -> Callable[[], bytes | None]:
    """Gives the next line, None after the last. The view has returned when this is called: each step opens
    the municipality's scope for itself."""
    rendered = _rendered(request, municipality, asked)

    def advance() -> bytes | None:
        with in_municipality(municipality), translation.override(asked["language"]):
            return next(rendered, None)

    return advance


async def _awaited(advance: Callable[[], bytes | None]) -> AsyncIterator[bytes]:
    while line := await sync_to_async(advance)():
        yield line


def _rendered(request: HttpRequest, municipality: Municipality, asked: dict[str, Any]) -> Iterator[bytes]:
    numbers: dict[int, int] = {}
    before: list[Citation] = []
    urgent = False
    try:
        for step in asking.steps(municipality, **asked):
            urgent = urgent or step.kind == "urgent"
            if urgent and step.kind == "sentence":
                continue  # the numbers stay alone until the page has decided what to show beside them
            line = _line(request, step, asked["language"], numbers, before)
            yield json.dumps(line).encode() + b"\n"
    except Refused:
        return


def _line(
    request: HttpRequest, step: Step, language: str, numbers: dict[int, int], before: list[Citation]
) -> dict[str, str]:
    line: dict[str, str] = {"kind": step.kind}
    context: dict[str, Any] = {}
    if step.kind == "urgent":
        context["urgent"] = answers.urgent_contacts(step.data["kinds"], language)
    elif step.kind == "found":
        context["documents"] = [(document, document_url(document)) for document in step.data["documents"]]
    elif step.kind == "sentence":
        citation = step.data["citation"]
        number = numbers.setdefault(citation.document_id, len(numbers) + 1)
        about = "" if before and before[-1].about == citation.about else citation.about
        before.append(citation)
        context["sentence"] = Sentence(citation.text, number, citation_url(citation), about)
    elif step.kind == "done":
        inquiry = step.data["inquiry"]
        context = answer_context(inquiry)
        line["url"] = reverse("frontdesk:answer", args=[inquiry.municipality_id, inquiry.token])
    line["html"] = render_to_string(f"frontdesk/resident/stream/{step.kind}.html", context, request)
    return line


def _desk(
    request: HttpRequest,
    municipality: Municipality,
    form: AskForm,
    *,
    kinds: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """The desk; where its AI system may not run, why, and the way to the staff instead."""
    stopped = why_not(municipality, ANSWERS)
    context = {
        "form": form,
        "stopped": stopped,
        "examples": [] if stopped else examples(),
        "urgent": answers.urgent_contacts(kinds, translation.get_language() or "ja"),
    }
    return render(request, "frontdesk/resident/desk.html", context, status=status)
