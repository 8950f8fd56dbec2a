"""RFC 9457 problem details: the one form in which the API says that something was wrong."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django_ratelimit.exceptions import Ratelimited
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from machi.base.running import NotApproved


def problem(status: int, detail: str, **members: Any) -> HttpResponse:
    """``application/problem+json`` with ``type`` about:blank, so that ``title`` is the status's own phrase."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **members,
    }
    return JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def documented(*statuses: int) -> dict[str, Any]:
    """``openapi_extra`` of an operation that answers with these problems."""
    content = {"application/problem+json": {"schema": _SCHEMA}}
    return {
        "responses": {
            status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses
        }
    }


_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "Problem details (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "Which parts of the request are wrong (JSON Pointer), and how.",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}


def _pointer(wrong: dict[str, Any]) -> str:
    known = wrong["loc"][2:-1] if wrong["type"] == "extra_forbidden" else wrong["loc"][2:]
    return "".join(f"/{part}" for part in known)


def install_problem_handlers(api: NinjaAPI) -> None:
    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        # Where and why, never the value: it may be personal. So may the name of a field that nobody asked for.
        errors = [{"pointer": _pointer(one), "detail": one["msg"]} for one in error.errors]
        return problem(422, "The request does not have the form the API describes.", errors=errors)

    @api.exception_handler(HttpError)
    def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))

    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, str(error) or "There is nothing here.")

    @api.exception_handler(PermissionDenied)
    def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return problem(403, "You may not do this here.")

    @api.exception_handler(NotApproved)
    def not_approved(request: HttpRequest, error: NotApproved) -> HttpResponse:
        return problem(403, str(error.message), system=error.system)

    @api.exception_handler(AuthenticationError)
    def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem(401, "Sign in first.")

    @api.exception_handler(Ratelimited)
    def limited(request: HttpRequest, error: Ratelimited) -> HttpResponse:
        response = problem(429, "Too many requests; try again in a minute.")
        response["Retry-After"] = "60"
        return response

    @api.exception_handler(RequestDataTooBig)
    def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return problem(413, "The request is larger than this server takes.")
