"""For the joint office: applications read from a list, and screening."""

from __future__ import annotations

import base64
import binascii
from io import BytesIO

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member
from machi.base.web.export import export, write_excel
from machi.base.web.files import EXCEL, attached
from machi.base.web.forms import add_refusal
from machi.base.web.table_problems import told
from machi.joint.domain import calls_import
from machi.joint.domain.calls_access import RUN
from machi.joint.domain.calls_screening import facts, screen
from machi.joint.models import Proposal
from machi.joint.web.calls_forms import ScreenForm
from machi.joint.web.calls_pages import acting, crumbs, the_call, the_proposal
from machi.joint.web.calls_proposal_forms import ListForm

_SCREENED = (Proposal.State.SUBMITTED, Proposal.State.PASSED, Proposal.State.FAILED)


@member(RUN)
def import_proposals(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """A dry run first. The list then travels in the page: nothing of it is kept until it is taken, and it is read
    once more before."""
    found = the_call(request, municipality, pk)
    shown = _shown(request)
    form = ListForm(
        request.POST if shown is None and request.method == "POST" else None, request.FILES or None
    )
    if shown is not None:
        try:
            count = calls_import.take(found, acting(request, municipality), shown)
        except Refused as refused:
            messages.error(request, str(refused.message))
        else:
            messages.success(
                request,
                ngettext("%(count)s件を取り込みました。", "%(count)s件を取り込みました。", count)
                % {"count": count},
            )
            return redirect("joint:proposals", municipality.code, pk)
    data = (
        form.cleaned_data["file"] if request.method == "POST" and shown is None and form.is_valid() else None
    )
    read = calls_import.read(found, data) if data is not None else None
    context = {
        "title": _("応募の一覧を取り込む"),
        "call": found,
        "form": form,
        "read": read,
        "problems": told(read.problems, calls_import.SAID) if read else [],
        "again": base64.b64encode(data).decode() if data is not None and read and not read.problems else "",
        "required": calls_import.REQUIRED,
        "optional": calls_import.OPTIONAL,
        "cancel_url": reverse("joint:call", args=[municipality.code, pk]),
        "breadcrumbs": crumbs(municipality, found, _("応募の一覧を取り込む")),
    }
    return render(request, "joint/calls/import.html", context)


@member(RUN)
@require_safe
def proposal_sheet(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponse:
    """The list's form: an empty sheet with all columns."""
    the_call(request, municipality, pk)
    out = BytesIO()
    write_excel(out, [*(f"{name}※必須" for name in calls_import.REQUIRED), *calls_import.OPTIONAL], [])
    return attached(out.getvalue(), "applications.xlsx", EXCEL)


@member(RUN)
def screening(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """All proposals handed in, and how screening went."""
    found = the_call(request, municipality, pk)
    rows = (
        found.proposals.filter(state__in=_SCREENED).select_related("lead", "screening__by").order_by("number")
    )
    if "format" in request.GET:
        columns = [
            _("受付番号"),
            _("事業名"),
            _("代表自治体"),
            _("結果"),
            _("理由"),
            _("確認した人"),
            _("日時"),
        ]
        columns += [str(one) for one in found.requirements]
        return export(request, "screening", columns, (_line(one, len(found.requirements)) for one in rows))
    context = {
        "title": _("形式審査"),
        "call": found,
        "proposals": rows,
        "waiting": sum(1 for one in rows if one.state == Proposal.State.SUBMITTED),
        "breadcrumbs": crumbs(municipality, found, _("形式審査")),
    }
    return render(request, "joint/calls/screening.html", context)


@member(RUN)
def screen_proposal(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_proposal(request, municipality, pk)
    get_object_or_404(Proposal.objects.filter(state__in=_SCREENED), pk=found.pk)
    known = getattr(found, "screening", None)
    form = ScreenForm(
        request.POST or None,
        requirements=found.call.requirements,
        met=known.met if known else [],
        reason=known.reason if known else "",
    )
    if request.method == "POST" and form.is_valid():
        try:
            screen(found, acting(request, municipality), form.met(), form.cleaned_data["reason"])
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(
                request, _("提案%(number)sの形式審査を保存しました。") % {"number": found.number}
            )
            return redirect("joint:call_screening", municipality.code, found.call_id)
    context = {
        "title": _("提案%(number)sの形式審査") % {"number": found.number},
        "proposal": found,
        "facts": facts(found),
        "form": form,
        "submit": _("保存する"),
        "cancel_url": reverse("joint:call_screening", args=[municipality.code, found.call_id]),
        "breadcrumbs": crumbs(municipality, found.call, found, _("形式審査")),
    }
    return render(request, "joint/calls/screen.html", context)


def _shown(request: HttpRequest) -> bytes | None:
    """The list that the page showed and that is now to be taken."""
    if request.method != "POST" or "again" not in request.POST:
        return None
    try:
        return base64.b64decode(request.POST["again"], validate=True)
    except (binascii.Error, ValueError):
        return b""


def _line(proposal: Proposal, requirements: int) -> list[object]:
    known = getattr(proposal, "screening", None)
    met = known.met if known else []
    return [
        proposal.number,
        proposal.title,
        proposal.lead.name,
        proposal.get_state_display(),
        known.reason if known else "",
        known.by.name if known and known.by else "",
        known.at if known else None,
        *((met[at] if at < len(met) else None) for at in range(requirements)),
    ]
