"""Partners over HTTP: the same figures, doors and ledger as the pages."""

import json

import pytest

from machi.base.domain.register import load_register
from machi.base.models import LedgerEntry, Municipality, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.domain import partners_blocks as blocks
from machi.joint.models import BlockPlan
from tests.base.factories import a_person
from tests.joint.factories import a_consortium, client_of, office_of

pytestmark = pytest.mark.django_db
ATSUGI, YAIZU, EBINA, AIKAWA = "142123", "222127", "142158", "144011"
AT, AT_YAIZU = f"/api/v1/joint/{ATSUGI}", f"/api/v1/joint/{YAIZU}"


@pytest.fixture
def consortium():
    found = a_consortium()
    load_register()
    return found


@pytest.fixture
def head(consortium):
    return client_of(a_person(Role.MANAGER, Municipality.objects.get(pk=ATSUGI)))


def post(client, path, data):
    return client.post(path, json.dumps(data), "application/json")


def test_curve_names_controls_and_the_own_town(head):
    told = head.get(f"{AT}/cost-curve?purpose=staff").json()
    assert told["towns"] == 1734
    assert len(told["controls"]) == 5
    assert told["own"]["population"] == 223705
    assert all(one["low"] <= one["value"] <= one["high"] for one in told["points"])
    assert head.get(f"{AT}/cost-curve?purpose=fun").status_code == 422


def test_partners_by_weights(head):
    told = head.get(f"{AT}/partners?likeness=0&complement=0&count=3").json()
    assert told[0]["code"] == EBINA
    assert len(told) == 3
    assert all(one["reasons"] for one in told)
    assert head.get(f"{AT}/partners?likeness=0&complement=0&nearness=0").status_code == 422


def test_savings_and_saving_a_choice(head):
    told = head.get(f"{AT}/savings?town={ATSUGI}&town={EBINA}&part=0.5").json()
    assert [one["purpose"] for one in told] == ["total", "welfare", "public_works", "education", "staff"]
    assert all(len(one["caveats"]) >= 5 for one in told)
    assert head.get(f"{AT}/savings?town={ATSUGI}").status_code == 422
    made = post(head, f"{AT}/town-selections", {"title": "組", "towns": [ATSUGI, AIKAWA]})
    assert made.status_code == 201
    assert made.json()["towns"] == [ATSUGI, AIKAWA]
    assert [one["id"] for one in head.get(f"{AT}/town-selections").json()] == [made.json()["id"]]
    with in_municipality(Municipality.objects.get(pk=ATSUGI)):
        assert LedgerEntry.objects.get().system == "joint.cost_model"


def test_interest_from_telling_to_a_pair(consortium, head):
    other = client_of(a_person(Role.MANAGER, Municipality.objects.get(pk=YAIZU)))
    office = client_of(office_of(consortium))
    made = post(head, f"{AT}/interests", {"to": YAIZU, "work": "給食"})
    assert made.status_code == 201
    assert office.get(f"{AT}/interests").json() == []
    address = f"interests/{made.json()['id']}/answer"
    assert post(head, f"{AT}/{address}", {"yes": True}).status_code == 404
    assert post(other, f"{AT_YAIZU}/{address}", {"yes": True}).json()["state"] == "yes"
    assert post(other, f"{AT_YAIZU}/{address}", {"yes": False}).status_code == 422
    assert [one["state"] for one in office.get(f"{AT}/interests").json()] == ["yes"]
    assert post(head, f"{AT}/interests", {"to": EBINA, "work": "給食"}).status_code == 422
    assert post(head, f"{AT}/interests", {"to": "999999", "work": "給食"}).status_code == 422


def test_blocks_are_asked_for_and_read_later(consortium, head):
    asked = post(head, f"{AT}/block-plans", {"prefecture": "310000", "fewest": 3, "most": 6})
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    with in_consortium(consortium):
        blocks.solve(BlockPlan.objects.select_related("consortium", "town").get())
    told = head.get(f"{AT}/block-plans/{asked.json()['id']}").json()
    assert (told["state"], told["found"]["gap"]) == ("found", 0)
    other = client_of(a_person(Role.MANAGER, Municipality.objects.get(pk=YAIZU)))
    assert other.get(f"{AT_YAIZU}/block-plans/{asked.json()['id']}").status_code == 404
    bad = {"prefecture": "310000", "fewest": 6, "most": 3}
    assert post(head, f"{AT}/block-plans", bad).status_code == 422


def test_doors_and_approval(consortium, head):
    auditor = client_of(a_person(Role.AUDITOR, Municipality.objects.get(pk=ATSUGI)))
    assert auditor.get(f"{AT}/cost-curve").status_code == 403
    assert head.get(f"{AT_YAIZU}/cost-curve").status_code == 403
    clerk = client_of(a_person(Role.CLERK, Municipality.objects.get(pk=ATSUGI)))
    assert post(clerk, f"{AT}/interests", {"to": YAIZU, "work": "x"}).status_code == 403
    assert head.get(f"{AT}/town-selections?consortium=99999").status_code == 404
    with in_municipality(Municipality.objects.get(pk=ATSUGI)):
        RegisteredSystem.objects.filter(key="joint.cost_model").update(state=RegisteredSystem.State.SUSPENDED)
    told = head.get(f"{AT}/savings?town={ATSUGI}&town={EBINA}")
    assert (told.status_code, told.json()["system"]) == (403, "joint.cost_model")
