"""Looking again at the sample of what went straight through."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.export import export
from machi.base.web.forms import add_refusal, posted
from machi.casework.domain import audits as verbs
from machi.casework.models import SampleAudit
from machi.casework.web.application import field_definitions
from machi.casework.web.application_forms import AuditForm
from machi.casework.web.applications import PROCESS
from machi.casework.web.shown import cells_of, shown

_A_PAGE = 25


@staff(PROCESS)
def audits(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    found = verbs.audits()
    if "format" in request.GET:
        columns = [
            _("受付番号"),
            _("手続"),
            _("抜き取った日時"),
            _("結果"),
            _("確かめた人"),
            _("確かめた日時"),
        ]
        rows = (
            (
                one.application.number,
                one.application.procedure.title if one.application.procedure else "",
                one.drawn_at,
                one.get_result_display(),
                one.by.name if one.by else "",
                one.at,
            )
            for one in found
        )
        return export(request, "audits", columns, rows)
    context = {
        "title": _("自動の承認の確認"),
        "page_obj": Paginator(found, _A_PAGE).get_page(request.GET.get("page")),
        "figures": verbs.figures(),
    }
    return render(request, "casework/applications/audits.html", context)


@staff(PROCESS)
def audit(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    one = get_object_or_404(SampleAudit.objects.select_related("application__procedure"), pk=pk)
    form = AuditForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            undone = verbs.judge(one, visitor(request), right=given["right"] == "yes", note=given["note"])
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(
                request,
                _("結果を残し、承認を取り消して審査に戻しました。") if undone else _("結果を残しました。"),
            )
            return redirect("casework:audits", municipality.code)
    application = one.application
    definitions = field_definitions(application)
    context = {
        "title": _("申請 %(number)s を確かめる") % {"number": application.number},
        "audit": one,
        "one": application,
        "values": [
            shown(value, definitions.get((value.form, value.field)), cells_of(application))
            for value in application.values.all()
        ],
        "form": form,
        "breadcrumbs": [
            (_("自動の承認の確認"), reverse("casework:audits", args=[municipality.code])),
            (application.number, ""),
        ],
    }
    return render(request, "casework/applications/audit.html", context)
