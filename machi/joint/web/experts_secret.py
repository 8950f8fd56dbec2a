"""Pages behind an expert's secret link: found by it alone, kept out of caches and search engines."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.joint.models import Expert
from machi.joint.models.experts import digest_of

SecretView = Callable[..., HttpResponseBase]


def by_token(view: SecretView) -> SecretView:
    """Gives the view the expert whose token is in the address. Stands below ``@neighbour``."""

    @functools.wraps(view)
    def wrapped(
        request: HttpRequest, municipality: Municipality, consortium: Consortium, token: str, **kwargs: Any
    ) -> HttpResponseBase:
        expert = (
            Expert.objects.select_related("round__consortium", "home__prefecture", "via", "town")
            .filter(token_digest=digest_of(token))
            .first()
        )
        if expert is None:
            # One that was renewed or erased, or never was: the page says where to get another, and not which it is.
            context = {"title": _("このアドレスは使えません"), "municipality": municipality}
            response: HttpResponseBase = render(request, "joint/experts/no_address.html", context, status=404)
        else:
            response = view(request, municipality, consortium, expert, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        return response

    return wrapped
