"""Reviewers as the joint office sees them, and the reviews as a reviewer sees their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.forms import add_refusal
from machi.joint.domain import calls_review as verbs
from machi.joint.domain.calls_access import RUN, towns_behind
from machi.joint.engine.review import Conflict
from machi.joint.models import Call, CallReviewer, Proposal, ProposalReview
from machi.joint.web.calls_forms import ReviewerForm
from machi.joint.web.calls_marks_form import MarksForm
from machi.joint.web.calls_pages import acting, ask, ask_why, crumbs, fill, the_call

REVIEW = "joint.review_proposals"


@member(RUN)
def call_reviewers(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Who reviews, how much, and who got what."""
    found = the_call(request, municipality, pk)
    reviews = (
        ProposalReview.objects.filter(reviewer__call=found)
        .select_related("proposal__lead", "reviewer__person")
        .order_by("proposal__number", "reviewer__person__name")
    )
    if "format" in request.GET:
        columns = [_("受付番号"), _("事業名"), _("審査員"), _("提出日時")]
        rows = (
            [one.proposal.number, one.proposal.title, one.reviewer.person.name, one.done_at]
            for one in reviews
        )
        return export(request, "reviewers", columns, rows)
    reviewers = list(verbs.workloads(found))
    for one in reviewers:
        one.area_labels = verbs.area_labels(one.areas)
    context = {
        "title": _("審査員と割り当て"),
        "call": found,
        "reviewers": reviewers,
        "reviews": reviews,
        "may_change": found.state in (Call.State.DRAFT, Call.State.OPEN, Call.State.REVIEW),
        "may_assign": found.state == Call.State.REVIEW,
        "breadcrumbs": crumbs(municipality, found, _("審査員と割り当て")),
    }
    return render(request, "joint/calls/reviewers.html", context)


@member(RUN)
def name_reviewer(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_call(request, municipality, pk)
    known = found.reviewers.values("person")
    return fill(
        request,
        ReviewerForm(
            request.POST or None,
            people=verbs.candidates(consortium).exclude(pk__in=known),
            towns=members(consortium),
        ),
        lambda given: verbs.name_reviewer(found, acting(request, municipality), given["person"], given),
        title=_("審査員を加える"),
        submit=_("加える"),
        done=_("審査員を加えました。"),
        back=reverse("joint:call_reviewers", args=[municipality.code, pk]),
        breadcrumbs=crumbs(municipality, found, _("審査員を加える")),
    )


@member(RUN)
def change_reviewer(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, reviewer: int
) -> HttpResponseBase:
    found = the_call(request, municipality, pk)
    known = get_object_or_404(found.reviewers.select_related("person"), pk=reviewer)
    now = {
        "areas": known.areas,
        "towns": list(known.towns.all()),
        "organisations": known.organisations,
        "most": known.most,
    }
    return fill(
        request,
        ReviewerForm(request.POST or None, towns=members(consortium), initial=now),
        lambda given: verbs.name_reviewer(found, acting(request, municipality), known.person, given),
        title=known.person.name,
        submit=_("保存する"),
        done=_("保存しました。"),
        back=reverse("joint:call_reviewers", args=[municipality.code, pk]),
        breadcrumbs=crumbs(municipality, found, known.person.name),
    )


@member(RUN)
def dismiss_reviewer(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, reviewer: int
) -> HttpResponseBase:
    found = the_call(request, municipality, pk)
    known = get_object_or_404(found.reviewers.select_related("person", "call__consortium"), pk=reviewer)
    return ask(
        request,
        municipality,
        lambda: verbs.dismiss_reviewer(known, acting(request, municipality)),
        title=_("%(name)sさんを審査員から外しますか") % {"name": known.person.name},
        consequence=_("割り当てた提案があれば、もう一度割り当ててください。"),
        submit=_("外す"),
        done=_("外しました。"),
        back=reverse("joint:call_reviewers", args=[municipality.code, pk]),
        danger=True,
    )


@member(RUN)
@require_POST
def assign_reviewers(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_call(request, municipality, pk)
    try:
        assigned = verbs.assign(found, acting(request, municipality))
    except Refused as refused:
        if type(refused) is not Refused:
            raise  # not approved: the page says so
        messages.error(request, str(refused.message))
    else:
        loads = assigned.loads.values()
        messages.success(
            request,
            _("%(pairs)s件を割り当てました（審査員1人あたり%(least)s～%(most)s件）。")
            % {"pairs": len(assigned.pairs), "least": min(loads), "most": max(loads)},
        )
    return redirect("joint:call_reviewers", municipality.code, pk)


@member(RUN)
def marks(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Every point given, for the office alone."""
    found = the_call(request, municipality, pk)
    reviews = (
        ProposalReview.objects.filter(reviewer__call=found, done_at__isnull=False)
        .select_related("proposal", "reviewer__person")
        .prefetch_related("marks")
        .order_by("proposal__number", "reviewer__person__name")
    )
    criteria = list(found.criteria.all())
    if "format" in request.GET:
        columns = [_("受付番号"), _("事業名"), _("審査員")]
        for one in criteria:
            columns += [one.title, _("%(title)s（コメント）") % {"title": one.title}]
        return export(request, "marks", [*columns, _("全体の講評")], _mark_lines(reviews, criteria))
    context = {
        "title": _("採点の一覧"),
        "call": found,
        "criteria": criteria,
        "rows": [_marked(one, criteria) for one in reviews],
        "breadcrumbs": crumbs(municipality, found, _("採点の一覧")),
    }
    return render(request, "joint/calls/marks.html", context)


@member(REVIEW)
def my_reviews(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """What was assigned to whoever asks, and what they may still have to refuse."""
    mine = CallReviewer.objects.filter(person=visitor(request), call__state=Call.State.REVIEW)
    reviews = (
        ProposalReview.objects.filter(reviewer__in=mine)
        .select_related("proposal__lead", "reviewer__call")
        .order_by("reviewer__call", "proposal__number")
    )
    if "format" in request.GET:
        columns = [_("公募"), _("受付番号"), _("事業名"), _("代表自治体"), _("提出日時")]
        rows = (
            [
                one.reviewer.call.title,
                one.proposal.number,
                one.proposal.title,
                one.proposal.lead.name,
                one.done_at,
            ]
            for one in reviews
        )
        return export(request, "my-reviews", columns, rows)
    context = {
        "title": _("提案の審査"),
        "reviews": reviews,
        "done": sum(1 for one in reviews if one.done_at),
        "open_calls": list(mine.select_related("call")),
        "breadcrumbs": crumbs(municipality, _("提案の審査")),
    }
    return render(request, "joint/calls/my_reviews.html", context)


@member(REVIEW)
def review(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """A proposal, read and marked by the reviewer it was assigned to."""
    found = get_object_or_404(
        ProposalReview.objects.filter(reviewer__person=visitor(request))
        .select_related(
            "reviewer__call__consortium", "reviewer__person", "proposal__lead", "proposal__consortium"
        )
        .prefetch_related("marks", towns_behind("proposal__members"), "proposal__attachments"),
        pk=pk,
    )
    call = found.reviewer.call
    criteria = list(call.criteria.all())
    form = MarksForm(
        request.POST or None, review=found, criteria=criteria, top=call.top, hand_in="hand_in" in request.POST
    )
    if request.method == "POST" and form.is_valid():
        hand_in = "hand_in" in request.POST
        try:
            verbs.mark(
                found,
                acting(request, municipality),
                form.given(),
                form.cleaned_data["comment"],
                hand_in=hand_in,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("採点を提出しました。") if hand_in else _("途中まで保存しました。"))
            return redirect("joint:my_reviews", municipality.code)
    context = {
        "title": _("提案%(number)sの審査") % {"number": found.proposal.number},
        "review": found,
        "proposal": found.proposal,
        "form": form,
        "open": call.state == Call.State.REVIEW,
        "breadcrumbs": [
            *crumbs(municipality, call)[:1],
            (_("提案の審査"), reverse("joint:my_reviews", args=[municipality.code])),
            (found.proposal.title, ""),
        ],
    }
    return render(request, "joint/calls/review.html", context)


@member(REVIEW)
def conflicts(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The proposals of a call by name and towns, so that a reviewer can say which they must not judge."""
    reviewer = _reviewer(request, pk)
    proposals = (
        Proposal.objects.filter(call=reviewer.call, state=Proposal.State.PASSED)
        .select_related("lead")
        .prefetch_related(towns_behind())
        .order_by("number")
    )
    recused = set(reviewer.recusals.values_list("proposal_id", flat=True))
    found = verbs.conflicts_of(reviewer, proposals)
    context = {
        "title": _("利害関係の申し出"),
        "reviewer": reviewer,
        "rows": [
            {
                "proposal": one,
                "recused": one.pk in recused,
                "tied": found[one.pk] == Conflict.TIED,
            }
            for one in proposals
        ],
        "breadcrumbs": crumbs(municipality, reviewer.call, _("利害関係の申し出")),
    }
    return render(request, "joint/calls/conflicts.html", context)


@member(REVIEW)
def recuse(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, proposal: int
) -> HttpResponseBase:
    reviewer = _reviewer(request, pk)
    found = get_object_or_404(
        Proposal.objects.filter(call=reviewer.call, state=Proposal.State.PASSED).select_related("consortium"),
        pk=proposal,
    )
    return ask_why(
        request,
        municipality,
        lambda reason: verbs.recuse(reviewer, found, acting(request, municipality), reason),
        title=_("提案%(number)sの審査を辞退する") % {"number": found.number},
        consequence=_(
            "この提案は割り当てられなくなり、つけた点があれば消えます。理由は暗号化して保存します。"
        ),
        done=_("申し出を受け付けました。"),
        back=reverse("joint:call_conflicts", args=[municipality.code, pk]),
        breadcrumbs=crumbs(municipality, reviewer.call, _("審査の辞退")),
    )


def _reviewer(request: HttpRequest, call: int) -> CallReviewer:
    found = (
        CallReviewer.objects.filter(call=call, call__state=Call.State.REVIEW, person=visitor(request))
        .select_related("call__consortium", "person")
        .first()
    )
    if found is None:
        raise PermissionDenied
    return found


def _marked(review: ProposalReview, criteria: list[Any]) -> dict[str, Any]:
    known = {one.criterion_id: one for one in review.marks.all()}
    return {"review": review, "points": [known[one.pk].points for one in criteria]}


def _mark_lines(reviews: Any, criteria: list[Any]) -> Iterator[list[object]]:
    for one in reviews:
        known = {mark.criterion_id: mark for mark in one.marks.all()}
        cells: list[object] = [one.proposal.number, one.proposal.title, one.reviewer.person.name]
        for criterion in criteria:
            cells += [known[criterion.pk].points, known[criterion.pk].comment]
        yield [*cells, one.comment]
