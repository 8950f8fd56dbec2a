"""The public page as JSON."""

import pytest
from django.test import Client

from machi.base.scoping import in_municipality
from machi.frontdesk.apps import ANSWERS
from machi.governance.domain import register
from tests.base.factories import a_municipality
from tests.frontdesk.web.desks import an_inquiry, an_open_desk
from tests.governance.systems import an_unapproved_town, approve

pytestmark = pytest.mark.django_db


def desk_of(client: Client, code: str = "142123") -> dict[str, object]:
    response = client.get(f"/api/v1/municipalities/{code}/ai-systems")
    assert response.status_code == 200
    return next(one for one in response.json() if one["key"] == ANSWERS)


def test_each_system_is_told_with_its_state(client: Client) -> None:
    town = an_unapproved_town()
    told = desk_of(client)
    assert (told["state"], told["approved_version"], told["results"]) == ("draft", "", 0)
    approve(town, conditions="窓口だけ")
    told = desk_of(client)
    assert (told["state"], told["approved_version"], told["conditions"]) == ("running", "1", "窓口だけ")
    assert told["sends_outside"] is False
    assert [line["value"] for line in told["quality"]][:3] == ["68.2 %", "4.7 %", "92.5 %"]
    with in_municipality(town.municipality):
        register.suspend(town.municipality, ANSWERS, by=town.officer, notice="点検中")
    told = desk_of(client)
    assert (told["state"], told["notice"]) == ("suspended", "点検中")


def test_results_are_counted_of_this_town_only(client: Client) -> None:
    an_inquiry(an_open_desk("332020"))
    an_inquiry(an_open_desk())
    assert desk_of(client)["results"] == 1


def test_an_unknown_town_and_a_bad_code_are_problems(client: Client) -> None:
    a_municipality("222127", live=False)
    for code, status in (("222127", 404), ("999999", 404), ("12", 422)):
        response = client.get(f"/api/v1/municipalities/{code}/ai-systems")
        assert (response.status_code, response["Content-Type"].split(";")[0]) == (
            status,
            "application/problem+json",
        )


def test_it_is_in_the_openapi_document(client: Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    operation = paths["/api/v1/municipalities/{code}/ai-systems"]["get"]
    assert operation["summary"] == "AI systems of a municipality"
    assert set(operation["responses"]) == {"200", "404", "422", "429"}
