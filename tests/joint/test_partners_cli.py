"""Partners from the command line, and what the sample and a generated consortium hold."""

import json

import pytest
from click.testing import CliRunner

from machi.base.domain.register import load_register
from machi.base.domain.towns import members
from machi.base.models import Municipality, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.cli import joint
from machi.joint.models import BlockPlan, Interest, TownSelection
from machi.joint.sample import partners as sample
from tests.base.factories import a_person, approve
from tests.joint.factories import a_consortium, many_towns

pytestmark = pytest.mark.django_db
ATSUGI, EBINA = "142123", "142158"


@pytest.fixture
def consortium():
    found = a_consortium()
    load_register()
    return found


def run(*arguments, code=0):
    done = CliRunner().invoke(joint, arguments)
    assert done.exit_code == code, done.output
    return done.output


def test_curve_partners_savings_and_blocks(consortium):
    told = json.loads(run("cost-curve", "-m", ATSUGI, "--purpose", "welfare", "--json"))
    assert [point[0] for point in told["points"]] == [3000, 10000, 30000, 100000, 300000]
    assert "expected" in run("cost-curve", "-m", ATSUGI)
    told = json.loads(run("partners", "-m", ATSUGI, "--members-only", "--json"))
    assert len(told["suggested"]) == 2
    assert "役所どうしが近い" in run("partners", "-m", ATSUGI)
    assert len(json.loads(run("joint-savings", ATSUGI, EBINA, "-m", ATSUGI, "--json"))) == 5
    assert "移行の費用" in run("joint-savings", ATSUGI, EBINA, "-m", ATSUGI)
    assert "proven best" in run("town-blocks", "-m", ATSUGI, "--prefecture", "31", "--fewest", "3")


def test_what_cannot_be_is_said(consortium):
    assert "2つ以上" in run("joint-savings", ATSUGI, "-m", ATSUGI, code=1)
    run("partners", "-m", ATSUGI, "--likeness", "0", "--complement", "0", "--nearness", "0", code=2)
    run("town-blocks", "-m", ATSUGI, "--prefecture", "99", code=2)
    run("town-blocks", "-m", ATSUGI, "--prefecture", "31", "--objective", "balance", code=2)
    run("town-blocks", "-m", ATSUGI, "--prefecture", "31", "--fewest", "10", "--most", "11", code=1)
    with in_municipality(Municipality.objects.get(pk=ATSUGI)):
        RegisteredSystem.objects.update(state=RegisteredSystem.State.SUSPENDED)
    run("joint-savings", ATSUGI, EBINA, "-m", ATSUGI, code=3)


def test_sample_is_filled_once_through_the_verbs(consortium):
    for town in members(consortium):
        a_person(Role.MANAGER, town)
    with in_consortium(consortium):
        for _ in range(2):
            sample.load(consortium)
            assert TownSelection.objects.filter(shared=True).count() == 1
            assert sorted(Interest.objects.values_list("state", flat=True)) == ["waiting", "yes"]
            assert BlockPlan.objects.get().state == BlockPlan.State.FOUND
    assert json.loads(run("town-pairs", "-m", ATSUGI, "--json"))[0]["asking"] == ATSUGI
    assert "厚木市 - 焼津市" in run("town-pairs", "-m", ATSUGI)


def test_generated_consortium_is_the_same_for_the_same_seed():
    consortium = many_towns(8)
    for town in members(consortium)[:2]:
        approve(town)
    with in_consortium(consortium):
        for _ in range(2):
            sample.generate(consortium, 1)
            assert TownSelection.objects.count() == 4
            assert Interest.objects.count() == 8
        first = list(Interest.objects.order_by("pk").values_list("asking", "asked", "work", "state"))
        Interest.objects.all().delete()
        TownSelection.objects.all().delete()
        sample.generate(consortium, 1)
        assert list(Interest.objects.order_by("pk").values_list("asking", "asked", "work", "state")) == first
