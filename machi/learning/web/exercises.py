"""An exercise of one's own course: do it, see the result with its reasons, look back at all attempts."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality
from machi.base.running import NotApproved
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.forms import add_refusal, posted
from machi.learning.domain import exercises as verbs
from machi.learning.domain import exercises_queries as queries
from machi.learning.models import Enrolment, Exercise
from machi.learning.web.exercises_forms import AnswerForm
from machi.learning.web.exercises_shown import lesson_url, result_context, task_context

LEARN = "learning.learn"
A_PAGE = 25


@member(LEARN)
def exercise(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, enrolment: int, pk: int
) -> HttpResponseBase:
    """The task and its form. The answer is scored, kept and recorded; then its result is shown."""
    person = visitor(request)
    place = get_object_or_404(
        queries.own_enrolments(person, municipality).exclude(state=Enrolment.State.WITHDRAWN), pk=enrolment
    )
    found = get_object_or_404(queries.exercises_of(place.cohort.version_id), pk=pk)
    closed = verbs.closed(municipality, found)
    form = AnswerForm(posted(request), found)
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.attempt(place, found, person, form.answer)
        except NotApproved:
            raise
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("learning:exercise_result", municipality.code, made.pk)
    context = {
        **task_context(found),
        "form": form,
        "closed": closed,
        "enrolment": place,
        "tries": queries.own_attempts(person, municipality).filter(enrolment=place, exercise=found).count(),
        "breadcrumbs": breadcrumbs(municipality, place, found),
    }
    return render(request, "learning/exercises/exercise.html", context)


@member(LEARN)
def result(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    made = get_object_or_404(queries.own_attempts(visitor(request), municipality), pk=pk)
    context = {
        **result_context(made.exercise, verbs.shown(made), made.passed),
        "exercise": made.exercise,
        "attempt": made,
        "percent": made.percent,
        "lesson_url": lesson_url(municipality, made.enrolment, made.exercise),
        "breadcrumbs": breadcrumbs(municipality, made.enrolment, made.exercise),
    }
    return render(request, "learning/exercises/result.html", context)


@member(LEARN)
def attempts(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, enrolment: int
) -> HttpResponseBase:
    """One's own attempts in a course, the latest first; ``?exercise=`` those at one exercise."""
    person = visitor(request)
    place = get_object_or_404(queries.own_enrolments(person, municipality), pk=enrolment)
    found = queries.own_attempts(person, municipality).filter(enrolment=place).defer("answer")
    chosen = request.GET.get("exercise", "")
    if chosen:
        if not (chosen.isascii() and chosen.isdecimal()):
            raise Http404
        found = found.filter(exercise=int(chosen))
    if "format" in request.GET:
        columns = [_("日時"), _("レッスン"), _("演習"), _("種類"), _("点（%）"), _("合格")]
        rows = (
            (
                one.at,
                one.exercise.lesson.title,
                one.exercise.title,
                one.exercise.get_kind_display(),
                one.percent,
                one.passed,
            )
            for one in found.iterator(chunk_size=500)
        )
        return export(request, "attempts", columns, rows)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("これまでの挑戦"),
        "enrolment": place,
        "page_obj": page,
        "chosen": chosen,
        "breadcrumbs": [
            (_("学び"), reverse("learning:home", args=[municipality.code])),
            (_("これまでの挑戦"), ""),
        ],
    }
    return render(request, "learning/exercises/attempts.html", context)


def breadcrumbs(municipality: Municipality, enrolment: Enrolment, found: Exercise) -> list[tuple[str, str]]:
    """Below its lesson."""
    return [
        (_("学び"), reverse("learning:home", args=[municipality.code])),
        (found.lesson.title, lesson_url(municipality, enrolment, found)),
        (found.title, ""),
    ]
