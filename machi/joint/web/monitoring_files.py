"""The files of a joint project: progress report and model sheet as PDF and Word, made anew each time."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.files import letters_attached
from machi.joint.domain import monitoring_reports as reports
from machi.joint.domain.monitoring_letters import KpiText, progress_letter, sheet_letter
from machi.joint.domain.monitoring_progress import money_of, progress_of
from machi.joint.domain.monitoring_scope import sees_inside
from machi.joint.domain.monitoring_sheets import may_write
from machi.joint.models import JointProject, ModelSheet
from machi.joint.web.monitoring import SEE, the_project
from machi.joint.web.monitoring_words import half_label, money_words, shown_kpi


@member(SEE)
@require_safe
def progress_file(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, kind: str
) -> HttpResponse:
    found, person, today = the_project(pk), visitor(request), timezone.localdate()
    inside = sees_inside(person, municipality, found)
    visible = reports.visible(found, municipality, person).filter(state__in=reports.HANDED_IN)
    letter = progress_letter(
        found,
        _kpis(found),
        [(half_label(reports.half_of(one)), one) for one in visible],
        money=money_words(money_of(found, today)) if inside else "",
        today=today,
    )
    return letters_attached([letter], f"project-{pk}", kind)


@member(SEE)
@require_safe
def sheet_file(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, kind: str
) -> HttpResponse:
    sheet = get_object_or_404(ModelSheet.objects.select_related("project"), pk=pk)
    if not sheet.published_at and not may_write(sheet.project, municipality, visitor(request)):
        raise PermissionDenied
    letter = sheet_letter(sheet, _kpis(sheet.project), today=timezone.localdate())
    return letters_attached([letter], f"model-{pk}", kind)


def _kpis(project: JointProject) -> list[KpiText]:
    shown = [shown_kpi(one) for one in progress_of([project])[project.pk]]
    return [KpiText(one.kpi.name, one.kpi.unit, one.chip.label, one.words, one.rows) for one in shown]
