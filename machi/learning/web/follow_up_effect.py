"""What towns did before and after their people began a course, described; no effect is claimed without an estimator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.learning.domain.courses_access import is_office
from machi.learning.domain.follow_up_access import SEE_EFFECT
from machi.learning.domain.follow_up_effect import FEWEST_TOWNS, estimates, groups_for, panel
from machi.learning.engine.effect import Panel, StartGroup, long_rows
from machi.learning.engine.lines_chart import LinesChart, lines_chart
from machi.learning.web.follow_up_forms import MEASURES, MeasureForm

_MOST_LINES = 4
"""More cannot be told apart; the table has all."""


@member(SEE_EFFECT)
@require_safe
def effect(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    office = is_office(visitor(request), municipality)
    form = MeasureForm(request.GET)
    measure = form.chosen()
    found = panel(consortium, measure, timezone.localdate())
    groups = groups_for(found, office)
    if "format" in request.GET:
        columns = [_("始めた月"), _("自治体の数"), _("月"), _("1自治体あたり")]
        return export(request, f"effect-{measure}", columns, _rows(found, groups))
    own = found.values.get(municipality.pk, ())
    shown = groups[-_MOST_LINES:] if len(groups) > _MOST_LINES else groups
    chart = _chart(found, shown)
    context = {
        "title": _("研修の効果"),
        "form": form,
        "measure": MEASURES[measure],
        "measure_key": measure.value,
        "office": office,
        "fewest": FEWEST_TOWNS,
        "groups": [{"group": one, "name": group_name(one.start)} for one in groups],
        "chart": chart,
        "keys": [{"name": group_name(one.start), "number": at} for at, one in enumerate(shown, 1)],
        "labels": _labels(chart, found.periods) if chart else [],
        "months": [
            {
                "month": month,
                "values": [one.means[at] for one in groups],
                "own": own[at] if own else None,
            }
            for at, month in enumerate(found.periods)
        ],
        "said": estimates(found),
        "consortium": consortium,
        "consortia": request.consortia,  # type: ignore[attr-defined]
    }
    return render(request, "learning/follow_up/effect.html", context)


@member(SEE_EFFECT)
@require_safe
def effect_panel(
    request: HttpRequest, municipality: Municipality, consortium: Consortium
) -> HttpResponseBase:
    """One row a town and month, for estimators outside: the joint office's alone, which answers for all towns."""
    if not is_office(visitor(request), municipality):
        raise PermissionDenied
    measure = MeasureForm(request.GET).chosen()
    found = panel(consortium, measure, timezone.localdate())
    columns = ["unit", "period", "time", "first_treated", "first_treated_time", measure.value]
    return export(request, f"panel-{measure}", columns, long_rows(found), kind="csv")


def group_name(start: date | None) -> str:
    return _("%(year)s年%(month)s月から") % {"year": start.year, "month": start.month} if start else _("まだ")


def _rows(found: Panel, groups: list[StartGroup]) -> Iterator[tuple[Any, ...]]:
    for one in groups:
        for month, mean in zip(found.periods, one.means, strict=True):
            yield (
                group_name(one.start),
                len(one.units),
                f"{month:%Y-%m}",
                None if mean is None else round(mean, 2),
            )


def _chart(found: Panel, groups: list[StartGroup]) -> LinesChart | None:
    if not groups:
        return None
    at = {month: number for number, month in enumerate(found.periods)}
    return lines_chart([(one.means, at.get(one.start) if one.start else None) for one in groups])


def _labels(chart: LinesChart, periods: tuple[date, ...]) -> list[tuple[float, str]]:
    every = max(1, -(-len(periods) // 6))
    return [
        (x, f"{month.year}/{month.month}")
        for number, (x, month) in enumerate(zip(chart.steps, periods, strict=True))
        if number % every == 0
    ]
