"""The joint office's matching: runs, three methods side by side, what a fixed pair would change, and the release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm
from machi.joint.domain import experts_matching as verbs
from machi.joint.domain.experts_words import (
    PARTS,
    percent,
    why_expert_has_none,
    why_pair,
    why_posting_has_none,
)
from machi.joint.models import Expert, MatchingResult, MatchingRun, Posting
from machi.joint.web.experts_forms import PinForm, ReasonForm
from machi.joint.web.experts_pages import Action, Chip, Line, crumbs, listed, the_round, to

_A_PAGE = 20
_SHOWN = 50
"""Of those who found nobody; the file has all."""
STATE_CHIPS = {"waiting": "info", "done": "success", "failed": "danger"}


@member("joint.run_experts")
def runs(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    begun = the_round(pk)

    def line(one: MatchingRun) -> Line:
        results = {result.method: result.figures for result in one.results.all()}
        released = any(result.released_at for result in one.results.all())
        figures = [results.get(method, {}).get("pairs", "") for method in MatchingResult.Method.values]
        state = (
            Chip(_("伝えた"), "success")
            if released
            else Chip(one.get_state_display(), STATE_CHIPS[one.state])
        )
        cells = [_("計算%(number)s") % {"number": one.pk}, state, one.created_at, one.created_by.name]
        return Line(to(municipality, "matching_run", one.pk), [*cells, len(one.pins), *figures])

    return listed(
        request,
        "matching-runs",
        [
            _("計算"), _("状態"), _("日時"), _("した人"), _("固定した組"), _("組（専門家から）"),
            _("組（自治体から）"), _("組（適合度最大）"),
        ],
        verbs.runs(begun),
        line,
        title=_("組み合わせの計算"),
        intro=_("同じ希望を3つの方法で計算して並べます。選ぶのは共同事務局、決めるのは双方の承諾です。"),
        breadcrumbs=crumbs(municipality, begun, (_("組み合わせの計算"), "")),
        empty=(_("計算はまだありません"), _("希望順位がそろったら、計算してください。何度でも計算できます。")),
        actions=[Action(_("組み合わせを計算する"), to(municipality, "compute_matching", pk), quiet=False)],
    )  # fmt: skip


@member("joint.run_experts")
def compute(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    begun = the_round(pk)
    title = _("組み合わせを計算する")
    return acted(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda: verbs.compute(begun, municipality, visitor(request)),
        title=title,
        submit=_("計算する"),
        done=_("計算を始めました。終わったものは下に出ています。"),
        onward=lambda run: to(municipality, "matching_run", run.pk),
        cancel_url=to(municipality, "matching_runs", pk),
        breadcrumbs=crumbs(
            municipality, begun, (_("組み合わせの計算"), to(municipality, "matching_runs", pk)), (title, "")
        ),
        consequence=_(
            "順位を付けていない専門家と求人は、適合度の順に扱います。計算しただけでは、何も決まりません。"
        ),
    )


@member("joint.run_experts")
def run(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Three results side by side; while a worker computes, the page asks again by itself."""
    found = the_run(pk)
    if request.headers.get("HX-Request") == "true" and found.state == MatchingRun.State.WAITING:
        return render(request, "joint/experts/run_now.html", {"run": found})
    results = list(found.results.all())
    context = {
        "title": _("計算%(number)s") % {"number": pk},
        "run": found,
        "results": results,
        "rows": _compared(results),
        "pins": _named_pairs(found.pins),
        "changes": _changes(found),
        "breadcrumbs": crumbs(
            municipality,
            found.round,
            (_("組み合わせの計算"), to(municipality, "matching_runs", found.round_id)),
            (_("計算%(number)s") % {"number": pk}, ""),
        ),
    }
    response = render(request, "joint/experts/run.html", context)
    if request.headers.get("HX-Request") == "true":
        response["HX-Refresh"] = "true"
    return response


@member("joint.run_experts")
def result(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """One result in full: a reason for each pair and for each who found nobody."""
    found = the_result(pk)
    names = _Names(found)
    if "format" in request.GET:
        columns = [
            _("専門家"), _("自治体"), _("求人"), _("適合度"), _("専門家の希望"), _("自治体の希望"), _("理由"),
        ]  # fmt: skip
        return export(request, "matching", columns, names.rows())
    page = Paginator(found.pairs, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": found.get_method_display(),
        "run": found.run,
        "result": found,
        "page_obj": page,
        "pairs": names.pairs(list(page)),
        "blocking": _named_pairs(found.blocking[:_SHOWN]),
        "experts": names.experts_without()[:_SHOWN],
        "postings": names.postings_without()[:_SHOWN],
        "shown": _SHOWN,
        "may_release": found.released_at is None and found.run.round.state in ("ranking", "released"),
        "breadcrumbs": crumbs(
            municipality,
            found.run.round,
            (_("計算%(number)s") % {"number": found.run_id}, to(municipality, "matching_run", found.run_id)),
            (found.get_method_display(), ""),
        ),
    }
    return render(request, "joint/experts/result.html", context)


@member("joint.run_experts")
def pin(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """What would follow if a pair were fixed: the same computation with it made beforehand."""
    before = the_run(pk)
    experts = list(before.round.experts.filter(state=Expert.State.ACCEPTED))
    postings = list(before.round.postings.filter(state=Posting.State.PUBLISHED).select_related("town"))
    form = PinForm(request.POST or None, experts, postings)
    title = _("組を固定して、どう変わるか見る")

    def act() -> MatchingRun:
        pair = (form.cleaned_data["expert"], form.cleaned_data["posting"])
        pins = [*((one[0], one[1]) for one in before.pins), pair]
        return verbs.compute(before.round, municipality, visitor(request), pins=pins, base=before)

    return acted(
        request,
        form,
        act,
        title=title,
        submit=_("固定して計算する"),
        done=_("固定した組で計算しました。"),
        onward=lambda made: to(municipality, "matching_run", made.pk),
        cancel_url=to(municipality, "matching_run", pk),
        breadcrumbs=crumbs(
            municipality,
            before.round,
            (_("計算%(number)s") % {"number": pk}, to(municipality, "matching_run", pk)),
            (title, ""),
        ),
        consequence=_("選べるのは、双方が希望の一覧に入れている組です。"),
    )


@member("joint.run_experts")
def release(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_result(pk)
    form = ReasonForm(request.POST or None)
    title = _("この結果を選んで伝える")
    round_pk = found.run.round_id
    return acted(
        request,
        form,
        lambda: verbs.release(found, municipality, visitor(request), form.cleaned_data["reason"]),
        title=title,
        submit=_("双方に伝える"),
        done=_("双方に伝えました。承諾を待ちます。"),
        onward=to(municipality, "expert_offers", round_pk),
        cancel_url=to(municipality, "matching_result", pk),
        breadcrumbs=crumbs(
            municipality,
            found.run.round,
            (str(found.get_method_display()), to(municipality, "matching_result", pk)),
            (title, ""),
        ),
        consequence=_(
            "自治体と専門家のページに出て、専門家にはメールで知らせます。取り消せません。"
            "氏名は、双方が承諾するまで見えません。"
        ),
        danger=True,
    )


def the_run(pk: int) -> MatchingRun:
    found: MatchingRun = get_object_or_404(
        MatchingRun.objects.select_related("round", "base", "created_by"), pk=pk
    )
    return found


def the_result(pk: int) -> MatchingResult:
    found: MatchingResult = get_object_or_404(MatchingResult.objects.select_related("run__round"), pk=pk)
    return found


def _compared(results: list[MatchingResult]) -> list[tuple[str, list[str]]]:
    """A row a figure, a column a method."""

    def row(label: str, name: str, shown: Any = str) -> tuple[str, list[str]]:
        return label, [shown(one.figures[name]) for one in results]

    return [
        row(_("組"), "pairs"),
        row(_("適合度の合計"), "fit", lambda value: f"{value:.2f}"),
        row(_("双方がより望むのに組でない（不安定な組）"), "blocking"),
        row(_("第1希望の求人に就く組"), "expert_first"),
        row(_("第1希望の専門家を得る組"), "town_first"),
        row(_("相手のない専門家"), "experts_without"),
        row(_("相手のない求人"), "postings_without"),
    ]


class _Names:
    """The people and postings of a result, read at once."""

    def __init__(self, result: MatchingResult) -> None:
        self.result = result
        begun = result.run.round_id
        self.experts = {one.pk: one for one in Expert.objects.filter(round=begun)}
        self.postings = {
            one.pk: one for one in Posting.objects.filter(round=begun).select_related("town__prefecture")
        }

    def pairs(self, some: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {
                "expert": self.experts[one["expert"]],
                "posting": self.postings[one["posting"]],
                "fit": percent(one["fit"]),
                "parts": [(PARTS[part], percent(score)) for part, score in one["parts"].items()],
                "reasons": why_pair(one),
            }
            for one in some
        ]

    def rows(self) -> list[list[Any]]:
        pairs = [
            [
                self.experts[one["expert"]].alias,
                str(self.postings[one["posting"]].town),
                self.postings[one["posting"]].title,
                percent(one["fit"]),
                one["rank"],
                one["rank_there"],
                "".join(why_pair(one)),
            ]
            for one in self.result.pairs
        ]
        left = [[one.alias, "", "", "", "", "", "".join(reasons)] for one, reasons in self.experts_without()]
        empty = [
            ["", str(one.town), one.title, "", "", "", "".join(reasons)]
            for one, reasons in self.postings_without()
        ]
        return [*pairs, *left, *empty]

    def experts_without(self) -> list[tuple[Expert, list[str]]]:
        found = self.result.unmatched_experts.items()
        return [(self.experts[int(pk)], why_expert_has_none(counted)) for pk, counted in found]

    def postings_without(self) -> list[tuple[Posting, list[str]]]:
        found = self.result.unmatched_postings.items()
        return [(self.postings[int(pk)], why_posting_has_none(counted)) for pk, counted in found]


def _named_pairs(pairs: list[list[int]]) -> list[tuple[Expert, Posting]]:
    experts = Expert.objects.in_bulk([expert for expert, _posting in pairs])
    postings = Posting.objects.select_related("town__prefecture").in_bulk(
        [posting for _expert, posting in pairs]
    )
    return [(experts[expert], postings[posting]) for expert, posting in pairs]


def _changes(found: MatchingRun) -> list[dict[str, Any]]:
    """Against the run it changes, method by method: pairs made and undone."""
    if found.base is None:
        return []
    before = {one.method: one for one in found.base.results.all()}
    told = []
    for after in found.results.all():
        if (old := before.get(after.method)) is None:
            continue
        was, now = ([[one["expert"], one["posting"]] for one in each.pairs] for each in (old, after))
        told.append(
            {
                "method": after.get_method_display(),
                "made": _named_pairs([pair for pair in now if pair not in was]),
                "undone": _named_pairs([pair for pair in was if pair not in now]),
            }
        )
    return told
