"""A learner's pages: my courses, one course, one lesson, its end; calendar and certificate."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.files import PDF, attached
from machi.learning.domain import courses_learning as verbs
from machi.learning.domain.courses_access import LEARN
from machi.learning.domain.courses_calendar import cohort_calendar, milestones
from machi.learning.domain.courses_certificates import certificate_pdf
from machi.learning.domain.courses_cohorts import TAUGHT
from machi.learning.domain.courses_enrolment import own_enrolments
from machi.learning.domain.courses_progress import LessonState, lesson_states, works_of
from machi.learning.domain.courses_reminders import page_of
from machi.learning.domain.follow_up_queries import follow_up_of
from machi.learning.engine.pace import standing
from machi.learning.models import Certificate, Cohort, Enrolment, Lesson
from machi.learning.web.courses_lesson import lesson_html
from machi.learning.web.courses_pages import address, own_enrolment, percent, reasons


@member(LEARN)
def my_courses(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """The learner's own, each with how far it is."""
    person = visitor(request)
    own = list(own_enrolments(person))
    shares = {pk: work.share for pk, work in works_of(own).items()}
    if "format" in request.GET:
        columns = [
            _("研修"),
            _("回"),
            _("状態"),
            _("進み（%）"),
            _("始まる日"),
            _("終わる日"),
            _("修了した日"),
        ]
        rows = [
            [
                one.cohort.version.course.title,
                one.cohort.title,
                one.get_state_display(),
                percent(shares[one.pk]),
                one.cohort.starts_on,
                one.cohort.ends_on,
                one.completed_at and timezone.localdate(one.completed_at),
            ]
            for one in own
        ]
        return export(request, "my-courses", columns, rows)
    context = {
        "title": _("わたしの研修"),
        "rows": [{"enrolment": one, "percent": percent(shares[one.pk])} for one in own],
        "consortium": consortium,
        "consortia": request.consortia,  # type: ignore[attr-defined]
    }
    return render(request, "learning/courses/my_courses.html", context)


@member(LEARN)
def my_course(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Where I am, what comes next, every lesson and exercise; the certificate once there is one."""
    enrolment = own_enrolment(visitor(request), pk)
    cohort = enrolment.cohort
    states = lesson_states(enrolment)
    if "format" in request.GET:
        columns = [
            _("章"),
            _("レッスン"),
            _("かかる時間（分）"),
            _("読んだ"),
            _("演習の合格"),
            _("必要な演習"),
        ]
        rows = [
            [
                one.lesson.module.title,
                one.lesson.title,
                one.lesson.minutes,
                one.finished,
                sum(passed for exercise, passed, _best in one.exercises if exercise.required),
                sum(exercise.required for exercise, _passed, _best in one.exercises),
            ]
            for one in states
        ]
        return export(request, "my-course", columns, rows)
    work = works_of([enrolment])[enrolment.pk]
    stands = standing(work, cohort.starts_on, cohort.ends_on, timezone.localdate())
    due = {module.pk: day for module, day in milestones(cohort)}
    modules: list[dict[str, object]] = []
    for one in states:
        if not modules or modules[-1]["pk"] != one.lesson.module_id:
            module = one.lesson.module
            modules.append({"pk": module.pk, "module": module, "until": due[module.pk], "states": []})
        modules[-1]["states"].append(one)  # type: ignore[attr-defined]
    taught = cohort.state in TAUGHT and enrolment.state != Enrolment.State.WITHDRAWN
    context = {
        "title": cohort.version.course.title,
        "enrolment": enrolment,
        "cohort": cohort,
        "modules": modules,
        "work": work,
        "done": work.lessons_done + work.exercises_passed,
        "units": work.lessons + work.exercises,
        "percent": percent(stands.share),
        "reasons": reasons(stands) if enrolment.state == Enrolment.State.ACTIVE else [],
        "next": next((one for one in states if not one.done), None) if taught else None,
        "taught": taught,
        "certificate": Certificate.objects.filter(enrolment=enrolment).first(),
        "follow_up": follow_up_of(enrolment, timezone.localdate()),
        "breadcrumbs": [(_("わたしの研修"), address(municipality, "my_courses")), (cohort.title, "")],
    }
    return render(request, "learning/courses/my_course.html", context)


@member(LEARN)
@require_safe
def lesson(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, lesson: int
) -> HttpResponseBase:
    """The text, its exercises, and the way on. That it was opened is noted while the cohort runs."""
    person = visitor(request)
    enrolment = own_enrolment(person, pk)
    if enrolment.state == Enrolment.State.WITHDRAWN or enrolment.cohort.state not in TAUGHT:
        raise PermissionDenied
    states = lesson_states(enrolment)
    at = next((at for at, one in enumerate(states) if one.lesson.pk == lesson), None)
    if at is None:
        raise Http404
    state = states[at]
    if not state.opened:
        verbs.open_lesson(enrolment, state.lesson, person)
    context = {
        "title": state.lesson.title,
        "enrolment": enrolment,
        "cohort": enrolment.cohort,
        "state": state,
        "html": lesson_html(municipality, state.lesson),
        "number": at + 1,
        "count": len(states),
        "finished": sum(one.finished for one in states),
        "before": states[at - 1] if at else None,
        "after": states[at + 1] if at + 1 < len(states) else None,
        "running": enrolment.cohort.state == Cohort.State.RUNNING,
        "breadcrumbs": [
            (_("わたしの研修"), address(municipality, "my_courses")),
            (enrolment.cohort.version.course.title, address(municipality, "my_course", pk)),
            (state.lesson.title, ""),
        ],
    }
    return render(request, "learning/courses/lesson.html", context)


@member(LEARN)
@require_POST
def finish_lesson(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, lesson: int
) -> HttpResponseBase:
    """Through with it: on to its exercises that are open, else to the next lesson, else to the course's page."""
    person = visitor(request)
    enrolment = own_enrolment(person, pk)
    found: Lesson = get_object_or_404(
        Lesson.objects.filter(module__version_id=enrolment.cohort.version_id), pk=lesson
    )
    try:
        verbs.finish_lesson(enrolment, found, person)
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("learning:my_course", municipality.code, pk)
    if enrolment.state == Enrolment.State.COMPLETED:
        messages.success(request, _("修了しました。おつかれさまでした。修了証を受け取れます。"))
        return redirect("learning:my_course", municipality.code, pk)
    states = lesson_states(enrolment)
    at = next(at for at, one in enumerate(states) if one.lesson.pk == found.pk)
    messages.success(request, _("「%(title)s」を終えました。") % {"title": found.title})
    if not states[at].done:
        return redirect(address(municipality, "lesson", pk, found.pk) + "#exercises-heading")
    onward: LessonState | None = states[at + 1] if at + 1 < len(states) else None
    if onward is None:
        return redirect("learning:my_course", municipality.code, pk)
    return redirect("learning:lesson", municipality.code, pk, onward.lesson.pk)


@member(LEARN)
@require_POST
def choose_reminders(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    person = visitor(request)
    enrolment = own_enrolment(person, pk)
    wanted = request.POST.get("reminders") == "on"
    verbs.choose_reminders(enrolment, person, wanted)
    told = _("お知らせのメールを送ります。") if wanted else _("お知らせのメールを止めました。")
    messages.success(request, told)
    return redirect("learning:my_course", municipality.code, pk)


@member(LEARN)
@require_safe
def my_calendar(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponse:
    enrolment = own_enrolment(visitor(request), pk)
    return attached(cohort_calendar(enrolment.cohort, page_of(enrolment)), "course.ics", "text/calendar")


@member(LEARN)
@require_safe
def my_certificate(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponse:
    enrolment = own_enrolment(visitor(request), pk)
    found = get_object_or_404(Certificate, enrolment=enrolment, revoked_at=None)
    return attached(certificate_pdf(found), f"certificate-{found.code}.pdf", PDF)
