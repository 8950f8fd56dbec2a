"""Ranking and recommendation, the decision of the joint office, letters."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality
from machi.base.running import NotApproved
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.files import letters_attached
from machi.base.web.forms import add_refusal
from machi.joint.domain import calls_decision, calls_letters
from machi.joint.domain import calls_evaluation as verbs
from machi.joint.domain.calls_access import RESULTS_KNOWN, RUN, towns_behind, visible_proposals
from machi.joint.domain.calls_words import because, for_towns, rule_names
from machi.joint.models import Call, CallEvaluation, Proposal
from machi.joint.web.calls_forms import DecisionForm
from machi.joint.web.calls_pages import acting, ask, crumbs, the_call


@member(RUN)
def ranking(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The last ranking and recommendation, with their reasons and how steady they are."""
    found = the_call(request, municipality, pk)
    evaluation = verbs.latest(found)
    rows = _rows(evaluation) if evaluation else []
    if "format" in request.GET:
        return _exported(request, rows)
    context = {
        "title": _("順位と推薦"),
        "call": found,
        "evaluation": evaluation,
        "rows": rows,
        "recommended": sum(1 for one in rows if one["place"]["selected"]),
        "left": found.budget - evaluation.cost if evaluation else 0,
        "rules": "、".join(rule_names(evaluation).values()) if evaluation else "",
        "severity": _severity(found, evaluation) if evaluation else [],
        "stale": evaluation is not None and found.state == Call.State.REVIEW and verbs.is_stale(evaluation),
        "progress": verbs.progress(found),
        "why_not": verbs.why_not_evaluated(found) if found.state == Call.State.REVIEW else [],
        "open_reviews": verbs.open_reviews(found),
        "may_evaluate": found.state == Call.State.REVIEW,
        "breadcrumbs": crumbs(municipality, found, _("順位と推薦")),
    }
    return render(request, "joint/calls/ranking.html", context)


@member(RUN)
@require_safe
def steadiness_progress(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """How far the job is; htmx asks again, and loads the page anew when it is done."""
    found = the_call(request, municipality, pk)
    evaluation, running = verbs.latest(found), verbs.progress(found)
    if evaluation and evaluation.steadiness:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    context = {"call": found, "progress": running, "evaluation": evaluation}
    return render(request, "joint/calls/steadiness_progress.html", context)


@member(RUN)
@require_POST
def evaluate_call(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_call(request, municipality, pk)
    try:
        verbs.evaluate(found, acting(request, municipality))
    except NotApproved:
        raise  # the page says so
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("順位と推薦を計算しました。"))
    return redirect("joint:call_ranking", municipality.code, pk)


@member(RUN)
def decide_call(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_call(request, municipality, pk)
    evaluation = verbs.latest(found)
    if evaluation is None or found.state != Call.State.REVIEW or verbs.is_stale(evaluation):
        messages.warning(request, _("先に、順位と推薦を計算してください。"))
        return redirect("joint:call_ranking", municipality.code, pk)
    names = rule_names(evaluation)
    lines = [{**row, "reason": for_towns(row["place"], names)} for row in _rows(evaluation)]
    form = DecisionForm(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            calls_decision.decide(
                found, acting(request, municipality), form.rulings(), form.cleaned_data["note"]
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("採否を決めました。通知書を作れます。"))
            return redirect("joint:call_results", municipality.code, pk)
    context = {
        "title": _("採否を決める"),
        "call": found,
        "form": form,
        "evaluation": evaluation,
        "cancel_url": reverse("joint:call_ranking", args=[municipality.code, pk]),
        "breadcrumbs": crumbs(municipality, found, _("採否を決める")),
    }
    return render(request, "joint/calls/decide.html", context)


@member(RUN)
def results(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """What was decided, beside what had been recommended; letters."""
    found = the_call(request, municipality, pk)
    decided = list(calls_letters.decided(found))
    if "format" in request.GET:
        columns = [
            _("受付番号"),
            _("事業名"),
            _("代表自治体"),
            _("構成自治体"),
            _("決定"),
            _("推薦"),
            _("決定額（円）"),
            _("理由"),
            _("推薦と異なる理由"),
        ]
        return export(request, "results", columns, (_decided_line(one) for one in decided))
    context = {
        "title": _("採否の結果"),
        "call": found,
        "proposals": decided,
        "known": found.state in RESULTS_KNOWN,
        "adopted": sum(1 for one in decided if one.decision.adopted),
        "overruled": sum(1 for one in decided if one.decision.overruled),
        "cost": sum(one.decision.amount for one in decided),
        "breadcrumbs": crumbs(municipality, found, _("採否の結果")),
    }
    return render(request, "joint/calls/results.html", context)


@member(RUN)
def announce_call(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_call(request, municipality, pk)
    return ask(
        request,
        municipality,
        lambda: calls_decision.announce(found, acting(request, municipality)),
        title=_("結果を公表しますか"),
        consequence=_(
            "採択した提案の名前、自治体、概要、決定額と、応募と採択の数が、誰でも読めるページに載ります。"
            "不採択の提案、点数、審査員の氏名は載りません。"
        ),
        submit=_("公表する"),
        done=_("公表しました。"),
        back=reverse("joint:call", args=[municipality.code, pk]),
        danger=True,
    )


@member("joint.see")
@require_safe
def proposal_letter(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, kind: str
) -> HttpResponse:
    """For the office and for the proposal's towns, from the decision on."""
    found = get_object_or_404(
        visible_proposals(visitor(request), municipality)
        .filter(decision__isnull=False, call__state__in=RESULTS_KNOWN)
        .select_related("call__consortium", "decision")
        .prefetch_related(towns_behind()),
        pk=pk,
    )
    return letters_attached([calls_letters.letter(found)], f"letter-{found.call_id}-{found.number}", kind)


@member(RUN)
@require_safe
def call_letters(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, kind: str
) -> HttpResponseBase:
    """All letters of a call in one file."""
    found = the_call(request, municipality, pk)
    if found.state not in RESULTS_KNOWN:
        return redirect("joint:call", municipality.code, pk)
    return letters_attached(calls_letters.letters_of(found), f"letters-{pk}", kind)


def _rows(evaluation: CallEvaluation) -> list[dict[str, Any]]:
    """The places with their proposals, what is said of them, and their steadiness in percent."""
    proposals = Proposal.objects.select_related("lead__prefecture").in_bulk(
        [int(one["proposal"]) for one in evaluation.places]
    )
    names, found = rule_names(evaluation), []
    for place in evaluation.places:
        steady = evaluation.steadiness.get(str(place["proposal"]))
        found.append(
            {
                "place": place,
                "proposal": proposals[place["proposal"]],
                "because": because(place, names),
                "steady": steady
                and {
                    **{name: round(100 * steady[name]) for name in ("weights", "reviewers", "both")},
                    "ranks": steady["ranks"],
                },
            }
        )
    return found


def _severity(call: Call, evaluation: CallEvaluation) -> list[tuple[str, float]]:
    names = {str(one.pk): one.person.name for one in call.reviewers.select_related("person")}
    shown = ((names.get(key, "－"), value) for key, value in evaluation.severity.items())
    return sorted(shown, key=lambda one: (one[1], one[0]))


def _exported(request: HttpRequest, rows: list[dict[str, Any]]) -> HttpResponseBase:
    columns = [
        _("順位"),
        _("受付番号"),
        _("事業名"),
        _("代表自治体"),
        _("申請額（円）"),
        _("点（ならした後）"),
        _("点（そのままの平均）"),
        _("採点の数"),
        _("推薦"),
        _("理由"),
        _("採択の割合：重みを動かす（%）"),
        _("採択の割合：審査員を動かす（%）"),
        _("採択の割合：両方（%）"),
    ]
    return export(
        request,
        "ranking",
        columns,
        (
            [
                row["place"]["rank"],
                row["place"]["number"],
                row["proposal"].title,
                row["proposal"].lead.name,
                row["proposal"].amount,
                round(row["place"]["score"], 4),
                round(row["place"]["raw"], 4),
                row["place"]["marks"],
                row["place"]["selected"],
                row["because"],
                *((row["steady"] or {}).get(name) for name in ("weights", "reviewers", "both")),
            ]
            for row in rows
        ),
    )


def _decided_line(one: Proposal) -> list[object]:
    decision = one.decision
    return [
        one.number,
        one.title,
        one.lead.name,
        "、".join(town.municipality.name for town in one.members.all()),
        _("採択") if decision.adopted else _("不採択"),
        "" if decision.recommended is None else _("推薦") if decision.recommended else _("推薦しない"),
        decision.amount,
        decision.reason,
        decision.overruling if decision.overruled else "",
    ]
