"""Item statistics for whoever instructs a cohort, and for the joint office."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.learning.domain import exercises_queries as queries
from machi.learning.domain.exercises_words import CRITERIA, STATISTICS
from machi.learning.web.exercises import A_PAGE, LEARN


@member(LEARN)
def cohorts(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """The cohorts one teaches: for many learners an empty list that says so."""
    found = queries.taught_by(visitor(request), municipality)
    if "format" in request.GET:
        columns = [_("回"), _("研修"), _("版"), _("始まる日"), _("終わる日"), _("状態")]
        rows = (
            (
                one.title,
                one.version.course.title,
                one.version.number,
                one.starts_on,
                one.ends_on,
                one.get_state_display(),
            )
            for one in found
        )
        return export(request, "cohorts", columns, rows)
    context = {
        "title": _("設問の統計"),
        "page_obj": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "breadcrumbs": [_breadcrumbs(municipality)[0], (_("設問の統計"), "")],
    }
    return render(request, "learning/exercises/cohorts.html", context)


@member(LEARN)
def statistics(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    cohort = get_object_or_404(queries.taught_by(visitor(request), municipality), pk=pk)
    found = queries.statistics_of(cohort)
    if "format" in request.GET:
        columns = [_("演習"), _("種類"), _("設問"), _("人数"), _("正答率"), _("識別力"), _("見立て")]
        return export(request, "item-statistics", columns, _rows(found))
    context = {
        "title": _("設問の統計: %(cohort)s") % {"cohort": cohort.title},
        "cohort": cohort,
        "found": [
            {
                "exercise": one.exercise,
                "learners": one.learners,
                "lines": [
                    {
                        "about": CRITERIA.get(about, about),
                        "line": line,
                        "words": [STATISTICS[w] for w in line.words],
                    }
                    for about, line in one.lines
                ],
            }
            for one in found
        ],
        "breadcrumbs": [*_breadcrumbs(municipality), (cohort.title, "")],
    }
    return render(request, "learning/exercises/statistics.html", context)


def _rows(found: list[queries.ExerciseStatistics]) -> Iterator[tuple[object, ...]]:
    for one in found:
        for about, line in one.lines:
            yield (
                one.exercise.title,
                one.exercise.get_kind_display(),
                CRITERIA.get(about, about),
                line.number,
                None if line.difficulty is None else round(line.difficulty, 3),
                None if line.discrimination is None else round(line.discrimination, 3),
                "、".join(str(STATISTICS[word]) for word in line.words),
            )


def _breadcrumbs(municipality: Municipality) -> list[tuple[str, str]]:
    return [
        (_("学び"), reverse("learning:home", args=[municipality.code])),
        (_("設問の統計"), reverse("learning:exercise_statistics", args=[municipality.code])),
    ]
