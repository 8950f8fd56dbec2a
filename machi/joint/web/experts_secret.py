"""Pages behind an expert's secret link: found by it alone, kept out of caches and search engines."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

from machi.base.models import Consortium, Municipality
from machi.joint.models import Expert

SecretView = Callable[..., HttpResponseBase]


def by_token(view: SecretView) -> SecretView:
    """Gives the view the expert whose token is in the address. Stands below ``@neighbour``."""

    @functools.wraps(view)
    def wrapped(
        request: HttpRequest, municipality: Municipality, consortium: Consortium, token: str, **kwargs: Any
    ) -> HttpResponseBase:
        expert = (
            Expert.objects.select_related("round__consortium", "home__prefecture", "via", "town")
            .filter(token=token)
            .first()
        )
        if expert is None:
            raise Http404
        response = view(request, municipality, consortium, expert, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        return response

    return wrapped
