"""A lesson's text as it is shown: Markdown with the lesson's own pictures and videos in it."""

from __future__ import annotations

from collections.abc import Mapping

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from machi.base.models import Municipality
from machi.base.web.markdown import render_tokens
from machi.learning.engine.lesson_text import tokens_of
from machi.learning.models import Lesson, LessonMedia


def lesson_html(municipality: Municipality, lesson: Lesson) -> SafeString:
    """Its headings stay where they are: the page's own is the lesson's title. One query, for the media."""
    media: Mapping[str, LessonMedia] = {one.name: one for one in lesson.media.all()}

    def shown(name: str, alone: bool) -> str | None:
        found = media.get(name)
        if found is None:
            return None
        source = reverse("learning:lesson_media", args=[municipality.code, found.pk, found.name])
        if not alone and not found.is_video:
            return format_html('<img src="{}" alt="{}" loading="lazy">', source, found.alt)
        if not alone:
            return format_html('<a href="{}">{}</a>', source, found.alt)
        about = {"media": found, "source": source, "municipality": municipality}
        return render_to_string("learning/courses/media.html", about)

    return render_tokens(tokens_of(lesson.text, shown), lesson.title, 0)
