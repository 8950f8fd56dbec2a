"""The page of an answer: urgent numbers first, then what the town's documents say, how sure that is, and what next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.base.models import Municipality
from machi.base.web.access import limit, resident
from machi.frontdesk.domain import answers, feedback
from machi.frontdesk.domain import mail as letters
from machi.frontdesk.models import Inquiry
from machi.frontdesk.templatetags.reading_help import EASIER_JAPANESE
from machi.frontdesk.web.resident_forms import MailForm
from machi.frontdesk.web.resident_links import cited, document_url
from machi.frontdesk.web.resident_secret import by_token
from machi.language.engine.easy import glosses


@resident
@by_token
def answer(request: HttpRequest, municipality: Municipality, inquiry: Inquiry) -> HttpResponse:
    return render(request, "frontdesk/resident/answer.html", answer_context(inquiry))


@resident
@by_token
def helped(request: HttpRequest, municipality: Municipality, inquiry: Inquiry) -> HttpResponse:
    """What the resident says of the answer; "no" leads on to the staff."""
    if request.method == "POST" and (word := request.POST.get("helped")) in ("yes", "no"):
        feedback.record_helped(inquiry, word == "yes")
        if word == "no":
            return redirect("frontdesk:ask_staff", municipality.code, inquiry.token)
    return redirect("frontdesk:answer", municipality.code, inquiry.token)


@resident
@by_token
def mail(request: HttpRequest, municipality: Municipality, inquiry: Inquiry) -> HttpResponse:
    """Sends the answer to an address that is not kept."""
    if request.method != "POST":
        return redirect("frontdesk:answer", municipality.code, inquiry.token)
    form = MailForm(request.POST)
    if form.is_valid():
        address = form.cleaned_data["email"]
        limit(request, "frontdesk.mail", "10/h")
        # Whoever asks writes part of the letter: no address gets many, and no question makes many.
        limit(request, "frontdesk.mail.to", "5/d", of=address.lower())
        limit(request, "frontdesk.mail.of", "5/d", of=inquiry.token)
        try:
            letters.send_desk_answer(inquiry, address)
        except OSError:  # of which the errors of smtplib are kinds
            form.add_error(None, _("いまはメールを送れません。時間をおいて、もう一度お試しください。"))
        else:
            messages.success(request, _("回答をメールで送りました。"))
            return redirect("frontdesk:answer", municipality.code, inquiry.token)
    context = {**answer_context(inquiry), "mail_form": form}
    return render(request, "frontdesk/resident/answer.html", context)


def answer_context(inquiry: Inquiry) -> dict[str, Any]:
    """What the answer's templates show, on the page and at the end of a stream."""
    shown = answers.shown(inquiry)
    said = "\n".join(citation.text for part in shown.parts for citation in part.citations)
    return {
        "inquiry": inquiry,
        "answer": shown,
        "citations": [cited(part) for part in shown.parts],
        "glosses": glosses(said) if get_language() == EASIER_JAPANESE else [],
        "related": [(document, document_url(document)) for document in shown.related],
        "procedures": answers.procedures(inquiry),
        "hand_over": getattr(inquiry, "hand_over", None),
        "mail_form": MailForm(),
    }
