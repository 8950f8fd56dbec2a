"""Pages on which a draft, a summary or minutes are begun."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.running import NotApproved, why_not
from machi.base.web.access import staff, visitor
from machi.base.web.forms import add_refusal
from machi.casework.domain import drafting as verbs
from machi.casework.domain import drafting_sources as sources
from machi.casework.domain.drafting_given import Readable, readable
from machi.casework.domain.drafting_personal import PersonalFound
from machi.casework.domain.drafting_templates import offered
from machi.casework.engine import draft_templates
from machi.casework.models import Draft
from machi.casework.web.drafting import DRAFT
from machi.casework.web.drafting_forms import PREFIX, DraftForm, MinutesForm, SummaryForm
from machi.casework.web.drafting_shown import breadcrumbs
from machi.frontdesk.models import Document
from machi.governance.domain.personal_check import CHECKED

_LONGEST_SEARCH = 200


@staff(DRAFT)
def choose(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    """Which template."""
    context = {
        "title": _("下書きを作る"),
        "offered": list(offered().values()),
        "not_running": why_not(municipality, verbs.DRAFT),
        "breadcrumbs": breadcrumbs(municipality, (_("下書きを作る"), "")),
    }
    return render(request, "casework/drafting/choose.html", context)


@staff(DRAFT)
def draft(request: HttpRequest, municipality: Municipality, key: str) -> HttpResponseBase:
    """The fields of the template; sent, the draft is made."""
    found = offered().get(key)
    if found is None:
        raise Http404
    template = found.template
    sent = request.POST if request.method == "POST" else None
    form = DraftForm(template, sent, ask_personal=CHECKED in request.POST)
    if sent is not None and form.is_valid():
        text = found.own.text if found.own else draft_templates.shipped_text(key)
        try:
            made = verbs.make_draft(
                municipality,
                visitor(request),
                template,
                text,
                form.values(),
                personal_checked=bool(form.cleaned_data.get(CHECKED)),
            )
        except NotApproved:
            raise
        except PersonalFound as refused:
            form = DraftForm(template, sent, ask_personal=True)
            form.is_valid()
            form.add_error(CHECKED, str(refused.message))
        except Refused as refused:
            refused.field = PREFIX + refused.field if refused.field else None
            add_refusal(form, refused)
        else:
            return redirect(made)
    context = {
        "title": template.title,
        "lead": template.about,
        "form": form,
        "submit": _("下書きを作る"),
        "cancel_url": reverse("casework:new_draft", args=[municipality.code]),
        "breadcrumbs": breadcrumbs(
            municipality,
            (_("下書きを作る"), reverse("casework:new_draft", args=[municipality.code])),
            (template.title, ""),
        ),
    }
    return render(request, "base/components/confirm.html", context)


@staff(DRAFT)
def summary(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    """A document that is registered (looked for by words), a file, or a text."""
    words = request.GET.get("q", "").strip()[:_LONGEST_SEARCH]
    found = _documents(municipality, words) if words else []
    chosen = request.POST.get("document", "")
    if chosen.isdecimal() and len(chosen) < 10 and int(chosen) not in [pk for pk, _title in found]:
        known = Document.objects.filter(pk=int(chosen), current=True, source__active=True).first()
        found += [(known.pk, known.title)] if known else []
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SummaryForm(found, *sent)

    def make(data: dict[str, Any], given: Readable | None) -> Draft:
        document = get_object_or_404(Document, pk=data["document"]) if data.get("document") else None
        return verbs.start_summary(
            municipality,
            visitor(request),
            given=given,
            document=document,
            title=data["title"],
            length=data["length"],
        )

    context = {
        "title": _("文書を要約する"),
        "form": form,
        "words": words,
        "searched": bool(words),
        "found": found,
        "not_running": why_not(municipality, verbs.SUMMARY),
        "breadcrumbs": breadcrumbs(municipality, (_("文書を要約する"), "")),
    }
    return _made(request, form, make) or render(request, "casework/drafting/summary.html", context)


@staff(DRAFT)
def minutes(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = MinutesForm(*sent)

    def make(data: dict[str, Any], given: Readable | None) -> Draft:
        assert given is not None
        return verbs.start_minutes(
            municipality, visitor(request), given=given, title=data["title"], held_on=data["held_on"]
        )

    context = {
        "title": _("会議の記録を作る"),
        "form": form,
        "not_running": why_not(municipality, verbs.MINUTES),
        "breadcrumbs": breadcrumbs(municipality, (_("会議の記録を作る"), "")),
    }
    return _made(request, form, make) or render(request, "casework/drafting/minutes.html", context)


def _made(
    request: HttpRequest,
    form: SummaryForm | MinutesForm,
    make: Callable[[dict[str, Any], Readable | None], Draft],
) -> HttpResponseBase | None:
    """Reads what was handed in and begins the work; None: the form is to be shown."""
    if request.method != "POST" or not form.is_valid():
        return None
    data = form.cleaned_data
    file = data.get("file")
    try:
        given = None
        if file or data.get("text"):
            given = readable(
                name=file.name if file else data["title"],
                data=file.read() if file else b"",
                text=data.get("text", ""),
            )
        return redirect(make(data, given))
    except NotApproved:
        raise
    except Refused as refused:
        add_refusal(form, refused)
        return None


def _documents(municipality: Municipality, words: str) -> list[tuple[int, str]]:
    may_run = why_not(municipality, verbs.SUMMARY) is None
    passages = sources.search(municipality, words) if may_run else []
    found = {one.document_id: one.document for one in passages}
    for one in Document.objects.filter(current=True, source__active=True, title__icontains=words)[:10]:
        found.setdefault(one.pk, one)
    return [(pk, f"{one.title}（{one.date}）" if one.date else one.title) for pk, one in found.items()]
