"""Procedures beside an answer of the front desk: those the question is about, and no others."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from machi.base.models import Municipality
from machi.base.scoping import in_municipality
from machi.casework.domain import procedures
from machi.casework.domain.offered import fitting
from machi.casework.domain.shipped import shipped
from machi.casework.models import Procedure
from machi.frontdesk.domain import indexing
from tests.base.factories import a_municipality
from tests.frontdesk.web.desks import an_inquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    town = a_municipality()
    with in_municipality(town):
        for key in shipped():
            procedures.adopt(town, key)
    indexing.build(town)
    return town


def keys(town: Municipality, question: str) -> list[str]:
    with in_municipality(town):
        return [one.url.rstrip("/").rsplit("/", 1)[-1] for one in fitting(town, question)]


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("住民票をコンビニで取れますか", "residence-certificate-by-post"),
        ("住民票の写しを郵送してほしい", "residence-certificate-by-post"),
        ("二人目が生まれました。児童手当はどうなりますか", "child-allowance-change"),
        ("公園でイベントを開く許可はいりますか", "park-event-permit"),
    ],
)
def test_a_question_about_a_procedure_is_offered_it(town: Municipality, question: str, key: str) -> None:
    assert keys(town, question) == [key]


@pytest.mark.parametrize(
    "question",
    ["公園の遊具が壊れている", "児童館の休館日は？", "介護の手当はありますか", "こんにちは", "", "許可"],
)
def test_one_word_in_common_is_not_enough(town: Municipality, question: str) -> None:
    assert keys(town, question) == []


def test_what_a_town_does_not_take_on_the_web_is_not_offered(town: Municipality) -> None:
    other = a_municipality("332020")
    assert keys(other, "住民票の写しを郵送してほしい") == []
    with in_municipality(town):
        Procedure.objects.update(web_form=False)
    assert keys(town, "公園でイベントを開く許可はいりますか") == []
    assert keys(town, "住民票の写しを郵送してほしい") == ["residence-certificate-by-post"]  # how to, on paper
    with in_municipality(town):
        Procedure.objects.update(active=False)
    assert keys(town, "住民票の写しを郵送してほしい") == []


def test_the_answers_page_and_the_api_lead_to_the_procedure(town: Municipality, client: Client) -> None:
    inquiry = an_inquiry(town, "住民票の写しを郵送してほしい")
    address = reverse("casework:apply", args=[town.code, "residence-certificate-by-post"])
    page = client.get(reverse("frontdesk:answer", args=[town.code, inquiry.token])).content.decode()
    assert f'href="{address}"' in page
    told = client.get(f"/api/v1/inquiries/{inquiry.token}?municipality={town.code}").json()
    assert [one["link"] for one in told["answer"]["procedures"]] == [f"http://testserver{address}"]
