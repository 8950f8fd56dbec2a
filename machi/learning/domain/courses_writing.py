"""Writing a draft: its modules and lessons, their order. What was published is refused (``locked_draft``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.learning.domain.courses_access import ensure_office, locked_draft, record
from machi.learning.domain.courses_media import forget_files
from machi.learning.models import CourseVersion, Lesson, LessonMedia, Module

LESSON = ("slug", "title", "minutes", "goals", "text", "sources")
Direction = Literal["up", "down"]


@transaction.atomic
def add_module(version: CourseVersion, municipality: Municipality, person: Person, title: str) -> Module:
    current = _written(version, municipality, person)
    last = current.modules.aggregate(last=Max("order"))["last"] or 0
    module = Module.objects.create(
        consortium=current.consortium, version=current, order=last + 1, title=title.strip()
    )
    _record(current, municipality, person, "add_module", {"title": title}, module=module.pk)
    return module


@transaction.atomic
def change_module(module: Module, municipality: Municipality, person: Person, title: str) -> None:
    current = _written(module.version, municipality, person)
    module.title = title.strip()
    module.save(update_fields=["title"])
    _record(current, municipality, person, "change_module", {"title": title}, module=module.pk)


@transaction.atomic
def move_module(module: Module, municipality: Municipality, person: Person, direction: Direction) -> None:
    current = _written(module.version, municipality, person)
    _exchange(list(current.modules.order_by("order")), module, direction)
    _record(current, municipality, person, "move_module", None, module=module.pk, direction=direction)


@transaction.atomic
def remove_module(module: Module, municipality: Municipality, person: Person) -> None:
    """With its lessons."""
    current = _written(module.version, municipality, person)
    digests = list(LessonMedia.objects.filter(lesson__module=module).values_list("digest", flat=True))
    pk = module.pk
    module.delete()
    forget_files(current.consortium, digests)
    _record(current, municipality, person, "remove_module", None, module=pk)


@transaction.atomic
def add_lesson(
    module: Module, municipality: Municipality, person: Person, given: Mapping[str, Any]
) -> Lesson:
    current = _written(module.version, municipality, person)
    _ensure_free(current, given["slug"])
    last = module.lessons.aggregate(last=Max("order"))["last"] or 0
    lesson = Lesson.objects.create(
        consortium=current.consortium,
        module=module,
        order=last + 1,
        **{name: given[name] for name in LESSON},
    )
    _record(current, municipality, person, "add_lesson", _texts(lesson), lesson=lesson.pk)
    return lesson


@transaction.atomic
def write_lesson(
    lesson: Lesson, municipality: Municipality, person: Person, given: Mapping[str, Any]
) -> None:
    current = _written(lesson.module.version, municipality, person)
    _ensure_free(current, given["slug"], lesson)
    for name in LESSON:
        setattr(lesson, name, given[name])
    lesson.save()
    _record(current, municipality, person, "write_lesson", _texts(lesson), lesson=lesson.pk)


@transaction.atomic
def move_lesson(lesson: Lesson, municipality: Municipality, person: Person, direction: Direction) -> None:
    """Within its module; at its end into the next one, at its beginning into the one before."""
    current = _written(lesson.module.version, municipality, person)
    modules = list(current.modules.order_by("order"))
    here = next(at for at, one in enumerate(modules) if one.pk == lesson.module_id)
    lessons = list(lesson.module.lessons.order_by("order"))
    at = next(at for at, one in enumerate(lessons) if one.pk == lesson.pk)
    step = -1 if direction == "up" else 1
    if 0 <= at + step < len(lessons):
        _exchange(lessons, lesson, direction)
    elif 0 <= here + step < len(modules):
        into = modules[here + step]
        there = list(into.lessons.order_by("order"))
        lesson.module = into
        last = there[-1].order if there else 0
        lesson.order = last + 1
        lesson.save(update_fields=["module", "order"])
        if direction == "down":  # before all that are there
            for one in reversed(there):
                Lesson.objects.filter(pk=one.pk).update(order=one.order + 1 + last)
            Lesson.objects.filter(pk=lesson.pk).update(order=1)
    else:
        return
    _record(current, municipality, person, "move_lesson", None, lesson=lesson.pk, direction=direction)


@transaction.atomic
def remove_lesson(lesson: Lesson, municipality: Municipality, person: Person) -> None:
    """With its exercises, pictures and videos."""
    current = _written(lesson.module.version, municipality, person)
    digests = list(lesson.media.values_list("digest", flat=True))
    pk = lesson.pk
    lesson.delete()
    forget_files(current.consortium, digests)
    _record(current, municipality, person, "remove_lesson", None, lesson=pk)


def _written(version: CourseVersion, municipality: Municipality, person: Person) -> CourseVersion:
    ensure_office(person, municipality)
    return locked_draft(version)


def _ensure_free(version: CourseVersion, slug: str, lesson: Lesson | None = None) -> None:
    others = Lesson.objects.filter(module__version=version, slug=slug)
    if (others.exclude(pk=lesson.pk) if lesson else others).exists():
        raise Refused(_("同じ短い名前のレッスンが、この版にもうあります。"), "slug")


def _exchange(rows: list[Any], row: Any, direction: Direction) -> None:
    """``row`` with its neighbour; at an end nothing happens."""
    at = next(at for at, one in enumerate(rows) if one.pk == row.pk)
    to = at + (-1 if direction == "up" else 1)
    if not 0 <= to < len(rows):
        return
    here, there = rows[at], rows[to]
    one, other = here.order, there.order
    aside = max(each.order for each in rows) + 1  # no two may have the same order, not even for a moment
    for which, order in ((here, aside), (there, one), (here, other)):
        type(which).objects.filter(pk=which.pk).update(order=order)


def _texts(lesson: Lesson) -> dict[str, Any]:
    return {name: getattr(lesson, name) for name in LESSON}


def _record(
    version: CourseVersion,
    municipality: Municipality,
    person: Person,
    action: str,
    inputs: Mapping[str, Any] | None,
    **outputs: Any,
) -> None:
    record(
        version.consortium,
        municipality,
        person,
        f"course:{version.course_id}",
        action,
        inputs=inputs,
        version=version.pk,
        **outputs,
    )
