"""Pictures, videos and captions of lessons, for whoever may read the lesson; videos in parts, as browsers ask."""

from __future__ import annotations

from typing import IO

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
)
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from machi.base.models import Consortium, Municipality, Person
from machi.base.web.access import member, visitor
from machi.base.web.export import SpooledResponse
from machi.learning.domain.courses_access import LEARN, is_office
from machi.learning.domain.courses_cohorts import TAUGHT
from machi.learning.domain.courses_media import opened_file
from machi.learning.engine.byte_range import byte_range
from machi.learning.engine.media_kind import MEDIA_TYPES
from machi.learning.models import Cohort, CourseVersion, Enrolment, LessonMedia

_PIECE = 256 * 1024


def may_read(person: Person, municipality: Municipality, version: CourseVersion) -> bool:
    """What is published, everybody who may learn here; else the office, the instructors of a cohort of this version,
    and who takes or took part in one that is taught."""
    if version.state == CourseVersion.State.PUBLISHED or is_office(person, municipality):
        return True
    if Cohort.objects.filter(version=version, instructors=person).exists():
        return True
    own = Enrolment.objects.filter(cohort__version=version, cohort__state__in=TAUGHT, person=person)
    return own.exclude(state=Enrolment.State.WITHDRAWN).exists()


@member(LEARN)
@require_safe
def lesson_media(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, name: str
) -> HttpResponseBase:
    media = _the_media(request, municipality, pk, name)
    kind = MEDIA_TYPES[media.kind]  # type: ignore[index]
    if not media.is_video:
        return _kept(SpooledResponse(opened_file(media), content_type=kind))
    return _kept(_in_parts(request, media, kind))


@member(LEARN)
@require_safe
def lesson_captions(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    media = _the_media(request, municipality, pk)
    if not media.captions:
        raise Http404
    return _kept(HttpResponse(media.captions, content_type="text/vtt; charset=utf-8"))


def _the_media(
    request: HttpRequest, municipality: Municipality, pk: int, name: str | None = None
) -> LessonMedia:
    media: LessonMedia = get_object_or_404(
        LessonMedia.objects.select_related("lesson__module__version"), pk=pk
    )
    if name not in (None, media.name) or not may_read(
        visitor(request), municipality, media.lesson.module.version
    ):
        raise Http404
    return media


def _in_parts(request: HttpRequest, media: LessonMedia, kind: str) -> HttpResponseBase:
    """RFC 9110, 14: without parts Safari plays nothing, and no browser can seek."""
    try:
        asked = byte_range(request.headers.get("Range", ""), media.size)
    except ValueError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{media.size}"})
    first, last = asked or (0, media.size - 1)
    part = _Part(opened_file(media), first, last - first + 1)
    response = SpooledResponse(part, content_type=kind, status=206 if asked else 200)
    response.block_size = _PIECE
    if asked:
        response["Content-Range"] = f"bytes {first}-{last}/{media.size}"
    response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    return response


class _Part:
    """Some bytes of a file, as a file that can only be read."""

    def __init__(self, file: IO[bytes], first: int, length: int) -> None:
        file.seek(first)
        self.file, self.left = file, length

    def read(self, size: int) -> bytes:
        piece = self.file.read(min(size, self.left))
        self.left -= len(piece)
        return piece

    def close(self) -> None:
        self.file.close()


def _kept(response: HttpResponseBase) -> HttpResponseBase:
    """The bytes under one number never change; they are for this person only."""
    response["Cache-Control"] = "private, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    return response
