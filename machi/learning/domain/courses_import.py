"""A curriculum that was written as files (``engine.curriculum``) becomes a draft, and a version becomes files again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality, Person
from machi.learning.domain.courses import create_course, lessons_of
from machi.learning.domain.courses_access import ensure_office, record
from machi.learning.domain.courses_media import content_file, keep_file, opened_file
from machi.learning.engine.curriculum import Curriculum, MediaFile
from machi.learning.engine.media_kind import media_kind
from machi.learning.models import Course, CourseVersion, Exercise, Lesson, LessonMedia, Module


@transaction.atomic
def take_curriculum(
    consortium: Consortium, municipality: Municipality, person: Person, found: Curriculum
) -> CourseVersion:
    """A draft with exactly what the files say: of a new course, or the next version of the one with this name."""
    ensure_office(person, municipality)
    course = Course.objects.select_for_update().filter(slug=found.slug).first()
    if course is None:
        given = {"slug": found.slug, "title": found.title, "summary": found.summary}
        version = create_course(consortium, municipality, person, given)
    else:
        last = course.versions.order_by("-number")[0]
        if last.state == CourseVersion.State.DRAFT:
            raise Refused(
                _("研修「%(title)s」には下書きがもうあります。公開するか捨ててから取り込んでください。")
                % {"title": course.title}
            )
        version = CourseVersion.objects.create(consortium=consortium, course=course, number=last.number + 1)
    _fill(version, found)
    lessons = list(found.lessons)
    record(
        consortium,
        municipality,
        person,
        f"course:{version.course_id}",
        "import",
        inputs={"lessons": [one.text for one in lessons]},
        version=version.pk,
        lessons=len(lessons),
        exercises=sum(len(one.exercises) for one in lessons),
    )
    return version


def _fill(version: CourseVersion, found: Curriculum) -> None:
    consortium = version.consortium
    for number, (title, lessons) in enumerate(found.modules, 1):
        module = Module.objects.create(consortium=consortium, version=version, order=number, title=title)
        for order, files in enumerate(lessons, 1):
            lesson = Lesson.objects.create(
                consortium=consortium,
                module=module,
                order=order,
                slug=files.slug,
                title=files.about.title,
                minutes=files.about.minutes,
                goals=files.about.goals,
                text=files.text,
                sources=[one.model_dump(mode="json") for one in files.about.sources],
            )
            Exercise.objects.bulk_create(
                Exercise(consortium=consortium, lesson=lesson, order=at, **one.model_dump())
                for at, one in enumerate(files.exercises, 1)
            )
            LessonMedia.objects.bulk_create(_media(lesson, one) for one in files.media)


def _media(lesson: Lesson, file: MediaFile) -> LessonMedia:
    about = file.about
    digest, size = keep_file(lesson.consortium, content_file(file.data, about.file))
    return LessonMedia(
        consortium=lesson.consortium,
        lesson=lesson,
        name=about.file,
        kind=media_kind(file.data) or "",
        digest=digest,
        size=size,
        alt=about.alt,
        transcript=about.transcript,
        captions=file.captions,
        silent=about.silent,
        credit=about.credit,
    )


def as_files(version: CourseVersion) -> Iterator[tuple[str, bytes]]:
    """Names and contents, in the form that ``engine.curriculum`` reads: what goes out can come in again."""
    lessons = lessons_of(version)
    stems = {one.pk: f"{at:02}-{one.slug}" for at, one in enumerate(lessons, 1)}
    modules: list[dict[str, Any]] = []
    for one in lessons:
        if not modules or modules[-1]["pk"] != one.module_id:
            modules.append({"pk": one.module_id, "title": one.module.title, "lessons": []})
        modules[-1]["lessons"].append(stems[one.pk])
    course = {
        "title": version.course.title,
        "summary": version.course.summary,
        "modules": [{"title": one["title"], "lessons": one["lessons"]} for one in modules],
    }
    yield "course.json", _json(course)
    media: dict[int, list[LessonMedia]] = {}
    for file in LessonMedia.objects.filter(lesson__module__version=version):
        media.setdefault(file.lesson_id, []).append(file)
    exercises: dict[int, list[Exercise]] = {}
    for exercise in Exercise.objects.filter(lesson__module__version=version).order_by("order"):
        exercises.setdefault(exercise.lesson_id, []).append(exercise)
    written: set[str] = set()
    for one in lessons:
        yield from _lesson_files(
            one, stems[one.pk], media.get(one.pk, []), exercises.get(one.pk, []), written
        )


def _lesson_files(
    lesson: Lesson, stem: str, media: list[LessonMedia], exercises: list[Exercise], written: set[str]
) -> Iterator[tuple[str, bytes]]:
    yield f"{stem}.md", lesson.text.encode()
    about: dict[str, Any] = {
        "title": lesson.title,
        "minutes": lesson.minutes,
        "goals": lesson.goals,
        "sources": lesson.sources,
        "media": [],
    }
    for file in media:
        said: dict[str, Any] = {"file": file.name, "alt": file.alt, "credit": file.credit}
        if file.is_video:
            said |= {"transcript": file.transcript, "silent": file.silent}
        if file.captions:
            said["captions"] = f"{file.name.rpartition('.')[0]}.vtt"
            yield said["captions"], file.captions.encode()
        about["media"].append(said)
        if file.name not in written:
            written.add(file.name)
            with opened_file(file) as content:
                yield file.name, content.read()
    yield f"{stem}.json", _json(about)
    if exercises:
        fields = ("slug", "kind", "title", "pass_percent", "required", "task")
        yield (
            f"{stem}.exercises.json",
            _json([{name: getattr(one, name) for name in fields} for one in exercises]),
        )


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode()
