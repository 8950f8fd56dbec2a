"""Enrolling: one person, a list in Excel or CSV, a OneRoster zip; lists are read and shown before they are taken."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import write_excel
from machi.base.web.files import EXCEL, attached
from machi.base.web.forms import posted
from machi.base.web.table_problems import told
from machi.learning.domain import courses_lists as lists
from machi.learning.domain.courses_access import ENROL, is_office
from machi.learning.domain.courses_enrolment import enrol, may_enrol, towns_for
from machi.learning.models import Cohort
from machi.learning.web.courses_forms import EnrolForm, ListForm, RosterForm
from machi.learning.web.courses_pages import address, cohort_crumbs, the_cohort

_MOST_TOLD = 50
_MOST_LINES = 200
Reader = Callable[[bytes], lists.Read]


@member(ENROL)
def enrol_one(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _open_cohort(request, municipality, pk)
    person = visitor(request)
    form = EnrolForm(posted(request), towns=towns_for(person, municipality, found))
    back = address(municipality, "cohort", pk)
    return acted(
        request,
        form,
        lambda: enrol(
            found,
            municipality,
            person,
            town=form.town(),
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
        ),
        onward=back,
        done=_("登録しました。"),
        title=_("受講者を登録する"),
        consequence=_(
            "まだアカウントのない人には、受講者としてのアカウントを作ります。研修のほかは何も開けません。"
        ),
        submit=_("登録する"),
        cancel_url=back,
        breadcrumbs=cohort_crumbs(municipality, found, (_("受講者を登録する"), "")),
    )


@member(ENROL)
def enrol_list(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """A list in Excel or CSV."""
    found, person = _open_cohort(request, municipality, pk), visitor(request)
    form = ListForm(posted(request) if "again" not in request.POST else None, request.FILES or None)
    page = {
        "title": _("一覧から受講者を登録する"),
        "sheet": True,
        "required": lists.REQUIRED,
        "optional": lists.OPTIONAL if is_office(person, municipality) else (),
    }
    return _two_steps(
        request,
        municipality,
        found,
        form,
        lambda data: lists.read_list(found, municipality, person, data),
        "list",
        page,
    )


@member(ENROL)
def enrol_roster(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """A OneRoster zip."""
    found, person = _open_cohort(request, municipality, pk), visitor(request)
    form = RosterForm(posted(request) if "again" not in request.POST else None, request.FILES or None)
    chosen = request.POST.get("chosen", "").strip()
    page = {"title": _("OneRosterから受講者を登録する"), "chosen": chosen}
    return _two_steps(
        request,
        municipality,
        found,
        form,
        lambda data: lists.read_oneroster(found, municipality, person, data, chosen),
        "oneroster",
        page,
    )


@member(ENROL)
@require_safe
def enrol_sheet(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponse:
    """An empty list with the columns that are read."""
    office = is_office(visitor(request), municipality)
    out = io.BytesIO()
    write_excel(out, [*lists.REQUIRED, *(lists.OPTIONAL if office else ())], [])
    return attached(out.getvalue(), "learners.xlsx", EXCEL)


def _two_steps(
    request: HttpRequest,
    municipality: Municipality,
    cohort: Cohort,
    form: forms.Form,
    read: Reader,
    way: str,
    page: dict[str, Any],
) -> HttpResponseBase:
    """A dry run first. The list then travels in the page: nothing of it is kept until it is taken, and it is read
    once more before."""
    person, back = visitor(request), address(municipality, "cohort", cohort.pk)
    data, again = _sent(request), "again" in request.POST
    if data is None and request.method == "POST" and form.is_valid():
        data = form.cleaned_data["file"]
    result = lists.Read() if data is None else read(data)
    if again and data is not None and not result.problems:
        try:
            made = lists.take(cohort, municipality, person, result, way=way)
        except Refused as refused:
            messages.error(request, str(refused.message))
        else:
            count = len(made)
            said = ngettext("%(count)s人を登録しました。", "%(count)s人を登録しました。", count)
            messages.success(request, said % {"count": count})
            return redirect(back)
    problems = told(result.problems, lists.CODES)
    good = data is not None and not problems
    context = {
        **page,
        "cohort": cohort,
        "form": form,
        "problems": problems[:_MOST_TOLD],
        "more_problems": max(0, len(problems) - _MOST_TOLD),
        "read": result if good else None,
        "lines": result.lines[:_MOST_LINES],
        "more_lines": max(0, len(result.lines) - _MOST_LINES),
        "again": base64.b64encode(data).decode() if good and data is not None else "",
        "cancel_url": back,
        "breadcrumbs": cohort_crumbs(municipality, cohort, (page["title"], "")),
    }
    return render(request, "learning/courses/enrol_list.html", context)


def _sent(request: HttpRequest) -> bytes | None:
    """The list that the page showed and that is now to be taken."""
    if request.method != "POST" or "again" not in request.POST:
        return None
    try:
        return base64.b64decode(request.POST["again"], validate=True)
    except (binascii.Error, ValueError):
        return b""


def _open_cohort(request: HttpRequest, municipality: Municipality, pk: int) -> Cohort:
    found = the_cohort(pk)
    if not may_enrol(visitor(request), municipality, found):
        raise PermissionDenied
    return found
