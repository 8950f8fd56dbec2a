"""Calls for joint projects: the list, one call, and what the joint office does with it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.history import told
from machi.joint.domain import calls as verbs
from machi.joint.domain.calls_access import RUN, visible_calls, visible_proposals
from machi.joint.domain.calls_evaluation import latest, open_reviews, why_not_evaluated
from machi.joint.models import Call, Proposal, ProposalReview
from machi.joint.web.calls_forms import CallForm, CriteriaForm, DeadlineForm
from machi.joint.web.calls_pages import (
    CALL_ACTIONS,
    TOWN_CALL_ACTIONS,
    acting,
    ask,
    ask_why,
    crumbs,
    fill,
    is_office,
    the_call,
)

_A_PAGE = 25
State = Call.State


@member("joint.see")
def calls(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    person = visitor(request)
    found = (
        visible_calls(person, municipality)
        .annotate(handed_in=Count("proposals", filter=Q(proposals__number__isnull=False)))
        .order_by("-created_at", "-pk")
    )
    if "format" in request.GET:
        return _exported(request, found, office=is_office(request, municipality))
    context = {
        "page_obj": Paginator(found, _A_PAGE).get_page(request.GET.get("page")),
        "office": is_office(request, municipality),
        "reviews": ProposalReview.objects.filter(
            reviewer__person=person, done_at__isnull=True, reviewer__call__state=State.REVIEW
        ).count(),
        "is_reviewer": ProposalReview.objects.filter(reviewer__person=person).exists(),
        "consortium": consortium,
    }
    return render(request, "joint/calls/calls.html", context)


@member("joint.see")
def call(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Where it stands and what comes next, for the office and for the towns."""
    found, office = the_call(request, municipality, pk), is_office(request, municipality)
    context = {
        "call": found,
        "criteria": list(found.criteria.all()),
        "office": office,
        "takes_proposals": verbs.takes_proposals(found),
        "may_write": visitor(request).has_perm("joint.write_proposals", municipality),
        "own": visible_proposals(visitor(request), municipality).filter(
            call=found, members__municipality=municipality
        ),
        "events": told(f"call:{pk}", CALL_ACTIONS if office else TOWN_CALL_ACTIONS),
        "breadcrumbs": crumbs(municipality, found),
        **(_for_office(found) if office else {}),
    }
    return render(request, "joint/calls/call.html", context)


@member(RUN)
def begin_call(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    today = timezone.localdate()
    usual = {
        "requirements": "\n".join(verbs.usual_requirements()),
        "least_members": 2,
        "opens_on": today,
        "closes_on": today + timedelta(days=60),
        "top": 5,
        "reviewers_each": 3,
        "method": Call.Method.ADDITIVE,
        "least_score": 0,
    }
    form = CallForm(request.POST or None, initial=usual)
    if request.method == "POST" and form.is_valid():
        begun = verbs.begin(consortium, acting(request, municipality), form.cleaned_data)
        return redirect("joint:call_criteria", municipality.code, begun.pk)
    context = {
        "title": _("新しい公募を作る"),
        "form": form,
        "submit": _("保存して観点へ"),
        "cancel_url": reverse("joint:calls", args=[municipality.code]),
        "breadcrumbs": crumbs(municipality, _("新しい公募")),
    }
    return render(request, "base/components/confirm.html", context)


@member(RUN)
def change_call(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_call(request, municipality, pk)
    now = {name: getattr(found, name) for name in verbs.FIELDS}
    now["requirements"] = "\n".join(found.requirements)
    return fill(
        request,
        CallForm(request.POST or None, initial=now),
        lambda given: verbs.change(found, acting(request, municipality), given),
        title=_("公募の内容を直す"),
        submit=_("保存する"),
        done=_("保存しました。"),
        back=_page(municipality, found),
        breadcrumbs=crumbs(municipality, found, _("内容を直す")),
    )


@member(RUN)
def call_criteria(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_call(request, municipality, pk)
    now = [verbs.Criterion(one.title, one.description, one.weight) for one in found.criteria.all()]
    return fill(
        request,
        CriteriaForm(request.POST or None, now=now),
        lambda given: verbs.set_criteria(found, acting(request, municipality), given["criteria"]),
        title=_("観点と重み"),
        submit=_("保存する"),
        done=_("保存しました。"),
        back=_page(municipality, found),
        breadcrumbs=crumbs(municipality, found, _("観点と重み")),
        template="joint/calls/criteria.html",
        total=f"{sum((one.weight for one in now), Decimal(0)).normalize():f}",
    )


@member(RUN)
def publish_call(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_call(request, municipality, pk)
    return ask(
        request,
        municipality,
        lambda: verbs.publish(found, acting(request, municipality)),
        title=_("「%(title)s」の募集を始めますか") % {"title": found.title},
        consequence=_(
            "公募の内容が誰でも読めるページに載り、観点・重み・形式要件・予算・件数の決まりは変えられなくなります。"
            "提案を読んでから基準を変えないためです。締切日は、理由を書いて延ばせます。"
        ),
        submit=_("募集を始める"),
        done=_("募集を始めました。"),
        back=_page(municipality, found),
    )


@member(RUN)
def move_deadline(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_call(request, municipality, pk)
    return fill(
        request,
        DeadlineForm(request.POST or None, initial={"closes_on": found.closes_on}),
        lambda given: verbs.move_deadline(
            found, acting(request, municipality), given["closes_on"], given["reason"]
        ),
        title=_("締切日を延ばす"),
        submit=_("延ばす"),
        done=_("締切日を延ばしました。"),
        back=_page(municipality, found),
        breadcrumbs=crumbs(municipality, found, _("締切日を延ばす")),
    )


@member(RUN)
def close_call(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_call(request, municipality, pk)
    return ask(
        request,
        municipality,
        lambda: verbs.close(found, acting(request, municipality)),
        title=_("応募を締め切って、審査を始めますか"),
        consequence=_("提出されていない下書きは、もう提出できません。元に戻せません。"),
        submit=_("締め切る"),
        done=_("締め切りました。形式審査から始めてください。"),
        back=_page(municipality, found),
        danger=True,
    )


@member(RUN)
def cancel_call(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_call(request, municipality, pk)
    return ask_why(
        request,
        municipality,
        lambda reason: verbs.cancel(found, acting(request, municipality), reason),
        title=_("公募を中止する"),
        consequence=_("中止した公募は、元に戻せません。提出された提案は残ります。"),
        done=_("中止しました。"),
        back=_page(municipality, found),
        breadcrumbs=crumbs(municipality, found, _("中止する")),
    )


def _page(municipality: Municipality, found: Call) -> str:
    return reverse("joint:call", args=[municipality.code, found.pk])


def _for_office(found: Call) -> dict[str, Any]:
    """What waits for the office in this call."""
    counts = found.proposals.aggregate(
        handed_in=Count("pk", filter=Q(number__isnull=False)),
        unscreened=Count("pk", filter=Q(state=Proposal.State.SUBMITTED)),
        passed=Count("pk", filter=Q(state=Proposal.State.PASSED)),
        failed=Count("pk", filter=Q(state=Proposal.State.FAILED)),
        drafts=Count("pk", filter=Q(state=Proposal.State.DRAFT)),
    )
    return {
        "counts": counts,
        "why_not_published": verbs.why_not_published(found) if found.state == State.DRAFT else [],
        "may_close": found.state == State.OPEN and timezone.localdate() >= found.closes_on,
        "reviewer_count": found.reviewers.count(),
        "assigned": ProposalReview.objects.filter(reviewer__call=found).count(),
        "open_reviews": open_reviews(found),
        "why_not_evaluated": why_not_evaluated(found) if found.state == State.REVIEW else [],
        "evaluation": latest(found),
    }


def _exported(request: HttpRequest, found: Any, *, office: bool) -> HttpResponseBase:
    columns = [
        _("公募の名前"),
        _("状態"),
        _("分野"),
        _("募集を始める日"),
        _("応募の締切日"),
        _("予算の総額（円）"),
    ]
    if office:
        columns.append(_("提出された提案"))
    rows = (
        [
            one.title,
            one.get_state_display(),
            "、".join(one.area_labels),
            one.opens_on,
            one.closes_on,
            one.budget,
            *([one.handed_in] if office else []),
        ]
        for one in found
    )
    return export(request, "calls", columns, rows)
