"""Versions, writing, media: what was published stands; a draft begins as a copy; files are kept once."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage

from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry
from machi.base.scoping import in_municipality
from machi.learning.domain import courses as verbs
from machi.learning.domain import courses_media as media
from machi.learning.domain import courses_writing as writing
from machi.learning.domain.courses_import import as_files, take_curriculum
from machi.learning.engine.curriculum import read_curriculum
from machi.learning.models import Course, CourseVersion, Exercise, Lesson, LessonMedia
from machi.learning.sample.courses import curricula
from machi.learning.sample.exercises import written
from tests.learning.courses import LESSON, MP4, VTT, a_course, a_draft, png

pytestmark = pytest.mark.django_db
PICTURE = {"alt": "青い四角", "transcript": "", "captions": "", "silent": False, "credit": ""}
VIDEO = {"alt": "あいさつ", "transcript": "こんにちは", "captions": VTT, "silent": False, "credit": "広報課"}
State = CourseVersion.State
QUIZ = next(one.task for one in written() if one.kind == "quiz")


@pytest.fixture
def work():
    return a_course()


@pytest.fixture
def draft(work):
    with work.inside():
        return a_draft(work.consortium, work.town, work.office, 2, slug="second")


def add(work, lesson, name="a.png", data=None, about=PICTURE):
    return media.add_media(
        lesson, work.town, work.office, name, media.content_file(data or png(), name), about
    )


def order(version):
    return [(one.title, [lesson.slug for lesson in one.lessons.all()]) for one in verbs.outline(version)]


def test_a_published_version_no_longer_changes(work) -> None:
    with work.inside():
        lesson = work.lessons()[0]
        module = lesson.module
        acts = [
            lambda: writing.add_module(work.version, work.town, work.office, "x"),
            lambda: writing.change_module(module, work.town, work.office, "x"),
            lambda: writing.move_module(module, work.town, work.office, "up"),
            lambda: writing.remove_module(module, work.town, work.office),
            lambda: writing.add_lesson(module, work.town, work.office, LESSON),
            lambda: writing.write_lesson(lesson, work.town, work.office, LESSON),
            lambda: writing.move_lesson(lesson, work.town, work.office, "down"),
            lambda: writing.remove_lesson(lesson, work.town, work.office),
            lambda: add(work, lesson),
            lambda: verbs.discard(work.version, work.town, work.office),
            lambda: verbs.publish(work.version, work.town, work.office),
        ]
        for act in acts:
            with pytest.raises(Refused, match="公開した版は変えられません"):
                act()
        assert Lesson.objects.filter(module__version=work.version).count() == 3


def test_a_draft_copies_the_last_version_whole(work) -> None:
    with work.inside():
        first = verbs.draft_anew(work.version.course, work.town, work.office)
        lesson = verbs.lessons_of(first)[0]
        add(work, lesson)
        writing.write_lesson(
            lesson, work.town, work.office, {**LESSON, "slug": "lesson-1", "text": "![](a.png)"}
        )
        Exercise.objects.create(
            consortium=work.consortium, lesson=lesson, order=1, slug="q", kind="quiz", title="問", task=QUIZ,
            pass_percent=60, required=False,
        )  # fmt: skip
        verbs.publish(first, work.town, work.office)
        second = verbs.draft_anew(first.course, work.town, work.office, "直した")
        assert (second.number, second.state, second.changes) == (3, State.DRAFT, "直した")
        assert order(second) == order(first)
        copied = verbs.lessons_of(second)[0]
        assert copied.pk != lesson.pk
        assert (copied.text, copied.goals, copied.sources) == (
            "![](a.png)",
            LESSON["goals"],
            LESSON["sources"],
        )
        exercise = copied.exercises.get()
        assert (exercise.slug, exercise.task, exercise.pass_percent, exercise.required) == (
            "q",
            QUIZ,
            60,
            False,
        )
        assert copied.media.get().digest == lesson.media.get().digest
        with pytest.raises(Refused, match="下書きがもうあります"):
            verbs.draft_anew(first.course, work.town, work.office)


def test_publishing_retires_the_version_before_and_no_other_course(work, draft) -> None:
    with work.inside():
        verbs.publish(draft, work.town, work.office)
        again = verbs.draft_anew(work.version.course, work.town, work.office)
        verbs.publish(again, work.town, work.office)
        states = dict(CourseVersion.objects.values_list("pk", "state"))
        assert states == {
            work.version.pk: State.RETIRED,
            draft.pk: State.PUBLISHED,
            again.pk: State.PUBLISHED,
        }
        verbs.retire(again, work.town, work.office)
        with pytest.raises(Refused, match="公開中"):
            verbs.retire(again, work.town, work.office)


def test_a_draft_that_is_not_whole_is_not_published(work, draft) -> None:
    with work.inside():
        module = draft.modules.get()
        writing.add_module(draft, work.town, work.office, "空の章")
        lesson = module.lessons.order_by("order")[0]
        writing.write_lesson(lesson, work.town, work.office, {**LESSON, "text": "文\n\n![](no.png)"})
        assert verbs.missing(draft) == [
            "章「空の章」にレッスンがありません。",
            "レッスン「はじめのレッスン」の3行目: 「no.png」がありません。",
        ]
        with pytest.raises(Refused, match="空の章"):
            verbs.publish(draft, work.town, work.office)
        empty = verbs.create_course(
            work.consortium, work.town, work.office, {"slug": "e", "title": "空", "summary": "-"}
        )
        assert verbs.missing(empty) == ["章がありません。"]


def test_lessons_and_modules_move_and_nothing_is_lost(work, draft) -> None:
    with work.inside():
        second = writing.add_module(draft, work.town, work.office, "第二章")
        writing.add_lesson(second, work.town, work.office, {**LESSON, "slug": "x"})

        def lesson(slug):
            return Lesson.objects.select_related("module__version").get(module__version=draft, slug=slug)

        def move(slug, direction):
            writing.move_lesson(lesson(slug), work.town, work.office, direction)

        move("lesson-2", "up")
        assert order(draft) == [("第一章", ["lesson-2", "lesson-1"]), ("第二章", ["x"])]
        move("lesson-1", "down")
        assert order(draft) == [("第一章", ["lesson-2"]), ("第二章", ["lesson-1", "x"])]
        move("lesson-1", "down")
        assert order(draft) == [("第一章", ["lesson-2"]), ("第二章", ["x", "lesson-1"])]
        move("x", "up")
        assert order(draft) == [("第一章", ["lesson-2", "x"]), ("第二章", ["lesson-1"])]
        move("lesson-2", "up")
        move("lesson-1", "down")
        assert order(draft) == [("第一章", ["lesson-2", "x"]), ("第二章", ["lesson-1"])]
        writing.move_module(second, work.town, work.office, "up")
        assert order(draft) == [("第二章", ["lesson-1"]), ("第一章", ["lesson-2", "x"])]


def test_names_of_lessons_are_unique_in_a_version(work, draft) -> None:
    with work.inside():
        module = draft.modules.get()
        with pytest.raises(Refused, match="短い名前"):
            writing.add_lesson(module, work.town, work.office, {**LESSON, "slug": "lesson-1"})
        one, two = module.lessons.order_by("order")
        with pytest.raises(Refused, match="短い名前"):
            writing.write_lesson(two, work.town, work.office, {**LESSON, "slug": one.slug})
        with pytest.raises(Refused, match="短い名前"):
            verbs.create_course(
                work.consortium, work.town, work.office, {"slug": "second", "title": "t", "summary": "s"}
            )


def test_only_the_office_writes(work, draft) -> None:
    manager = work.person(work.town)
    with work.inside():
        module = draft.modules.get()
        lesson = module.lessons.first()
        acts = [
            lambda: verbs.create_course(
                work.consortium, work.town, manager, {"slug": "n", "title": "", "summary": ""}
            ),
            lambda: verbs.publish(draft, work.town, manager),
            lambda: verbs.draft_anew(work.version.course, work.town, manager),
            lambda: verbs.retire(work.version, work.town, manager),
            lambda: verbs.discard(draft, work.town, manager),
            lambda: writing.add_module(draft, work.town, manager, "x"),
            lambda: writing.write_lesson(lesson, work.town, manager, LESSON),
            lambda: media.add_media(
                lesson, work.town, manager, "a.png", media.content_file(png(), "a.png"), PICTURE
            ),
            lambda: take_curriculum(work.consortium, work.town, manager, read_curriculum(curricula()[0])[0]),
        ]
        for act in acts:
            with pytest.raises(PermissionDenied):
                act()


@pytest.mark.parametrize(
    ("name", "data", "about", "field"),
    [
        ("a.png", MP4, PICTURE, "file"),
        ("a.svg", b"<svg/>", PICTURE, "file"),
        ("A B.png", png(), PICTURE, "file"),
        ("../a.png", png(), PICTURE, "file"),
        ("a.jpg", png(), PICTURE, "file"),
        ("a.png", png() + bytes(2_000_001), PICTURE, "file"),
        ("a.png", png(), {**PICTURE, "alt": " "}, "alt"),
        ("v.mp4", MP4, {**VIDEO, "transcript": ""}, "transcript"),
        ("v.mp4", MP4, {**VIDEO, "captions": "1\n00:00"}, "captions"),
        ("v.mp4", MP4, {**VIDEO, "captions": ""}, "captions"),
    ],
)
def test_media_that_a_lesson_does_not_take(work, draft, name, data, about, field) -> None:
    with work.inside():
        lesson = draft.modules.get().lessons.first()
        with pytest.raises(Refused) as refused:
            add(work, lesson, name, data, about)
        assert refused.value.field == field
        assert not LessonMedia.objects.exists()


def test_a_silent_video_needs_no_captions(work, draft) -> None:
    with work.inside():
        found = add(
            work, draft.modules.get().lessons.first(), "v.mp4", MP4, {**VIDEO, "captions": "", "silent": True}
        )
        assert found.is_video


def test_files_are_kept_once_and_go_with_the_last_that_shows_them(
    work, draft, django_capture_on_commit_callbacks
) -> None:
    with work.inside():
        one, two = draft.modules.get().lessons.order_by("order")
        first, second = add(work, one), add(work, two)
        place = media.place(work.consortium.pk, first.digest)
        assert first.digest == second.digest
        with pytest.raises(Refused, match="同じ名前"):
            add(work, one)
        media.remove_media(second, work.town, work.office)
        with pytest.raises(Refused, match="別のファイル"):
            add(work, two, data=png(9, 9))
        assert default_storage.exists(place)
        with django_capture_on_commit_callbacks(execute=True):
            media.remove_media(first, work.town, work.office)
        assert not default_storage.exists(place)


def test_a_discarded_draft_takes_its_course_and_files_with_it(
    work, draft, django_capture_on_commit_callbacks
) -> None:
    with work.inside():
        digest = add(work, draft.modules.get().lessons.first()).digest
        with django_capture_on_commit_callbacks(execute=True):
            verbs.discard(draft, work.town, work.office)
        assert not default_storage.exists(media.place(work.consortium.pk, digest))
        assert list(Course.objects.values_list("slug", flat=True)) == ["ai-basics"]


def test_a_version_goes_out_as_files_and_comes_in_the_same(work, tmp_path) -> None:
    folder = tmp_path / "ai-basics"
    folder.mkdir()
    with work.inside():
        lesson_draft = verbs.draft_anew(work.version.course, work.town, work.office)
        lesson = verbs.lessons_of(lesson_draft)[1]
        add(work, lesson)
        add(work, lesson, "v.mp4", MP4, VIDEO)
        text = {**LESSON, "slug": "lesson-2", "text": "![](a.png)\n\n![](v.mp4)"}
        writing.write_lesson(lesson, work.town, work.office, text)
        Exercise.objects.create(
            consortium=work.consortium,
            lesson=lesson,
            order=1,
            slug="q",
            kind="quiz",
            title="問",
            task=QUIZ,
        )
        verbs.publish(lesson_draft, work.town, work.office)
        for name, content in as_files(lesson_draft):
            (folder / name).write_bytes(content)
        found, problems = read_curriculum(folder)
        assert problems == []
        taken = take_curriculum(work.consortium, work.town, work.office, found)
        assert taken.number == 3
        before, after = list(as_files(lesson_draft)), list(as_files(taken))
        assert before == after
        with pytest.raises(Refused, match="下書き"):
            take_curriculum(work.consortium, work.town, work.office, found)


@pytest.mark.parametrize("folder", curricula(), ids=lambda one: one.name)
def test_shipped_curricula_can_be_published(work, folder) -> None:
    found, _problems = read_curriculum(folder)
    with work.inside():
        version = take_curriculum(work.consortium, work.town, work.office, found)
        assert verbs.missing(version) == []
        verbs.publish(version, work.town, work.office)


def test_what_was_decided_is_in_the_ledger_without_its_words(work, draft) -> None:
    with in_municipality(work.town):
        bodies = [
            json.loads(one.body) for one in LedgerEntry.objects.filter(subject=f"course:{draft.course_id}")
        ]
    actions = [one["outputs"]["action"] for one in bodies]
    assert actions == ["create", "add_module", "add_lesson", "add_lesson"]
    assert not any("本文" in json.dumps(one, ensure_ascii=False) for one in bodies)
