"""The planner for visitors, and the plan it makes: a page to share, a calendar, a map and a leaflet."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person
from machi.base.web.access import limit, neighbour
from machi.base.web.files import attached
from machi.base.web.forms import add_refusal
from machi.base.web.towns import MOST_LISTED
from machi.joint.domain import tourism_plans as verbs
from machi.joint.domain.tourism_queries import public_spots
from machi.joint.models import Spot, VisitPlan
from machi.joint.web.tourism_calendar import calendar
from machi.joint.web.tourism_forms import PlannerForm
from machi.joint.web.tourism_leaflet import leaflet
from machi.joint.web.tourism_public import breadcrumbs, picks
from machi.joint.web.tourism_shown import plan_by, shown


@neighbour
def planner(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """Asks for the wishes; POST plans and leads to the plan."""
    form = _form(request, municipality, consortium)
    if request.method == "POST" and form.is_valid():
        limit(request, "joint.tourism.plan", settings.MACHI_ASK_RATE)
        person = request.user if isinstance(request.user, Person) else None
        try:
            plan = verbs.make_plan(
                consortium, municipality, person, form.wishes(), language=translation.get_language() or "ja"
            )
        except Refused as refused:
            if type(refused) is not Refused:  # NotApproved has a page of its own
                raise
            add_refusal(form, refused)
        else:
            return redirect("joint:visit_plan", municipality.code, plan.token)
    context = {
        "title": _("行程をつくる"),
        "form": form,
        "picks_url": reverse("joint:visit", args=[municipality.code]),
        "breadcrumbs": [*breadcrumbs(municipality), (_("行程をつくる"), "")],
    }
    return render(request, "joint/tourism/planner.html", context)


@neighbour
def plan(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, token: str
) -> HttpResponseBase:
    found = plan_by(token)
    with translation.override(_language(request)):
        made = shown(found)
        here = reverse("joint:visit_plan", args=[municipality.code, token])
        context = {
            "title": _("%(days)s日の行程") % {"days": len(made.days)},
            "made": made,
            "plan": found,
            "is_public": not request.user.is_authenticated,
            "links": [
                (name, code, f"{settings.MACHI_URL}{here}?consortium={consortium.pk}&lang={code}")
                for code, name in settings.LANGUAGES
            ],
            "requests": {one.spot_id: one for one in found.requests.filter(erased_at__isnull=True)},
            "breadcrumbs": [*breadcrumbs(municipality), (_("行程"), "")],
        }
        response = render(request, "joint/tourism/plan.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@neighbour
def plan_calendar(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, token: str
) -> HttpResponseBase:
    with translation.override(_language(request)):
        data = calendar(shown(plan_by(token), maps=False), _address(municipality, consortium, token))
    return attached(data, "route.ics", "text/calendar; charset=utf-8")


@neighbour
def plan_leaflet(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, token: str
) -> HttpResponseBase:
    limit(request, "joint.tourism.leaflet", settings.MACHI_ASK_RATE)
    with translation.override(_language(request)):
        data = leaflet(shown(plan_by(token)), str(consortium), _address(municipality, consortium, token))
    return attached(data, "route.pdf", "application/pdf")


@neighbour
def plan_map(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, token: str, day: int
) -> HttpResponseBase:
    with translation.override(_language(request)):
        days = [one for one in shown(plan_by(token)).days if one.number == day and one.map]
        if not days:
            return HttpResponse(status=404)
        context = {"map": days[0].map, "label": days[0].label, "number": day, "file": True}
        data = render_to_string("joint/tourism/map.svg", context)
    return attached(data.encode(), f"day-{day}.svg", "image/svg+xml")


def _form(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> PlannerForm:
    initial = _begun(request, municipality)
    chosen = picks(request, consortium)
    lists: dict[str, list[Spot]] = {}
    for name in ("must", "avoid"):
        sent = request.POST.getlist(name) if request.method == "POST" else []
        asked = {*chosen[name], *initial.get(name, ()), *(int(one) for one in sent if one.isdecimal())}
        lists[name] = list(public_spots().filter(pk__in=asked))
    gates = public_spots().filter(category=Spot.Category.GATE)
    towns = members(consortium)
    start = f"town:{municipality.code}"
    if towns.count() <= MOST_LISTED and (own := gates.filter(municipality=municipality).first()):
        start = f"spot:{own.pk}"
    return PlannerForm(
        request.POST if request.method == "POST" else None,
        towns=towns,
        gates=lambda: list(gates),
        initial={"start": start, **initial},
        **lists,
    )


def _begun(request: HttpRequest, municipality: Municipality) -> dict[str, Any]:
    """What a plan was made from (``from``), with one spot more to leave out (``avoid``) or to see (``must``)."""
    begun: dict[str, Any] = {}
    if token := request.GET.get("from", ""):
        before = VisitPlan.objects.filter(token=token).first()
        begun = dict(before.wishes) if before else {}
    for name, other in (("avoid", "must"), ("must", "avoid")):
        asked = request.GET.get(name, "")
        if asked.isdecimal():
            begun[name] = [*begun.get(name, ()), int(asked)]
            begun[other] = [one for one in begun.get(other, ()) if one != int(asked)]
    return begun


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language() or "ja"


def _address(municipality: Municipality, consortium: Consortium, token: str) -> str:
    path = reverse("joint:visit_plan", args=[municipality.code, token])
    return f"{settings.MACHI_URL}{path}?consortium={consortium.pk}"
