"""Pages of rounds: the list, one round with what to do next, opening, closing, cancelling, allocating."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from machi.base.models import Consortium, Municipality, Progress
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.history import told
from machi.joint.domain import places as verbs
from machi.joint.domain import places_allocation as allocating
from machi.joint.domain import places_confirming as confirming
from machi.joint.domain import places_second
from machi.joint.domain.places_shown import claims, demand, shares, standing_of
from machi.joint.models import PlaceAllocation, PlaceFamily, PlaceRound
from machi.joint.web.places_forms import DatesForm, ReasonForm, RoundForm
from machi.joint.web.places_pages import acted, address, confirmed, crumbs, the_round

_A_PAGE = 25
_TOWNS_A_PAGE = 100
SEE, RUN = "joint.see_places", "joint.run_places"
State = PlaceRound.State
ACTIONS = {
    "begin": gettext_noop("受付を始めた"),
    "change": gettext_noop("件名か日付を直した"),
    "close": gettext_noop("締め切り、点数表を固定した"),
    "reopen": gettext_noop("受付中に戻した"),
    "cancel": gettext_noop("中止した"),
    "allocate": gettext_noop("割り当ての案を作った"),
    "add_facility": gettext_noop("施設を足した"),
    "change_facility": gettext_noop("施設の枠を直した"),
    "drop_facility": gettext_noop("施設を外した"),
    "import_facilities": gettext_noop("施設を一覧から取り込んだ"),
    "put_table": gettext_noop("点数表を決めた"),
    "propose_agreement": gettext_noop("受入れの合意を申し出た"),
    "agree": gettext_noop("受入れに合意した"),
    "end_agreement": gettext_noop("受入れの合意を取り消した"),
    "import": gettext_noop("申込を一覧から取り込んだ"),
    "confirm": gettext_noop("結果を確かめた"),
    "overrule": gettext_noop("個別の結果を変えた"),
    "settled": gettext_noop("すべての町が確かめ、確定した"),
    "decline": gettext_noop("辞退を受け付けた"),
}


@member(SEE)
def rounds(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    found = verbs.rounds()
    if "format" in request.GET:
        columns = [_("件名"), _("種類"), _("年度"), _("申込の締切"), _("利用の始まる日"), _("状態")]
        rows = (
            (
                one.title,
                one.get_kind_display(),
                one.year,
                one.deadline,
                one.starts_on,
                one.get_state_display(),
            )
            for one in found
        )
        return export(request, "places", columns, rows)
    context = {
        "title": _("福祉の枠の広域利用"),
        "page_obj": Paginator(found, _A_PAGE).get_page(request.GET.get("page")),
        "may_run": visitor(request).has_perm(RUN, municipality),
        "breadcrumbs": [(_("福祉の枠の広域利用"), "")],
    }
    return render(request, "joint/places/rounds.html", context)


@member(RUN)
def begin(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    form = RoundForm(request.POST or None)
    return acted(
        request,
        form,
        lambda: verbs.begin(
            consortium,
            municipality,
            visitor(request),
            form.cleaned_data,
            classes=form.cleaned_data["classes"].splitlines(),
        ),
        done=_("受付を始めました。各町が、施設・点数表・申込を入れられます。"),
        back=lambda made: address(municipality, "place_round", made.pk),
        context={
            "title": _("受付を始める"),
            "submit": _("受付を始める"),
            "cancel_url": address(municipality, "place_rounds"),
            "breadcrumbs": crumbs(municipality, None, (_("受付を始める"), "")),
        },
    )


@member(SEE)
def place_round(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Where the round stands and what comes next, for the town and for the joint office."""
    about = the_round(pk)
    context = {
        **_now(request, municipality, about),
        "breadcrumbs": [*crumbs(municipality), (about.title, "")],
    }
    if request.headers.get("HX-Request") == "true":
        return _moved(request, context)
    person = visitor(request)
    proposal = confirming.proposal(about)
    families = PlaceFamily.objects.filter(round=about).count() if context["may_enter"] else 0
    context |= {
        "title": about.title,
        "standing": standing_of(about, municipality),
        "families": families,
        "proposal": proposal,
        "history": told(f"place_round:{pk}", ACTIONS),
        "why_not_closed": verbs.why_not_closed(about) if about.state == State.OPEN else [],
        "second": getattr(about, "second", None),
    }
    if proposal:
        waiting = confirming.unconfirmed(proposal)
        names = {town.pk: town for town in Municipality.objects.filter(pk__in=proposal.summary["towns"])}
        context |= {
            "confirmations": proposal.confirmations.select_related("town", "person"),
            "unconfirmed": [names[code] for code in waiting],
            "awaits_us": municipality.pk in waiting and about.state == State.CLOSED,
            "may_audit": person.has_perm("joint.audit_places", municipality),
            **_told(proposal, municipality, everything=context["may_run"]),
        }
    return render(request, "joint/places/round.html", context)


def _moved(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The part that moves; once a proposal is there, or everybody moved, the whole page changes and is asked for
    anew."""
    newest = context["newest"]
    response = render(request, "joint/places/now.html", context)
    proposed = newest and not newest.trial and newest.state != PlaceAllocation.State.RUNNING
    if proposed or ("moving" in request.GET and not context["round"].moving):
        response["HX-Refresh"] = "true"
    return response


def _now(request: HttpRequest, municipality: Municipality, about: PlaceRound) -> dict[str, Any]:
    """What moves while a worker computes."""
    person = visitor(request)
    newest = about.allocations.select_related("by").first()
    progress = None
    if newest and newest.state == PlaceAllocation.State.RUNNING and newest.office_id == municipality.pk:
        progress = Progress.objects.filter(key=allocating.progress_key(newest)).first()
    elif about.moving:
        progress = Progress.objects.filter(key=places_second.progress_key(about)).first()
    trial = newest if newest and newest.trial and newest.state == PlaceAllocation.State.DONE else None
    return {
        "round": about,
        "newest": newest,
        "progress": progress,
        "trial": trial,
        "trial_stability": allocating.stability(trial.summary) if trial else "",
        "trial_shares": shares(trial, municipality, everything=person.has_perm(RUN, municipality))
        if trial
        else [],
        "may_run": person.has_perm(RUN, municipality),
        "may_enter": person.has_perm("joint.enter_places", municipality),
        "may_head": person.has_perm("joint.head_places", municipality),
    }


def _told(proposal: PlaceAllocation, municipality: Municipality, *, everything: bool) -> dict[str, Any]:
    return {
        "summary": {
            **proposal.summary,
            "waiting": proposal.summary["applicants"] - proposal.summary["placed"],
        },
        "stability": allocating.stability(proposal.summary),
        "shares": shares(proposal, municipality, everything=everything),
        "claims": claims(proposal, municipality, everything=everything),
        "changed": proposal.offers.filter(changed_at__isnull=False).count(),
        "parts": range(1, _parts(proposal) + 1),
    }


def _parts(proposal: PlaceAllocation) -> int:
    from machi.joint.domain.places_letters import parts  # Typst and Word come with it

    return parts(proposal.round) if proposal.round.state == State.CONFIRMED else 0


@member(SEE)
def place_demand(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """How many ask and how many places there are, by town and class: what every town may know of all."""
    about = the_round(pk)
    rows = demand(about)
    columns = [_("自治体"), *(label for label in about.classes), _("申込の合計"), _("枠の合計")]
    if "format" in request.GET:
        return export(request, "places-demand", columns, rows)
    page = Paginator(rows, _TOWNS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("申込と枠の数"),
        "round": about,
        "columns": columns,
        "rows": page.object_list,
        "page_obj": page,
        "breadcrumbs": crumbs(municipality, about, (_("申込と枠の数"), "")),
    }
    return render(request, "joint/places/demand.html", context)


@member(RUN)
def change(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    about = the_round(pk)
    names = ("title", "year", "deadline", "starts_on")
    form = DatesForm(request.POST or None, initial={name: getattr(about, name) for name in names})
    return acted(
        request,
        form,
        lambda: verbs.change(about, municipality, visitor(request), form.cleaned_data),
        done=_("直しました。"),
        back=address(municipality, "place_round", pk),
        context={
            "title": _("件名と日付を直す"),
            "submit": _("保存する"),
            "breadcrumbs": crumbs(municipality, about, (_("件名と日付を直す"), "")),
        },
    )


@member(RUN)
def close(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    about = the_round(pk)
    return confirmed(
        request,
        lambda: verbs.close(about, municipality, visitor(request)),
        title=_("「%(title)s」を締め切りますか") % {"title": about.title},
        consequence=_(
            "締め切ると、申込・枠・合意・点数表は変えられません。抽選の種をここで引き、台帳に残します。"
            "確定の前なら、理由を書いて受付中に戻せます。"
        ),
        submit=_("締め切る"),
        done=_("締め切りました。割り当ての案を作れます。"),
        back=address(municipality, "place_round", pk),
        breadcrumbs=crumbs(municipality, about, (_("締め切る"), "")),
    )


@member(RUN)
def reopen(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    note = _("割り当ての案と各町の確認は取り消されます。抽選の種は変わりません。")
    return _with_reason(
        request, municipality, pk, verbs.reopen, _("受付中に戻す"), note, _("受付中に戻しました。")
    )


@member(RUN)
def cancel(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    note = _("この回では、だれの結果も決まりません。元に戻せません。")
    return _with_reason(request, municipality, pk, verbs.cancel, _("中止する"), note, _("中止しました。"))


def _with_reason(
    request: HttpRequest,
    municipality: Municipality,
    pk: int,
    act: Any,
    title: str,
    consequence: str,
    done: str,
) -> HttpResponseBase:
    about = the_round(pk)
    form = ReasonForm(request.POST or None)
    return acted(
        request,
        form,
        lambda: act(about, municipality, visitor(request), form.cleaned_data["reason"]),
        done=done,
        back=address(municipality, "place_round", pk),
        context={
            "title": title,
            "submit": title,
            "consequence": consequence,
            "danger": True,
            "breadcrumbs": crumbs(municipality, about, (title, "")),
        },
    )


@member(RUN)
def trial(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    about = the_round(pk)
    return confirmed(
        request,
        partial(allocating.start, about, municipality, visitor(request), trial=True),
        title=_("いまの申込で試算しますか"),
        consequence=_(
            "いまの申込・枠・点数で割り当てると、何人が決まるかを見ます。抽選は本番と違います。"
            "だれの結果にもならず、台帳に結果として残りません。"
        ),
        submit=_("試算する"),
        done=_("試算を始めました。終わると、この画面に出ます。"),
        back=address(municipality, "place_round", pk),
        breadcrumbs=crumbs(municipality, about, (_("試算する"), "")),
    )


@member(RUN)
def allocate(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    about = the_round(pk)
    return confirmed(
        request,
        partial(allocating.start, about, municipality, visitor(request), trial=False),
        title=_("割り当ての案を作りますか"),
        consequence=_(
            "締め切ったときの申込・枠・点数表と抽選の種から、割り当ての案を計算します。同じ申込からは、いつも同じ案になります。"
            "各町の課長が確かめるまで、だれの結果にもなりません。"
        ),
        submit=_("割り当ての案を作る"),
        done=_("計算を始めました。終わると、この画面に出ます。"),
        back=address(municipality, "place_round", pk),
        breadcrumbs=crumbs(municipality, about, (_("割り当ての案を作る"), "")),
    )


@member(RUN)
@require_POST
def move_again(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    about = the_round(pk)
    if about.moving:
        places_second.move_again(about, municipality)
    return redirect("joint:place_round", municipality.code, pk)


@member(RUN)
def second(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    about = the_round(pk)
    form = DatesForm(
        request.POST or None,
        initial={"title": _("%(title)s（二次）") % {"title": about.title}, "year": about.year},
    )
    return acted(
        request,
        form,
        lambda: places_second.begin_second(about, municipality, visitor(request), form.cleaned_data),
        done=_("次の回の受付を始めました。残った枠を移し、待機している人を移しています。"),
        back=lambda made: address(municipality, "place_round", made.pk),
        context={
            "title": _("残った枠で次の回を始める"),
            "submit": _("次の回を始める"),
            "consequence": _(
                "残った枠、点数表、合意、待機している人を新しい回に移します。新しい申込も受け付けられます。"
            ),
            "cancel_url": address(municipality, "place_round", pk),
            "breadcrumbs": crumbs(municipality, about, (_("次の回を始める"), "")),
        },
    )
