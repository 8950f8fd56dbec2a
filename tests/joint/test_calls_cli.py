"""Calls from the command line, and the generated consortium's."""

import json

import pytest
from click.testing import CliRunner

from machi.base.domain.towns import members
from machi.base.models import Consortium, LedgerEntry, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.cli import joint
from machi.joint.domain import calls_decision, calls_evaluation
from machi.joint.models import Call, JointProject, Proposal
from machi.joint.sample import calls as sample
from tests.base.factories import a_person, approve
from tests.joint.calls import an_evaluated, an_open_call, office
from tests.joint.domain.test_calls_review import as_recommended
from tests.joint.factories import a_consortium, many_towns, towns_of
from tests.joint.web.test_calls import GOOD, a_list

pytestmark = pytest.mark.django_db
TOWN = "142123"


@pytest.fixture
def consortium():
    return a_consortium()


@pytest.fixture
def by(consortium):
    return office(consortium)


def run(*arguments, status=0):
    done = CliRunner().invoke(joint, [str(one) for one in arguments])
    assert done.exit_code == status, done.output
    return done.output


def of(call, by):
    return ["-m", TOWN, "--call", call.pk, "--by", by.person.email]


def test_calls_and_proposals_are_listed(consortium, by):
    with in_consortium(consortium):
        call = an_evaluated(consortium, by, budget=45_000_000)
    [told] = json.loads(run("calls", "-m", TOWN, "--json"))
    assert (told["id"], told["proposals"]) == (call.pk, 3)
    told = json.loads(run("proposals", "-m", TOWN, "--call", call.pk, "--json"))
    assert [(one["number"], one["state"], one["amount"]) for one in told] == [
        (1, "passed", 20_000_000),
        (2, "passed", 25_000_000),
        (3, "passed", 15_000_000),
    ]
    assert "there is no call 99" in run("proposals", "-m", TOWN, "--call", 99, status=1)


@pytest.mark.long
def test_ranking_with_its_steadiness_and_letters(consortium, by, tmp_path):
    with in_consortium(consortium):
        call = an_evaluated(consortium, by, budget=45_000_000)
    told = json.loads(run("rank-proposals", *of(call, by), "--steadiness", "--json"))
    assert [(one["number"], one["recommended"], one["steadiness"]["both"]) for one in told] == [
        (1, True, 1.0),
        (2, True, 1.0),
        (3, False, 0.0),
    ]
    letters = tmp_path / "letters.pdf"
    assert "まだ決まっていません" in run(
        "notification-letters", "-m", TOWN, "--call", call.pk, letters, status=1
    )
    with in_consortium(consortium):
        calls_decision.decide(call, by, as_recommended(call), "")
    run("notification-letters", "-m", TOWN, "--call", call.pk, letters)
    assert letters.read_bytes().startswith(b"%PDF")


def test_a_list_is_read_and_taken(consortium, by, tmp_path):
    with in_consortium(consortium):
        call = an_open_call(consortium, by)
    file = tmp_path / "applications.xlsx"
    file.write_bytes(a_list(GOOD).read())
    assert "1 件を取り込めます" in run("import-proposals", file, *of(call, by), "--dry-run")
    assert "1 件を取り込みました" in run("import-proposals", file, *of(call, by))
    assert "もうあります" in run("import-proposals", file, *of(call, by), status=1)
    assert set(actors(call)) == {f"person:{by.person.pk}"}


def actors(call):
    """Who stands in the ledger for what was done with the call and its proposals, the oldest first."""
    with in_consortium(call.consortium):
        subjects = [f"call:{call.pk}", *(f"proposal:{one.pk}" for one in call.proposals.all())]
    with in_municipality(towns_of(call.consortium)[0]):
        found = LedgerEntry.objects.filter(subject__in=subjects).order_by("index")
        return list(found.values_list("actor", flat=True))


def test_commands_that_decide_record_who_did_and_ask_whether_they_may(consortium, by, tmp_path):
    with in_consortium(consortium):
        call = an_evaluated(consortium, by)
    file = tmp_path / "applications.xlsx"
    file.write_bytes(a_list(GOOD).read())
    clerk = a_person(Role.CLERK, towns_of(consortium)[0])
    elsewhere = a_person(Role.JOINT_OFFICE, consortium=Consortium.objects.create(name="別の共同体"))
    commands = [["import-proposals", str(file)], ["assign-reviewers"], ["rank-proposals"]]
    for command in commands:
        about = [*command, "-m", TOWN, "--call", call.pk]
        assert "Missing option '--by'" in run(*about, status=2)
        for person in (clerk, elsewhere):
            assert "may not do this" in run(*about, "--by", person.email, status=1)
    before = len(actors(call))
    run("rank-proposals", *of(call, by), "--steadiness")
    assert actors(call)[before:] == [f"person:{by.person.pk}"] * 2  # the ranking and how steady it is


def test_what_is_not_approved_ends_with_its_own_status(consortium, by):
    with in_consortium(consortium):
        call = an_evaluated(consortium, by)
    with in_municipality(towns_of(consortium)[0]):
        RegisteredSystem.objects.filter(key__startswith="joint.").update(
            state=RegisteredSystem.State.SUSPENDED
        )
    run("rank-proposals", *of(call, by), status=3)
    run("assign-reviewers", *of(call, by), status=3)


def test_a_generated_consortium_is_the_same_for_the_same_seed_and_can_be_decided():
    consortium = many_towns(12)
    for town in members(consortium)[:1]:
        approve(town)
    with in_consortium(consortium):
        sample.generate(consortium, 1)
        sample.generate(consortium, 1)  # safe to call again
        call = Call.objects.get(state="review")
        assert Call.objects.count() == 2
        assert call.proposals.count() == 6
        evaluation = calls_evaluation.evaluate(call, sample.Acting(members(consortium)[0], call.created_by))
        passed = call.proposals.filter(state=Proposal.State.PASSED).count()
        assert len(evaluation.places) == passed
        assert evaluation.cost <= call.budget


def test_the_sample_has_a_call_in_each_state_that_matters():
    consortium = a_consortium()
    office(consortium)
    for town in towns_of(consortium):
        for role in (Role.CLERK, Role.MANAGER, Role.AI_OFFICER):
            a_person(role, town)
    with in_consortium(consortium):
        sample.load(consortium)
        sample.load(consortium)  # safe to call again
        states = Call.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == ["announced", "review", "open"]
        adopted = Proposal.objects.filter(state=Proposal.State.ADOPTED).count()
        assert JointProject.objects.count() == adopted > 0
        assert Proposal.objects.filter(state=Proposal.State.DRAFT).count() == 1
