"""Experts from the command line."""

import json

import pytest
from click.testing import CliRunner

from machi.base.scoping import in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.cli import joint
from machi.joint.registration.experts import MATCHING
from tests.joint.experts import a_scene

RESIDENTS = 'name,quota,choices\nr1,1,h1 h2\nr2,1,h1\nr3,1,"(h1 h2)"\n'
HOSPITALS = "name,quota,choices\nh1,1,r1 r2 r3\nh2,2,r3 r1\n"


def run(*arguments):
    return CliRunner().invoke(joint, list(arguments))


@pytest.fixture
def files(tmp_path):
    (tmp_path / "residents.csv").write_text(RESIDENTS, "utf-8-sig")
    (tmp_path / "hospitals.csv").write_text(HOSPITALS, "utf-8")
    return str(tmp_path / "residents.csv"), str(tmp_path / "hospitals.csv")


def test_hospitals_and_residents_of_a_file_are_matched(files):
    done = run("match-csv", *files)
    assert done.exit_code == 0
    assert done.stdout == "expert,town,expert_rank,town_rank\nr1,h1,1,1\nr3,h2,1,1\n"
    assert done.stderr == "2 pairs, 0 blocking pairs\n"


def test_pairs_go_to_a_file_whichever_side_proposes(files, tmp_path):
    out = tmp_path / "pairs.csv"
    assert run("match-csv", *files, "--propose", "towns", "-o", str(out)).exit_code == 0
    assert out.read_text().splitlines()[1:] == ["r1,h1,1,1", "r3,h2,1,1"]


def test_what_is_wrong_with_a_file_is_said(files, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("name,quota,choices\nr1,one,h1\n")
    done = run("match-csv", str(bad), files[1])
    assert done.exit_code == 1
    assert "line 2" in done.stderr


@pytest.mark.django_db
def test_rounds_experts_and_matching_of_a_consortium():
    scene = a_scene()
    scene.posting(scene.atsugi)
    scene.expert()
    told = json.loads(run("expert-rounds", "-m", "142123", "--json").stdout)
    assert [(one["state"], one["experts"]) for one in told] == [("open", 1)]
    pk = str(told[0]["round"])
    listed = run("expert-list", "-m", "142123", "--round", pk)
    assert "山田" not in listed.stdout
    assert "1: external, 40 h" in listed.stdout
    scene.rank()
    arguments = ("expert-match", "-m", "142123", "--round", pk, "--by", scene.office.email)
    done = run(*arguments, "--json")
    assert [one["pairs"] for one in json.loads(done.stdout)] == [1, 1, 1]
    clerk = scene.clerks["142123"].email
    assert run(*arguments[:-1], clerk).exit_code == 1
    with in_municipality(scene.atsugi):
        RegisteredSystem.objects.filter(key=MATCHING).update(state="suspended")
    assert run(*arguments).exit_code == 3


@pytest.mark.django_db
def test_list_is_tried_and_taken(tmp_path):
    scene = a_scene()
    file = tmp_path / "list.csv"
    file.write_text(
        "氏名,メールアドレス,経験,クラウド,使える時間,拠点,始められる日,終わりの日,報酬\n"
        "鈴木 一,one@expert.example,10年,3,20,神奈川県厚木市,2027-04-01,2028-03-31,5000\n"
    )
    arguments = ["expert-import", "-m", "142123", "--round", str(scene.round.pk)]
    arguments += ["--by", scene.office.email, str(file)]
    assert "1 registrations, nothing wrong" in run(*arguments, "--dry-run").stdout
    assert run(*arguments).stdout == "1 registered\n"
    assert "同じメールアドレス" in run(*arguments).stderr
