"""What everybody may read: calls that were published, and their results once announced."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import neighbour
from machi.base.web.export import export
from machi.joint.domain.calls import takes_proposals
from machi.joint.domain.calls_access import towns_behind
from machi.joint.models import Call, Proposal

_A_PAGE = 25
_PUBLIC = (Call.State.OPEN, Call.State.REVIEW, Call.State.DECIDED, Call.State.ANNOUNCED)


@neighbour
def public_calls(
    request: HttpRequest, municipality: Municipality, consortium: Consortium
) -> HttpResponseBase:
    found = _published()
    if "format" in request.GET:
        columns = [_("公募の名前"), _("状態"), _("分野"), _("応募の締切日"), _("予算の総額（円）")]
        rows = (
            [one.title, _told_state(one), "、".join(one.area_labels), one.closes_on, one.budget]
            for one in found
        )
        return export(request, "calls", columns, rows)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    for one in page:
        one.told_state = _told_state(one)  # type: ignore[attr-defined]
    context = {"title": _("共同事業の公募と結果"), "page_obj": page, "consortium": consortium}
    return render(request, "joint/calls/public_calls.html", context)


@neighbour
def public_call(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The call's terms; adopted proposals once announced. No scores, no reviewers, nothing of what was rejected."""
    found = get_object_or_404(_published(), pk=pk)
    announced = found.state == Call.State.ANNOUNCED
    adopted = (
        found.proposals.filter(state=Proposal.State.ADOPTED)
        .select_related("lead", "decision")
        .prefetch_related(towns_behind())
        .order_by("number")
        if announced
        else []
    )
    if "format" in request.GET:
        columns = [
            _("受付番号"),
            _("事業名"),
            _("分野"),
            _("代表自治体"),
            _("構成自治体"),
            _("決定額（円）"),
            _("概要"),
        ]
        return export(request, "adopted", columns, (_adopted_line(one) for one in adopted))
    handed_in = found.proposals.filter(number__isnull=False).exclude(state=Proposal.State.WITHDRAWN)
    context = {
        "call": found,
        "told_state": _told_state(found),
        "criteria": found.criteria.all(),
        "open": takes_proposals(found),
        "announced": announced,
        "adopted": adopted,
        "applications": handed_in.count() if announced else None,
        "total": sum(one.decision.amount for one in adopted),
        "breadcrumbs": [
            (_("共同事業の公募と結果"), reverse("joint:public_calls", args=[municipality.code])),
            (found.title, ""),
        ],
    }
    return render(request, "joint/calls/public_call.html", context)


def _published() -> QuerySet[Call]:
    return Call.objects.filter(state__in=_PUBLIC)


def _told_state(call: Call) -> str:
    """That it was decided is known when it is announced."""
    return str(Call.State.REVIEW.label) if call.state == Call.State.DECIDED else call.get_state_display()


def _adopted_line(one: Proposal) -> list[object]:
    members = "、".join(town.municipality.name for town in one.members.all())
    return [
        one.number,
        one.title,
        one.get_area_display(),
        one.lead.name,
        members,
        one.decision.amount,
        one.summary,
    ]
