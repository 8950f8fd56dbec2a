"""What the pages of welfare places share: finding the round, the way back, a form that acts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base.models import Municipality
from machi.base.web import acting
from machi.base.web.forms import ConfirmForm
from machi.joint.models import PlaceRound

Crumbs = list[tuple[str, str]]


def the_round(pk: int) -> PlaceRound:
    found: PlaceRound = get_object_or_404(PlaceRound.objects.select_related("first", "consortium"), pk=pk)
    return found


def address(town: Municipality, name: str, *args: object) -> str:
    return reverse(f"joint:{name}", args=[town.code, *args])


def crumbs(town: Municipality, about: PlaceRound | None = None, *more: tuple[str, str]) -> Crumbs:
    found = [(_("福祉の枠の広域利用"), address(town, "place_rounds"))]
    if about is not None:
        found.append((about.title, address(town, "place_round", about.pk)))
    return [*found, *more]


def acted(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], Any],
    *,
    done: str,
    back: str | Callable[[Any], str],
    context: dict[str, Any],
    template: str = "joint/places/form.html",
) -> HttpResponseBase:
    """Shows the form; once it is good, acts and goes ``back``, or shows why the act was refused."""
    context.setdefault("cancel_url", back if isinstance(back, str) else None)
    return acting.acted(request, form, act, onward=back, done=done, template=template, **context)


def confirmed(
    request: HttpRequest,
    act: Callable[[], Any],
    *,
    title: str,
    consequence: str,
    submit: str,
    done: str,
    back: str,
    breadcrumbs: Sequence[tuple[str, str]],
    danger: bool = False,
    template: str = "base/components/confirm.html",
    more: dict[str, Any] | None = None,
) -> HttpResponseBase:
    """Asks once more, then acts."""
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    context = {
        "title": title,
        "consequence": consequence,
        "submit": submit,
        "danger": danger,
        "breadcrumbs": breadcrumbs,
        **(more or {}),
    }
    return acted(request, form, act, done=done, back=back, context=context, template=template)
