"""What a person sees when something is refused or breaks: short, in their language, nothing of the inside."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from machi.base.running import NotApproved


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_approved(request: HttpRequest, refused: NotApproved) -> HttpResponse:
    """An AI system that does not run here now; the person reads why."""
    return render(request, "base/not_approved.html", {"reason": refused.message}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    # Without the request: what broke may be what the frame asks it for (the database, the session).
    return HttpResponse(render_to_string("500.html"), status=500)
