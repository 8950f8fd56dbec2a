"""The front desk's commands, as an operator types them."""

from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner, Result

from machi.base.models import Municipality
from machi.frontdesk import cli
from tests.base.factories import a_municipality

pytestmark = pytest.mark.django_db

GOOD = "# 粗大ごみの出し方\n\n粗大ごみは、清掃センターへ電話で申し込んでください。\n"


@pytest.fixture
def town() -> Municipality:
    return a_municipality("142123")


def machi(command: Command, *arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def test_from_a_file_to_a_cited_answer(town: Municipality, tmp_path: Path) -> None:
    path = tmp_path / "gomi.md"
    path.write_text(GOOD, encoding="utf-8")
    added = machi(cli.sources, "add", str(path), "-m", town.code, "--source", "ごみの手引き")
    assert (added.exit_code, "gomi.md v1: read" in added.output) == (0, True)
    listed = machi(cli.sources, "list", "-m", town.code)
    assert "ごみの手引き: 1 files, 1 documents" in listed.output
    assert machi(cli.index, "build", "-m", town.code, "--no-embeddings").exit_code == 0
    asked = machi(cli.ask, "粗大ごみはどう申し込みますか", "-m", town.code)
    assert asked.exit_code == 0
    assert "清掃センターへ電話で申し込んでください。 [1]" in asked.output


@pytest.mark.parametrize(("name", "content"), [("empty.md", b""), ("letters.xlsx", b"PK\x03\x04 cut off")])
def test_what_cannot_be_read_is_told_and_ends_with_1(
    town: Municipality, tmp_path: Path, name: str, content: bytes
) -> None:
    good, bad = tmp_path / "gomi.md", tmp_path / name
    good.write_text(GOOD, encoding="utf-8")
    bad.write_bytes(content)
    done = machi(cli.sources, "add", str(bad), str(good), "-m", town.code, "--source", "ごみの手引き")
    assert done.exit_code == 1
    assert name in done.output
    assert "gomi.md v1: read" in done.output  # the others are read all the same
    assert machi(cli.sources, "check", str(bad)).exit_code == 1
    assert machi(cli.sources, "check", str(good)).exit_code == 0
