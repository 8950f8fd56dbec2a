"""What the pages of courses share: finding things, the way back, how somebody stands in words."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from machi.base.models import Municipality, Person
from machi.learning.engine.pace import Standing, Why
from machi.learning.models import Cohort, CourseVersion, Enrolment, Lesson, Module

A_PAGE = 25
Crumbs = list[tuple[str, str]]
STATE_CHIPS = {
    CourseVersion.State.DRAFT: "warning",
    CourseVersion.State.PUBLISHED: "success",
    CourseVersion.State.RETIRED: "",
}
COURSE_ACTIONS = {
    "create": gettext_noop("研修を作った"),
    "change": gettext_noop("名前か説明を直した"),
    "import": gettext_noop("教材をファイルから取り込んだ"),
    "draft": gettext_noop("次の版の下書きを作った"),
    "publish": gettext_noop("版を公開した"),
    "retire": gettext_noop("版を終了した"),
    "discard": gettext_noop("下書きを捨てた"),
    "write_lesson": gettext_noop("レッスンを直した"),
    "add_lesson": gettext_noop("レッスンを加えた"),
    "remove_lesson": gettext_noop("レッスンを除いた"),
    "add_media": gettext_noop("画像か動画を加えた"),
    "remove_media": gettext_noop("画像か動画を除いた"),
}
COHORT_ACTIONS = {
    "create": gettext_noop("回を作った"),
    "change": gettext_noop("名前・日程・講師を直した"),
    "planned": gettext_noop("準備中に戻した"),
    "open": gettext_noop("受付を始めた"),
    "running": gettext_noop("研修を始めた"),
    "ended": gettext_noop("研修を終えた"),
    "enrol_list": gettext_noop("一覧から受講者を登録した"),
    "export_xapi": gettext_noop("学習の記録（xAPI）を書き出した"),
}


def the_version(pk: int) -> CourseVersion:
    found: CourseVersion = get_object_or_404(
        CourseVersion.objects.select_related("course", "consortium"), pk=pk
    )
    return found


def the_module(pk: int) -> Module:
    found: Module = get_object_or_404(
        Module.objects.select_related("version__course", "version__consortium", "consortium"), pk=pk
    )
    return found


def the_lesson(pk: int) -> Lesson:
    found: Lesson = get_object_or_404(
        Lesson.objects.select_related("module__version__course", "module__version__consortium", "consortium"),
        pk=pk,
    )
    return found


def the_cohort(pk: int) -> Cohort:
    found: Cohort = get_object_or_404(
        Cohort.objects.select_related("version__course", "consortium").prefetch_related("instructors"), pk=pk
    )
    return found


def own_enrolment(person: Person, pk: int) -> Enrolment:
    """The person's own place; Http404 for anybody else's: that it exists is nobody's business."""
    found = (
        Enrolment.objects.select_related("cohort__version__course", "municipality__prefecture", "consortium")
        .filter(pk=pk, person=person)
        .first()
    )
    if found is None:
        raise Http404
    return found


def address(town: Municipality, name: str, *args: object) -> str:
    return reverse(f"learning:{name}", args=[town.code, *args])


def version_crumbs(town: Municipality, version: CourseVersion, *more: tuple[str, str]) -> Crumbs:
    return [
        (_("研修の教材"), address(town, "courses")),
        (version.course.title, address(town, "course", version.course_id)),
        (_("第%(number)s版") % {"number": version.number}, address(town, "course_version", version.pk)),
        *more,
    ]


def cohort_crumbs(town: Municipality, cohort: Cohort, *more: tuple[str, str]) -> Crumbs:
    return [
        (_("研修の回"), address(town, "cohorts")),
        (cohort.title, address(town, "cohort", cohort.pk)),
        *more,
    ]


def percent(share: float) -> int:
    """Whole percent; never 100 before all is done."""
    return int(share * 100 + 1e-9)


def reasons(found: Standing) -> list[str]:
    """Why somebody should be asked how they are, in sentences."""
    told = {
        Why.OVER: _("期間が終わりましたが、修了していません。"),
        Why.NOT_BEGUN: _("まだ始めていません。今ごろは%(expected)s%%のはずです。"),
        Why.BEHIND: _("%(share)s%%まで進んでいます。今ごろは%(expected)s%%のはずです。"),
        Why.EXERCISES_LEFT: _(
            "レッスンはすべて読みましたが、合格していない演習があります（全体の%(share)s%%）。"
        ),
    }
    said = []
    for why in found.reasons:
        if why == Why.IDLE:
            days = found.idle_days or 0
            said.append(
                ngettext("%(days)s日、何も開いていません。", "%(days)s日、何も開いていません。", days)
                % {"days": days}
            )
        else:
            said.append(told[why] % {"share": percent(found.share), "expected": percent(found.expected)})
    return said
