"""Applications over HTTP and from the command line: the same verbs, the same permissions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

from machi.base.models import Municipality, Role
from machi.base.scoping import in_municipality
from machi.casework.cli import casework
from machi.casework.models import Application
from tests.base.factories import a_municipality
from tests.casework.desk import LAYOUT, VALUES, a_pdf, a_procedure, a_word, an_excel, signed_in, taken, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


def path(town: Municipality, rest: str) -> str:
    return f"/api/v1/casework/{town.code}/{rest}"


def test_files_are_judged_one_by_one(town: Municipality) -> None:
    a_procedure(town)
    clerk = signed_in(town)
    answered = clerk.post(
        path(town, "files?procedure=dog"),
        {"files": [SimpleUploadedFile("a.pdf", a_pdf()), SimpleUploadedFile("b.exe", b"MZ" + bytes(100))]},
    )
    assert answered.status_code == 200
    good, bad = answered.json()
    assert (good["outcome"], bad["outcome"], bad["key"]) == ("taken", "refused", "program")
    assert bad["detail"]
    assert clerk.post(path(town, "files?procedure=cat"), {"files": []}).status_code == 422


@pytest.mark.parametrize(
    ("data", "spot"),
    [
        (an_excel(), {"kind": "sheet", "number": 1, "name": "申請書1", "cells": "C6:F6"}),
        (a_word(), {"kind": "table", "number": 2, "name": "", "cells": "R1C2"}),
        (a_pdf(), None),
    ],
)
def test_value_says_in_which_cell_it_stands(town: Municipality, data: bytes, spot: dict[str, object]) -> None:
    one = taken(town, a_procedure(town), data)
    values = signed_in(town).get(path(town, f"applications/{one.pk}")).json()["values"]
    (dog,) = (value for value in values if value["field"] == "dog")
    assert (dog["value"], dog["spot"], dog["place"]["page"]) == ("ポチ", spot, 0)


def test_values_are_taken_and_read_back(town: Municipality) -> None:
    one = typed(town, a_procedure(town))
    clerk = signed_in(town)
    (listed,) = clerk.get(path(town, "applications")).json()
    assert listed["number"] == one.number
    assert "山田" not in json.dumps(listed, ensure_ascii=False)
    detail = clerk.get(path(town, f"applications/{one.pk}"))
    assert detail["Cache-Control"] == "no-store"
    values = {value["field"]: value["value"] for value in detail.json()["values"]}
    assert values["dog"] == "ポチ"
    assert [check["result"] for check in detail.json()["checks"]] == ["passed", "passed"]
    made = clerk.post(
        path(town, "applications"),
        json.dumps({"procedure": "dog", "values": {LAYOUT.key: VALUES}}),
        content_type="application/json",
    )
    assert made.status_code == 201
    wrong = clerk.post(
        path(town, "applications"),
        json.dumps({"procedure": "dog", "values": {"other": {}}}),
        content_type="application/json",
    )
    assert wrong.status_code == 422
    assert wrong["Content-Type"] == "application/problem+json"
    assert wrong.json()["errors"][0]["pointer"] == "/values"


def test_api_asks_for_the_pages_permissions(town: Municipality) -> None:
    one = typed(town, a_procedure(town))
    other = a_municipality("332020")
    for client, see, write in (
        (signed_in(other, Role.MANAGER), 403, 403),
        (signed_in(town, Role.LEARNER), 403, 403),
        (signed_in(town, Role.AUDITOR), 200, 403),
    ):
        assert client.get(path(town, "applications")).status_code == see
        assert client.get(path(town, f"applications/{one.pk}")).status_code == see
        posted = client.post(
            path(town, "applications"),
            json.dumps({"procedure": "dog", "values": {}}),
            content_type="application/json",
        )
        assert posted.status_code == write
    elsewhere = signed_in(other, Role.MANAGER)
    assert elsewhere.get(path(other, f"applications/{one.pk}")).status_code == 404


def test_commands_take_in_read_and_list(town: Municipality, tmp_path: Path) -> None:
    a_procedure(town)
    (tmp_path / "a.pdf").write_bytes(a_pdf())
    (tmp_path / "b.exe").write_bytes(b"MZ" + bytes(100))
    run = CliRunner().invoke
    tried = run(casework, ["intake", str(tmp_path), "-m", town.code, "--dry-run"])
    assert tried.exit_code == 1
    assert "taken\t-\ta.pdf" in tried.output
    assert "refused\t-\tb.exe" in tried.output
    with in_municipality(town):
        assert not Application.objects.exists()
    taken = run(casework, ["intake", str(tmp_path), "-m", town.code])
    assert taken.exit_code == 1  # one was refused
    assert "taken\t2026-000001\ta.pdf" in taken.output
    assert "refused\t-\tb.exe" in taken.output
    assert "1 applications read" in run(casework, ["read", "-m", town.code]).output
    (row,) = json.loads(run(casework, ["queue", "-m", town.code, "--json"]).output)
    assert (row["number"], row["procedure"], row["state"]) == ("2026-000001", "dog", "review")
    again = run(casework, ["intake", str(tmp_path / "a.pdf"), "-m", town.code])
    assert again.output.startswith("duplicate\t2026-000001")
    bad = run(
        casework,
        [
            *("export", "-m", town.code, "--mapping", "x"),
            *("--since", "2026-01-01", "--until", "2026-12-31", "--dry-run"),
        ],
    )
    assert bad.exit_code == 1
    assert "「x」という形はありません" in bad.output
    with in_municipality(town):
        assert Application.objects.count() == 1
