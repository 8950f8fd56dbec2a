"""Milestones and figures of a joint project."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import posted
from machi.joint.domain import monitoring_plan as verbs
from machi.joint.domain.monitoring_progress import names, progress_of
from machi.joint.domain.monitoring_scope import plans, sees_inside
from machi.joint.models import JointProject, ProjectKpi, ProjectMilestone
from machi.joint.web.monitoring import SEE, below, breadcrumbs, the_project
from machi.joint.web.monitoring_forms import KpiForm, MilestoneForm, ReachForm
from machi.joint.web.monitoring_words import half_label, number, shown_kpi

PLAN = "joint.plan_projects"


@member(PLAN)
def add_milestone(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _planned(request, municipality, pk)
    form = MilestoneForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.add_milestone(found, municipality, visitor(request), form.cleaned_data),
        done=_("到達点を加えました。"),
        **below(municipality, found, _("到達点を加える"), _("加える")),
    )


@member(PLAN)
def change_milestone(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, milestone: int
) -> HttpResponseBase:
    found = _planned(request, municipality, pk)
    known = get_object_or_404(ProjectMilestone, pk=milestone, project=found)
    form = MilestoneForm(posted(request), initial={name: getattr(known, name) for name in verbs.MILESTONE})
    return acted(
        request,
        form,
        lambda: verbs.change_milestone(known, municipality, visitor(request), form.cleaned_data),
        done=_("到達点を直しました。"),
        **below(municipality, found, _("到達点を直す"), _("保存する")),
    )


@member(PLAN)
def reach_milestone(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, milestone: int
) -> HttpResponseBase:
    found = _planned(request, municipality, pk)
    known = get_object_or_404(ProjectMilestone, pk=milestone, project=found)
    today = timezone.localdate()
    form = ReachForm(posted(request), initial={"done_on": known.done_on or today})
    return acted(
        request,
        form,
        lambda: verbs.reach_milestone(
            known, municipality, visitor(request), on=form.cleaned_data["done_on"], today=today
        ),
        done=_("到達点の記録を残しました。"),
        **below(municipality, found, _("「%(title)s」の達成") % {"title": known.title}, _("記録する")),
    )


@member(PLAN)
def add_kpi(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _planned(request, municipality, pk)
    form = KpiForm(
        posted(request),
        initial={
            "rising": "yes",
            "together": ProjectKpi.Together.SUM,
            "baseline_on": found.starts_on,
            "target_on": found.ends_on,
        },
    )
    return acted(
        request,
        form,
        lambda: verbs.add_kpi(found, municipality, visitor(request), form.cleaned_data),
        done=_("指標を加えました。"),
        **below(municipality, found, _("指標を加える"), _("加える")),
    )


@member(PLAN)
def change_kpi(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, kpi: int
) -> HttpResponseBase:
    found = _planned(request, municipality, pk)
    known = get_object_or_404(ProjectKpi, pk=kpi, project=found)
    initial = {name: getattr(known, name) for name in verbs.KPI}
    form = KpiForm(posted(request), initial={**initial, "rising": "yes" if known.rising else "no"})
    page = reverse("joint:kpi", args=[municipality.code, pk, kpi])
    return acted(
        request,
        form,
        lambda: verbs.change_kpi(known, municipality, visitor(request), form.cleaned_data),
        done=_("指標を直しました。"),
        **below(municipality, found, _("指標を直す"), _("保存する"), to=page),
    )


@member(SEE)
def kpi(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, kpi: int
) -> HttpResponseBase:
    """One figure: chart, table, and what each town reported for those who may see it."""
    found, person = the_project(pk), visitor(request)
    known = get_object_or_404(ProjectKpi, pk=kpi, project=found)
    progress = next(one for one in progress_of([found])[found.pk] if one.kpi.pk == known.pk)
    shown = shown_kpi(progress)
    if "format" in request.GET:
        columns = [_("半期"), _("計画"), _("実績"), _("差"), _("報告した自治体の数")]
        return export(request, f"kpi-{known.pk}", columns, shown.rows)
    inside = sees_inside(person, municipality, found)
    towns = names(list(found.members.all())) if inside else {}
    told = [one for one in progress.steps if one.towns] if inside else []
    page = reverse("joint:project", args=[municipality.code, pk])
    context = {
        "project": found,
        "shown": shown,
        "towns": [
            [name, *(number(step.towns[code]) if code in step.towns else "－" for step in told)]
            for code, name in towns.items()
        ]
        if told
        else [],
        "columns": [_("半期"), _("計画"), _("実績"), _("差"), _("報告")],
        "halves": [_("自治体"), *(half_label(step.half) for step in told)],
        "plans": plans(person, municipality, found) and found.state == JointProject.State.RUNNING,
        "breadcrumbs": [*breadcrumbs(municipality), (found.title, page), (known.name, "")],
    }
    return render(request, "joint/monitoring/kpi.html", context)


def _planned(request: HttpRequest, municipality: Municipality, pk: int) -> JointProject:
    """A manager of a town that does not lead the project is turned away before filling in a form."""
    found = the_project(pk)
    if not plans(visitor(request), municipality, found):
        raise PermissionDenied
    return found
