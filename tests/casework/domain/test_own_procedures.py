"""A town's own procedure from a folder, with a form of its own made on screen, and a shipped one changed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import machi.casework
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Role
from machi.base.scoping import in_municipality
from machi.casework.cli import casework
from machi.casework.domain import own_procedures, procedures
from machi.casework.engine.form_drawing import definition
from machi.casework.models import CaseForm, Procedure
from machi.casework.sample import applications as sample
from tests.base.factories import a_municipality, a_person
from tests.casework.desk import ABOUT, LAYOUT, LETTERS, RULES, VALUES, a_pdf, blank, taken, typed

pytestmark = pytest.mark.django_db
SHIPPED = Path(machi.casework.__file__).parent / "data/procedures"


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


def a_folder(folder: Path, **changed: object) -> Path:
    for part, content in {"procedure": ABOUT, "rules": RULES, "letters": LETTERS, **changed}.items():
        (folder / f"{part}.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_own_procedure_reads_checks_and_decides_on_a_form_made_on_screen(
    town: Municipality, tmp_path: Path
) -> None:
    person = a_person(Role.MANAGER, town)
    with in_municipality(town):
        procedures.save_form(town, definition(LAYOUT), blank(), person)
        made = own_procedures.take(town, a_folder(tmp_path), person, [LAYOUT.key])
    one = taken(town, None, a_pdf(dog="ハチ"))
    assert one.procedure == made
    with in_municipality(town):
        assert one.values.get(field="dog").value == "ハチ"
        assert one.applicant == "山田　太郎"
        assert one.checks.count() == 2


def test_changed_rules_hold_from_now_on_and_settings_stay(town: Municipality, tmp_path: Path) -> None:
    person = a_person(Role.MANAGER, town)
    with in_municipality(town):
        procedures.save_form(town, definition(LAYOUT), blank(), person)
        made = own_procedures.take(town, a_folder(tmp_path), person, [LAYOUT.key])
        Procedure.objects.update(working_days=3)
        before = typed(town, made, {**VALUES, "phone": ""})
        stricter = [{**RULES[0], "fields": ["name", "address", "phone"]}]
        again = own_procedures.take(town, a_folder(tmp_path, rules=stricter), person, [LAYOUT.key])
        assert (again.pk, again.working_days) == (made.pk, 3)
        assert again.version != made.version
        after = typed(town, again, {**VALUES, "name": "鈴木 花子", "phone": ""})
        before.refresh_from_db()
        assert (before.failed, after.failed) == (0, 1)


def test_whole_folder_with_its_forms(town: Municipality, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(SHIPPED / sample.PARK, folder)
    about = json.loads((folder / "procedure.json").read_text())
    (folder / "procedure.json").write_text(json.dumps({**about, "title": "公園での催し（町の版）"}))
    person = a_person(Role.MANAGER, town)
    run = CliRunner().invoke
    command = ["procedure", str(folder), "-m", town.code, "--by", person.email]
    tried = run(casework, [*command, "--dry-run"])
    assert tried.exit_code == 0, tried.output
    with in_municipality(town):
        assert not Procedure.objects.exists()
    assert run(casework, command).exit_code == 0
    with in_municipality(town):
        assert Procedure.objects.get().title == "公園での催し（町の版）"
        assert CaseForm.objects.get().pictures
    clerk = a_person(Role.CLERK, town)
    assert run(casework, [*command[:-1], clerk.email]).exit_code == 1


def test_what_is_wrong_is_named(town: Municipality, tmp_path: Path) -> None:
    with in_municipality(town):
        with pytest.raises(Refused, match="という様式はありません"):
            own_procedures.check(a_folder(tmp_path), ["no-such-form"])
        procedures.save_form(town, definition(LAYOUT), blank())
        wrong = [{**RULES[0], "fields": ["name", "shoe_size"]}]
        with pytest.raises(Refused, match=r"rules.json: written: no form has a field shoe_size"):
            own_procedures.check(a_folder(tmp_path, rules=wrong), [LAYOUT.key])
        (tmp_path / "letters.json").unlink()
        with pytest.raises(Refused, match=r"letters\.json"):
            own_procedures.check(tmp_path, [LAYOUT.key])
