"""Staff: booking requests for the town's spots, answered on the operator's behalf; and what each town gains."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.base.domain.errors import Refused
from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm, add_refusal
from machi.base.web.history import told
from machi.joint.domain import tourism_requests as verbs
from machi.joint.domain.tourism_erasure import erase
from machi.joint.domain.tourism_gains import gains as count_gains
from machi.joint.engine.visit_gains import COUNTED, SMALLEST, Shown, table, totals
from machi.joint.web.tourism_ask import entries
from machi.joint.web.tourism_forms import AnswerForm, RequestFilter, SinceForm

ANSWER, GAINS = "joint.answer_requests", "joint.see_gains"
_A_PAGE = 25
_TOWNS_A_PAGE = 100
ACTIONS = {
    "sent": gettext_noop("予約の希望が届いた"),
    "accepted": gettext_noop("受け付けた"),
    "proposed": gettext_noop("別の日時を提案した"),
    "declined": gettext_noop("断った"),
    "withdrawn": gettext_noop("申し込んだ人が取り下げた"),
}


@member(ANSWER)
def requests(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    form = RequestFilter(request.GET or None)
    found = verbs.requests_of(municipality)
    if form.is_valid() and form.cleaned_data["state"]:
        found = found.filter(state=form.cleaned_data["state"])
    if "format" in request.GET:
        # Without names: a list on a disk is outlived by nothing.
        columns = [
            _("番号"),
            _("スポット"),
            _("希望日"),
            _("時刻"),
            _("人数"),
            _("状態"),
            _("受付日時"),
            _("返事"),
        ]
        rows = (
            (
                one.pk,
                one.spot.name,
                one.on,
                f"{one.at:%H:%M}",
                one.party,
                one.get_state_display(),
                one.made_at,
                one.settled_at,
            )
            for one in found
        )
        return export(request, "visit-requests", columns, rows)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("予約の希望"),
        "form": form,
        "page_obj": page,
        "filtered": bool(request.GET.get("state")),
        "breadcrumbs": [
            (_("共同体"), reverse("joint:home", args=[municipality.code])),
            (_("予約の希望"), ""),
        ],
    }
    return render(request, "joint/tourism/requests.html", context)


@member(ANSWER)
def visit_request(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """One request, with the answer on the operator's behalf."""
    asked = get_object_or_404(verbs.requests_of(municipality), pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.answer(asked, **form.cleaned_data, person=visitor(request), town=municipality)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("お返事を送りました。"))
            return redirect("joint:visit_request", municipality.code, pk)
    context = {
        "title": _("予約の希望 #%(number)s") % {"number": pk},
        "asked": asked,
        "form": form,
        "may": verbs.may(asked),
        "entries": entries(asked),
        "events": told(f"visit_request:{pk}", ACTIONS),
        "breadcrumbs": _below(municipality, f"#{pk}"),
    }
    return render(request, "joint/tourism/staff_request.html", context)


@member(ANSWER)
def erase_visit_request(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    asked = get_object_or_404(verbs.requests_of(municipality), pk=pk, erased_at__isnull=True)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        erase(asked, visitor(request))
        messages.success(request, _("名前と連絡先を消しました。"))
        return redirect("joint:visit_request", municipality.code, pk)
    context = {
        "title": _("名前と連絡先を消しますか"),
        "consequence": _("申し込んだ人と運営者のリンクも使えなくなります。元には戻せません。"),
        "form": form,
        "submit": _("消す"),
        "danger": True,
        "cancel_url": reverse("joint:visit_request", args=[municipality.code, pk]),
        "breadcrumbs": _below(municipality, f"#{pk}"),
    }
    return render(request, "base/components/confirm.html", context)


@member(GAINS)
def gains(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """Which town gains what; small figures hidden for everybody."""
    form = SinceForm(request.GET or None)
    counted = count_gains(consortium, form.day())
    names = {town.code: str(town) for town in members(consortium)}
    cells, sums = table(counted), totals(counted)
    columns = [
        _("町"),
        _("公開中のスポット"),
        _("町に寄る行程"),
        _("予定された訪問"),
        _("予約の希望"),
        _("受け付けた希望"),
        _("受け付けた人数"),
    ]
    rows = [
        [names[one.code], one.spots, *(_in_words(cells[one.code][name]) for name in COUNTED)]
        for one in counted
    ]
    total = [_("合計"), sum(one.spots for one in counted), *(_in_words(sums[name]) for name in COUNTED)]
    if "format" in request.GET:
        return export(request, "visit-gains", columns, [*rows, total])
    page = Paginator(rows, _TOWNS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("町ごとの成果"),
        "form": form,
        "columns": columns,
        "rows": page,
        "page_obj": page,
        "total": total,
        "smallest": SMALLEST,
        "anything": any(one.visits or one.requests for one in counted),
        "breadcrumbs": [
            (_("共同体"), reverse("joint:home", args=[municipality.code])),
            (_("町ごとの成果"), ""),
        ],
    }
    return render(request, "joint/tourism/gains.html", context)


def _in_words(figure: Shown) -> Any:
    if figure.value is None:
        return _("%(least)s未満") % {"least": SMALLEST}
    if figure.about and not figure.value:
        return _("%(least)s未満") % {"least": 10}
    return _("約%(value)s") % {"value": figure.value} if figure.about else figure.value


def _below(municipality: Municipality, here: str) -> list[tuple[Any, str]]:
    return [(_("予約の希望"), reverse("joint:visit_requests", args=[municipality.code])), (here, "")]
