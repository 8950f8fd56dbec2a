"""A town's facilities from a list: the form to fill in, the dry run, the taking."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.holding import PREVIEW, TakeForm, packed, unpacked
from machi.base.web.table_problems import told
from machi.joint.domain import places_facilities_import as verbs
from machi.joint.models import PlaceRound
from machi.joint.web.places_forms import FacilityListForm
from machi.joint.web.places_pages import Crumbs, acted, address, crumbs, the_round

_MOST_PROBLEMS = 50
ENTER = "joint.enter_places"


@member(ENTER)
def form(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The list's columns as a file, with the facilities that the town has entered."""
    about = the_round(pk)
    kind = request.GET.get("format", "xlsx")
    return export(
        request, "places-facilities-form", verbs.header(about), verbs.lines(about, municipality), kind=kind
    )


@member(ENTER)
def read(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Reads a list and shows what it would do; nothing is taken yet."""
    about = the_round(pk)
    asked = FacilityListForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and asked.is_valid():
        found = verbs.preview(about, municipality, asked.cleaned_data["file"])
        problems = told(found.problems, verbs.CODES)
        if not problems:
            return _shown(request, municipality, about, found)
    context = {
        "title": _("施設を一覧から取り込む"),
        "round": about,
        "form": asked,
        "problems": problems[:_MOST_PROBLEMS],
        "more_problems": max(0, len(problems) - _MOST_PROBLEMS),
        "form_url": address(municipality, "place_facility_form", pk),
        "cancel_url": address(municipality, "place_facilities", pk),
        "breadcrumbs": _below(municipality, about),
    }
    return render(request, "joint/places/import.html", context)


def _shown(
    request: HttpRequest, municipality: Municipality, about: PlaceRound, found: verbs.Preview
) -> HttpResponseBase:
    counted = {"new": len(found.facilities) - len(found.changed), "changed": len(found.changed)}
    context = {
        "title": _("取り込む内容を確かめる"),
        "form": TakeForm(
            initial={"payload": packed(verbs.held(found.facilities), _for(municipality, about))}
        ),
        "action": address(municipality, "place_take_facilities", about.pk),
        "columns": verbs.header(about),
        "rows": [verbs.line(about, one) for one in found.facilities],
        "note": _(
            "まだ取り込んでいません。新しい施設が%(new)s件、直す施設が%(changed)s件です。一覧にない施設はそのままです。"
        )
        % counted,
        "cancel_url": address(municipality, "place_import_facilities", about.pk),
        "breadcrumbs": _below(municipality, about),
    }
    return render(request, PREVIEW, context)


@member(ENTER)
def take(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    about = the_round(pk)
    sent = TakeForm(request.POST or None)

    def act() -> int:
        kept = unpacked(sent.cleaned_data["payload"], _for(municipality, about))
        return verbs.take(about, municipality, visitor(request), verbs.unheld(kept))

    return (
        acted(
            request,
            sent,
            act,
            done=_("施設を取り込みました。"),
            back=address(municipality, "place_facilities", pk),
            context={
                "title": _("施設を一覧から取り込む"),
                "submit": _("取り込む"),
                "breadcrumbs": _below(municipality, about),
            },
        )
        if request.method == "POST"
        else redirect("joint:place_import_facilities", municipality.code, pk)
    )


def _for(town: Municipality, about: PlaceRound) -> str:
    return f"joint.places.facilities.{about.pk}.{town.pk}"


def _below(town: Municipality, about: PlaceRound) -> Crumbs:
    return crumbs(
        town,
        about,
        (_("施設と枠"), address(town, "place_facilities", about.pk)),
        (_("一覧から取り込む"), ""),
    )
