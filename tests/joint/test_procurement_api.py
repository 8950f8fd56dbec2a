"""Joint procurement over HTTP and from the command line."""

import json

import pytest
from click.testing import CliRunner
from django.test import Client

from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.cli.procurement import purchases
from machi.joint.domain.procurement import ADVICE
from machi.joint.models import PurchaseConsent, PurchaseDemand
from tests.joint.factories import client_of
from tests.joint.purchases import Purchase

pytestmark = pytest.mark.django_db


def at(one, path="", town=0):
    return f"/api/v1/municipalities/{one.towns[town].pk}/purchases{path}"


def put(client, path, value):
    return client.put(path, json.dumps(value), "application/json")


def run(*arguments):
    result = CliRunner().invoke(purchases, [str(one) for one in arguments])
    return result.exit_code, result.output


def test_a_purchase_is_read_with_totals_and_lots():
    one = Purchase().begun().wanted()
    client = client_of(one.clerks[1])
    assert [found["title"] for found in client.get(at(one, town=1)).json()] == ["タブレットの共同調達"]
    found = client.get(at(one, f"/{one.purchase.pk}", town=1)).json()
    assert (found["open"], found["items"][0]["towns"], found["items"][0]["quantity"]) == (True, 3, 90)
    assert found["lots"] == []
    demand = client.get(at(one, f"/{one.purchase.pk}/demand", town=1)).json()
    assert [(line["municipality"], line["ceiling"]) for line in demand] == [(one.towns[1].pk, 480_000)]
    one.lotted()
    demand = client.get(at(one, f"/{one.purchase.pk}/demand", town=1)).json()
    assert [line["ceiling"] for line in demand] == [None, 480_000, None]
    [lot] = client.get(at(one, f"/{one.purchase.pk}", town=1)).json()["lots"]
    assert (lot["quantity"], lot["vendor"], lot["yen"]) == (90, "", None)


def test_demand_is_entered_whole_or_refused():
    one = Purchase().begun()
    client = client_of(one.clerks[0])
    line = {"item": one.item.pk, "quantity": 5, "earliest": "2027-04-01", "latest": "2027-05-31"}
    assert put(client, at(one, f"/{one.purchase.pk}/demand"), [line]).json() == {"taken": 1}
    wrong = put(client, at(one, f"/{one.purchase.pk}/demand"), [{**line, "latest": "2027-03-01"}])
    assert (wrong.status_code, wrong["Content-Type"]) == (422, "application/problem+json")
    assert put(client, at(one, f"/{one.purchase.pk}/demand", town=1), [line]).status_code == 403
    office = client_of(one.office)
    assert put(office, at(one, f"/{one.purchase.pk}/demand"), [line]).status_code == 403
    assert put(Client(), at(one, f"/{one.purchase.pk}/demand"), [line]).status_code == 401
    with in_consortium(one.consortium):
        assert PurchaseDemand.objects.get().quantity == 5


def test_shares_are_read_and_answered_by_the_head():
    one = Purchase().ready().shared()
    path = at(one, f"/{one.purchase.pk}/lots/1/sharing", town=2)
    head = client_of(one.heads[2])
    found = head.get(path).json()
    assert (found["total"], found["rule"], len(found["rules"])) == (820_000, "shapley", 6)
    answer = {"agree": False, "reason": ""}
    assert head.post(path + "/answer", json.dumps(answer), "application/json").status_code == 422
    answer = {"agree": True}
    assert head.post(path + "/answer", json.dumps(answer), "application/json").json()["state"] == "agreed"
    clerk = client_of(one.clerks[2])
    assert clerk.post(path + "/answer", json.dumps(answer), "application/json").status_code == 403
    with in_consortium(one.consortium):
        assert PurchaseConsent.objects.filter(state="agreed").get().municipality == one.towns[2]


def test_foreign_numbers_are_not_found():
    one = Purchase().begun()
    client = client_of(one.clerks[0])
    for path in ("/9999", "/9999/demand", f"/{one.purchase.pk}/lots/9/sharing"):
        assert client.get(at(one, path)).status_code == 404, path
    assert client.get(at(one) + "?consortium=9999").status_code == 404


def test_cli_lists_proposes_and_takes_a_list(tmp_path):
    one = Purchase().begun()
    code = one.town.pk
    assert json.loads(run("list", "-m", code, "--json")[1])[0]["state"] == "collecting"
    assert "タブレットの共同調達" in run("list", "-m", code)[1]
    file = tmp_path / "demand.csv"
    file.write_text(
        "品目,数量,納入の希望（早くて）,納入の希望（遅くて）\nタブレット,12,2027-04-01,2027-05-31\n"
    )
    by = ("-m", code, "--by", one.clerks[0].email)
    assert run("enter-demand", one.purchase.pk, file, *by, "--dry-run") == (0, "1 lines would be taken\n")
    with in_consortium(one.consortium):
        assert not PurchaseDemand.objects.exists()
    assert run("enter-demand", one.purchase.pk, file, *by) == (0, "1 lines were taken\n")
    file.write_text("品目,数量,納入の希望（早くて）,納入の希望（遅くて）\n机,12,2027-04-01,2027-05-31\n")
    status, told = run("enter-demand", one.purchase.pk, file, *by)
    assert status == 1
    assert "2行目の「品目」" in told
    other = ("-m", code, "--by", one.clerks[1].email)
    assert run("enter-demand", one.purchase.pk, file, *other)[0] == 1
    [lot] = json.loads(run("propose-lots", one.purchase.pk, "-m", code, "--json")[1])
    assert (lot["quantity"], lot["towns"], lot["saves"]) == (12, [code], [0, 0])
    assert "12 台" in run("propose-lots", one.purchase.pk, "-m", code)[1]
    assert run("propose-lots", 9999, "-m", code)[0] == 1
    with in_municipality(one.town):
        RegisteredSystem.objects.filter(key=ADVICE).update(state="suspended")
    assert run("propose-lots", one.purchase.pk, "-m", code)[0] == 3


def test_cli_shows_the_shares():
    one = Purchase().ready()
    assert run("shares", one.purchase.pk, 1, "-m", one.town.pk)[0] == 1
    one.shared()
    found = json.loads(run("shares", one.purchase.pk, 1, "-m", one.town.pk, "--json")[1])
    assert (found["rule"], found["total"]) == ("shapley", 820_000)
    assert "shapley (シャープレイ値) *" in run("shares", one.purchase.pk, 1, "-m", one.town.pk)[1]
