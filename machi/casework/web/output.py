"""Writing decided applications out for existing systems."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from machi.base.models import Municipality
from machi.base.web.access import staff


@staff("casework.process_applications")
def output(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    return HttpResponse("")
