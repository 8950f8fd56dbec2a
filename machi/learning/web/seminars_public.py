"""What everybody sees of seminars: the list, one seminar with its programme, registration, calendar file, materials."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_ratelimit.core import is_ratelimited

from machi.base.domain.errors import Refused
from machi.base.engine.file_kind import MEDIA_TYPES
from machi.base.models import Consortium, Municipality
from machi.base.web.access import neighbour
from machi.base.web.export import export
from machi.base.web.files import attached
from machi.base.web.forms import add_refusal
from machi.learning.domain import seminars as verbs
from machi.learning.domain.seminars_mail import when
from machi.learning.domain.seminars_programme import path_of
from machi.learning.domain.seminars_register import register
from machi.learning.domain.seminars_turn import in_turn
from machi.learning.engine.seminar_calendar import calendar
from machi.learning.models import Seminar, SeminarMaterial, SeminarRegistration
from machi.learning.web.seminars_register_form import RegisterForm
from machi.learning.web.seminars_shown import CALENDAR, calendar_entry, seats_told

_A_PAGE = 20


@neighbour
def public_seminars(
    request: HttpRequest, municipality: Municipality, consortium: Consortium
) -> HttpResponseBase:
    """Those ahead, the next first; then those past."""
    past = "past" in request.GET
    now = timezone.now()
    found = verbs.public_seminars()
    found = (
        found.filter(ends_at__lt=now).order_by("-starts_at", "-pk")
        if past
        else found.filter(ends_at__gte=now).order_by("starts_at", "pk")
    )
    if "format" in request.GET:
        columns = [_("セミナーの名前"), _("始まり"), _("終わり"), _("会場"), _("状態")]
        rows = ([str(one), one.starts_at, one.ends_at, one.venue, one.get_state_display()] for one in found)
        return export(request, "seminars", columns, rows)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("セミナー"),
        "consortium": consortium,
        "consortia": request.consortia,  # type: ignore[attr-defined]
        "page_obj": page,
        "rows": [{"seminar": one, "when": when(one), "seats": seats_told(one)} for one in page],
        "past": past,
    }
    return render(request, "learning/seminars/public_list.html", context)


@neighbour
def public_seminar(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_public(pk)
    now = timezone.now()
    report = getattr(found, "report", None)
    context = {
        "title": found,
        "seminar": found,
        "when": when(found),
        "seats": seats_told(found),
        "open": found.takes_registrations(now),
        "early": found.state == Seminar.State.PUBLISHED and now < found.opens_at,
        "sessions": [
            {"session": one, "speakers": list(one.speakers.all()), "seats": getattr(one, "seats", None)}
            for one in found.sessions.all()
        ],
        "materials": list(found.materials.all()) if found.materials_at else [],
        "reported": report is not None and report.published_at is not None,
        "breadcrumbs": [*crumbs(municipality), (str(found), "")],
    }
    return render(request, "learning/seminars/public.html", context)


@neighbour
def register_for(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_public(pk)
    page = reverse("learning:public_seminar", args=[municipality.code, pk])
    if not found.takes_registrations(timezone.now()):
        return redirect(f"{page}?consortium={consortium.pk}")
    form = RegisterForm(request.POST if request.method == "POST" else None, seminar=found)
    status = 200
    if request.method == "POST":
        # The count of the limit is a write as well: it stands in the same queue.
        with in_turn(found):
            if _too_many(request):
                busy = _(
                    "申し込みが集中しています。1分ほど待ってから、もう一度「申し込む」を押してください。"
                )
                form.add_error(None, busy)
                status = 429
            elif form.is_valid():
                try:
                    made, new = register(found, form.given())
                except Refused as refused:
                    add_refusal(form, refused)
                else:
                    return _taken(request, municipality, consortium, found, made, new)
    context = {
        "title": _("申し込む"),
        "seminar": found,
        "when": when(found),
        "form": form,
        "cancel_url": page,
        "breadcrumbs": [*crumbs(municipality), (str(found), page), (_("申し込む"), "")],
    }
    response = render(request, "learning/seminars/register.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _taken(
    request: HttpRequest,
    municipality: Municipality,
    consortium: Consortium,
    seminar: Seminar,
    made: SeminarRegistration,
    new: bool,
) -> HttpResponseBase:
    """Tells whether there was a seat. For an address that was registered before, what a new one would have been told:
    whoever typed it must not learn that its owner comes."""
    if new:
        seat = made.state == SeminarRegistration.State.CONFIRMED
    else:
        seats = seminar.seats.filter(way=made.way, session=None).first()
        seat = seats is None or seats.free != 0
    page = reverse(
        "learning:seminar_thanks", args=[municipality.code, seminar.pk, "seat" if seat else "waiting"]
    )
    return redirect(f"{page}?consortium={consortium.pk}")


@neighbour
@require_safe
def thanks(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, outcome: str
) -> HttpResponseBase:
    if outcome not in ("seat", "waiting"):
        raise Http404
    found = the_public(pk)
    page = reverse("learning:public_seminar", args=[municipality.code, pk])
    context = {
        "title": _("申し込みを受け付けました"),
        "seminar": found,
        "when": when(found),
        "seat": outcome == "seat",
        "page_url": page,
        "breadcrumbs": [*crumbs(municipality), (str(found), page), (_("受け付けました"), "")],
    }
    return render(request, "learning/seminars/thanks.html", context)


@neighbour
@require_safe
def seminar_calendar(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_public(pk)
    return attached(calendar([calendar_entry(found)]), f"seminar-{pk}.ics", CALENDAR)


@neighbour
@require_safe
def material(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, file: int
) -> HttpResponseBase:
    found = the_public(pk)
    row = get_object_or_404(
        SeminarMaterial.objects.select_related("seminar__municipality"), pk=file, seminar=found
    )
    if not found.materials_at:
        raise Http404
    return material_response(row)


def material_response(row: SeminarMaterial) -> FileResponse:
    path = path_of(row)
    if not path.exists():
        raise Http404
    kind: Any = row.kind
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=row.name, content_type=MEDIA_TYPES[kind]
    )


def the_public(pk: int) -> Seminar:
    found: Seminar = get_object_or_404(verbs.public_seminars().select_related("report"), pk=pk)
    return found


def crumbs(municipality: Municipality) -> list[tuple[Any, str]]:
    return [(_("セミナー"), reverse("learning:public_seminars", args=[municipality.code]))]


def _too_many(request: HttpRequest) -> bool:
    limited: bool = is_ratelimited(
        request, group="learning.seminars", key="ip", rate=settings.MACHI_REGISTER_RATE, increment=True
    )
    return limited
