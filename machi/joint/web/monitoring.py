"""Joint projects: the list, one project as a whole, and what the joint office does with them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm, posted
from machi.base.web.history import told
from machi.joint.domain import monitoring_reports as reports
from machi.joint.domain import projects as verbs
from machi.joint.domain.monitoring_progress import Progress, money_of, progress_of
from machi.joint.domain.monitoring_scope import is_office, plans, sees_inside, takes_part
from machi.joint.domain.monitoring_sheets import may_write
from machi.joint.engine.variance import Standing
from machi.joint.models import JointProject
from machi.joint.web.monitoring_forms import EndForm, ProjectFilter, ProjectForm
from machi.joint.web.monitoring_words import half_label, money_words, shown_kpi

A_PAGE = 25
SEE, MANAGE = "joint.see_projects", "joint.manage_projects"
ACTIONS = {
    "register": gettext_noop("事業を登録した"),
    "change": gettext_noop("事業の内容を直した"),
    "done": gettext_noop("事業を完了にした"),
    "stopped": gettext_noop("事業を中止した"),
    "reopen": gettext_noop("実施中に戻した"),
    "add_milestone": gettext_noop("到達点を加えた"),
    "change_milestone": gettext_noop("到達点を直した"),
    "reach_milestone": gettext_noop("到達点に達した"),
    "unreach_milestone": gettext_noop("到達点を未達成に戻した"),
    "add_kpi": gettext_noop("指標を加えた"),
    "change_kpi": gettext_noop("指標を直した"),
    "begin_report": gettext_noop("半期の報告を書き始めた"),
    "submit_report": gettext_noop("半期の報告を提出した"),
    "return_report": gettext_noop("報告を差し戻した"),
    "confirm_report": gettext_noop("報告を確認した"),
    "write_sheet": gettext_noop("横展開モデルを書いた"),
    "change_sheet": gettext_noop("横展開モデルを直した"),
    "publish_sheet": gettext_noop("横展開モデルを公開した"),
    "withdraw_sheet": gettext_noop("横展開モデルの公開をやめた"),
    "adopt": gettext_noop("ほかの自治体がモデルを取り入れた"),
    "tell_outcome": gettext_noop("モデルの結果を伝えた"),
    "ask": gettext_noop("共同事務局に相談した"),
    "answer": gettext_noop("相談に回答した"),
    "answer_again": gettext_noop("相談の回答を改めた"),
    "note_visit": gettext_noop("現地訪問を記録した"),
    "change_visit": gettext_noop("現地訪問の記録を直した"),
}


@member(SEE)
def projects(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    form = ProjectFilter(request.GET)
    found = verbs.projects()
    if form.is_valid():
        given = form.cleaned_data
        if given["mine"]:
            found = verbs.projects_of(municipality)
        for name in ("state", "area"):
            if given[name]:
                found = found.filter(**{name: given[name]})
    if "format" in request.GET:
        return _export(request, list(found))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    progress = progress_of(list(page))
    context = {
        "form": form,
        "page_obj": page,
        "rows": [{"project": one, **_counted(progress[one.pk])} for one in page],
        "filtered": any(request.GET.get(name) for name in ("state", "area", "mine")),
        "office": is_office(visitor(request), municipality),
    }
    return render(request, "joint/monitoring/projects.html", context)


@member(SEE)
def project(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """How it stands: figures against plan, milestones, reports, model sheet, mentoring, history."""
    found, person = the_project(pk), visitor(request)
    inside, today = sees_inside(person, municipality, found), timezone.localdate()
    sheet = getattr(found, "sheet", None)
    writes = may_write(found, municipality, person)
    context = {
        "project": found,
        "kpis": [shown_kpi(one) for one in progress_of([found])[found.pk]],
        "milestones": [
            {"row": one, "late": not one.done_on and one.due_on < today} for one in found.milestones.all()
        ],
        "money": money_words(money_of(found, today)) if inside else "",
        "reports": report_lines(found, municipality) if inside else [],
        "reports_own": person.has_perm(reports.WRITE, municipality),
        "inside": inside,
        "part": takes_part(found, municipality),
        "office": is_office(person, municipality),
        "plans": plans(person, municipality, found) and found.state == verbs.State.RUNNING,
        "writes_sheet": writes,
        "sheet": sheet if sheet and (sheet.published_at or writes) else None,
        "asks": takes_part(found, municipality) and person.has_perm("joint.ask_office", municipality),
        "questions": found.questions.select_related("town", "town__prefecture")[:5] if inside else [],
        "visits": found.visits.select_related("town", "town__prefecture")[:5] if inside else [],
        "overrun": verbs.ended_early(found, today),
        "events": told(f"project:{pk}", ACTIONS),
        "breadcrumbs": [*breadcrumbs(municipality), (found.title, "")],
    }
    return render(request, "joint/monitoring/project.html", context)


@member(MANAGE)
def register(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    form = ProjectForm(posted(request), consortium=consortium)
    return acted(
        request,
        form,
        lambda: verbs.register(
            consortium, municipality, visitor(request), form.cleaned_data, form.cleaned_data["members"]
        ),
        done=_("事業を登録しました。次に、到達点と指標を加えてください。"),
        onward=lambda made: reverse("joint:project", args=[municipality.code, made.pk]),
        title=_("共同事業を登録する"),
        submit=_("登録する"),
        cancel_url=reverse("joint:projects", args=[municipality.code]),
        breadcrumbs=[*breadcrumbs(municipality), (_("登録"), "")],
    )


@member(MANAGE)
def change(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_project(pk)
    form = ProjectForm(posted(request), consortium=consortium, project=found)
    return acted(
        request,
        form,
        lambda: verbs.change(
            found, municipality, visitor(request), form.cleaned_data, form.cleaned_data["members"]
        ),
        done=_("事業の内容を直しました。"),
        **below(municipality, found, _("事業の内容を直す"), _("保存する")),
    )


@member(MANAGE)
def end(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_project(pk)
    form = EndForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.end(found, municipality, visitor(request), **form.cleaned_data),
        done=_("事業を終えました。"),
        consequence=_("終えると、新しい報告は求められなくなります。これまでの報告は残ります。"),
        **below(municipality, found, _("事業を終える"), _("終える")),
    )


@member(MANAGE)
def reopen(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_project(pk)
    if found.state == verbs.State.RUNNING:
        return redirect("joint:project", municipality.code, pk)
    form = ConfirmForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.reopen(found, municipality, visitor(request)),
        done=_("実施中に戻しました。"),
        consequence=_("報告をふたたび求めるようになります。"),
        **below(municipality, found, _("実施中に戻しますか"), _("実施中に戻す")),
    )


def the_project(pk: int) -> JointProject:
    """With its towns."""
    found: JointProject = get_object_or_404(
        JointProject.objects.select_related(
            "lead", "lead__prefecture", "consortium", "sheet"
        ).prefetch_related("members__prefecture"),
        pk=pk,
    )
    return found


def breadcrumbs(municipality: Municipality) -> list[tuple[str, str]]:
    return [(_("共同事業"), reverse("joint:projects", args=[municipality.code]))]


def below(
    municipality: Municipality, found: JointProject, title: str, submit: str, *, to: str = ""
) -> dict[str, Any]:
    """What a page with a form says of itself, one step below its project."""
    page = reverse("joint:project", args=[municipality.code, found.pk])
    return {
        "onward": to or page,
        "title": title,
        "submit": submit,
        "cancel_url": to or page,
        "breadcrumbs": [*breadcrumbs(municipality), (found.title, page), (title, "")],
    }


def report_lines(found: JointProject, municipality: Municipality) -> list[dict[str, Any]]:
    """The last two half-years: who has handed in, who has not."""
    today = timezone.localdate()
    lines = reports.expected([found], today)
    latest = sorted({one.half for one in lines}, reverse=True)[:2]
    return [
        {
            "one": one,
            "half": half_label(one.half),
            "late": one.overdue(today),
            "own": one.town == municipality,
        }
        for one in lines
        if one.half in latest
    ]


def _counted(progress: list[Progress]) -> dict[str, int]:
    standing = [one.standing for one in progress]
    return {
        "behind": standing.count(Standing.BEHIND),
        "well": standing.count(Standing.ON_TRACK) + standing.count(Standing.AHEAD),
        "unknown": standing.count(Standing.UNKNOWN),
    }


def _export(request: HttpRequest, found: list[JointProject]) -> HttpResponseBase:
    columns = [
        _("事業名"),
        _("分野"),
        _("代表の自治体"),
        _("自治体の数"),
        _("事業費（円）"),
        _("開始日"),
        _("終了日"),
        _("状態"),
        _("計画どおりか進んでいる指標"),
        _("遅れている指標"),
        _("まだ分からない指標"),
    ]
    progress = progress_of(found)
    counted = {one.pk: _counted(progress[one.pk]) for one in found}
    rows = (
        (
            one.title,
            one.get_area_display(),
            str(one.lead),
            one.town_count,  # type: ignore[attr-defined]
            one.amount,
            one.starts_on,
            one.ends_on,
            one.get_state_display(),
            counted[one.pk]["well"],
            counted[one.pk]["behind"],
            counted[one.pk]["unknown"],
        )
        for one in found
    )
    return export(request, "joint-projects", columns, rows)
