"""An AI system that may not run, met by a view or an operation that does not say so itself."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from ninja import NinjaAPI
from ninja.testing import TestClient

from machi.base.running import NotApproved
from machi.base.web.middleware import not_approved
from machi.base.web.problems import install_problem_handlers

REFUSED = NotApproved("room.system", "点検のため止めています。")


@pytest.mark.django_db
def test_a_page_answers_403_with_the_reason(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    request.session = SessionBase()
    middleware = not_approved(lambda _request: HttpResponse())
    response = middleware.process_exception(request, REFUSED)
    assert response is not None
    assert response.status_code == 403
    assert "点検のため止めています。" in response.content.decode()
    assert middleware.process_exception(request, ValueError()) is None


def test_the_api_answers_403_with_problem_details() -> None:
    api = NinjaAPI(urls_namespace="not-approved-test")
    install_problem_handlers(api)

    @api.get("result")
    def result(request: HttpRequest) -> str:
        raise REFUSED

    response = TestClient(api).get("result")
    assert response.status_code == 403
    told = json.loads(response.content)
    assert (told["detail"], told["system"]) == ("点検のため止めています。", "room.system")
