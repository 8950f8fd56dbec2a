"""Middleware of the base room."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django_ratelimit.exceptions import Ratelimited

from machi.base.running import NotApproved
from machi.base.web import errors
from machi.base.web.problems import problem


class too_many_requests:  # noqa: N801  (named as the setting reads)
    """Answers a tripped rate limit with 429 (django's own handler would say 403)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.too_many_requests(request) if isinstance(exception, Ratelimited) else None


class not_approved:  # noqa: N801
    """Answers whoever asked for the result of an AI system that may not run, where a view has not done so itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.not_approved(request, exception) if isinstance(exception, NotApproved) else None


class api_problems:  # noqa: N801
    """Whatever goes wrong below /api/ is told as problem details, also what Django answers before the API runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not request.path.startswith("/api/"):
            return response
        if response["Content-Type"].startswith("application/problem+json"):
            return response
        status = HTTPStatus(response.status_code)
        told = problem(status, status.description or status.phrase)
        for name in ("Allow", "Retry-After"):
            if name in response:
                told[name] = response[name]
        return told
