"""The practice room: exercises of all published courses, for everybody who learns. Nothing is kept, nothing leaves."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.forms import posted
from machi.learning.domain import exercises as verbs
from machi.learning.domain import exercises_queries as queries
from machi.learning.web.exercises import A_PAGE, LEARN
from machi.learning.web.exercises_forms import AnswerForm
from machi.learning.web.exercises_shown import result_context, task_context


@member(LEARN)
def practice(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    lessons = queries.lessons_to_practise()
    if "format" in request.GET:
        columns = [_("研修"), _("版"), _("章"), _("レッスン"), _("演習"), _("種類")]
        rows = (
            (
                lesson.module.version.course.title,
                lesson.module.version.number,
                lesson.module.title,
                lesson.title,
                one.title,
                one.get_kind_display(),
            )
            for lesson in lessons
            for one in lesson.exercises.all()
        )
        return export(request, "practice", columns, rows)
    context = {
        "title": _("練習室"),
        "page_obj": Paginator(lessons, A_PAGE).get_page(request.GET.get("page")),
        "teaches": queries.taught_by(visitor(request), municipality).exists(),
        "breadcrumbs": [(_("学び"), reverse("learning:home", args=[municipality.code])), (_("練習室"), "")],
    }
    return render(request, "learning/exercises/practice.html", context)


@member(LEARN)
def practise(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The result stands above the form on the same page, which still holds the answer: change it and see."""
    found = queries.to_practise(pk)
    if found is None:
        raise Http404
    form = AnswerForm(posted(request), found)
    context = {**task_context(found), "form": form, "closed": verbs.closed(municipality, found)}
    if request.method == "POST" and form.is_valid():
        tried = verbs.practise(municipality, found, form.answer)
        context |= result_context(found, tried, tried.result.percent >= found.pass_percent)
        context["tried"] = True
    context["breadcrumbs"] = [
        (_("学び"), reverse("learning:home", args=[municipality.code])),
        (_("練習室"), reverse("learning:practice", args=[municipality.code])),
        (found.title, ""),
    ]
    return render(request, "learning/exercises/practise.html", context)
