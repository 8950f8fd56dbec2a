"""What the documents say is so: settings, commands, who may do what, links and pictures."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from rules.permissions import permissions

import machi
from machi.base.models import Role
from machi.base.rooms import rooms
from tests.base.factories import a_municipality, a_person

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "machi").glob("*/README.md")])
LARGEST_PICTURE = 200_000

COMMANDS = {command.name: command for room in rooms() for command in room.load_commands()}
ROLES = {
    "clerk": Role.CLERK,
    "manager": Role.MANAGER,
    "AI officer": Role.AI_OFFICER,
    "auditor": Role.AUDITOR,
    "administrator": Role.ADMINISTRATOR,
    "joint office": Role.JOINT_OFFICE,
    "learner": Role.LEARNER,
}


def settings_read() -> set[str]:
    text = (ROOT / "machi" / "site" / "settings.py").read_text(encoding="utf-8")
    named = re.findall(r"""env\.\w+\(\s*"(MACHI_\w+)\"""", text)
    kept = re.findall(r"""_kept_secret\("(\w+)"\)""", text)
    return {*named, *(f"MACHI_{name}" for name in kept)}


def commands_named(page: Path) -> Iterator[str]:
    """Each ``machi ...`` in a fenced block or between backticks, without comment."""
    text = page.read_text(encoding="utf-8")
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in fenced for line in block.splitlines()]
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    for line in (*lines, *inline):
        if found := re.match(r"\s*(?:ExecStart=)?(?:[\w/.-]*/)?machi ([a-z-].*)", line):
            yield found[1]


def links(page: Path) -> Iterator[str]:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text):
        yield "".join(target)


def anchors(page: Path) -> set[str]:
    """As Python-Markdown's toc and GitHub both make them of our English headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_settings_are_found_in_the_code() -> None:
    assert {"MACHI_HOME", "MACHI_SECRET_KEY", "MACHI_BEHIND_PROXY", "MACHI_OIDC_SERVER"} <= settings_read()


def test_operations_lists_every_setting_and_no_other() -> None:
    table = [
        line for line in (DOCS / "operations.md").read_text("utf-8").splitlines() if line.startswith("| `")
    ]
    listed = {name for line in table for name in re.findall(r"`(MACHI_\w+)`", line.split("|")[1])}
    assert listed == settings_read()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_names_only_commands_and_options_that_exist(page: Path) -> None:
    for line in commands_named(page):
        words = shlex.split(line, comments=True)
        if words[0].startswith("-"):
            continue
        assert words[0] in COMMANDS, line
        command: click.Command = COMMANDS[words.pop(0)]
        while isinstance(command, click.Group) and words and not words[0].startswith("-"):
            assert words[0] in command.commands, line
            command = command.commands[words.pop(0)]
        options = {option for parameter in command.params for option in parameter.opts}
        options |= {option for parameter in command.params for option in parameter.secondary_opts}
        assert {word.partition("=")[0] for word in words if word.startswith("-")} <= options, line


def test_pages_name_the_commands_that_people_need() -> None:
    named = {line.split()[0] for page in PAGES for line in commands_named(page)}
    assert set(COMMANDS) - named <= {"compile-messages", "sample"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_of_a_page_exist(page: Path) -> None:
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


def test_every_picture_is_shown_somewhere_and_light() -> None:
    shown = {(page.parent / link).resolve() for page in PAGES for link in links(page) if "img/" in link}
    pictures = set((DOCS / "img").glob("*"))
    assert pictures == shown
    assert {picture.name for picture in pictures if picture.stat().st_size > LARGEST_PICTURE} == set()


@pytest.mark.django_db
def test_table_of_roles_is_what_the_rules_say() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (DOCS / "base.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    header = next(row for row in rows if row[:2] == ["may", "permission"])
    told = {
        row[1].strip("`"): {
            ROLES[name] for name, cell in zip(header[2:], row[2:], strict=True) if cell == "●"
        }
        for row in rows
        if re.fullmatch(r"`\w+\.\w+`", row[1])
    }
    town = a_municipality()
    people = {role: a_person(role, town) for role in Role}
    assert told == {
        permission: {role for role, person in people.items() if person.has_perm(permission, town)}
        for permission in permissions
        if permission.split(".")[0] in {room.label for room in rooms()}
    }


def test_changelog_speaks_of_this_version() -> None:
    assert machi.__version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
