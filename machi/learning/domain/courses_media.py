"""Pictures and videos of lessons: taken after a look at their content, kept once for all versions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality, Person
from machi.learning.domain.courses_access import ensure_office, locked_draft, record
from machi.learning.engine.media_kind import (
    HEAD,
    LARGEST_PICTURE,
    LARGEST_VIDEO,
    NAME,
    PICTURES,
    SUFFIXES,
    MediaKind,
    is_webvtt,
    media_kind,
)
from machi.learning.models import Lesson, LessonMedia

ABOUT = ("alt", "transcript", "captions", "silent", "credit")


def place(consortium_pk: int, digest: str) -> str:
    """Where the bytes lie, below the installation's files."""
    return f"consortia/{consortium_pk}/lessons/{digest[:2]}/{digest}"


def keep_file(consortium: Consortium, file: File[bytes]) -> tuple[str, int]:
    """Stores the bytes, once; their SHA-256 and how many there are."""
    digest, size = hashlib.sha256(), 0
    for piece in file.chunks():
        digest.update(piece)
        size += len(piece)
    name = place(consortium.pk, digest.hexdigest())
    if not default_storage.exists(name):
        file.seek(0)
        default_storage.save(name, file)
    return digest.hexdigest(), size


def forget_files(consortium: Consortium, digests: Iterable[str]) -> None:
    """Deletes the files that no lesson shows any more, once the transaction holds."""
    gone = set(digests)
    kept = LessonMedia.objects.filter(consortium=consortium, digest__in=gone).values_list("digest", flat=True)
    for digest in gone - set(kept):
        name = place(consortium.pk, digest)
        transaction.on_commit(lambda name=name: default_storage.delete(name))  # type: ignore[misc]


@transaction.atomic
def add_media(
    lesson: Lesson,
    municipality: Municipality,
    person: Person,
    name: str,
    file: File[bytes],
    about: Mapping[str, Any],
) -> LessonMedia:
    """``about``: alt, transcript, captions (WebVTT), silent, credit. Refused for what a lesson does not take, and
    without the words that those need who cannot see or hear it."""
    ensure_office(person, municipality)
    version = locked_draft(lesson.module.version)
    kind = checked(name, file)
    _ensure_told(kind, about)
    if lesson.media.filter(name=name).exists():
        raise Refused(_("同じ名前のファイルが、このレッスンにもうあります。"), "file")
    digest, size = keep_file(version.consortium, file)
    same = LessonMedia.objects.filter(lesson__module__version=version, name=name)
    if same.exclude(digest=digest).exists():  # as files they lie in one folder
        raise Refused(_("同じ名前の別のファイルが、この版のほかのレッスンにあります。"), "file")
    media = LessonMedia.objects.create(
        consortium=version.consortium,
        lesson=lesson,
        name=name,
        kind=kind,
        digest=digest,
        size=size,
        **{field: about[field] for field in ABOUT},
    )
    _record(media, municipality, person, "add_media", about)
    return media


def checked(name: str, file: File[bytes]) -> MediaKind:
    """What the file is; Refused with what is wrong with it."""
    if not NAME.fullmatch(name):
        raise Refused(
            _("ファイル名は、半角の小文字・数字・ハイフンにしてください（例: next-word.png）。"), "file"
        )
    file.seek(0)
    kind = media_kind(file.read(HEAD))
    file.seek(0)
    if kind is None or not name.endswith(SUFFIXES[kind]):
        raise Refused(
            _("PNG、JPEGの画像か、MP4、WebMの動画にしてください。名前と中身が合っているかも見ています。"),
            "file",
        )
    largest = LARGEST_PICTURE if kind in PICTURES else LARGEST_VIDEO
    if (file.size or 0) > largest:
        raise Refused(_("大きすぎます。%(size)sMBまでです。") % {"size": largest // 1_000_000}, "file")
    return kind


@transaction.atomic
def describe_media(
    media: LessonMedia, municipality: Municipality, person: Person, about: Mapping[str, Any]
) -> None:
    """Other words for the same file."""
    ensure_office(person, municipality)
    locked_draft(media.lesson.module.version)
    _ensure_told(media.kind, about)
    for field in ABOUT:
        setattr(media, field, about[field])
    media.save()
    _record(media, municipality, person, "describe_media", about)


@transaction.atomic
def remove_media(media: LessonMedia, municipality: Municipality, person: Person) -> None:
    ensure_office(person, municipality)
    version = locked_draft(media.lesson.module.version)
    digest = media.digest
    _record(media, municipality, person, "remove_media", {})
    media.delete()
    forget_files(version.consortium, [digest])


def opened_file(media: LessonMedia) -> File[bytes]:
    return default_storage.open(place(media.consortium_id, media.digest))


def content_file(data: bytes, name: str) -> File[bytes]:
    return ContentFile(data, name)


def _ensure_told(kind: str, about: Mapping[str, Any]) -> None:
    if not about["alt"].strip():
        raise Refused(_("何が写っているかを書いてください。見えない人に読み上げられます。"), "alt")
    if kind in PICTURES:
        return
    if not about["transcript"].strip():
        raise Refused(_("動画の内容を文字にしたものが必要です。"), "transcript")
    if about["captions"] and not is_webvtt(about["captions"]):
        raise Refused(_("字幕は、時刻のあるWebVTTファイルにしてください。"), "captions")
    if not about["captions"] and not about["silent"]:
        raise Refused(_("字幕（WebVTT）を付けるか、音声がないことを示してください。"), "captions")


def _record(
    media: LessonMedia, municipality: Municipality, person: Person, action: str, about: Mapping[str, Any]
) -> None:
    version = media.lesson.module.version
    record(
        media.consortium,
        municipality,
        person,
        f"course:{version.course_id}",
        action,
        inputs={"about": {key: str(value) for key, value in about.items()}} if about else None,
        version=version.pk,
        lesson=media.lesson_id,
        name=media.name,
        sha256=media.digest,
        bytes=media.size,
    )
