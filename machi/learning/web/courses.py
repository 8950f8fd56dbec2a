"""The curriculum, for the joint office: courses, their versions, what a version holds."""

from __future__ import annotations

import io
import zipfile

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.files import attached
from machi.base.web.forms import ConfirmForm, add_refusal, posted
from machi.base.web.history import told
from machi.learning.domain import courses as verbs
from machi.learning.domain.courses_access import RUN
from machi.learning.domain.courses_import import as_files, take_curriculum
from machi.learning.engine.curriculum import read_zip
from machi.learning.models import Course, CourseVersion
from machi.learning.web.courses_forms import CourseAboutForm, CourseForm, DraftForm, ZipForm
from machi.learning.web.courses_pages import (
    A_PAGE,
    COURSE_ACTIONS,
    STATE_CHIPS,
    address,
    the_version,
    version_crumbs,
)

_MOST_TOLD = 50


@member(RUN)
def courses(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    found = verbs.courses()
    if "format" in request.GET:
        columns = [_("研修"), _("短い名前"), _("版"), _("状態"), _("公開した日時")]
        rows = (
            [course.title, course.slug, one.number, one.get_state_display(), one.published_at]
            for course in found
            for one in course.versions.all()
        )
        return export(request, "courses", columns, rows)
    context = {
        "title": _("研修の教材"),
        "page_obj": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "chips": STATE_CHIPS,
    }
    return render(request, "learning/courses/courses.html", context)


@member(RUN)
def create_course(
    request: HttpRequest, municipality: Municipality, consortium: Consortium
) -> HttpResponseBase:
    form = CourseForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.create_course(consortium, municipality, visitor(request), form.cleaned_data),
        onward=lambda made: address(municipality, "course_version", made.pk),
        done=_("第1版の下書きを作りました。章とレッスンを加えてください。"),
        title=_("研修を作る"),
        submit=_("作る"),
        cancel_url=address(municipality, "courses"),
        breadcrumbs=[(_("研修の教材"), address(municipality, "courses")), (_("研修を作る"), "")],
    )


@member(RUN)
def import_course(
    request: HttpRequest, municipality: Municipality, consortium: Consortium
) -> HttpResponseBase:
    """A curriculum written as files, in a zip; what is wrong with it is told by file and place."""
    form = ZipForm(posted(request), request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        found, wrong = read_zip(form.cleaned_data["file"].read())
        problems = [str(one) for one in wrong]
        if found is not None:
            try:
                version = take_curriculum(consortium, municipality, visitor(request), found)
            except Refused as refused:
                add_refusal(form, refused)
            else:
                return redirect("learning:course_version", municipality.code, version.pk)
    context = {
        "title": _("教材をファイルから取り込む"),
        "form": form,
        "problems": problems[:_MOST_TOLD],
        "more_problems": max(0, len(problems) - _MOST_TOLD),
        "cancel_url": address(municipality, "courses"),
        "breadcrumbs": [
            (_("研修の教材"), address(municipality, "courses")),
            (_("ファイルから取り込む"), ""),
        ],
    }
    return render(request, "learning/courses/import_course.html", context)


@member(RUN)
def course(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _the_course(pk)
    versions = list(found.versions.order_by("-number"))
    context = {
        "title": found.title,
        "course": found,
        "versions": versions,
        "chips": STATE_CHIPS,
        "may_draft": versions[0].state != CourseVersion.State.DRAFT,
        "events": told(f"course:{pk}", COURSE_ACTIONS),
        "breadcrumbs": [(_("研修の教材"), address(municipality, "courses")), (found.title, "")],
    }
    return render(request, "learning/courses/course.html", context)


@member(RUN)
def change_course(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _the_course(pk)
    back = address(municipality, "course", pk)
    form = CourseAboutForm(posted(request), initial={"title": found.title, "summary": found.summary})
    return acted(
        request,
        form,
        lambda: verbs.change_course(found, municipality, visitor(request), form.cleaned_data),
        onward=back,
        done=_("保存しました。"),
        title=_("研修の名前と説明を直す"),
        submit=_("保存する"),
        cancel_url=back,
    )


@member(RUN)
def draft_course(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _the_course(pk)
    form = DraftForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.draft_anew(found, municipality, visitor(request), form.cleaned_data["changes"]),
        onward=lambda made: address(municipality, "course_version", made.pk),
        done=_("下書きを作りました。"),
        title=_("「%(title)s」の次の版を作る") % {"title": found.title},
        consequence=_(
            "今の版を写した下書きができます。演習、画像、動画も写します。公開するまで受講者には見えません。"
        ),
        submit=_("下書きを作る"),
        cancel_url=address(municipality, "course", pk),
    )


@member(RUN)
def course_version(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The outline, and for a draft every way to change it."""
    version = the_version(pk)
    modules = verbs.outline(version)
    if "format" in request.GET:
        columns = [_("章"), _("レッスン"), _("短い名前"), _("かかる時間（分）"), _("演習の数")]
        rows = [
            [one.title, lesson.title, lesson.slug, lesson.minutes, lesson.exercise_count]  # type: ignore[attr-defined]
            for one in modules
            for lesson in one.lessons.all()
        ]
        return export(request, f"course-{pk}", columns, rows)
    draft = version.state == CourseVersion.State.DRAFT
    context = {
        "title": version.course.title,
        "version": version,
        "modules": modules,
        "minutes": sum(lesson.minutes for one in modules for lesson in one.lessons.all()),
        "lessons": sum(len(one.lessons.all()) for one in modules),
        "draft": draft,
        "missing": verbs.missing(version) if draft else [],
        "chip": STATE_CHIPS[CourseVersion.State(version.state)],
        "breadcrumbs": version_crumbs(municipality, version),
    }
    return render(request, "learning/courses/version.html", context)


@member(RUN)
def publish_version(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    return _confirmed(
        request,
        municipality,
        pk,
        verbs.publish,
        title=_("この版を公開しますか"),
        consequence=_(
            "公開した版はもう変えられません。前に公開した版は終了になり、新しい回では使えなくなります。"
        ),
        submit=_("公開する"),
        done=_("公開しました。この版で回を作れます。"),
    )


@member(RUN)
def retire_version(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    return _confirmed(
        request,
        municipality,
        pk,
        verbs.retire,
        title=_("この版を終了しますか"),
        consequence=_("この版で新しい回は作れなくなります。始まっている回はそのまま続きます。"),
        submit=_("終了する"),
        done=_("終了しました。"),
    )


@member(RUN)
def discard_version(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    version, form = the_version(pk), ConfirmForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.discard(version, municipality, visitor(request)),
        onward=address(municipality, "courses"),
        done=_("下書きを捨てました。"),
        title=_("この下書きを捨てますか"),
        consequence=_("章、レッスン、演習、画像、動画がすべて消えます。元には戻せません。"),
        danger=True,
        submit=_("捨てる"),
        cancel_url=address(municipality, "course_version", pk),
    )


@member(RUN)
@require_safe
def version_files(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponse:
    """The whole version as a zip that can be imported again, here or in another consortium."""
    version = the_version(pk)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in as_files(version):
            package.writestr(f"{version.course.slug}/{name}", content)
    return attached(out.getvalue(), f"{version.course.slug}-{version.number}.zip", "application/zip")


def _confirmed(
    request: HttpRequest,
    municipality: Municipality,
    pk: int,
    act: verbs.VersionAct,
    **page: str,
) -> HttpResponseBase:
    version, back = the_version(pk), address(municipality, "course_version", pk)
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: act(version, municipality, visitor(request)),
        onward=back,
        cancel_url=back,
        breadcrumbs=version_crumbs(municipality, version, (page["title"], "")),
        **page,
    )


def _the_course(pk: int) -> Course:
    found: Course = get_object_or_404(Course.objects.select_related("consortium"), pk=pk)
    return found
