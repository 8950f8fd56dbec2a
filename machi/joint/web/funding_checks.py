"""Which programmes fit a plan: asked, read with reasons, decided."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import posted
from machi.base.web.history import told
from machi.joint.domain import funding_matching as verbs
from machi.joint.domain.funding_words import costs_of, purposes_of, shown, towns_of
from machi.joint.models import FundingCheck, FundingProgramme, TownStanding
from machi.joint.web.funding_forms import CheckForm, ChooseForm

A_PAGE = 25
ACTIONS = {"check": gettext_noop("合う制度を調べた"), "choose": gettext_noop("申請する制度を決めた")}


@member(verbs.CHECK)
def funding_checks(
    request: HttpRequest, municipality: Municipality, consortium: Consortium
) -> HttpResponseBase:
    found = verbs.checks(municipality, visitor(request))
    if "format" in request.GET:
        columns = [
            _("計画の名前"),
            _("自治体"),
            _("調べた日"),
            _("費用の合計（円）"),
            _("合う制度の数"),
            _("申請する制度"),
            _("締切"),
            _("理由"),
        ]
        rows = (
            (
                one.title,
                str(one.town),
                one.made_at,
                sum(one.costs.values()),
                sum(match["fits"] for match in one.results),
                one.chosen.name if one.chosen else "",
                one.chosen.deadline if one.chosen else None,
                one.reason,
            )
            for one in found
        )
        return export(request, "funding-checks", columns, rows)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("財源さがし"),
        "page_obj": page,
        "rows": [(one, sum(match["fits"] for match in one.results), len(one.results)) for one in page],
        "standing": TownStanding.objects.filter(town=municipality).exists(),
    }
    return render(request, "joint/funding/checks.html", context)


@member(verbs.CHECK)
def new_funding_check(
    request: HttpRequest, municipality: Municipality, consortium: Consortium
) -> HttpResponseBase:
    form = CheckForm(posted(request), consortium=consortium, municipality=municipality)
    return acted(
        request,
        form,
        lambda: verbs.check(consortium, municipality, visitor(request), form.plan()),
        done=_("合う制度を調べました。"),
        onward=lambda made: reverse("joint:funding_check", args=[municipality.code, made.pk]),
        title=_("計画に合う制度を調べる"),
        submit=_("調べる"),
        cancel_url=reverse("joint:funding_checks", args=[municipality.code]),
        breadcrumbs=[*_breadcrumbs(municipality), (_("新しい計画"), "")],
    )


@member(verbs.CHECK)
def funding_check(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """What fits and why, what does not and why not, and what was decided."""
    known = _the_check(request, municipality, pk)
    results = shown(known)
    if "format" in request.GET:
        columns = [
            _("制度"),
            _("実施主体"),
            _("条件に合う"),
            _("補助額（円）"),
            _("自己負担（円）"),
            _("締切"),
            _("合う理由"),
            _("合わない理由"),
            _("必要書類"),
        ]
        rows = (
            (
                one.name,
                one.giver,
                _("はい") if one.fits else _("いいえ"),
                one.granted if one.fits else None,
                one.own if one.fits else None,
                one.deadline,
                "／".join(one.met),
                "／".join(one.unmet),
                "／".join(one.documents),
            )
            for one in results
        )
        return export(request, f"funding-check-{pk}", columns, rows)
    context = {
        "check": known,
        "fitting": [one for one in results if one.fits],
        "others": [one for one in results if not one.fits],
        "costs": costs_of(known),
        "total": sum(known.costs.values()),
        "purposes": purposes_of(known),
        "towns": towns_of(known),
        "may_choose": known.town_id == municipality.pk
        and visitor(request).has_perm(verbs.CHOOSE, municipality),
        "events": told(f"funding_check:{pk}", ACTIONS),
        "breadcrumbs": [*_breadcrumbs(municipality), (known.title, "")],
    }
    return render(request, "joint/funding/check.html", context)


@member(verbs.CHOOSE)
def choose_funding(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    known = _the_check(request, municipality, pk)
    if known.town_id != municipality.pk:
        raise PermissionDenied
    labels = [
        (
            str(one.programme),
            one.name if one.fits else _("%(name)s（条件に合わない）") % {"name": one.name},
        )
        for one in shown(known)
    ]
    initial = {"programme": str(known.chosen_id or ""), "reason": known.reason}
    form = ChooseForm(posted(request), programmes=labels, initial=initial)
    page = reverse("joint:funding_check", args=[municipality.code, pk])

    def act() -> None:
        pk_chosen = form.cleaned_data["programme"]
        programme = FundingProgramme.objects.get(pk=pk_chosen) if pk_chosen else None
        verbs.choose(known, municipality, visitor(request), programme, form.cleaned_data["reason"])

    return acted(
        request,
        form,
        act,
        done=_("決めたことを記録しました。"),
        onward=page,
        title=_("申請する制度を決める"),
        submit=_("決める"),
        cancel_url=page,
        breadcrumbs=[*_breadcrumbs(municipality), (known.title, page), (_("決める"), "")],
    )


def _the_check(request: HttpRequest, municipality: Municipality, pk: int) -> FundingCheck:
    found: FundingCheck = get_object_or_404(
        verbs.checks(municipality, visitor(request)).select_related("consortium"), pk=pk
    )
    return found


def _breadcrumbs(municipality: Municipality) -> list[tuple[str, str]]:
    return [(_("財源さがし"), reverse("joint:funding_checks", args=[municipality.code]))]
