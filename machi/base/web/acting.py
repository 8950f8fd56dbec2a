"""The page that most acts of people are done on: a form, and what happens when it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from machi.base.domain.errors import Refused
from machi.base.running import NotApproved
from machi.base.web.forms import add_refusal

FORM_PAGE = "base/components/confirm.html"


def acted(
    request: HttpRequest,
    form: forms.BaseForm,
    act: Callable[[], Any],
    *,
    onward: str | Callable[[Any], str],
    done: str = "",
    template: str = FORM_PAGE,
    **page: Any,
) -> HttpResponseBase:
    """Shows ``form``; sent and valid, does ``act``, says ``done`` and leads ``onward`` (which may ask what ``act``
    gave). A refusal is shown in the form; that an AI system may not run has a page of its own."""
    if request.method == "POST" and form.is_valid():
        try:
            given = act()
        except NotApproved:
            raise
        except Refused as refused:
            add_refusal(form, refused)
        else:
            if done:
                messages.success(request, done)
            return redirect(onward if isinstance(onward, str) else onward(given))
    return render(request, template, {"form": form, **page})
