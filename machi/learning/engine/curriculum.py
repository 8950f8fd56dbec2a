"""A curriculum as files: read from a folder and checked. The format is told in ``data/curriculum/README.md``."""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, TypeAdapter, ValidationError

from machi.learning.engine.exercises import check
from machi.learning.engine.lesson_text import pictured
from machi.learning.engine.media_kind import (
    LARGEST_PICTURE,
    LARGEST_VIDEO,
    NAME,
    PICTURES,
    SUFFIXES,
    is_webvtt,
    media_kind,
)

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_STEM = r"^[0-9]{2}-[a-z0-9]+(?:-[a-z0-9]+)*$"
_CAPTIONS = r"^(?:[a-z0-9][a-z0-9._-]{0,79}\.vtt)?$"
_LONGEST_TEXT = 100_000
_LARGEST_UNPACKED = 200_000_000
_MOST_FILES = 1_000
_OURS = (".md", ".json", ".png", ".jpg", ".jpeg", ".mp4", ".webm")

_Text = Annotated[str, Field(min_length=1, max_length=2_000)]
_Title = Annotated[str, Field(min_length=1, max_length=120)]
_Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=60)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class SourceIn(_Part):
    """What facts of a text rest on. ``date``: of publication, or of when it was read where none is given."""

    title: _Title
    by: _Title
    url: HttpUrl
    date: date


class MediaIn(_Part):
    """A picture has ``alt``; a video has ``alt`` (its title), ``transcript`` and ``captions``, or is ``silent``."""

    file: Annotated[str, Field(pattern=f"^{NAME.pattern}$")]
    alt: Annotated[str, Field(min_length=1, max_length=300)]
    transcript: Annotated[str, Field(max_length=20_000)] = ""
    captions: Annotated[str, Field(pattern=_CAPTIONS)] = ""
    silent: bool = False
    credit: Annotated[str, Field(max_length=200)] = ""


class LessonIn(_Part):
    title: _Title
    minutes: Annotated[int, Field(ge=1, le=240)] = 20
    goals: Annotated[list[_Text], Field(min_length=1, max_length=10)]
    sources: list[SourceIn] = []
    media: list[MediaIn] = []


class ExerciseIn(_Part):
    slug: _Slug
    kind: Literal["mask", "ground", "instruct", "summarise", "data", "quiz"]
    title: _Title
    pass_percent: Annotated[int, Field(ge=1, le=100)] = 70
    required: bool = True
    task: dict[str, Any]


class ModuleIn(_Part):
    title: _Title
    lessons: Annotated[list[Annotated[str, Field(pattern=_STEM)]], Field(min_length=1)]


class CourseIn(_Part):
    title: _Title
    summary: _Text
    modules: Annotated[list[ModuleIn], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class MediaFile:
    about: MediaIn
    data: bytes
    captions: str


@dataclass(frozen=True, slots=True)
class LessonFiles:
    slug: str
    """Without the number in front, so that a lesson moved stays the same lesson."""
    about: LessonIn
    text: str
    media: tuple[MediaFile, ...]
    exercises: tuple[ExerciseIn, ...]


@dataclass(frozen=True, slots=True)
class Curriculum:
    slug: str
    title: str
    summary: str
    modules: tuple[tuple[str, tuple[LessonFiles, ...]], ...]

    @property
    def lessons(self) -> Iterator[LessonFiles]:
        for _title, lessons in self.modules:
            yield from lessons


@dataclass(frozen=True, slots=True)
class Problem:
    """``file`` and ``place`` (of a value in a JSON file, or a line of a text), and what is wrong there."""

    file: str
    place: str
    why: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.place, self.why) if part)


def read_curriculum(folder: Path) -> tuple[Curriculum | None, list[Problem]]:
    """The curriculum in ``folder``, whose name is the course's; None and all that is wrong where anything is."""
    reading = _Reading(folder)
    found = reading.curriculum()
    return (None if reading.problems else found), reading.problems


class _Reading:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.used: set[str] = {"course.json"}

    def report(self, file: str, place: str, why: str) -> None:
        self.problems.append(Problem(file, place, why))

    def curriculum(self) -> Curriculum | None:
        if not SLUG.fullmatch(self.folder.resolve().name):
            self.report(str(self.folder), "", "the folder's name must be small letters, digits and hyphens")
        course: CourseIn | None = self._json("course.json", TypeAdapter(CourseIn))
        if course is None:
            return None
        stems = [stem for module in course.modules for stem in module.lessons]
        for twice in sorted({stem for stem in stems if stems.count(stem) > 1}):
            self.report("course.json", "modules", f"{twice} is there twice")
        slugs = [stem[3:] for stem in stems]
        for twice in sorted(
            {slug for slug in slugs if slugs.count(slug) > 1} - {s[3:] for s in stems if stems.count(s) > 1}
        ):
            self.report("course.json", "modules", f"two lessons are called {twice}")
        modules = tuple(
            (module.title, tuple(filter(None, (self._lesson(stem) for stem in module.lessons))))
            for module in course.modules
        )
        self._strays()
        return Curriculum(self.folder.resolve().name, course.title, course.summary, modules)

    def _lesson(self, stem: str) -> LessonFiles | None:
        about: LessonIn | None = self._json(f"{stem}.json", TypeAdapter(LessonIn))
        text = self._text(f"{stem}.md")
        exercises: list[ExerciseIn] = []
        if (self.folder / f"{stem}.exercises.json").exists():
            exercises = self._json(f"{stem}.exercises.json", TypeAdapter(list[ExerciseIn])) or []
        given = [one.slug for one in exercises]
        for twice in sorted({slug for slug in given if given.count(slug) > 1}):
            self.report(f"{stem}.exercises.json", "", f"two exercises are called {twice}")
        for at, one in enumerate(exercises):
            for wrong in check(one.kind, one.task):
                value = f" ({wrong.value})" if wrong.value else ""
                self.report(f"{stem}.exercises.json", f"{at}.{wrong.path}", f"{wrong.code}{value}")
        if about is None or text is None:
            return None
        media = tuple(filter(None, (self._media(stem, one) for one in about.media)))
        self._references(stem, text, about.media)
        return LessonFiles(stem[3:], about, text, media, tuple(exercises))

    def _references(self, stem: str, text: str, media: Sequence[MediaIn]) -> None:
        named = [one.file for one in media]
        for twice in sorted({name for name in named if named.count(name) > 1}):
            self.report(f"{stem}.json", "media", f"{twice} is there twice")
        shown = pictured(text)
        for name, line in shown:
            if name not in named:
                self.report(f"{stem}.md", f"line {line}", f"{name} is not among the lesson's media")
        for name in sorted(set(named) - {name for name, _line in shown}):
            self.report(f"{stem}.json", "media", f"{name} is not shown in the text")
        for number, words in enumerate(text.splitlines(), 1):
            if re.match(r"#\s", words):
                self.report(
                    f"{stem}.md", f"line {number}", "the title is in the .json file: headings begin with ##"
                )

    def _media(self, stem: str, about: MediaIn) -> MediaFile | None:
        file, place = f"{stem}.json", f"media {about.file}"
        path = self.folder / about.file
        if not path.is_file():
            self.report(file, place, "the file is not there")
            return None
        self.used.add(about.file)
        data = path.read_bytes()
        kind = media_kind(data)
        if kind is None or not about.file.endswith(SUFFIXES[kind]):
            self.report(file, place, "the content is not what the name says (PNG, JPEG, MP4, WebM)")
            return None
        if len(data) > (LARGEST_PICTURE if kind in PICTURES else LARGEST_VIDEO):
            self.report(file, place, "the file is too large")
        captions = ""
        if kind not in PICTURES:
            if not about.transcript:
                self.report(file, place, "a video needs a transcript")
            if about.captions:
                captions = self._text(about.captions) or ""
                if not is_webvtt(captions):
                    self.report(file, place, f"{about.captions} is no WebVTT file")
            elif not about.silent:
                self.report(file, place, "a video needs captions (a WebVTT file), or is silent")
        return MediaFile(about, data, captions)

    def _strays(self) -> None:
        """A lesson that was written and is taught nowhere is most likely a mistake in course.json."""
        for path in sorted(self.folder.glob("*")):
            if path.suffix in _OURS and path.name not in {*self.used, "README.md"}:
                self.report(path.name, "", "nothing in course.json leads here")

    def _text(self, name: str) -> Any:
        """A string, or None where it cannot be had."""
        self.used.add(name)
        try:
            text = (self.folder / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return self._nothing(name, "", "the file is not there")
        except UnicodeDecodeError:
            return self._nothing(name, "", "not UTF-8")
        if not text.strip():
            return self._nothing(name, "", "empty")
        if len(text) > _LONGEST_TEXT:
            return self._nothing(name, "", f"longer than {_LONGEST_TEXT:,} characters")
        return text

    def _json(self, name: str, adapter: TypeAdapter[Any]) -> Any:
        text = self._text(name)
        if text is None:
            return None
        try:
            return adapter.validate_python(json.loads(text), strict=False)
        except json.JSONDecodeError as error:
            return self._nothing(name, f"line {error.lineno}", f"not JSON: {error.msg}")
        except ValidationError as error:
            for one in error.errors():
                self.report(name, ".".join(map(str, one["loc"])), one["msg"])
            return None

    def _nothing(self, file: str, place: str, why: str) -> Any:
        """Reports why, and is None."""
        self.report(file, place, why)
        return None


def read_zip(data: bytes) -> tuple[Curriculum | None, list[Problem]]:
    """As ``read_curriculum``, of a zip with one folder in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, tempfile.TemporaryDirectory() as place:
            files = [one for one in package.infolist() if not one.is_dir() and "__MACOSX" not in one.filename]
            if sum(one.file_size for one in files) > _LARGEST_UNPACKED or len(files) > _MOST_FILES:
                return None, [Problem("", "", "too large")]
            folders = {PurePosixPath(one.filename).parent for one in files}
            names = {PurePosixPath(one.filename).name for one in files}
            if len(folders) != 1 or len(names) != len(files):
                return None, [Problem("", "", "there must be one folder with all files in it")]
            if not SLUG.fullmatch(folders.pop().name):
                return None, [Problem("", "", "the folder's name must be small letters, digits and hyphens")]
            folder = Path(place) / PurePosixPath(files[0].filename).parent.name
            folder.mkdir()
            for one in files:
                (folder / PurePosixPath(one.filename).name).write_bytes(package.read(one))
            return read_curriculum(folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error):
        return None, [Problem("", "", "not a zip that can be read")]
