"""Writing a draft: modules, lessons, pictures and videos; each lesson as learners will see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.forms import ConfirmForm, posted
from machi.learning.domain import courses_media as media_verbs
from machi.learning.domain import courses_writing as verbs
from machi.learning.domain.courses_access import RUN
from machi.learning.models import CourseVersion, LessonMedia
from machi.learning.web.courses_forms import LessonForm, MediaAboutForm, MediaForm, ModuleForm
from machi.learning.web.courses_lesson import lesson_html
from machi.learning.web.courses_pages import address, the_lesson, the_module, the_version, version_crumbs

Direction = verbs.Direction


@member(RUN)
def add_module(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    version, form = the_version(pk), ModuleForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.add_module(version, municipality, visitor(request), form.cleaned_data["title"]),
        **_below(municipality, version, _("章を加える"), _("加える")),
    )


@member(RUN)
def change_module(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    module = the_module(pk)
    form = ModuleForm(posted(request), initial={"title": module.title})
    return acted(
        request,
        form,
        lambda: verbs.change_module(module, municipality, visitor(request), form.cleaned_data["title"]),
        **_below(municipality, module.version, _("章の名前を直す"), _("保存する")),
    )


@member(RUN)
@require_POST
def move_module(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, direction: str
) -> HttpResponseBase:
    module = the_module(pk)
    return _moved(
        request,
        municipality,
        module.version,
        direction,
        lambda to: verbs.move_module(module, municipality, visitor(request), to),
    )


@member(RUN)
def remove_module(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    module = the_module(pk)
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: verbs.remove_module(module, municipality, visitor(request)),
        done=_("章を除きました。"),
        consequence=_("章「%(title)s」のレッスン、演習、画像、動画も消えます。元には戻せません。")
        % {"title": module.title},
        danger=True,
        **_below(municipality, module.version, _("章を除きますか"), _("除く")),
    )


@member(RUN)
def add_lesson(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    module, form = the_module(pk), LessonForm(posted(request))
    below = _below(municipality, module.version, _("レッスンを加える"), _("加える"))
    return acted(
        request,
        form,
        lambda: verbs.add_lesson(module, municipality, visitor(request), form.cleaned_data),
        done=_("レッスンを加えました。"),
        **{**below, "onward": lambda made: address(municipality, "draft_lesson", made.pk)},
    )


@member(RUN)
def draft_lesson(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The lesson as learners see it, with its pictures, videos and exercises to look after."""
    lesson = the_lesson(pk)
    version = lesson.module.version
    context = {
        "title": lesson.title,
        "lesson": lesson,
        "version": version,
        "draft": version.state == CourseVersion.State.DRAFT,
        "html": lesson_html(municipality, lesson),
        "media": list(lesson.media.all()),
        "exercises": list(lesson.exercises.order_by("order").defer("task")),
        "breadcrumbs": version_crumbs(municipality, version, (lesson.title, "")),
    }
    return render(request, "learning/courses/draft_lesson.html", context)


@member(RUN)
def write_lesson(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    lesson = the_lesson(pk)
    form = LessonForm(posted(request), initial={name: getattr(lesson, name) for name in verbs.LESSON})
    back = address(municipality, "draft_lesson", pk)
    below = _below(municipality, lesson.module.version, _("レッスンを直す"), _("保存する"))
    return acted(
        request,
        form,
        lambda: verbs.write_lesson(lesson, municipality, visitor(request), form.cleaned_data),
        done=_("保存しました。"),
        **{**below, "onward": back, "cancel_url": back},
    )


@member(RUN)
@require_POST
def move_lesson(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, direction: str
) -> HttpResponseBase:
    lesson = the_lesson(pk)
    return _moved(
        request,
        municipality,
        lesson.module.version,
        direction,
        lambda to: verbs.move_lesson(lesson, municipality, visitor(request), to),
    )


@member(RUN)
def remove_lesson(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    lesson = the_lesson(pk)
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: verbs.remove_lesson(lesson, municipality, visitor(request)),
        done=_("レッスンを除きました。"),
        consequence=_("レッスン「%(title)s」の演習、画像、動画も消えます。元には戻せません。")
        % {"title": lesson.title},
        danger=True,
        **_below(municipality, lesson.module.version, _("レッスンを除きますか"), _("除く")),
    )


@member(RUN)
def add_media(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    lesson = the_lesson(pk)
    form = MediaForm(posted(request), request.FILES or None)
    back = address(municipality, "draft_lesson", pk)

    def act() -> LessonMedia:
        file = form.cleaned_data["file"]
        return media_verbs.add_media(
            lesson, municipality, visitor(request), file.name.lower(), file, form.about()
        )

    below = _below(municipality, lesson.module.version, _("画像か動画を加える"), _("加える"))
    return acted(
        request,
        form,
        act,
        done=_("加えました。本文に ![](名前) と書くと表示されます。"),
        **{**below, "onward": back, "cancel_url": back},
    )


@member(RUN)
def describe_media(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    media = _the_media(pk)
    initial = {name: getattr(media, name) for name in ("alt", "transcript", "silent", "credit")}
    form = MediaAboutForm(posted(request), request.FILES or None, described=media, initial=initial)
    back = address(municipality, "draft_lesson", media.lesson_id)
    below = _below(municipality, media.lesson.module.version, media.name, _("保存する"))
    return acted(
        request,
        form,
        lambda: media_verbs.describe_media(media, municipality, visitor(request), form.about()),
        done=_("保存しました。"),
        **{**below, "onward": back, "cancel_url": back},
    )


@member(RUN)
def remove_media(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    media = _the_media(pk)
    back = address(municipality, "draft_lesson", media.lesson_id)
    title = _("「%(name)s」を除きますか") % {"name": media.name}
    below = _below(municipality, media.lesson.module.version, title, _("除く"))
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: media_verbs.remove_media(media, municipality, visitor(request)),
        done=_("除きました。"),
        consequence=_("本文にこの名前が残っていると、公開できません。"),
        **{**below, "onward": back, "cancel_url": back},
    )


def _moved(
    request: HttpRequest,
    municipality: Municipality,
    version: CourseVersion,
    direction: str,
    act: Callable[[Direction], None],
) -> HttpResponseBase:
    match direction:
        case "up" | "down":
            pass
        case _:
            raise Http404
    # A move that is refused (published meanwhile) is told like any other refusal.
    form = ConfirmForm(request.POST)
    title, submit = _("順番を変える"), _("変える")
    to: Direction = "up" if direction == "up" else "down"
    return acted(request, form, lambda: act(to), **_below(municipality, version, title, submit))


def _the_media(pk: int) -> LessonMedia:
    found: LessonMedia = get_object_or_404(
        LessonMedia.objects.select_related(
            "lesson__module__version__course", "lesson__module__version__consortium", "consortium"
        ),
        pk=pk,
    )
    return found


def _below(municipality: Municipality, version: CourseVersion, title: str, submit: str) -> dict[str, Any]:
    page = address(municipality, "course_version", version.pk)
    return {
        "onward": page,
        "title": title,
        "submit": submit,
        "cancel_url": page,
        "breadcrumbs": version_crumbs(municipality, version, (title, "")),
    }
