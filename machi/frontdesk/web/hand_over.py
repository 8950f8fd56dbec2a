"""One inquiry that people answer: what was said, what the desk made of it, what an answer may rest on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.running import why_not
from machi.base.web.access import staff, visitor
from machi.base.web.due import due
from machi.base.web.forms import add_refusal
from machi.frontdesk.apps import DRAFTS
from machi.frontdesk.domain import answers, drafts, inventory
from machi.frontdesk.domain import hand_over as verbs
from machi.frontdesk.models import Document, Faq, HandOver
from machi.frontdesk.web import draft as draft_page
from machi.frontdesk.web.resident_links import cited, document_url
from machi.frontdesk.web.staff_forms import AnswerForm, MoveForm, NoteForm

_MOST_FOUND = 10
_BEFORE, _EXCERPT = 30, 140
"""Characters shown before what was looked for, and in all."""


@staff("frontdesk.answer_inquiry")
def hand_over(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    """GET shows it. POST finds more sources, shows the answer once more, or sends it."""
    handed = _handed(pk)
    if request.method != "POST":
        return _page(request, handed, AnswerForm())
    if "make_draft" in request.POST:
        return _drafted(request, handed)
    form = AnswerForm(request.POST)
    draft = draft_page.carried(request, municipality.code)
    valid = form.is_valid()
    if "search" in request.POST or "edit" in request.POST:
        form.errors.clear()  # what was written so far comes back as it was, and is not yet judged
        return _page(request, handed, form, draft=draft)
    if not valid:
        return _page(request, handed, form, draft=draft)
    if "send" not in request.POST:
        context = {
            "handed": handed,
            "form": form,
            "documents": form.cleaned_data["documents"],
            "draft": draft,
        }
        return render(request, "frontdesk/staff/answer_confirm.html", context)
    try:
        verbs.answer(
            handed,
            visitor(request),
            draft_page.labelled(form.cleaned_data["body"], draft),
            list(form.cleaned_data["documents"]),
            no_source=form.cleaned_data["no_source"] if form.cleaned_data["without_source"] else "",
        )
    except Refused as refused:
        add_refusal(form, refused)
        return _page(request, handed, form, draft=draft)
    messages.success(request, _("回答しました。住民は確認ページで読めます。"))
    return redirect("frontdesk:hand_over", municipality.code, handed.pk)


@staff("frontdesk.answer_inquiry")
@require_POST
def take(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    handed = _handed(pk)
    try:
        verbs.take(handed, visitor(request))
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("担当になりました。"))
    return redirect("frontdesk:hand_over", municipality.code, pk)


@staff("frontdesk.answer_inquiry")
@require_POST
def release(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    handed = _handed(pk)
    try:
        verbs.release(handed, visitor(request))
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("担当を外しました。ほかの職員が対応できます。"))
    return redirect("frontdesk:hand_over", municipality.code, pk)


@staff("frontdesk.answer_inquiry")
@require_POST
def note(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    handed = _handed(pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, handed, AnswerForm(), note_form=form)
    try:
        verbs.note(handed, visitor(request), form.cleaned_data["body"])
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("メモを残しました。"))
    return redirect("frontdesk:hand_over", municipality.code, pk)


@staff("frontdesk.answer_inquiry")
def move(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    handed = _handed(pk)
    form = MoveForm(request.POST or None, leaving=handed.division)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.move(handed, visitor(request), form.cleaned_data["division"], form.cleaned_data["reason"])
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(
                request, _("「%(division)s」へ引き継ぎました。") % {"division": form.cleaned_data["division"]}
            )
            return redirect("frontdesk:queue", municipality.code)
    here = reverse("frontdesk:hand_over", args=[municipality.code, pk])
    context = {
        "title": _("ほかの課へ引き継ぐ"),
        "handed": handed,
        "form": form,
        "cancel_url": here,
        "breadcrumbs": [*_breadcrumbs(municipality, handed, here), (_("ほかの課へ引き継ぐ"), "")],
    }
    return render(request, "frontdesk/staff/move.html", context)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document the answer may rest on, as the form offers it."""

    document: Document
    url: str
    excerpt: str
    why: str
    chosen: bool
    ended: bool
    """Past its validity: it may explain, but no longer holds."""


def _handed(pk: int) -> HandOver:
    return get_object_or_404(
        HandOver.objects.select_related("inquiry", "division", "taken_by", "municipality"), pk=pk
    )


def _drafted(request: HttpRequest, handed: HandOver) -> HttpResponse:
    """The page with a draft; or as it was, with the reason why there is none."""
    try:
        draft = drafts.make(handed, visitor(request))
    except Refused as refused:
        messages.error(request, str(refused.message))
        form = AnswerForm(request.POST)
        form.is_valid()
        form.errors.clear()
        return _page(request, handed, form)
    data = draft_page.filled(request.POST, draft)
    form = AnswerForm(data)
    form.is_valid()
    form.errors.clear()
    return _page(
        request, handed, form, draft=draft_page.shown(draft, handed.municipality_id, data.get("body", ""))
    )


def _page(
    request: HttpRequest,
    handed: HandOver,
    form: AnswerForm,
    note_form: NoteForm | None = None,
    draft: draft_page.ShownDraft | None = None,
) -> HttpResponse:
    shown = answers.shown(handed.inquiry)
    now = timezone.now()
    find = str(form.data.get("find", "")).strip() if form.is_bound else ""
    context = {
        "handed": handed,
        "inquiry": handed.inquiry,
        "shown": shown,
        "cited": [cited(part) for part in shown.parts],
        "turns": _turns(handed),
        "due": due(handed.due_at, now),
        "form": form,
        "draft": draft,
        "no_drafts": why_not(handed.municipality, DRAFTS),
        "note_form": note_form or NoteForm(),
        "candidates": _candidates(handed, shown, form, find, timezone.localdate(now)),
        "find": find,
        "faqs": list(Faq.objects.filter(inquiry=handed.inquiry)),
        "mine": handed.taken_by_id == visitor(request).pk,
        "may_rule": visitor(request).has_perm("base.rule_on_results", handed.municipality),
        "may_erase": visitor(request).has_perm("frontdesk.erase", handed.municipality),
        "answered": handed.state == HandOver.State.ANSWERED,
        "breadcrumbs": _breadcrumbs(handed.municipality, handed, ""),
    }
    return render(request, "frontdesk/staff/hand_over.html", context)


def _turns(handed: HandOver) -> list[dict[str, Any]]:
    turns = handed.messages.select_related("author").prefetch_related("documents__source")
    return [
        {
            "message": turn,
            "documents": [(document, document_url(document)) for document in turn.documents.all()],
        }
        for turn in turns
    ]


def _candidates(
    handed: HandOver, shown: answers.ShownAnswer, form: AnswerForm, find: str, today: date
) -> list[Candidate]:
    """What was found with the clerk's words, what is ticked, what the desk cited, what search suggests."""
    posted = form.data.getlist("documents") if isinstance(form.data, QueryDict) else []
    ticked = [int(pk) for pk in posted if pk.isdecimal()]
    offered: dict[int, Candidate] = {}

    def offer(documents: Iterable[tuple[Document, list[tuple[int, int]], str]], why: str) -> None:
        for document, spans, excerpt in documents:
            ended = document.valid_until is not None and document.valid_until < today
            url = document_url(document, spans)
            chosen = document.pk in ticked
            offered.setdefault(document.pk, Candidate(document, url, excerpt, why, chosen, ended))

    current = Document.objects.filter(current=True).select_related("source")
    if find:
        found = inventory.with_words(current, find, ["title", "text"]).order_by("-date", "pk")
        offer((_around(one, find.split()) for one in found[:_MOST_FOUND]), _("言葉で探した資料"))
    offer((_around(one, []) for one in current.filter(pk__in=ticked)), _("選んだ資料"))
    offer(
        (
            (
                part.document,
                [(c.start, c.end) for c in part.citations],
                " ".join(c.text for c in part.citations),
            )
            for part in shown.parts
            if part.document.current
        ),
        _("自動回答が示した資料"),
    )
    offer(
        (
            (one.document, [(one.passage.start, one.passage.end)], one.excerpt)
            for one in verbs.suggested_sources(handed)
        ),
        _("関係がありそうな資料"),
    )
    return list(offered.values())


def _around(document: Document, words: list[str]) -> tuple[Document, list[tuple[int, int]], str]:
    """The document with the place of the first of ``words`` in it, and what is written around there."""
    text = document.text.casefold()
    # Folding may change the length of odd characters; then the place is a little off, and only shown.
    places = [(text.find(word.casefold()), len(word)) for word in words]
    spans = [(at, at + length) for at, length in sorted(places) if at >= 0][:1]
    start = max(0, spans[0][0] - _BEFORE) if spans else 0
    excerpt = document.text[start : start + _EXCERPT]
    return document, spans, f"…{excerpt}" if start else excerpt


def _breadcrumbs(municipality: Municipality, handed: HandOver, url: str) -> list[tuple[str, str]]:
    return [
        (_("問い合わせ"), reverse("frontdesk:queue", args=[municipality.code])),
        (_("問い合わせ %(number)s") % {"number": handed.inquiry_id}, url),
    ]
