"""To the staff, and back: the resident hands over what the desk could not answer, and follows it by the secret link."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.web.access import limit, resident
from machi.frontdesk.domain import hand_over
from machi.frontdesk.models import HandOver, Inquiry
from machi.frontdesk.web.resident_answer import answer_context
from machi.frontdesk.web.resident_forms import HandOverForm, WriteForm, refuse
from machi.frontdesk.web.resident_links import document_url
from machi.frontdesk.web.resident_secret import by_token


@resident
@by_token
def ask_staff(request: HttpRequest, municipality: Municipality, inquiry: Inquiry) -> HttpResponse:
    if getattr(inquiry, "hand_over", None):
        return redirect("frontdesk:status", municipality.code, inquiry.token)
    form = HandOverForm(request.POST if request.method == "POST" else None)
    try:
        division = hand_over.suggest_division(inquiry)
        if request.method == "POST" and form.is_valid():
            limit(request, "frontdesk.hand_over", "10/h")
            if address := form.cleaned_data["email"]:  # no address gets many letters from whoever names it
                limit(request, "frontdesk.mail.to", "5/d", of=address.lower())
            hand_over.hand_over(inquiry, **form.cleaned_data, division=division)
            return redirect("frontdesk:status", municipality.code, inquiry.token)
    except Refused as refused:
        context = {**answer_context(inquiry), "refused": refused.message}
        return render(request, "frontdesk/resident/ask_staff.html", context)
    context = {**answer_context(inquiry), "form": form, "division": division}
    return render(request, "frontdesk/resident/ask_staff.html", context)


@resident
@by_token
def status(request: HttpRequest, municipality: Municipality, inquiry: Inquiry) -> HttpResponse:
    handed: HandOver | None = getattr(inquiry, "hand_over", None)
    if handed is None:
        return redirect("frontdesk:answer", municipality.code, inquiry.token)
    form = WriteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        limit(request, "frontdesk.write", "20/h")
        try:
            hand_over.resident_writes(handed, form.cleaned_data["body"])
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("職員に伝えました。"))
            return redirect("frontdesk:status", municipality.code, inquiry.token)
    talk = handed.messages.filter(internal=False).prefetch_related("documents__source")
    context = {
        "inquiry": inquiry,
        "hand_over": handed,
        "talk": [(message, [(d, document_url(d)) for d in message.documents.all()]) for message in talk],
        "form": form,
        "page_address": request.build_absolute_uri(request.path),
    }
    return render(request, "frontdesk/resident/status.html", context)
