"""Today's review: what one passed 1, 7 or 30 days ago comes again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.learning.domain.exercises_queries import reviews
from machi.learning.web.exercises import LEARN


@member(LEARN)
def review(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """Not paged: whoever has more than a page due is told to begin at the top."""
    found, following = reviews(visitor(request), municipality, timezone.localdate())
    if "format" in request.GET:
        columns = [_("演習"), _("レッスン"), _("復習の日"), _("合格から（日）")]
        rows = ((one.exercise.title, one.exercise.lesson.title, one.review.due, one.days) for one in found)
        return export(request, "review", columns, rows)
    context = {
        "title": _("今日の復習"),
        "found": found,
        "following": following,
        "breadcrumbs": [
            (_("学び"), reverse("learning:home", args=[municipality.code])),
            (_("今日の復習"), ""),
        ],
    }
    return render(request, "learning/exercises/review.html", context)
