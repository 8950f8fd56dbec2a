"""Booking requests from outside: the visitor asks and follows, the operator answers, each by a secret link."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality
from machi.base.web.access import limit, neighbour
from machi.base.web.forms import add_refusal
from machi.joint.domain import tourism_requests as verbs
from machi.joint.domain.tourism_erasure import KEPT, erase
from machi.joint.domain.tourism_queries import public_spots
from machi.joint.models import BookingRequest
from machi.joint.web.tourism_forms import AnswerForm, AskForm, clock
from machi.joint.web.tourism_public import breadcrumbs
from machi.joint.web.tourism_shown import plan_by

TURNS = {
    ("visitor", "sent"): gettext_noop("予約の希望を送りました"),
    ("visitor", "accepted"): gettext_noop("提案された日時に決めました"),
    ("visitor", "withdrawn"): gettext_noop("取り下げました"),
    ("operator", "accepted"): gettext_noop("運営者が受け付けました"),
    ("operator", "proposed"): gettext_noop("運営者が別の日時を提案しました"),
    ("operator", "declined"): gettext_noop("運営者が断りました"),
    ("staff", "accepted"): gettext_noop("町の職員が、運営者に代わって受け付けました"),
    ("staff", "proposed"): gettext_noop("町の職員が、運営者に代わって別の日時を提案しました"),
    ("staff", "declined"): gettext_noop("町の職員が、運営者に代わって断りました"),
}


@neighbour
def ask(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, token: str, pk: int
) -> HttpResponseBase:
    plan = plan_by(token)
    spot = get_object_or_404(public_spots(), pk=pk, takes_requests=True, stops__plan=plan)
    stop = next(one for one in plan.stops.all() if one.spot_id == pk)
    day = plan.starts_on + (plan.starts_on.resolution * stop.day)
    form = AskForm(request.POST or None, initial={"on": day, "at": clock(stop.begins)})
    if request.method == "POST" and form.is_valid():
        limit(request, "joint.tourism.ask", settings.MACHI_ASK_RATE)
        language = translation.get_language() or "ja"
        try:
            asked = verbs.ask(plan, spot, **form.cleaned_data, language=language)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("予約の希望を送りました。返事が来たらメールで知らせます。"))
            return redirect(_visitor_page(municipality, consortium, asked))
    back = reverse("joint:visit_plan", args=[municipality.code, token])
    context = {
        "title": _("予約の希望を送る"),
        "spot": spot,
        "form": form,
        "kept": KEPT.days,
        "cancel_url": back,
        "breadcrumbs": [*breadcrumbs(municipality), (_("行程"), back), (_("予約の希望"), "")],
    }
    return _private(render(request, "joint/tourism/ask.html", context))


@neighbour
def visitor_request(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, token: str
) -> HttpResponseBase:
    """How it stands, for whoever asked."""
    asked = _the(verbs.by_token(token))
    plan_url = reverse("joint:visit_plan", args=[asked.plan.municipality_id, asked.plan.token])
    context = {
        "title": _("予約の希望"),
        "asked": asked,
        "may": verbs.may(asked),
        "entries": entries(asked),
        "plan_url": plan_url,
        "breadcrumbs": [*breadcrumbs(municipality), (_("行程"), plan_url), (_("予約の希望"), "")],
    }
    return _private(render(request, "joint/tourism/visitor_request.html", context))


ACTS = {"agree": verbs.agree, "withdraw": verbs.withdraw, "erase": erase}
QUESTIONS = {
    "agree": (
        gettext_noop("この日時に決めますか"),
        gettext_noop("運営者に知らせます。"),
        gettext_noop("この日時に決める"),
    ),
    "withdraw": (
        gettext_noop("取り下げますか"),
        gettext_noop("運営者に知らせます。同じ希望を出すには、もう一度送ってください。"),
        gettext_noop("取り下げる"),
    ),
    "erase": (
        gettext_noop("名前と連絡先を消しますか"),
        gettext_noop(
            "返事を待っている希望は取り下げになり、このページも開けなくなります。元には戻せません。"
        ),
        gettext_noop("消す"),
    ),
}


@neighbour
def visitor_act(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, token: str, act: str
) -> HttpResponseBase:
    """Asks, then does what the visitor chose: ``agree``, ``withdraw`` or ``erase``."""
    asked = _the(verbs.by_token(token))
    if act not in ACTS:
        raise Http404
    title, consequence, submit = (_(text) for text in QUESTIONS[act])
    here = _visitor_page(municipality, consortium, asked)
    if request.method == "POST":
        try:
            ACTS[act](asked)
        except Refused as refused:
            messages.error(request, str(refused.message))
        else:
            messages.success(request, _("承りました。"))
            if act == "erase":
                return redirect("joint:visit", municipality.code)
        return redirect(here)
    context = {
        "title": title,
        "consequence": consequence,
        "submit": submit,
        "cancel_url": here,
        "danger": act != "agree",
    }
    return _private(render(request, "base/components/confirm.html", context))


@neighbour
def operator_request(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, token: str
) -> HttpResponseBase:
    """The operator reads what is asked for and answers. Whoever has the link may."""
    asked = _the(verbs.by_token(token, operator=True))
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limit(request, "joint.tourism.answer", settings.MACHI_ASK_RATE)
        try:
            verbs.answer(asked, **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("お返事を送りました。"))
            return redirect(request.get_full_path())
    context = {
        "title": _("予約の希望へのお返事"),
        "asked": asked,
        "form": form,
        "may": verbs.may(asked),
        "entries": entries(asked),
    }
    return _private(render(request, "joint/tourism/operator_request.html", context))


def entries(asked: BookingRequest) -> list[dict[str, Any]]:
    """The course of a request, for the timeline."""
    turns = list(asked.turns.all())
    return [
        {
            "title": _(TURNS[turn.who, turn.action]),
            "at": turn.happened_at,
            "text": turn.words or "",
            "state": "done" if turn is not turns[-1] else "now",
        }
        for turn in turns
    ]


def _the(asked: BookingRequest | None) -> BookingRequest:
    if asked is None:
        raise Http404
    return asked


def _visitor_page(municipality: Municipality, consortium: Consortium, asked: BookingRequest) -> str:
    page = reverse("joint:visitor_request", args=[municipality.code, asked.token])
    return f"{page}?consortium={consortium.pk}"


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
