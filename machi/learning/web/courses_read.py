"""A published lesson to be read by whoever works here, without a place in a cohort: nothing of it is noted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.learning.domain.courses import lessons_of
from machi.learning.domain.courses_access import LEARN
from machi.learning.domain.courses_cohorts import TAUGHT
from machi.learning.domain.courses_enrolment import own_enrolments
from machi.learning.models import CourseVersion, Enrolment, Lesson
from machi.learning.web.courses_lesson import lesson_html
from machi.learning.web.courses_pages import address


@member(LEARN)
@require_safe
def read_lesson(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Whoever takes this course is led to their own page of the lesson, where their progress is kept."""
    found: Lesson = get_object_or_404(
        Lesson.objects.select_related("module__version__course").filter(
            module__version__state=CourseVersion.State.PUBLISHED
        ),
        pk=pk,
    )
    version = found.module.version
    own = own_enrolments(visitor(request)).filter(cohort__version=version, cohort__state__in=TAUGHT)
    if place := own.exclude(state=Enrolment.State.WITHDRAWN).first():
        return redirect("learning:lesson", municipality.code, place.pk, found.pk)
    lessons = list(lessons_of(version))
    at = next(at for at, one in enumerate(lessons) if one.pk == found.pk)
    context = {
        "title": found.title,
        "lesson": found,
        "html": lesson_html(municipality, found),
        "course": version.course,
        "before": lessons[at - 1] if at else None,
        "after": lessons[at + 1] if at + 1 < len(lessons) else None,
        "breadcrumbs": [
            (_("わたしの研修"), address(municipality, "my_courses")),
            (version.course.title, ""),
            (found.title, ""),
        ],
    }
    return render(request, "learning/courses/read_lesson.html", context)
