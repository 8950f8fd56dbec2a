"""Pictures, videos and captions of lessons, for whoever may read the lesson; videos in parts, as browsers ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from machi.base.models import Consortium, Municipality, Person
from machi.base.web.access import member, visitor
from machi.learning.domain.courses_access import LEARN, is_office
from machi.learning.domain.courses_cohorts import TAUGHT
from machi.learning.domain.courses_media import opened_file
from machi.learning.engine.byte_range import byte_range
from machi.learning.engine.media_kind import MEDIA_TYPES
from machi.learning.models import Cohort, CourseVersion, Enrolment, LessonMedia

_PIECE = 256 * 1024


def may_read(person: Person, municipality: Municipality, version: CourseVersion) -> bool:
    """The office, the instructors of a cohort of this version, and who takes or took part in one that is taught."""
    if is_office(person, municipality):
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
        return _kept(FileResponse(opened_file(media), content_type=kind))
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
    file = opened_file(media)
    if asked is None:
        response: HttpResponseBase = FileResponse(file, content_type=kind)
    else:
        first, last = asked
        response = StreamingHttpResponse(
            _pieces(file, first, last - first + 1), status=206, content_type=kind
        )
        response["Content-Range"] = f"bytes {first}-{last}/{media.size}"
        response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    return response


def _pieces(file: IO[bytes], first: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while length > 0 and (piece := file.read(min(_PIECE, length))):
            length -= len(piece)
            yield piece


def _kept(response: HttpResponseBase) -> HttpResponseBase:
    """The bytes under one number never change; they are for this person only."""
    response["Cache-Control"] = "private, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    return response
