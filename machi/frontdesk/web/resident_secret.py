"""Pages behind an inquiry's secret link: found by it alone, kept out of caches and search engines."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from machi.base.models import Municipality
from machi.frontdesk.models import Inquiry

SecretView = Callable[..., HttpResponse]


def by_token(view: SecretView) -> SecretView:
    """Gives the view the inquiry whose token is in the address. Stands below ``@resident``."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, municipality: Municipality, token: str, **kwargs: Any) -> HttpResponse:
        inquiry = Inquiry.objects.select_related("hand_over__division").filter(token=token).first()
        if inquiry is None:
            raise Http404
        response = view(request, municipality, inquiry, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        # Tells no other site the address. "no-referrer" would also empty the Origin header of the page's own
        # forms, which the protection against forged requests reads.
        response["Referrer-Policy"] = "same-origin"
        return response

    return wrapped
