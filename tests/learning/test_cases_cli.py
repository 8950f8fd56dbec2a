"""Cases and discussion from the command line."""

import json

import pytest
from click.testing import CliRunner

from machi.base.models import Role
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.cli import learning
from machi.learning.domain import discussion
from machi.learning.models import Case
from tests.learning.cases import GARBAGE, MINUTES, a_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return a_scene()


def run(*arguments):
    return CliRunner().invoke(learning, [str(one) for one in arguments])


def test_cases_are_found_after_the_index_was_made(scene):
    atsugi = scene.towns[0]
    minutes = scene.case()
    scene.case(GARBAGE)
    made = run("cases", "index", "-m", atsugi.code)
    assert made.stdout.startswith("6 passages, 6 newly embedded")
    by = ("--by", scene.person(atsugi).email)
    found = run("cases", "search", "-m", atsugi.code, *by, "審議会の議事録", "--json")
    assert json.loads(found.stdout)[0]["id"] == minutes.pk
    shown = run("cases", "search", "-m", atsugi.code, *by, "--field", "minutes")
    assert shown.stdout == f"{minutes.pk} 142123 {MINUTES['title']}: told, adopted 0\n"
    refused = run("cases", "search", "-m", atsugi.code, "--by", "nobody@x.example")
    assert refused.exit_code == 1


def test_what_was_exported_is_imported_by_its_own_town(scene, tmp_path):
    atsugi, yaizu, _ = scene.towns
    scene.case()
    file = tmp_path / "cases.xlsx"
    assert run("cases", "export", "-m", atsugi.code, file).stdout == "1 cases\n"
    assert run("cases", "export", "-m", atsugi.code, tmp_path / "cases.doc").exit_code == 1
    other = run("cases", "import", "-m", yaizu.code, "--by", scene.person(yaizu).email, file)
    assert "ほかの自治体の事例は取り込めません" in other.stderr
    with in_consortium(scene.consortium):
        Case.objects.all().delete()
    by = ("--by", scene.person(atsugi).email)
    assert run("cases", "import", "-m", atsugi.code, *by, file, "--dry-run").stdout == "1 drafts (dry run)\n"
    with in_consortium(scene.consortium):
        assert not Case.objects.exists()
    assert run("cases", "import", "-m", atsugi.code, *by, file).stdout == "1 drafts\n"
    with in_consortium(scene.consortium):
        assert Case.objects.get().after == MINUTES["after"]
    auditor = run(
        "cases", "import", "-m", atsugi.code, "--by", scene.person(atsugi, Role.AUDITOR).email, file
    )
    assert auditor.exit_code == 1


def test_topics_are_listed_and_letters_sent(scene):
    atsugi = scene.towns[0]
    with in_consortium(scene.consortium), in_municipality(atsugi):
        given = {"title": "要約", "body": "どう直しますか。"}
        made = discussion.open_topic(scene.consortium, atsugi, scene.person(atsugi), given)
    by = ("--by", scene.person(atsugi).email)
    assert run("topics", "-m", atsugi.code, *by).stdout == f"{made.pk} 要約: 1 posts\n"
    assert json.loads(run("topics", "-m", atsugi.code, *by, "--json").stdout)[0]["answered"] is False
    assert run("send-digests", "-m", atsugi.code).stdout == "0 letters\n"
