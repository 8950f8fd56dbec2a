"""AI systems from the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from machi.base.running import why_not
from machi.base.scoping import in_municipality
from machi.frontdesk.apps import ANSWERS
from machi.governance.cli import commands, systems
from machi.governance.models import SystemDecision
from tests.governance.systems import an_unapproved_town, approve

pytestmark = pytest.mark.django_db
CODE = "142123"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(systems, arguments)
    return result.exit_code, result.output


def test_list_tells_state_and_whether_it_runs() -> None:
    town = an_unapproved_town()
    assert f"{ANSWERS} v1: draft, does not run" in run("list", "-m", CODE)[1]
    approve(town)
    assert f"{ANSWERS} v1: approved, runs, until " in run("list", "-m", CODE)[1]
    told = json.loads(run("list", "-m", CODE, "--json")[1])
    assert {one["key"]: one["runs"] for one in told}[ANSWERS] is True


def test_stop_and_resume_are_recorded_without_a_person() -> None:
    town = an_unapproved_town()
    approve(town)
    assert run("stop", ANSWERS, "-m", CODE, "--notice", "点検中")[0] == 0
    assert why_not(town.municipality, ANSWERS) == "点検中"
    assert run("resume", ANSWERS, "-m", CODE)[0] == 0
    assert why_not(town.municipality, ANSWERS) is None
    with in_municipality(town.municipality):
        assert [one.by for one in SystemDecision.objects.all()[:2]] == [None, None]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("stop", "no.such", "--notice", "x"), "no AI system no.such"),
        (("stop", ANSWERS, "--notice", "x"), "この操作はできません"),
        (("stop", ANSWERS, "--notice", " "), "お知らせを書いて"),
        (("resume", ANSWERS), "この操作はできません"),
    ],
)
def test_what_cannot_be_done_is_said_and_ends_in_1(arguments: tuple[str, ...], words: str) -> None:
    an_unapproved_town()
    status, output = run(*arguments, "-m", CODE)
    assert status == 1
    assert words in output


def test_personal_information_is_looked_for_from_the_command_line(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("電話は054-626-1111です。\n", encoding="utf-8")
    personal = next(one for one in commands if one.name == "personal")
    looked = CliRunner().invoke(personal, ["check", str(letter)])
    assert looked.output.startswith("1:4: TELEPHONE")
    assert looked.exit_code == 1
