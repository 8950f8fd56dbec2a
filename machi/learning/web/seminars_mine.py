"""What whoever registered does by the secret link: looks, changes, gives the seat back, takes the one offered, answers
the questionnaire, has everything erased."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality
from machi.base.web.access import neighbour
from machi.base.web.files import attached
from machi.base.web.forms import add_refusal
from machi.learning.domain import seminars_questionnaire as questionnaire
from machi.learning.domain import seminars_register as verbs
from machi.learning.domain.seminars_erasure import erase
from machi.learning.domain.seminars_mail import page_of, when
from machi.learning.domain.seminars_seats import HOLDING
from machi.learning.engine.seminar_calendar import calendar
from machi.learning.models import Seminar, SeminarRegistration, Way
from machi.learning.web.questionnaire_form import QuestionnaireForm
from machi.learning.web.seminars_public import crumbs
from machi.learning.web.seminars_register_form import RegisterForm
from machi.learning.web.seminars_shown import CALENDAR, calendar_entries, check_in_address, qr_path

State = SeminarRegistration.State
ACTS: dict[str, Callable[[SeminarRegistration], Any]] = {
    "cancel": verbs.cancel,
    "accept": verbs.accept,
    "erase": erase,
}
QUESTIONS = {
    "cancel": (
        gettext_noop("申し込みを取り消しますか"),
        gettext_noop("席は、待っている人に案内します。元には戻せません。"),
        gettext_noop("取り消す"),
    ),
    "accept": (
        gettext_noop("参加しますか"),
        gettext_noop("席を確保します。"),
        gettext_noop("参加する"),
    ),
    "erase": (
        gettext_noop("名前と連絡先を消しますか"),
        gettext_noop("申し込みは取り消しになり、このページも開けなくなります。元には戻せません。"),
        gettext_noop("消す"),
    ),
}


@neighbour
def my_seminar(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, token: str
) -> HttpResponseBase:
    mine = _the(token)
    seminar, ahead = mine.seminar, timezone.now() < mine.seminar.starts_at
    active = mine.state in verbs.ACTIVE and seminar.state != Seminar.State.CANCELLED
    seated = mine.state == State.CONFIRMED and seminar.state != Seminar.State.CANCELLED
    context = {
        "title": seminar,
        "mine": mine,
        "seminar": seminar,
        "when": when(seminar),
        "choices": mine.choices.select_related("session"),
        "answers": _answers(mine),
        "place": verbs.waiting_place(mine) if mine.state == State.WAITING else 0,
        "may_change": active and ahead,
        "may_cancel": active and ahead,
        "seated": seated,
        "online_url": seminar.online_url if seated and mine.way == Way.ONLINE else "",
        "code": qr_path(check_in_address(mine)) if seated and mine.way == Way.ON_SITE else None,
        "may_answer": questionnaire.may_answer(mine),
        "link": _link(municipality, consortium),
        "breadcrumbs": [*crumbs(municipality), (_("あなたの申し込み"), "")],
    }
    return private(render(request, "learning/seminars/mine.html", context))


@neighbour
def my_change(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, token: str
) -> HttpResponseBase:
    mine = _the(token)
    here = _page(municipality, consortium, token)
    form = RegisterForm(
        request.POST if request.method == "POST" else None, seminar=mine.seminar, registration=mine
    )
    if request.method == "POST" and form.is_valid():
        try:
            changed = verbs.change(mine, form.given())
        except Refused as refused:
            add_refusal(form, refused)
        else:
            left = [str(one.session) for one in changed.choices.select_related("session") if not one.seated]
            messages.success(request, _("申し込みの内容を変えました。"))
            if left and changed.state in HOLDING:
                messages.warning(request, _("会場が満席のセッション: %(names)s") % {"names": "、".join(left)})
            return redirect(here)
    context = {
        "title": _("申し込みの内容を変える"),
        "seminar": mine.seminar,
        "when": when(mine.seminar),
        "form": form,
        "changing": True,
        "cancel_url": here,
        "breadcrumbs": [*crumbs(municipality), (_("あなたの申し込み"), here), (_("変える"), "")],
    }
    return private(render(request, "learning/seminars/register.html", context))


@neighbour
def my_act(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, token: str, act: str
) -> HttpResponseBase:
    """Asks, then does it: ``cancel``, ``accept`` or ``erase``."""
    mine = _the(token)
    if act not in ACTS:
        raise Http404
    here = _page(municipality, consortium, token)
    title, consequence, submit = (_(text) for text in QUESTIONS[act])
    if request.method == "POST":
        try:
            ACTS[act](mine)
        except Refused as refused:
            messages.error(request, str(refused.message))
        else:
            messages.success(request, _("承りました。"))
            if act == "erase":
                return redirect("learning:public_seminars", municipality.code)
        return redirect(here)
    context = {
        "title": title,
        "consequence": consequence,
        "submit": submit,
        "cancel_url": here,
        "danger": act != "accept",
    }
    return private(render(request, "base/components/confirm.html", context))


@neighbour
@require_safe
def my_calendar(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, token: str
) -> HttpResponseBase:
    """The seminar and the chosen sessions, for whoever has a seat."""
    mine = _the(token)
    if mine.state != State.CONFIRMED:
        raise Http404
    return attached(calendar(calendar_entries(mine, page_of(mine))), "seminar.ics", CALENDAR)


@neighbour
def my_questionnaire(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, token: str
) -> HttpResponseBase:
    """One answer, kept apart from the name; done, only thanks are shown."""
    mine = _the(token)
    survey = mine.seminar.survey
    if survey is None or survey.current is None:
        raise Http404
    may = questionnaire.may_answer(mine)
    form = QuestionnaireForm(survey.current.parsed(), request.POST if request.method == "POST" else None)
    if request.method == "POST" and may and form.is_valid():
        try:
            questionnaire.answer(mine, form.answers)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("アンケートにお答えいただき、ありがとうございました。"))
            return redirect(_page(municipality, consortium, token))
    context = {
        "title": survey,
        "survey": survey,
        "seminar": mine.seminar,
        "may": may,
        "form": form,
        "page_url": _page(municipality, consortium, token),
        "breadcrumbs": [*crumbs(municipality), (_("アンケート"), "")],
    }
    return private(render(request, "learning/seminars/questionnaire.html", context))


def _the(token: str) -> SeminarRegistration:
    found = verbs.by_token(token)
    if found is None:
        raise Http404
    return found


def _page(municipality: Municipality, consortium: Consortium, token: str) -> str:
    page = reverse("learning:my_seminar", args=[municipality.code, token])
    return f"{page}?consortium={consortium.pk}"


def _link(municipality: Municipality, consortium: Consortium) -> str:
    return f"?consortium={consortium.pk}"


def _answers(mine: SeminarRegistration) -> list[tuple[str, str]]:
    given = json.loads(mine.answers or "{}")
    told = []
    for one in mine.seminar.questions.all():
        value = given.get(str(one.pk))
        if value is not None:
            words = (
                _("はい") if value is True else "、".join(value) if isinstance(value, list) else str(value)
            )
            told.append((str(one), words))
    return told


def private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
