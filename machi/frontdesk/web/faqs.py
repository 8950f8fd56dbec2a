"""Common questions: proposed by one person, published by a second, taken out of use with a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.domain.history import history
from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm, add_refusal
from machi.frontdesk.domain import faqs as verbs
from machi.frontdesk.domain.inventory import with_words
from machi.frontdesk.models import Faq, HandOver, Inquiry
from machi.frontdesk.web.resident_links import document_url
from machi.frontdesk.web.staff_forms import FaqFilter, FaqForm, ReasonForm

_A_PAGE = 25


@staff("frontdesk.propose_faq")
def faqs(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    form = FaqFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = Faq.objects.select_related("proposed_by", "ruled_by")
    if asked.get("state"):
        found = found.filter(state=asked["state"])
    found = with_words(found, asked.get("words", ""), ["question", "answer"])
    if "format" in request.GET:
        columns = [
            _("質問"), _("回答"), _("状態"), _("提案者"), _("提案日時"), _("判断した人"), _("判断日時"), _("理由"),
            _("有効期間の末日"),
        ]  # fmt: skip
        rows = (
            (
                one.question,
                one.answer,
                one.get_state_display(),
                one.proposed_by.name,
                one.proposed_at,
                one.ruled_by.name if one.ruled_by else "",
                one.ruled_at,
                one.reason,
                one.valid_until,
            )
            for one in found
        )
        return export(request, "faqs", columns, rows)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "filtered": any(asked.values()),
        "waiting": Faq.objects.filter(state=Faq.State.PROPOSED).count(),
        "today": timezone.localdate(),
    }
    return render(request, "frontdesk/staff/faqs.html", context)


@staff("frontdesk.propose_faq")
def propose(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    """From nothing, from a question and what staff answered (``?inquiry=``), or from another FAQ (``?faq=``)."""
    inquiry, initial, private = _begun(request)
    form = FaqForm(request.POST or None, initial=initial, private=private)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            faq = verbs.propose(
                municipality,
                visitor(request),
                question=given["question"],
                answer=given["answer"],
                inquiry=inquiry,
                valid_until=given["valid_until"],
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("提案しました。ほかの職員が承認すると公開されます。"))
            return redirect("frontdesk:faq", municipality.code, faq.pk)
    context = {
        "title": _("よくある質問を提案する"),
        "form": form,
        "inquiry": inquiry,
        "cancel_url": reverse("frontdesk:faqs", args=[municipality.code]),
        "breadcrumbs": [*_breadcrumbs(municipality), (_("提案する"), "")],
    }
    return render(request, "frontdesk/staff/faq_propose.html", context)


@staff("frontdesk.propose_faq")
def faq(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    return _page(request, municipality, _faq(pk))


@staff("frontdesk.approve_faq")
@require_POST
def approve(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    faq, form = _faq(pk), ConfirmForm(request.POST)
    if form.is_valid():
        try:
            verbs.approve(faq, visitor(request))
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("承認しました。まもなく回答に使われます。"))
            return redirect("frontdesk:faq", municipality.code, pk)
    return _page(request, municipality, _faq(pk), approve_form=form)


@staff("frontdesk.approve_faq")
@require_POST
def reject(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    faq, form = _faq(pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            verbs.reject(faq, visitor(request), form.cleaned_data["reason"])
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("差し戻しました。"))
            return redirect("frontdesk:faq", municipality.code, pk)
    return _page(request, municipality, _faq(pk), reason_form=form)


@staff("frontdesk.approve_faq")
@require_POST
def withdraw(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    faq, form = _faq(pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            verbs.withdraw(faq, visitor(request), form.cleaned_data["reason"])
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("公開を終えました。"))
            return redirect("frontdesk:faq", municipality.code, pk)
    return _page(request, municipality, _faq(pk), reason_form=form)


def _faq(pk: int) -> Faq:
    return get_object_or_404(
        Faq.objects.select_related("proposed_by", "ruled_by", "document", "inquiry"), pk=pk
    )


def _begun(request: HttpRequest) -> tuple[Inquiry | None, dict[str, Any], list[str]]:
    """What the proposal begins with, and what is known of the resident that must not stand in it."""
    given = request.GET
    if given.get("faq", "").isdecimal():
        old = get_object_or_404(Faq.objects.select_related("inquiry__hand_over"), pk=int(given["faq"]))
        initial = {"question": old.question, "answer": old.answer, "valid_until": old.valid_until}
        return old.inquiry, initial, _private(old.inquiry)
    if given.get("inquiry", "").isdecimal():
        inquiry = get_object_or_404(Inquiry.objects.select_related("hand_over"), pk=int(given["inquiry"]))
        handed = getattr(inquiry, "hand_over", None)
        last = handed.messages.filter(from_staff=True, internal=False).last() if handed else None
        return inquiry, {"question": inquiry.question, "answer": last.body if last else ""}, _private(inquiry)
    return None, {}, []


def _private(inquiry: Inquiry | None) -> list[str]:
    handed: HandOver | None = getattr(inquiry, "hand_over", None)
    return [words for words in (handed.name, handed.email, handed.telephone) if words] if handed else []


def _page(
    request: HttpRequest,
    municipality: Municipality,
    faq: Faq,
    approve_form: forms.Form | None = None,
    reason_form: ReasonForm | None = None,
) -> HttpResponseBase:
    person = visitor(request)
    may_rule = person.has_perm("frontdesk.approve_faq", municipality)
    labels = {
        "propose": _("提案"),
        "approve": _("承認（公開）"),
        "reject": _("差し戻し"),
        "withdraw": _("公開終了"),
    }
    context = {
        "faq": faq,
        "document_url": document_url(faq.document) if faq.document else "",
        "ended": faq.valid_until is not None and faq.valid_until < timezone.localdate(),
        "own": faq.proposed_by_id == person.pk,
        "may_approve": may_rule and faq.state == Faq.State.PROPOSED,
        "may_withdraw": may_rule and faq.state == Faq.State.APPROVED,
        "form": approve_form or reason_form,
        "approve_form": approve_form or ConfirmForm(),
        "reason_form": reason_form or ReasonForm(),
        "events": [(labels.get(event.action, event.action), event) for event in history(f"faq:{faq.pk}")],
        "breadcrumbs": [*_breadcrumbs(municipality), (_("内容"), "")],
    }
    return render(request, "frontdesk/staff/faq.html", context)


def _breadcrumbs(municipality: Municipality) -> list[tuple[str, str]]:
    return [(_("よくある質問"), reverse("frontdesk:faqs", args=[municipality.code]))]
