"""Pages on which a recording is handed in, and minutes are made of what was heard in it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.running import NotApproved, why_not
from machi.base.web.access import staff, visitor
from machi.base.web.acting import acted
from machi.base.web.forms import ConfirmForm, add_refusal, posted
from machi.casework.domain import drafting_queries as queries
from machi.casework.domain import transcribing as verbs
from machi.casework.domain.recording_words import refusal
from machi.casework.domain.recordings import KEPT
from machi.casework.engine.speech_types import NotHeard
from machi.casework.models import Draft
from machi.casework.web.drafting import DRAFT
from machi.casework.web.drafting_forms import RecordingForm
from machi.casework.web.drafting_shown import breadcrumbs, crumb


@staff(DRAFT)
def recording(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    """Says which model there is and what it knows before anything is handed in; where there is none, why, and what to
    do instead."""
    title = _("録音を文字にする")
    context: dict[str, Any] = {
        "title": title,
        "not_running": why_not(municipality, verbs.TRANSCRIBE),
        "kept_days": KEPT.days,
        "breadcrumbs": breadcrumbs(municipality, (title, "")),
    }
    try:
        model = verbs.the_model()
    except NotHeard as refused:
        context["unable"] = refusal(refused)
        return render(request, "casework/drafting/recording.html", context)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = RecordingForm(model.languages, *sent)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = verbs.start_transcript(
                municipality,
                visitor(request),
                data=data["file"].chunks,
                title=data["title"],
                held_on=data["held_on"],
                language=data["language"],
            )
        except NotApproved:
            raise
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect(made)
    context |= {"form": form, "model": model}
    return render(request, "casework/drafting/recording.html", context)


@staff(DRAFT)
def minutes_of_transcript(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    """Minutes of a transcript that was confirmed."""
    draft: Draft = get_object_or_404(queries.whole(), pk=pk, work=Draft.Work.TRANSCRIPT, number__gt=0)
    title = _("会議の記録を作る")
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: verbs.minutes_of(draft, visitor(request)),
        onward=lambda made: str(made.get_absolute_url()),
        done=_("会議の記録の案を作りました。"),
        title=title,
        consequence=_(
            "確認した文字起こしから、議題、決まったこと、宿題を見つけます。話した人の名前が入っていない行からは、担当者を決められません。"
        ),
        lead=""
        if json.loads(draft.asked)["language"] == "ja"
        else _(
            "決まったことや宿題を見つける規則は、日本語の話し方のものです。英語の文字起こしからは、ほとんど見つかりません。"
        ),
        submit=title,
        cancel_url=draft.get_absolute_url(),
        breadcrumbs=breadcrumbs(municipality, crumb(draft), (title, "")),
    )
