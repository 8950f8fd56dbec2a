"""Pages of what towns offer: facilities, points tables, agreements."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.joint.domain import places_supply as verbs
from machi.joint.domain.places import current_tables
from machi.joint.models import PlaceAgreement, PlaceFacility, PlaceRound, PlaceTable
from machi.joint.web.places_forms import AgreementForm, FacilityForm, TableForm
from machi.joint.web.places_pages import acted, address, confirmed, crumbs, the_round

_A_PAGE = 50
_COLUMNS = 12
"""Towns whose points stand beside each other."""
SEE, ENTER, LEAD = "joint.see_places", "joint.enter_places", "joint.head_places"


@member(SEE)
def facilities(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    about = the_round(pk)
    found = verbs.facilities(about)
    if "format" in request.GET:
        columns = [
            _("自治体"),
            _("施設番号"),
            _("施設名"),
            _("地区"),
            *about.classes,
            _("融通できる枠"),
            _("融通できる区分"),
            _("ほかの町の人"),
        ]
        rows = (
            (
                one.town.name,
                one.code,
                one.name,
                one.area,
                *(one.seats.get(label, 0) for label in about.classes),
                one.flexible,
                "、".join(one.shared),
                _("受け入れない") if one.own_only else _("合意による"),
            )
            for one in found
        )
        return export(request, "places-facilities", columns, rows)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("施設と枠"),
        "round": about,
        "page_obj": page,
        "rows": [(one, [one.seats.get(label, 0) for label in about.classes]) for one in page],
        "may_enter": visitor(request).has_perm(ENTER, municipality) and about.state == PlaceRound.State.OPEN,
        "breadcrumbs": crumbs(municipality, about, (_("施設と枠"), "")),
    }
    return render(request, "joint/places/facilities.html", context)


@member(ENTER)
def add_facility(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    about = the_round(pk)
    form = FacilityForm(request.POST or None, about=about)
    return acted(
        request,
        form,
        lambda: verbs.put_facility(about, municipality, visitor(request), form.given()),
        done=_("施設を足しました。"),
        back=address(municipality, "place_facilities", pk),
        context={
            "title": _("施設を足す"),
            "submit": _("足す"),
            "breadcrumbs": crumbs(municipality, about, (_("施設を足す"), "")),
        },
    )


def _own(about: PlaceRound, municipality: Municipality, number: int) -> PlaceFacility:
    found: PlaceFacility = get_object_or_404(
        PlaceFacility.objects.select_related("round"), pk=number, round=about, town=municipality
    )
    return found


@member(ENTER)
def facility(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    about = the_round(pk)
    known = _own(about, municipality, number)
    form = FacilityForm(request.POST or None, about=about, facility=known)
    context = {
        "title": known.name,
        "submit": _("保存する"),
        "breadcrumbs": crumbs(municipality, about, (known.name, "")),
        "link": (address(municipality, "place_drop_facility", pk, number), _("この施設を外す")),
    }
    return acted(
        request,
        form,
        lambda: verbs.put_facility(about, municipality, visitor(request), form.given(), known),
        done=_("施設の枠を直しました。"),
        back=address(municipality, "place_facilities", pk),
        context=context,
    )


@member(ENTER)
def drop_facility(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    about = the_round(pk)
    known = _own(about, municipality, number)
    return confirmed(
        request,
        lambda: verbs.drop_facility(known, municipality, visitor(request)),
        title=_("「%(name)s」を外しますか") % {"name": known.name},
        consequence=_("この施設への希望は、数えなくなります。家庭のほかの希望はそのままです。"),
        submit=_("外す"),
        done=_("施設を外しました。"),
        back=address(municipality, "place_facilities", pk),
        breadcrumbs=crumbs(municipality, about, (known.name, "")),
        danger=True,
    )


@member(SEE)
def tables(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Every town's rules beside each other, a few towns at a time: rules are for everybody to see."""
    about = the_round(pk)
    whole = "format" in request.GET
    codes = PlaceTable.objects.filter(round=about).order_by().values_list("town_id", flat=True).distinct()
    order = sorted(codes, key=lambda code: (code != municipality.pk, code))
    page = Paginator(order, max(1, len(order)) if whole else _COLUMNS).get_page(request.GET.get("page"))
    order = list(page)
    newest = current_tables(about, order)
    names = Municipality.objects.in_bulk(order)
    items = verbs.known_items(about, order)
    points = {code: {one.key: one.points for one in verbs.items_of(about, newest[code])} for code in order}
    columns = [_("項目"), *(names[code].name for code in order)]
    rows = [
        [item.label + (f"（{of}）" if of else ""), *(points[code].get(item.key, 0) for code in order)]
        for item, of in items
    ]
    if whole:
        return export(request, "places-points", columns, rows)
    labels = {item.key: item.short for item, _of in items}
    context = {
        "title": _("点数表"),
        "round": about,
        "columns": columns,
        "rows": rows,
        "page_obj": page,
        "ties": [
            (
                names[code],
                [(labels.get(tie.key, tie.key), tie.higher) for tie in verbs.ties_of(about, newest[code])],
            )
            for code in order
        ],
        "versions": PlaceTable.objects.filter(round=about, town=municipality).select_related("made_by"),
        "may_enter": visitor(request).has_perm(ENTER, municipality) and about.state == PlaceRound.State.OPEN,
        "breadcrumbs": crumbs(municipality, about, (_("点数表"), "")),
    }
    return render(request, "joint/places/tables.html", context)


@member(ENTER)
def table(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    about = the_round(pk)
    newest = current_tables(about, [municipality.pk]).get(municipality.pk)
    form = TableForm(
        request.POST or None,
        about=about,
        town=municipality,
        items=verbs.items_of(about, newest),
        ties=verbs.ties_of(about, newest),
    )
    return acted(
        request,
        form,
        lambda: verbs.put_table(about, municipality, visitor(request), form.items(), form.ties()),
        done=_("点数表を決めました。締切までは、新しい版に直せます。"),
        back=address(municipality, "place_tables", pk),
        context={
            "title": _("この町の点数表を決める"),
            "submit": _("この点数表にする"),
            "consequence": _(
                "点数は、項目の数1つあたりの点数です。0点の項目は数えません。前の版は残ります。"
            ),
            "breadcrumbs": crumbs(municipality, about, (_("点数表を決める"), "")),
        },
    )


@member(SEE)
def agreements(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    about = the_round(pk)
    everything = visitor(request).has_perm("joint.run_places", municipality)
    found = verbs.agreements(about) if everything else verbs.agreements_of(about, municipality)
    if "format" in request.GET:
        columns = [_("受け入れる町"), _("申し込む町"), _("選ぶ順"), _("最大の人数"), _("合意した日時")]
        rows = (
            (one.host.name, one.home.name, _("同じ") if one.equal else _("後"), one.quota, one.agreed_at)
            for one in found
        )
        return export(request, "places-agreements", columns, rows)
    context = {
        "title": _("町どうしの受入れの合意"),
        "round": about,
        "page_obj": Paginator(found, _A_PAGE).get_page(request.GET.get("page")),
        "may_head": visitor(request).has_perm(LEAD, municipality) and about.state == PlaceRound.State.OPEN,
        "breadcrumbs": crumbs(municipality, about, (_("受入れの合意"), "")),
    }
    return render(request, "joint/places/agreements.html", context)


@member(LEAD)
def propose_agreement(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    about = the_round(pk)
    form = AgreementForm(request.POST or None, towns=members(consortium).exclude(pk=municipality.pk))
    return acted(
        request,
        form,
        lambda: verbs.propose_agreement(about, municipality, visitor(request), **form.cleaned_data),
        done=_("申し出ました。相手の町が合意すると、その町の人が申し込めます。"),
        back=address(municipality, "place_agreements", pk),
        context={
            "title": _("ほかの町の人の受入れを申し出る"),
            "submit": _("申し出る"),
            "breadcrumbs": crumbs(municipality, about, (_("受入れを申し出る"), "")),
        },
    )


def _agreement(about: PlaceRound, number: int) -> PlaceAgreement:
    found: PlaceAgreement = get_object_or_404(
        PlaceAgreement.objects.select_related("round", "host", "home"), pk=number, round=about
    )
    return found


@member(LEAD)
def agree(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    about = the_round(pk)
    known = _agreement(about, number)
    return confirmed(
        request,
        lambda: verbs.agree(known, municipality, visitor(request)),
        title=_("%(host)sの受入れに合意しますか") % {"host": known.host.name},
        consequence=_("この町の人が、%(host)sの施設に申し込めるようになります。") % {"host": known.host.name},
        submit=_("合意する"),
        done=_("合意しました。"),
        back=address(municipality, "place_agreements", pk),
        breadcrumbs=crumbs(municipality, about, (_("合意する"), "")),
    )


@member(LEAD)
def end_agreement(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    about = the_round(pk)
    known = _agreement(about, number)
    return confirmed(
        request,
        lambda: verbs.end_agreement(known, municipality, visitor(request)),
        title=_("この合意を取り消しますか"),
        consequence=_("%(home)sの人の、%(host)sの施設への希望は、選考の対象にならなくなります。")
        % {"home": known.home.name, "host": known.host.name},
        submit=_("取り消す"),
        done=_("合意を取り消しました。"),
        back=address(municipality, "place_agreements", pk),
        breadcrumbs=crumbs(municipality, about, (_("取り消す"), "")),
        danger=True,
    )
