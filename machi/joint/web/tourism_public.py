"""What visitors see of the towns' spots: the list, one spot, and what they pick for their route."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality
from machi.base.web.access import neighbour
from machi.joint.domain.tourism_queries import public_spots
from machi.joint.web.tourism_forms import WEEKDAYS, SpotFilter

_A_PAGE = 24
_MOST_PICKED = 30


@neighbour
def visit(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """All towns' spots and events."""
    form = SpotFilter(request.GET or None, members(consortium))
    page = Paginator(form.narrowed(public_spots()), _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("まちをめぐる"),
        "consortium": consortium,
        "form": form,
        "page_obj": page,
        "picked": len(picks(request, consortium)["must"]),
        "filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "joint/tourism/visit.html", context)


@neighbour
def spot(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = get_object_or_404(public_spots(), pk=pk)
    chosen = picks(request, consortium)
    closed = [label for value, label in WEEKDAYS if found.weekdays[int(value)] == "0"]
    context = {
        "title": found,
        "spot": found,
        "closed": closed,
        "is_must": pk in chosen["must"],
        "is_avoided": pk in chosen["avoid"],
        "breadcrumbs": [*breadcrumbs(municipality), (found, "")],
    }
    return render(request, "joint/tourism/spot.html", context)


@neighbour
@require_POST
def pick(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Marks a spot as one to see, or to leave out, or neither (``as``); kept in the visitor's session only."""
    get_object_or_404(public_spots(), pk=pk)
    chosen = picks(request, consortium)
    for name, listed in chosen.items():
        chosen[name] = [one for one in listed if one != pk]
    wanted = request.POST.get("as", "")
    if wanted in chosen:
        chosen[wanted] = [*chosen[wanted], pk][-_MOST_PICKED:]
    request.session[_key(consortium)] = chosen
    return redirect("joint:visit_spot", municipality.code, pk)


def picks(request: HttpRequest, consortium: Consortium) -> dict[str, list[int]]:
    kept: dict[str, Any] = request.session.get(_key(consortium), {})
    return {name: list(kept.get(name, ())) for name in ("must", "avoid")}


def breadcrumbs(municipality: Municipality) -> list[tuple[Any, str]]:
    return [(_("まちをめぐる"), reverse("joint:visit", args=[municipality.code]))]


def _key(consortium: Consortium) -> str:
    return f"tourism:{consortium.pk}"
