"""Pages of results: by number for all whom they concern, with reasons for the family's own town; letters; the audit."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.files import attached, letters_attached
from machi.joint.domain import places_confirming as verbs
from machi.joint.domain import places_letters as writing
from machi.joint.domain.places import current_tables
from machi.joint.domain.places_shown import offers
from machi.joint.domain.places_supply import items_of, may_be_wished
from machi.joint.domain.places_words import why
from machi.joint.models import (
    PlaceAllocation,
    PlaceFacility,
    PlaceOffer,
    PlaceReasons,
    PlaceRound,
)
from machi.joint.web.places_forms import ChangeForm, ResultFilter
from machi.joint.web.places_pages import acted, address, confirmed, crumbs, the_round

_A_PAGE = 50
SEE, ENTER, LEAD, AUDIT = (
    "joint.see_places",
    "joint.enter_places",
    "joint.head_places",
    "joint.audit_places",
)
STATES: dict[str, dict[str, Any]] = {
    "placed": {"facility__isnull": False, "declined_at": None},
    "waiting": {"facility": None, "declined_at": None},
    "changed": {"changed_at__isnull": False},
    "declined": {"declined_at__isnull": False},
}


def _proposal(about: PlaceRound) -> PlaceAllocation:
    found = verbs.proposal(about)
    if found is None:
        raise Http404
    return found


@member(SEE)
def results(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    about = the_round(pk)
    allocation = _proposal(about)
    found = offers(allocation, municipality, everything=visitor(request).has_perm(AUDIT, municipality))
    form = ResultFilter(request.GET, about=about)
    if form.is_valid():
        found = found.filter(**STATES.get(form.cleaned_data["state"], {}))
        if form.cleaned_data["class_label"]:
            found = found.filter(class_label=form.cleaned_data["class_label"])
    if "format" in request.GET:
        columns = [
            _("申込番号"),
            _("住む町"),
            _("区分"),
            _("結果"),
            _("施設のある町"),
            _("希望順位"),
            _("職員が変えた日時"),
            _("辞退日時"),
        ]
        rows = (
            (
                one.number,
                one.home.name,
                one.class_label,
                one.facility.name if one.facility else _("待機"),
                one.facility.town.name if one.facility else "",
                one.rank,
                one.changed_at,
                one.declined_at,
            )
            for one in found
        )
        return export(request, "places-results", columns, rows)
    context = {
        "title": _("結果の一覧"),
        "round": about,
        "form": form,
        "page_obj": Paginator(found, _A_PAGE).get_page(request.GET.get("page")),
        "may_enter": visitor(request).has_perm(ENTER, municipality),
        "breadcrumbs": crumbs(municipality, about, (_("結果の一覧"), "")),
    }
    return render(request, "joint/places/results.html", context)


def _own(about: PlaceRound, municipality: Municipality, number: int) -> PlaceOffer:
    found: PlaceOffer = get_object_or_404(
        PlaceOffer.objects.select_related(
            "allocation__round", "facility__town", "proposed__town", "home", "consortium"
        ),
        pk=number,
        allocation=_proposal(about),
        home=municipality,
    )
    return found


@member(ENTER)
def result(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    """One applicant of the town: what came out, why, and what can be done."""
    about = the_round(pk)
    known = _own(about, municipality, number)
    kept = get_object_or_404(PlaceReasons.objects.select_related("applicant__family"), offer=known)
    wished = PlaceFacility.objects.filter(round=about, pk__in=[one["facility"] for one in kept.reasons])
    places = {str(one.pk): one for one in wished.select_related("town")}
    tables = current_tables(about, {one.town_id for one in places.values()})
    reasons = [
        why(one, place.name, items_of(about, tables.get(place.town_id)))
        for one in kept.reasons
        if (place := places.get(one["facility"]))
    ]
    context = {
        "title": _("申込 %(number)s の結果") % {"number": known.number},
        "round": about,
        "offer": known,
        "kept": kept,
        "reasons": reasons,
        "may_change": about.state == PlaceRound.State.CLOSED
        and visitor(request).has_perm(LEAD, municipality),
        "may_decline": about.state == PlaceRound.State.CONFIRMED and known.declined_at is None,
        "breadcrumbs": crumbs(
            municipality,
            about,
            (_("結果の一覧"), address(municipality, "place_results", pk)),
            (known.number, ""),
        ),
    }
    return render(request, "joint/places/result.html", context)


@member(LEAD)
def change_result(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    about = the_round(pk)
    known = _own(about, municipality, number)
    form = ChangeForm(
        request.POST or None, places=may_be_wished(about, municipality), initial=known.facility_id
    )
    return acted(
        request,
        form,
        lambda: verbs.change_offer(
            known,
            municipality,
            visitor(request),
            form.cleaned_data["facility"],
            form.cleaned_data["reason"],
        ),
        done=_("結果を変えました。関わる町は、もう一度確かめます。"),
        back=address(municipality, "place_result", pk, number),
        context={
            "title": _("申込 %(number)s の結果を変える") % {"number": known.number},
            "submit": _("変える"),
            "consequence": _(
                "計算による順位ではなく、町の判断で決めます。枠と合意の人数は超えられません。理由とともに台帳に残ります。"
            ),
            "breadcrumbs": crumbs(municipality, about, (known.number, "")),
        },
    )


@member(ENTER)
def decline(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    about = the_round(pk)
    known = _own(about, municipality, number)
    return confirmed(
        request,
        lambda: verbs.decline(known, municipality, visitor(request)),
        title=_("申込 %(number)s の辞退を受け付けますか") % {"number": known.number},
        consequence=_(
            "枠は、残った枠の次の回に回ります。待機している人は、次の回に移りません。元に戻せません。"
        ),
        submit=_("辞退を受け付ける"),
        done=_("辞退を受け付けました。"),
        back=address(municipality, "place_result", pk, number),
        breadcrumbs=crumbs(municipality, about, (known.number, "")),
        danger=True,
    )


@member(LEAD)
def confirm(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    about = the_round(pk)
    allocation = _proposal(about)
    return confirmed(
        request,
        lambda: verbs.confirm(allocation, municipality, visitor(request)),
        title=_("%(town)sとして、この結果を確かめましたか") % {"town": municipality.name},
        consequence=_(
            "この町の家庭の結果と、この町の施設に来る人の数を見てから押してください。すべての町が確かめると確定し、変えられません。"
        ),
        submit=_("確かめた"),
        done=_("確かめたことを記録しました。"),
        back=address(municipality, "place_round", pk),
        breadcrumbs=crumbs(municipality, about, (_("結果を確かめる"), "")),
    )


@member(ENTER)
def letters(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, part: int, form: str
) -> HttpResponseBase:
    """All families' letters in one file, each on a page of its own."""
    about = the_round(pk)
    if form not in ("pdf", "docx"):
        raise Http404
    try:
        found = writing.letters(about, municipality, part)
    except Refused:
        raise Http404 from None
    if not found:
        raise Http404
    return letters_attached(found, f"places-letters-{municipality.code}-{part}", form)


@member(AUDIT)
def audit(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The whole record, by numbers: market, trace and outcome (``machi joint places check`` goes through it again)."""
    allocation = _proposal(the_round(pk))
    response: HttpResponse = attached(
        bytes(allocation.audit or b""), f"place-allocation-{allocation.pk}.json.gz", "application/gzip"
    )
    return response
