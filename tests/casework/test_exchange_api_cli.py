"""Files of other systems over HTTP and from the command line: the same verbs, the same permissions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from machi.base.models import Municipality, Role
from machi.base.scoping import in_municipality
from machi.casework.cli import casework
from machi.casework.models import Application, Import, OwnMapping
from tests.base.factories import a_municipality, a_person
from tests.casework.desk import LAYOUT_ONLINE, a_mapping, a_procedure, online, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    town = a_municipality()
    a_procedure(town)
    a_mapping(town)
    return town


def posted(
    client: Client, town: Municipality, data: bytes, query: str = "mapping=dog.online"
) -> tuple[int, Any]:
    file = SimpleUploadedFile("a.csv", data)
    answered = client.post(f"/api/v1/casework/{town.code}/imports?{query}", {"file": file})
    return answered.status_code, answered.json()


def test_file_is_taken_over_http_after_a_dry_run(town: Municipality) -> None:
    clerk = signed_in(town)
    status, said = posted(clerk, town, online({}), "mapping=dog.online&dry_run=true")
    assert (status, said["id"], said["fresh"]) == (200, None, 1)
    with in_municipality(town):
        assert not Application.objects.exists()
    status, said = posted(clerk, town, online({}))
    assert (status, said["rows"], said["fresh"], said["known"]) == (201, 1, 1, 0)
    with in_municipality(town):
        assert Import.objects.get().pk == said["id"]
        assert Import.objects.get().person == clerk.person
    status, said = posted(clerk, town, online({}))
    assert (status, said["id"], said["fresh"], said["known"]) == (200, None, 0, 1)
    assert [one["key"] for one in said["told"]] == ["known"]


def test_wrong_cells_are_problem_details(town: Municipality) -> None:
    clerk = signed_in(town)
    for query in ("mapping=dog.online", "mapping=dog.online&dry_run=true"):
        status, said = posted(clerk, town, online({"氏名": ""}), query)
        assert status == 422
        assert said["errors"] == [{"pointer": "/file/2/氏名", "detail": "2行目「氏名」: 必要な値が空です。"}]
    status, said = posted(clerk, town, online({}), "mapping=dog.other")
    assert (status, said["errors"][0]["pointer"]) == (422, "/mapping")
    assert "dog.online" in said["errors"][0]["detail"]
    with in_municipality(town):
        assert not Application.objects.exists()


def test_api_of_exchange_asks_for_the_pages_permissions(town: Municipality) -> None:
    other = a_municipality("332020")
    for client in (signed_in(other, Role.MANAGER), signed_in(town, Role.AUDITOR)):
        assert posted(client, town, online({}))[0] == 403
        assert client.get(f"/api/v1/casework/{town.code}/mappings").status_code == 403
    (listed,) = signed_in(town).get(f"/api/v1/casework/{town.code}/mappings").json()
    assert (listed["key"], listed["own"], listed["columns"][0]) == ("dog.online", True, "申請番号")


def test_decided_applications_are_written_over_http(town: Municipality) -> None:
    clerk = signed_in(town)
    posted(clerk, town, online({}))
    with in_municipality(town):
        from machi.casework.domain import reading

        reading.run(town)
        Application.objects.update(outcome="approved", decided_at=timezone.now())
    day = timezone.localdate().isoformat()
    address = f"/api/v1/casework/{town.code}/exports?mapping=dog.online&since={day}&until={day}"
    assert clerk.post(f"{address}&dry_run=true").json() == {"rows": 1, "warnings": []}
    written = clerk.post(address)
    assert written.content.decode("utf-8-sig").splitlines()[1].startswith("E-1,2026-11-30,山田")
    assert written["Cache-Control"] == "no-store"


def test_command_takes_a_file_after_a_dry_run(town: Municipality, tmp_path: Path) -> None:
    clerk = a_person(Role.CLERK, town)
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(online({}))
    bad.write_bytes(online({"申請番号": "E-2", "生年月日": "昨日"}))
    run = CliRunner().invoke

    def command(path: Path, *more: str) -> list[str]:
        return ["import", str(path), "-m", town.code, "--by", clerk.email, "--mapping", "dog.online", *more]

    tried = run(casework, command(good, "--dry-run"))
    assert (tried.exit_code, tried.stdout) == (0, "good.csv: 1 rows, 0 known, 1 would be taken\n")
    with in_municipality(town):
        assert not Application.objects.exists()
    wrong = run(casework, command(bad))
    assert wrong.exit_code == 1
    assert "2行目「生年月日」（昨日）" in wrong.stderr
    assert wrong.stdout == "bad.csv: 1 rows, 0 known, 1 wrong: nothing taken\n"
    moved = run(casework, command(tmp_path, "--move"))
    assert moved.exit_code == 1
    assert (tmp_path / "done/good.csv").exists()
    assert (tmp_path / "refused/bad.csv.txt").exists()
    again = run(casework, command(tmp_path / "done"))
    assert again.stdout == "good.csv: 1 rows, 1 known, 0 taken\n"
    assert run(casework, [*command(good)[:-1], "dog.none"]).exit_code != 0
    auditor = a_person(Role.AUDITOR, town)
    refused = run(
        casework,
        ["import", str(tmp_path / "done"), "-m", town.code, "--by", auditor.email, "--mapping", "dog.online"],
    )
    assert refused.exit_code == 1
    with in_municipality(town):
        assert Application.objects.count() == 1


def test_commands_of_mappings(town: Municipality, tmp_path: Path) -> None:
    manager, clerk = a_person(Role.MANAGER, town), a_person(Role.CLERK, town)
    file = tmp_path / "m.json"
    file.write_text(json.dumps({**LAYOUT_ONLINE, "title": "二つ目"}), encoding="utf-8")
    run = CliRunner().invoke
    by = ["-m", town.code, "--by", manager.email]
    assert run(casework, ["mapping", "add", str(file), "-m", town.code, "--by", clerk.email]).exit_code == 1
    assert run(casework, ["mapping", "add", str(file), *by, "--dry-run"]).exit_code == 0
    kept = run(casework, ["mapping", "add", str(file), *by])
    assert kept.exit_code == 1
    assert "すでにあります" in kept.output
    assert run(casework, ["mapping", "add", str(file), *by, "--replace"]).stdout == "dog.online\tv2\t二つ目\n"
    assert run(casework, ["mapping", "list", "-m", town.code]).stdout == "dog.online\ttown v2\t二つ目\n"
    assert (
        json.loads(run(casework, ["mapping", "show", "dog.online", "-m", town.code]).stdout)["title"]
        == "二つ目"
    )
    file.write_text('{"key": "dog.x", "title": "x", "columns": [{"title": "a"}]}', encoding="utf-8")
    wrong = run(casework, ["mapping", "add", str(file), *by])
    assert wrong.exit_code == 1
    assert "columns.0 (a)" in wrong.output
    assert run(casework, ["mapping", "withdraw", "dog.online", *by]).exit_code == 0
    assert run(casework, ["mapping", "withdraw", "dog.online", *by]).exit_code == 1
    with in_municipality(town):
        assert not OwnMapping.objects.filter(active=True).exists()
