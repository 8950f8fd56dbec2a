"""Curricula as files: what is taken, and what is told where."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.learning.engine.curriculum import read_curriculum, read_zip
from machi.learning.sample.courses import curricula
from machi.learning.sample.exercises import written
from tests.learning.courses import MP4, VTT, png

COURSE = {
    "title": "研修",
    "summary": "説明",
    "modules": [{"title": "章", "lessons": ["01-one", "02-two"]}],
}
ABOUT = {"title": "一つめ", "minutes": 10, "goals": ["できる。"]}
PICTURE = {"file": "a.png", "alt": "絵"}
VIDEO = {"file": "v.mp4", "alt": "動画", "transcript": "言葉", "captions": "v.vtt"}
EXERCISE = {
    "slug": "q",
    "kind": "quiz",
    "title": "問",
    "task": next(one.task for one in written() if one.kind == "quiz"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "a-course"
    place.mkdir()
    write(place, "course.json", COURSE)
    write(place, "01-one.json", {**ABOUT, "media": [PICTURE, VIDEO]})
    (place / "01-one.md").write_text("## 見出し\n\n![](a.png)\n\n![](v.mp4)\n")
    (place / "a.png").write_bytes(png())
    (place / "v.mp4").write_bytes(MP4)
    (place / "v.vtt").write_text(VTT)
    write(place, "01-one.exercises.json", [EXERCISE])
    write(place, "02-two.json", ABOUT)
    (place / "02-two.md").write_text("本文")
    return place


def write(folder: Path, name: str, value: object) -> None:
    (folder / name).write_text(json.dumps(value, ensure_ascii=False))


def told(folder: Path) -> list[str]:
    found, problems = read_curriculum(folder)
    assert found is None
    return [str(one) for one in problems]


def test_a_good_folder(folder: Path) -> None:
    found, problems = read_curriculum(folder)
    assert problems == []
    assert found is not None
    assert (found.slug, found.title) == ("a-course", "研修")
    one, two = found.lessons
    assert (one.slug, two.slug) == ("one", "two")
    assert [file.about.file for file in one.media] == ["a.png", "v.mp4"]
    assert one.media[1].captions == VTT
    assert (one.exercises[0].pass_percent, one.exercises[0].required) == (70, True)


@pytest.mark.parametrize("place", curricula(), ids=lambda one: one.name)
def test_what_is_shipped_is_good(place: Path) -> None:
    found, problems = read_curriculum(place)
    assert problems == []
    assert found is not None
    for lesson in found.lessons:
        assert lesson.about.sources, f"{lesson.slug}: facts without a source"


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("course.json", {**COURSE, "modules": []}, "course.json: modules: List should have at least 1 item"),
        ("course.json", {**COURSE, "colour": 1}, "course.json: colour: Extra inputs are not permitted"),
        (
            "course.json",
            {**COURSE, "modules": [{"title": "章", "lessons": ["01-one", "02-two", "02-two"]}]},
            "course.json: modules: 02-two is there twice",
        ),
        (
            "course.json",
            {**COURSE, "modules": [{"title": "章", "lessons": ["01-one", "02-two", "03-three"]}]},
            "03-three.json: the file is not there",
        ),
        (
            "course.json",
            {**COURSE, "modules": [{"title": "章", "lessons": ["01-one", "02-two", "03-one"]}]},
            "course.json: modules: two lessons are called one",
        ),
        ("01-one.json", {**ABOUT, "goals": []}, "01-one.json: goals: List should have at least 1 item"),
        ("01-one.json", {**ABOUT, "minutes": 0}, "01-one.json: minutes: Input should be greater than"),
        (
            "01-one.json",
            {**ABOUT, "sources": [{"title": "t", "by": "b", "url": "ftp://x", "date": "2026-01-01"}]},
            "01-one.json: sources.0.url: URL scheme should be",
        ),
        ("01-one.json", ABOUT, "01-one.md: line 3: a.png is not among the lesson's media"),
        (
            "01-one.json",
            {**ABOUT, "media": [PICTURE, {**VIDEO, "transcript": ""}]},
            "01-one.json: media v.mp4: a video needs a transcript",
        ),
        (
            "01-one.json",
            {**ABOUT, "media": [PICTURE, {**VIDEO, "captions": ""}]},
            "01-one.json: media v.mp4: a video needs captions",
        ),
        (
            "01-one.json",
            {**ABOUT, "media": [{**PICTURE, "alt": ""}, VIDEO]},
            "01-one.json: media.0.alt: String should have at least 1 character",
        ),
        (
            "01-one.json",
            {**ABOUT, "media": [{**PICTURE, "file": "../a.png"}, VIDEO]},
            "01-one.json: media.0.file: String should match pattern",
        ),
        (
            "01-one.json",
            {**ABOUT, "media": [PICTURE, {**VIDEO, "captions": "../v.vtt"}]},
            "01-one.json: media.1.captions: String should match pattern",
        ),
        (
            "01-one.exercises.json",
            [EXERCISE, EXERCISE],
            "01-one.exercises.json: two exercises are called q",
        ),
        (
            "01-one.exercises.json",
            [{**EXERCISE, "task": {"question": "?"}}],
            "01-one.exercises.json: 0.task.items: ",
        ),
        (
            "01-one.exercises.json",
            [{**EXERCISE, "kind": "riddle"}],
            "01-one.exercises.json: 0.kind: Input should be",
        ),
        (
            "01-one.exercises.json",
            [{**EXERCISE, "pass_percent": 101}],
            "01-one.exercises.json: 0.pass_percent",
        ),
    ],
)
def test_problems_name_file_and_place(folder: Path, name: str, value: object, problem: str) -> None:
    write(folder, name, value)
    assert any(line.startswith(problem) for line in told(folder)), told(folder)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("course.json", b"{", "course.json: line 1: not JSON"),
        ("02-two.md", b"\xff\xfe", "02-two.md: not UTF-8"),
        ("02-two.md", b"  \n", "02-two.md: empty"),
        ("02-two.md", "# 題\n\n本文".encode(), "02-two.md: line 1: the title is in the .json file"),
        ("a.png", MP4, "01-one.json: media a.png: the content is not what the name says"),
        ("a.png", b"<svg/>", "01-one.json: media a.png: the content is not what the name says"),
        ("a.png", png() + bytes(2_000_000), "01-one.json: media a.png: the file is too large"),
        ("v.vtt", b"x", "01-one.json: media v.mp4: v.vtt is no WebVTT file"),
        ("03-stray.md", "本文".encode(), "03-stray.md: nothing in course.json leads here"),
        ("stray.png", png(), "stray.png: nothing in course.json leads here"),
    ],
)
def test_bad_files_are_told(folder: Path, name: str, content: bytes, problem: str) -> None:
    (folder / name).write_bytes(content)
    assert any(line.startswith(problem) for line in told(folder)), told(folder)


def test_all_problems_are_told_at_once(folder: Path) -> None:
    (folder / "a.png").unlink()
    (folder / "02-two.md").unlink()
    write(folder, "01-one.exercises.json", {})
    assert len(told(folder)) == 3


def test_a_folder_must_have_a_plain_name(folder: Path) -> None:
    assert "small letters" in told(folder.rename(folder.with_name("A Course")))[0]


def zipped(folder: Path, prefix: str = "a-course/") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for file in folder.iterdir():
            package.writestr(f"{prefix}{file.name}", file.read_bytes())
    return out.getvalue()


def test_a_zip_is_read_as_its_folder(folder: Path) -> None:
    found, problems = read_zip(zipped(folder))
    assert problems == []
    assert found is not None
    assert found.slug == "a-course"
    assert len(list(found.lessons)) == 2


def test_zips_that_are_none_or_lead_elsewhere(folder: Path) -> None:
    for data in (b"", b"PK\x03\x04", b"text"):
        assert read_zip(data)[1][0].why == "not a zip that can be read"
    assert "small letters" in read_zip(zipped(folder, ""))[1][0].why
    assert "small letters" in read_zip(zipped(folder, "../"))[1][0].why
    out = io.BytesIO(zipped(folder))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("other/x.md", "x")
    assert "one folder" in read_zip(out.getvalue())[1][0].why


@given(
    st.dictionaries(
        st.sampled_from(["title", "summary", "modules", "x"]), st.none() | st.text() | st.integers()
    )
)
def test_any_json_is_told_and_never_raises(tmp_path_factory, course) -> None:
    place = tmp_path_factory.mktemp("x") / "c"
    place.mkdir()
    write(place, "course.json", course)
    assert told(place)
