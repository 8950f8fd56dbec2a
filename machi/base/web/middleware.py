"""Middleware of the base room."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django_ratelimit.exceptions import Ratelimited

from machi.base.web import errors


class too_many_requests:  # noqa: N801  (named as the setting reads)
    """Answers a tripped rate limit with 429 (django's own handler would say 403)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.too_many_requests(request) if isinstance(exception, Ratelimited) else None
