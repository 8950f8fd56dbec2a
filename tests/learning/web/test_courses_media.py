"""Lessons' pictures, videos and files through their pages."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from machi.learning.domain import courses as versions
from machi.learning.models import (
    Course,
    CourseVersion,
    Enrolment,
    LessonMedia,
    LessonProgress,
)
from tests.governance.pages import data, text
from tests.joint.factories import client_of
from tests.learning.courses import (
    MP4,
    SOURCES,
    VTT,
    a_cohort,
    a_course,
    lesson_form,
    png,
    stored,
    url,
    version_lessons,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    return a_course()


@pytest.fixture
def office(work):
    return work.client()


@pytest.fixture
def place(work):
    return work.learner(work.town)


@pytest.fixture
def learner(place):
    return client_of(place.person)


def a_video(work):
    with work.inside():
        draft = versions.draft_anew(work.version.course, work.town, work.office)
        lesson = versions.lessons_of(draft)[0]
    office = work.client()
    form = {
        "file": SimpleUploadedFile("v.mp4", MP4),
        "alt": "あいさつ",
        "transcript": "こんにちは",
        "captions": SimpleUploadedFile("v.vtt", VTT.encode()),
    }
    assert office.post(url(work.town, "add_media", lesson.pk), form).status_code == 302
    office.post(url(work.town, "write_lesson", lesson.pk), lesson_form(slug="lesson-1", text="![](v.mp4)"))
    return draft, lesson, stored(work, LessonMedia)


def test_a_video_plays_in_parts_with_captions_and_transcript(work):
    _draft, lesson, media = a_video(work)
    office = work.client()
    page = text(office.get(url(work.town, "draft_lesson", lesson.pk)))
    assert "<video controls" in page
    assert "<p>こんにちは</p>" in page
    assert url(work.town, "lesson_captions", media.pk) in page
    address = url(work.town, "lesson_media", media.pk, "v.mp4")
    whole = office.get(address)
    assert (whole["Content-Type"], whole["Accept-Ranges"]) == ("video/mp4", "bytes")
    assert b"".join(whole.streaming_content) == MP4
    part = office.get(address, headers={"Range": "bytes=4-11"})
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 4-11/{len(MP4)}")
    assert b"".join(part.streaming_content) == b"ftypmp42"
    assert office.get(address, headers={"Range": f"bytes={len(MP4)}-"}).status_code == 416
    captions = office.get(url(work.town, "lesson_captions", media.pk))
    assert (captions["Content-Type"], captions.content.decode()) == ("text/vtt; charset=utf-8", VTT)
    assert office.get(url(work.town, "lesson_media", media.pk, "other.mp4")).status_code == 404


def status(client, address):
    response = client.get(address)
    response.close()
    return response.status_code


def test_media_are_for_those_who_may_read_the_lesson(work, place, learner):
    draft, _lesson, media = a_video(work)
    address = url(work.town, "lesson_media", media.pk, "v.mp4")
    assert status(learner, address) == 404  # a draft
    assert status(work.client(work.town), address) == 404
    with work.inside():
        versions.publish(draft, work.town, work.office)
        cohort = a_cohort(work.consortium, work.town, work.office, draft, title="次の回")
        place.cohort = cohort
        place.save()
    assert status(learner, address) == 200
    assert status(work.client(work.town), address) == 200  # published: to be read by everybody who works here
    with work.inside():
        versions.retire(draft, work.town, work.office)
    assert status(learner, address) == 200
    assert status(work.client(work.town), address) == 404
    with work.inside():
        place.state = Enrolment.State.WITHDRAWN
        place.save()
    assert status(learner, address) == 404


def test_a_published_lesson_is_read_without_a_place(work, place, learner):
    with work.inside():
        first, second = work.lessons()[:2]
    address = url(work.town, "read_lesson", first.pk)
    page = text(work.client(work.town).get(address))
    assert "進みも残りません" in page
    assert url(work.town, "read_lesson", second.pk) in page
    assert learner.get(address)["Location"] == url(work.town, "lesson", place.pk, first.pk)
    with work.inside():
        assert not LessonProgress.objects.exists()
        versions.retire(work.version, work.town, work.office)
    assert work.client(work.town).get(address).status_code == 404


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"file": SimpleUploadedFile("a.png", b"<svg onload='x'/>"), "alt": "x"}, "file"),
        ({"file": SimpleUploadedFile("a.png", png()), "alt": ""}, "alt"),
        ({"file": SimpleUploadedFile("v.mp4", MP4), "alt": "x"}, "transcript"),
        ({"file": SimpleUploadedFile("v.mp4", MP4), "alt": "x", "transcript": "y"}, "captions"),
        (
            {
                "file": SimpleUploadedFile("v.mp4", MP4),
                "alt": "x",
                "transcript": "y",
                "captions": SimpleUploadedFile("c.vtt", b"\xff\xfe"),
            },
            "captions",
        ),
    ],
)
def test_media_that_are_refused_say_why_at_their_field(work, form, field):
    with work.inside():
        draft = versions.draft_anew(work.version.course, work.town, work.office)
        lesson = versions.lessons_of(draft)[0]
    for file in form.values():
        if hasattr(file, "seek"):
            file.seek(0)
    response = work.client().post(url(work.town, "add_media", lesson.pk), form)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]


def test_sources_are_read_line_by_line(work):
    with work.inside():
        draft = versions.draft_anew(work.version.course, work.town, work.office)
        lesson = versions.lessons_of(draft)[0]
    address = url(work.town, "write_lesson", lesson.pk)
    wrong = work.client().post(address, lesson_form(slug="lesson-1", sources=f"{SOURCES}\n資料だけ"))
    assert "2行目" in text(wrong)
    full = "資料｜人｜https://example.org/｜令和8年1月1日"
    assert work.client().post(address, lesson_form(slug="lesson-1", sources=full)).status_code == 302
    assert version_lessons(work, draft)[0].sources[0]["date"] == "2026-01-01"
    assert SOURCES in text(
        work.client().get(url(work.town, "write_lesson", version_lessons(work, draft)[1].pk))
    )


def test_a_version_goes_out_as_a_zip_and_comes_in_again(work, office):
    files = data(office.get(url(work.town, "version_files", work.version.pk)))
    with zipfile.ZipFile(io.BytesIO(files)) as package:
        assert "ai-basics/course.json" in package.namelist()
    response = office.post(url(work.town, "import_course"), {"file": SimpleUploadedFile("c.zip", files)})
    version = stored(work, CourseVersion)
    assert response["Location"] == url(work.town, "course_version", version.pk)
    assert (version.number, version.state) == (2, "draft")
    again = office.post(url(work.town, "import_course"), {"file": SimpleUploadedFile("c.zip", files)})
    assert "下書きがもうあります" in text(again)
    bad = io.BytesIO()
    with zipfile.ZipFile(bad, "w") as package:
        package.writestr("new-course/course.json", json.dumps({"title": "x"}))
    told = text(
        office.post(url(work.town, "import_course"), {"file": SimpleUploadedFile("c.zip", bad.getvalue())})
    )
    assert "course.json: modules: Field required" in told
    assert not _exists(work, "new-course")


def _exists(work, slug):
    with work.inside():
        return Course.objects.filter(slug=slug).exists()
