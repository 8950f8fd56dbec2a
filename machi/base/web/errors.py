"""What a person sees when something is refused or breaks: short, in their language, nothing of the inside."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from machi.base.running import NotApproved


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _page(request, "413.html", 413)
    return _page(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "403.html", 403)


def not_approved(request: HttpRequest, refused: NotApproved) -> HttpResponse:
    """An AI system that does not run here now; the person reads why."""
    return _page(request, "base/not_approved.html", 403, reason=refused.message)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "404.html", 404)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    response = _page(request, "429.html", 429)
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    # Without the request: what broke may be what the frame asks it for (the database, the session).
    return HttpResponse(render_to_string("500.html"), status=500)


def _page(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    """Repeats the address without its query, in which may stand what somebody searched for."""
    return render(request, template, {"return_to": request.path, **context}, status=status)
