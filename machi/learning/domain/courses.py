"""Courses and their versions: a draft is written, published it stands, retired no new cohort begins with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, Prefetch, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality, Person
from machi.learning.domain.courses_access import ensure_office, locked_draft, record
from machi.learning.domain.courses_media import forget_files
from machi.learning.engine.lesson_text import pictured
from machi.learning.models import Course, CourseVersion, Exercise, Lesson, LessonMedia, Module

State = CourseVersion.State
VersionAct = Callable[[CourseVersion, Municipality, Person], None]


def courses() -> QuerySet[Course, Any]:
    """All of the consortium, by title, with their versions, the newest first."""
    return Course.objects.prefetch_related(
        Prefetch("versions", CourseVersion.objects.order_by("-number"))
    ).order_by("title", "pk")


def outline(version: CourseVersion) -> list[Module]:
    """Modules in order, each with its ``lessons`` in order, and their ``exercise_count`` (two queries)."""
    lessons = Lesson.objects.annotate(exercise_count=Count("exercises", distinct=True)).order_by("order")
    return list(version.modules.order_by("order").prefetch_related(Prefetch("lessons", lessons)))


def minutes_of(version: CourseVersion) -> int:
    total: int | None = Lesson.objects.filter(module__version=version).aggregate(total=Sum("minutes"))[
        "total"
    ]
    return total or 0


@transaction.atomic
def create_course(
    consortium: Consortium, municipality: Municipality, person: Person, given: Mapping[str, Any]
) -> CourseVersion:
    """``given``: slug, title, summary. Its first version, a draft without a module."""
    ensure_office(person, municipality)
    if Course.objects.filter(slug=given["slug"]).exists():
        raise Refused(_("同じ短い名前の研修がもうあります。"), "slug")
    course = Course.objects.create(
        consortium=consortium,
        slug=given["slug"],
        title=given["title"].strip(),
        summary=given["summary"].strip(),
    )
    version = CourseVersion.objects.create(consortium=consortium, course=course, number=1)
    _record(version, municipality, person, "create")
    return version


@transaction.atomic
def change_course(
    course: Course, municipality: Municipality, person: Person, given: Mapping[str, Any]
) -> None:
    """Title and summary. Certificates keep the title they were given with."""
    ensure_office(person, municipality)
    course.title, course.summary = given["title"].strip(), given["summary"].strip()
    course.save(update_fields=["title", "summary"])
    record(
        course.consortium,
        municipality,
        person,
        f"course:{course.pk}",
        "change",
        inputs={"title": course.title, "summary": course.summary},
    )


@transaction.atomic
def draft_anew(
    course: Course, municipality: Municipality, person: Person, changes: str = ""
) -> CourseVersion:
    """A draft that begins as a copy of the last version, exercises, pictures and videos included."""
    ensure_office(person, municipality)
    last = course.versions.select_for_update().order_by("-number")[0]
    if last.state == State.DRAFT:
        raise Refused(_("下書きがもうあります。公開するか捨てるまで、次の版は作れません。"))
    version = CourseVersion.objects.create(
        consortium=course.consortium, course=course, number=last.number + 1, changes=changes.strip()
    )
    copy_into(version, last)
    _record(version, municipality, person, "draft", copied=last.pk)
    return version


def copy_into(version: CourseVersion, last: CourseVersion) -> None:
    """Modules, lessons, media and exercises, each kind in one statement."""
    modules = _copied(Module, last.modules.all(), "version", dict.fromkeys([last.pk], version))
    lessons = _copied(Lesson, Lesson.objects.filter(module__version=last), "module", modules)
    _copied(LessonMedia, LessonMedia.objects.filter(lesson__module__version=last), "lesson", lessons)
    _copied(Exercise, Exercise.objects.filter(lesson__module__version=last), "lesson", lessons)


def _copied(
    model: type[Any], rows: QuerySet[Any, Any], above: str, into: Mapping[int, Any]
) -> dict[int, Any]:
    """Copies of ``rows`` below what their ``above`` was copied to; by the number of the original."""
    made = {}
    for row in rows:
        fields = {
            one.attname: getattr(row, one.attname)
            for one in model._meta.concrete_fields
            if not one.primary_key and one.name != above
        }
        made[row.pk] = model(**fields, **{above: into[getattr(row, f"{above}_id")]})
    model.objects.bulk_create(made.values(), batch_size=200)
    return made


@transaction.atomic
def publish(version: CourseVersion, municipality: Municipality, person: Person) -> None:
    """From now on it stands as it is, and the version published before is retired: cohorts under way keep theirs."""
    ensure_office(person, municipality)
    current = locked_draft(version)
    if wrong := missing(current):
        raise Refused(" ".join(wrong))
    retired = current.course.versions.filter(state=State.PUBLISHED)
    before = list(retired.values_list("pk", flat=True))
    retired.update(state=State.RETIRED)
    current.state, current.published_at = State.PUBLISHED, timezone.now()
    current.save(update_fields=["state", "published_at"])
    lessons = Lesson.objects.filter(module__version=current).count()
    _record(current, municipality, person, "publish", lessons=lessons, retired=before)


def missing(version: CourseVersion) -> list[str]:
    """Why a draft cannot be published yet, in words; nothing: it can."""
    modules = list(version.modules.prefetch_related("lessons__media"))
    if not modules:
        return [_("章がありません。")]
    wrong = [
        _("章「%(title)s」にレッスンがありません。") % {"title": one.title}
        for one in modules
        if not one.lessons.all()
    ]
    slugs: set[str] = set()
    for lesson in (lesson for one in modules for lesson in one.lessons.all()):
        if lesson.slug in slugs:
            wrong.append(_("レッスンの短い名前「%(slug)s」が2回あります。") % {"slug": lesson.slug})
        slugs.add(lesson.slug)
        if not lesson.text.strip():
            wrong.append(_("レッスン「%(title)s」に本文がありません。") % {"title": lesson.title})
        names = {one.name for one in lesson.media.all()}
        wrong += [
            _("レッスン「%(title)s」の%(line)s行目: 「%(name)s」がありません。")
            % {"title": lesson.title, "line": line, "name": name}
            for name, line in pictured(lesson.text)
            if name not in names
        ]
    return wrong


@transaction.atomic
def retire(version: CourseVersion, municipality: Municipality, person: Person) -> None:
    """No new cohort begins with it; those under way go on."""
    ensure_office(person, municipality)
    current = CourseVersion.objects.select_for_update().get(pk=version.pk)
    if current.state != State.PUBLISHED:
        raise Refused(_("公開中の版ではありません。"))
    current.state = State.RETIRED
    current.save(update_fields=["state"])
    _record(current, municipality, person, "retire")


@transaction.atomic
def discard(version: CourseVersion, municipality: Municipality, person: Person) -> None:
    """Throws a draft away, and the course with it where it was never published."""
    ensure_office(person, municipality)
    current = locked_draft(version)
    course = current.course
    digests = LessonMedia.objects.filter(lesson__module__version=current).values_list("digest", flat=True)
    used = list(digests)
    number, pk = current.number, current.pk
    current.delete()
    forget_files(course.consortium, used)
    record(
        course.consortium,
        municipality,
        person,
        f"course:{course.pk}",
        "discard",
        version=pk,
        number=number,
    )
    if not course.versions.exists():
        course.delete()


def lessons_of(version: CourseVersion) -> Sequence[Lesson]:
    """In the order in which they are taught."""
    found = Lesson.objects.filter(module__version=version).select_related("module")
    return list(found.order_by("module__order", "order"))


def _record(
    version: CourseVersion, municipality: Municipality, person: Person, action: str, **outputs: Any
) -> None:
    record(
        version.consortium,
        municipality,
        person,
        f"course:{version.course_id}",
        action,
        version=version.pk,
        number=version.number,
        **outputs,
    )
