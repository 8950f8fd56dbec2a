"""The contract of a lot and its deliveries, town by town."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from machi.base.engine.file_kind import MEDIA_TYPES
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.governance.domain.evidence import stored
from machi.joint.domain import procurement_delivery as verbs
from machi.joint.models import PurchaseDelivery, PurchaseLot
from machi.joint.web.procurement_offer_forms import ContractForm, DeliveryForm, InspectionForm
from machi.joint.web.procurement_pages import (
    ENTER,
    RUN,
    SEE,
    form_page,
    is_office,
    lot_crumbs,
    the_lot,
    to,
)

_A_PAGE = 50


@member(RUN)
def contract(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    found = the_lot(pk, number)
    if found.state != PurchaseLot.State.AWARDED:
        raise Http404
    known = getattr(found, "contract", None)
    names = ("number", *verbs.DATES)

    def act(form: ContractForm) -> None:
        given = {name: form.cleaned_data[name] for name in names}
        verbs.contract(found, municipality, visitor(request), given, form.cleaned_data["file"])

    return form_page(
        request,
        ContractForm(
            request.POST or None,
            request.FILES or None,
            initial={name: getattr(known, name, None) for name in names},
        ),
        act,
        title=_("%(lot)sの契約を記録する") % {"lot": found},
        submit=_("記録する"),
        back=to("purchase_lot", municipality, pk, number),
        breadcrumbs=lot_crumbs(municipality, found, _("契約")),
        done=_("契約を記録しました。"),
        lead=_("契約額は、落札額の%(yen)s円（税込）です。") % {"yen": f"{verbs.amount_of(found):,}"},
    )


@member(SEE)
def contract_file(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    """The signed file, for every member; never shown inside our own pages."""
    known = getattr(the_lot(pk, number), "contract", None)
    path = known and stored(known.kept_in, known.file_digest)
    if not (known and path and path.exists()):
        raise Http404
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=known.file_name,
        content_type=MEDIA_TYPES.get(known.file_kind, "application/octet-stream"),
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"},
    )


@member(SEE)
def deliveries(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    found = the_lot(pk, number)
    rows = found.deliveries.select_related("municipality")
    if "format" in request.GET:
        columns = [
            _("自治体コード"), _("自治体"), _("納入された数量"), _("納入された日"), _("状態"), _("不具合"),
            _("確認日時"),
        ]  # fmt: skip
        lines = (
            (
                one.municipality_id,
                one.municipality.name,
                one.quantity,
                one.on,
                one.get_state_display(),
                one.defects,
                one.confirmed_at,
            )
            for one in rows
        )
        return export(request, f"joint-deliveries-{pk}-{number}", columns, lines)
    office = is_office(request, municipality)
    mine = found.demands.filter(municipality=municipality).exists()
    may_enter = visitor(request).has_perm(ENTER, municipality) and mine
    progress = sorted(verbs.progress(found), key=lambda one: one.municipality.pk != municipality.pk)
    page = Paginator(progress, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("納入"),
        "lot": found,
        "purchase": found.purchase,
        "page_obj": page,
        "deliveries": rows.filter(municipality__in=[one.municipality.pk for one in page]),
        "may_confirm": may_enter,
        "may_add": found.state == PurchaseLot.State.AWARDED and (office or may_enter),
        "breadcrumbs": lot_crumbs(municipality, found, _("納入")),
    }
    return render(request, "joint/procurement/deliveries.html", context)


@member(SEE)
def add_delivery(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    """The office writes down what came to any town, a town's staff what came to their own."""
    found = the_lot(pk, number)
    office = is_office(request, municipality)
    if not office and not visitor(request).has_perm(ENTER, municipality):
        raise Http404
    towns = Municipality.objects.filter(pk__in=found.demands.values("municipality")).select_related(
        "prefecture"
    )
    if not office:
        towns = towns.filter(pk=municipality.pk)
    if not towns.exists():
        raise Http404

    def act(form: DeliveryForm) -> None:
        given = form.cleaned_data
        verbs.deliver(
            found,
            municipality,
            visitor(request),
            given["municipality"],
            quantity=given["quantity"],
            on=given["on"],
        )

    return form_page(
        request,
        DeliveryForm(request.POST or None, towns=towns),
        act,
        title=_("納入を記録する"),
        submit=_("記録する"),
        back=to("lot_deliveries", municipality, pk, number),
        breadcrumbs=lot_crumbs(municipality, found, _("納入を記録する")),
        done=_("納入を記録しました。受け取った自治体が確かめると、検収済みになります。"),
    )


@member(ENTER)
def confirm_delivery(
    request: HttpRequest,
    municipality: Municipality,
    consortium: Consortium,
    pk: int,
    number: int,
    delivery: int,
) -> HttpResponseBase:
    found = the_lot(pk, number)
    known = get_object_or_404(
        PurchaseDelivery.objects.select_related("lot__purchase__consortium"),
        pk=delivery,
        lot=found,
        municipality=municipality,
    )
    return form_page(
        request,
        InspectionForm(request.POST or None),
        lambda form: verbs.confirm(known, municipality, visitor(request), form.found()),
        title=_("納入を確かめる"),
        submit=_("検査の結果を記録する"),
        back=to("lot_deliveries", municipality, pk, number),
        breadcrumbs=lot_crumbs(municipality, found, _("納入を確かめる")),
        done=_("検査の結果を記録しました。"),
        lead=_("%(on)sに%(quantity)s%(unit)sが納入されたと記録されています。")
        % {"on": known.on.isoformat(), "quantity": f"{known.quantity:,}", "unit": found.item.unit},
    )
