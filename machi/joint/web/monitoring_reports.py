"""Half-yearly reports: what is due, writing, handing in, sending back, confirming."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm, posted
from machi.joint.domain import monitoring_reports as verbs
from machi.joint.domain.monitoring_scope import is_office, sees_inside, takes_part
from machi.joint.domain.monitoring_waiting import due
from machi.joint.engine.half_years import HalfYear, read_half_year
from machi.joint.models import ProjectReport
from machi.joint.web.monitoring import MANAGE, SEE, below, breadcrumbs, the_project
from machi.joint.web.monitoring_forms import ReasonForm, ReportForm
from machi.joint.web.monitoring_words import half_label, number

A_PAGE = 50
State = ProjectReport.State


@member(SEE)
def reports_due(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """Reports that wait: of one's own town, with the office of all; and for it what waits to be confirmed."""
    person, today = visitor(request), timezone.localdate()
    waiting = due(municipality, person)
    if "format" in request.GET:
        columns = [_("事業名"), _("自治体"), _("半期"), _("期限"), _("状態")]
        rows = (
            (one.project.title, str(one.town), half_label(one.half), one.half.due, _state(one, today))
            for one in waiting
        )
        return export(request, "reports-due", columns, rows)
    office = is_office(person, municipality)
    page = Paginator(waiting, A_PAGE).get_page(request.GET.get("page"))
    unconfirmed = ProjectReport.objects.filter(state=State.SUBMITTED).select_related(
        "project", "town", "town__prefecture"
    )
    context = {
        "page_obj": page,
        "rows": [
            {
                "one": one,
                "half": half_label(one.half),
                "state": _state(one, today),
                "late": one.overdue(today),
                "own": one.town.pk == municipality.pk,
            }
            for one in page
        ],
        "unconfirmed": [(one, half_label(verbs.half_of(one))) for one in unconfirmed[:A_PAGE]]
        if office
        else [],
        "office": office,
        "breadcrumbs": [*breadcrumbs(municipality), (_("待っている報告"), "")],
    }
    return render(request, "joint/monitoring/reports_due.html", context)


@member(SEE)
def reports(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """All reports of a project that may be read."""
    found, person = the_project(pk), visitor(request)
    if not sees_inside(person, municipality, found):
        raise PermissionDenied
    visible = verbs.visible(found, municipality, person)
    if "format" in request.GET:
        kpis = list(found.kpis.all())
        columns = [
            _("半期"),
            _("自治体"),
            _("状態"),
            _("提出日"),
            _("支出（円）"),
            _("行ったこと"),
            _("困っていること・計画とのちがいの理由"),
            _("次の半期に行うこと"),
            *(f"{kpi.name}（{kpi.unit}）" for kpi in kpis),
        ]
        rows = []
        for one in visible.prefetch_related("values"):
            values = {value.kpi_id: value.value for value in one.values.all()}
            rows.append(
                (
                    half_label(verbs.half_of(one)),
                    str(one.town),
                    one.get_state_display(),
                    one.submitted_at,
                    one.spent,
                    one.did,
                    one.problems,
                    one.ahead,
                    *(values.get(kpi.pk) for kpi in kpis),
                )
            )
        return export(request, f"project-{pk}-reports", columns, rows)
    page = Paginator(visible, A_PAGE).get_page(request.GET.get("page"))
    context = {
        **below(municipality, found, _("半期ごとの報告"), ""),
        "project": found,
        "page_obj": page,
        "rows": [(one, half_label(verbs.half_of(one))) for one in page],
    }
    return render(request, "joint/monitoring/reports.html", context)


@member(verbs.WRITE)
def write_report(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, half: str
) -> HttpResponseBase:
    """The own town's report of a half-year; kept as a draft however little is written."""
    found, asked_half = the_project(pk), _half(half)
    if not takes_part(found, municipality):
        raise PermissionDenied
    report = ProjectReport.objects.filter(project=found, town=municipality, half_year=str(asked_half)).first()
    if report and report.state in verbs.HANDED_IN:
        return redirect("joint:report", municipality.code, pk, report.pk)
    form = ReportForm(posted(request), kpis=verbs.asked_of(found, municipality), report=report)
    title = _("%(half)sの報告") % {"half": half_label(asked_half)}
    return acted(
        request,
        form,
        lambda: verbs.write(
            found, municipality, visitor(request), asked_half, form.cleaned_data, form.values()
        ),
        done=_("保存しました。"),
        template="joint/monitoring/write_report.html",
        project=found,
        report=report,
        half=asked_half,
        **{
            **below(municipality, found, title, _("保存する")),
            "onward": lambda made: reverse("joint:report", args=[municipality.code, pk, made.pk]),
        },
    )


@member(SEE)
def report(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, report: int
) -> HttpResponseBase:
    found, person = the_project(pk), visitor(request)
    known = _the_report(request, municipality, pk, report)
    own = known.town_id == municipality.pk
    missing = verbs.missing(known, verbs.asked_of(found, known.town)) if own else []
    values = {one.kpi_id: one.value for one in known.values.all()}
    open_ = known.state not in verbs.HANDED_IN
    over = verbs.half_of(known).ends < timezone.localdate()
    context = {
        **below(municipality, found, _title(known), ""),
        "project": found,
        "report": known,
        "half": verbs.half_of(known),
        "values": [
            (kpi, number(values[kpi.pk]) if kpi.pk in values else "－")
            for kpi in verbs.asked_of(found, known.town)
        ],
        "missing": missing if open_ else [],
        "writes": own and open_ and person.has_perm(verbs.WRITE, municipality),
        "submits": own and open_ and over and not missing and person.has_perm(verbs.SUBMIT, municipality),
        "too_early": own and open_ and not over,
        "waits_for_manager": own
        and open_
        and over
        and not missing
        and not person.has_perm(verbs.SUBMIT, municipality),
        "office": is_office(person, municipality),
    }
    return render(request, "joint/monitoring/report.html", context)


@member(verbs.SUBMIT)
def submit_report(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, report: int
) -> HttpResponseBase:
    known = _the_report(request, municipality, pk, report)
    form = ConfirmForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.submit(known, municipality, visitor(request)),
        done=_("報告を提出しました。"),
        consequence=_(
            "提出すると、この事業に参加する自治体と共同事務局が読めるようになります。"
            "直すには、共同事務局の差し戻しが必要です。"
        ),
        **_below_report(
            municipality, known, _("%(title)sを提出しますか") % {"title": _title(known)}, _("提出する")
        ),
    )


@member(MANAGE)
def return_report(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, report: int
) -> HttpResponseBase:
    known = _the_report(request, municipality, pk, report)
    form = ReasonForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.send_back(known, municipality, visitor(request), form.cleaned_data["reason"]),
        done=_("差し戻しました。"),
        consequence=_("この自治体の値は、もう一度提出されるまで計算に入りません。"),
        **{
            **_below_report(
                municipality, known, _("%(title)sを差し戻す") % {"title": _title(known)}, _("差し戻す")
            ),
            "onward": reverse("joint:reports_due", args=[municipality.code]),
        },
    )


@member(MANAGE)
def confirm_report(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, report: int
) -> HttpResponseBase:
    known = _the_report(request, municipality, pk, report)
    form = ConfirmForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.confirm(known, municipality, visitor(request)),
        done=_("確認しました。"),
        **_below_report(
            municipality, known, _("%(title)sを確認しましたか") % {"title": _title(known)}, _("確認した")
        ),
    )


def _the_report(request: HttpRequest, municipality: Municipality, pk: int, report: int) -> ProjectReport:
    visible = verbs.visible(the_project(pk), municipality, visitor(request))
    found: ProjectReport = get_object_or_404(visible, pk=report)
    return found


def _below_report(
    municipality: Municipality, known: ProjectReport, title: str, submit: str
) -> dict[str, Any]:
    page = reverse("joint:report", args=[municipality.code, known.project_id, known.pk])
    return below(municipality, known.project, title, submit, to=page)


def _title(known: ProjectReport) -> str:
    half = half_label(verbs.half_of(known))
    return _("%(town)sの%(half)sの報告") % {"town": known.town, "half": half}


def _half(text: str) -> HalfYear:
    try:
        return read_half_year(text)
    except ValueError:
        raise Http404 from None


def _state(one: verbs.Expected, today: date) -> str:
    if one.report and one.report.state == State.RETURNED:
        return _("差し戻し")
    if one.overdue(today):
        return _("期限を過ぎています")
    return _("作成中") if one.report else _("まだ書かれていません")
