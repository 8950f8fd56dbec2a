"""Blocks of a prefecture's towns: asked for, solved in the background, shown with their proof."""

import pytest

from machi.base.domain.register import load_register
from machi.base.models import LedgerEntry, Municipality, Progress, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.domain import partners_blocks as verbs
from machi.joint.models import BlockPlan
from tests.base.factories import a_person
from tests.frontdesk.web.staff import lines, queries
from tests.joint.factories import a_consortium, client_of, office_of, url
from tests.joint.web.test_partners import ATSUGI, YAIZU, soup, words

pytestmark = pytest.mark.django_db
TOTTORI, KANAGAWA = "310000", "140007"
ASKED = {"prefecture": TOTTORI, "fewest": "3", "most": "6", "objective": "compact", "seconds": "20"}


@pytest.fixture
def consortium():
    found = a_consortium()
    load_register()
    return found


@pytest.fixture
def town(consortium):
    return Municipality.objects.get(pk=ATSUGI)


@pytest.fixture
def clerk(town):
    return client_of(a_person(Role.CLERK, town))


def asked(consortium, clerk, town, **more):
    response = clerk.post(url(town, "partners_ask"), {**ASKED, **more})
    assert response.status_code == 302, words(response)
    with in_consortium(consortium):
        return BlockPlan.objects.select_related("consortium", "town").first()


def solved(consortium, plan):
    verbs.solve(plan)
    with in_consortium(consortium):
        return BlockPlan.objects.get(pk=plan.pk)


def test_plan_goes_from_waiting_to_a_proven_map(consortium, clerk, town):
    plan = asked(consortium, clerk, town)
    page = soup(clerk.get(url(town, "partners_plan", plan.pk)))
    assert page.select_one("#plan-now")["hx-trigger"] == "every 2s"
    assert page.select_one("progress")
    found = solved(consortium, plan)
    assert found.state == BlockPlan.State.FOUND
    assert found.found["gap"] == 0
    towns = [code for block in verbs.codes_of(found) for code in block]
    assert len(towns) == len(set(towns)) == 19
    assert all(3 <= len(block) <= 6 for block in verbs.codes_of(found))
    page = soup(clerk.get(url(town, "partners_plan", plan.pk)))
    assert "これより良い案がないことを証明しました" in page.text
    assert len(page.select("svg.map .map-town")) == 19
    assert len(page.select("svg.map .map-edge")) == len(found.found["blocks"])
    assert not page.select("[style]")
    rows = lines(clerk.get(url(town, "partners_plan", plan.pk) + "?format=csv"))
    assert len(rows) == 20


def test_result_is_in_the_ledger_with_its_proof(consortium, clerk, town):
    plan = solved(consortium, asked(consortium, clerk, town))
    with in_municipality(town):
        entries = list(LedgerEntry.objects.filter(subject=f"block_plan:{plan.pk}").order_by("index"))
        assert [(one.system, one.kind) for one in entries] == [
            ("joint.partnering", "partnering"),
            ("joint.grouping", "result"),
        ]
        assert "証明した" in entries[1].body
        progress = Progress.objects.get(key=f"joint.grouping:{plan.pk}")
        assert (progress.done, progress.total, progress.error) == (1, 1, "")


def test_solving_again_changes_nothing(consortium, clerk, town):
    plan = solved(consortium, asked(consortium, clerk, town))
    again = solved(consortium, plan)
    assert (again.finished_at, again.found) == (plan.finished_at, plan.found)


def test_task_run_by_a_worker_solves(consortium, clerk, town):
    plan = asked(consortium, clerk, town)
    verbs.solve_task.call(consortium.pk, plan.pk)
    with in_consortium(consortium):
        assert BlockPlan.objects.get().state == BlockPlan.State.FOUND


def test_htmx_is_told_to_load_the_page_once_it_is_done(consortium, clerk, town):
    plan = asked(consortium, clerk, town)
    address, asks = url(town, "partners_plan", plan.pk), {"HX-Request": "true"}
    assert "HX-Refresh" not in clerk.get(address, headers=asks)
    solved(consortium, plan)
    assert clerk.get(address, headers=asks)["HX-Refresh"] == "true"


def test_what_cannot_be_divided_says_why(consortium, clerk, town):
    plan = solved(consortium, asked(consortium, clerk, town, fewest="10", most="11"))
    assert (plan.state, plan.found["why"]) == (BlockPlan.State.NONE, "number")
    assert "その大きさに分けられません" in words(clerk.get(url(town, "partners_plan", plan.pk)))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"fewest": "6", "most": "3"}, "上限は下限より小さくできません"),
        ({"objective": "balance"}, "まとまりの数を決めてください"),
        ({"seconds": "900"}, "300"),
        ({"prefecture": ""}, "都道府県: 入力してください"),
    ],
)
def test_what_makes_no_sense_is_refused(consortium, clerk, town, given, told):
    assert told in words(clerk.post(url(town, "partners_ask"), {**ASKED, **given}))
    with in_consortium(consortium):
        assert BlockPlan.objects.count() == 0


@pytest.mark.long
@pytest.mark.parametrize(("objective", "blocks"), [("similar", ""), ("balance", "4")])
def test_other_objectives(consortium, clerk, town, objective, blocks):
    plan = solved(consortium, asked(consortium, clerk, town, objective=objective, blocks=blocks))
    assert plan.state == BlockPlan.State.FOUND
    if blocks:
        assert len(plan.found["blocks"]) == 4


def test_system_stopped_meanwhile_does_not_run(consortium, clerk, town):
    plan = asked(consortium, clerk, town)
    with in_municipality(town):
        RegisteredSystem.objects.filter(key=verbs.KEY).update(state=RegisteredSystem.State.SUSPENDED)
    found = solved(consortium, plan)
    assert (found.state, found.found) == (BlockPlan.State.STOPPED, {"why": "not_approved"})
    assert "承認が止まりました" in words(clerk.get(url(town, "partners_plan", plan.pk)))


def test_plan_is_the_towns_own_until_it_is_shared(consortium, clerk, town):
    plan = solved(consortium, asked(consortium, clerk, town))
    yaizu = Municipality.objects.get(pk=YAIZU)
    other, office = client_of(a_person(Role.CLERK, yaizu)), client_of(office_of(consortium))
    for client, place in ((other, yaizu), (office, town)):
        assert client.get(url(place, "partners_plan", plan.pk)).status_code == 404
    assert other.post(url(yaizu, "partners_share_plan", plan.pk)).status_code == 404
    clerk.post(url(town, "partners_share_plan", plan.pk))
    for client, place in ((other, yaizu), (office, town)):
        assert client.get(url(place, "partners_plan", plan.pk)).status_code == 200
    assert other.post(url(yaizu, "partners_share_plan", plan.pk)).status_code == 404


def test_list_takes_as_many_queries_for_three_as_for_one(consortium, clerk, town):
    asked(consortium, clerk, town)
    one = queries(clerk, url(town, "partners_plans"))
    asked(consortium, clerk, town)
    asked(consortium, clerk, town, prefecture=KANAGAWA)
    assert queries(clerk, url(town, "partners_plans")) == one
    rows = lines(clerk.get(url(town, "partners_plans") + "?format=csv"))
    assert [row[0] for row in rows[1:]] == ["神奈川県", "鳥取県", "鳥取県"]


@pytest.mark.parametrize(
    ("gap", "bound", "told"),
    [
        (0.0, 90.0, "これより良い案がないことを証明しました"),
        (0.00001, 90.0, "差は、多くても0.0%です"),
        (0.125, 90.0, "差は、多くても12.5%です"),
        (1.0, 0.0, "最良の案にどれだけ近いかは、まだ分かりません"),
    ],
)
def test_page_says_how_near_to_the_best_it_is(consortium, clerk, town, gap, bound, told):
    plan = solved(consortium, asked(consortium, clerk, town))
    with in_consortium(consortium):
        plan.found |= {"gap": gap, "bound": bound}
        plan.save()
    assert told in words(clerk.get(url(town, "partners_plan", plan.pk)))
    assert ("証明した" in verbs.explained(plan.found, plan.objective)) == (gap == 0)
