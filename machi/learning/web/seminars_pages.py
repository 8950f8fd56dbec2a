"""What the office's pages of seminars share: the seminar, the way back, a page with one form below it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base.models import Municipality
from machi.learning.domain.seminars import RUN, seminars
from machi.learning.models import Seminar

__all__ = ["RUN", "below", "breadcrumbs", "page_of", "posted", "the_seminar"]


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def the_seminar(pk: int) -> Seminar:
    """Any of the consortium's, with its host and how many come."""
    found: Seminar = get_object_or_404(
        seminars().select_related("consortium", "survey__current", "report"), pk=pk
    )
    return found


def page_of(municipality: Municipality, seminar: Seminar, view: str = "seminar") -> str:
    return reverse(f"learning:{view}", args=[municipality.code, seminar.pk])


def breadcrumbs(municipality: Municipality, *more: tuple[Any, str]) -> list[tuple[Any, str]]:
    return [
        (_("学び"), reverse("learning:home", args=[municipality.code])),
        (_("セミナー"), reverse("learning:seminars", args=[municipality.code])),
        *more,
    ]


def below(
    municipality: Municipality, seminar: Seminar, title: str, submit: str, *, to: str = "seminar"
) -> dict[str, Any]:
    """What a page with a form says of itself, one step below its seminar; done, it leads to the view ``to``."""
    back = page_of(municipality, seminar, to)
    return {
        "onward": back,
        "title": title,
        "submit": submit,
        "cancel_url": back,
        "breadcrumbs": breadcrumbs(
            municipality, (seminar.title, page_of(municipality, seminar)), (title, "")
        ),
    }
