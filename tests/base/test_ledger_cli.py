"""The ledger's commands, as they are typed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from machi.base import ledger
from machi.base.engine import offline
from machi.base.ledger_cli import erase
from machi.base.ledger_cli import ledger as group
from machi.base.models import LedgerEntry, Municipality
from machi.base.scoping import in_municipality
from tests.base.clock import Clock
from tests.base.factories import a_municipality

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> Municipality:
    town, clock = a_municipality(), Clock(monkeypatch)
    clock.set("2026-10-05T12:00")
    for number in range(3):
        ledger.record(town, system="test.system", kind="test", subject=f"thing:{number}")
    clock.set("2026-11-22T12:00")
    return town


def typed(*arguments: str) -> Result:
    return CliRunner().invoke(group, list(arguments))


def test_publish_signs_the_month_and_prints_it(town: Municipality) -> None:
    done = typed("publish", "--month", "2026-10", "-m", town.code)
    assert done.exit_code == 0
    assert done.output.startswith("142123 2026-10: 3 entries\nmachi/ledger/142123\n3\n")
    assert "\nmonth 2026-10\n" in done.output


def test_publish_without_month_does_what_is_due_everywhere(town: Municipality) -> None:
    assert "142123 2026-10: 3 entries" in typed("publish").output
    assert typed("publish").output == ""


def test_publish_refuses_a_month_that_is_not_over_and_a_log_that_is_not_intact(town: Municipality) -> None:
    assert typed("publish", "--month", "2026-11").exit_code == 1
    with in_municipality(town):
        LedgerEntry.objects.filter(index=1).update(subject="thing:9")
    done = typed("publish", "--month", "2026-10")
    assert (done.exit_code, "entry 1" in done.output) == (1, True)


def test_export_and_check_proof_go_together(town: Municipality, tmp_path: Path) -> None:
    typed("publish")
    done = typed("export", "-m", town.code, str(tmp_path))
    assert done.exit_code == 0
    log, heads = str(tmp_path / "142123.jsonl"), str(tmp_path / "142123.heads.json")
    assert (tmp_path / "offline.py").read_bytes() == Path(offline.__file__).read_bytes()
    key = ledger.signer().verifier.encode()
    checked = typed("check-proof", log, heads, "--heads", heads, "--key", key, "-m", town.code)
    assert (checked.exit_code, checked.output.count(": ok: ")) == (0, 2)
    text = Path(log).read_text()
    Path(log).write_text(text.replace("thing:1", "thing:7"))
    assert typed("check-proof", log, "--heads", heads).exit_code == 1


def test_proof_is_printed_and_verified(town: Municipality, tmp_path: Path) -> None:
    printed = typed("proof", "-m", town.code, "1").output
    file = tmp_path / "proof.json"
    file.write_text(printed)
    assert typed("check-proof", str(file), "--key", ledger.signer().verifier.encode()).exit_code == 0
    file.write_text(json.dumps({**json.loads(printed), "entry": "{}"}))
    assert typed("check-proof", str(file)).exit_code == 1
    assert typed("proof", "-m", town.code, "7").exit_code == 1


def test_key_is_told_with_its_fingerprint(town: Municipality) -> None:
    key, fingerprint = typed("key").output.split()
    assert key == ledger.signer().verifier.encode()
    assert fingerprint == offline.fingerprint(key)


def test_verify_ends_in_1_where_something_is_found(town: Municipality) -> None:
    assert typed("verify").exit_code == 0
    with in_municipality(town):
        LedgerEntry.objects.filter(index=1).update(subject="thing:9")
    assert typed("verify", "--json").exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [(), ("--expired", "--subject", "inquiry:1"), ("--subject", "thing:1"), ("--subject", "inquiry:x")],
)
def test_erase_refuses_what_it_does_not_understand(town: Municipality, arguments: tuple[str, ...]) -> None:
    assert CliRunner().invoke(erase, ["-m", town.code, *arguments]).exit_code != 0
    assert ledger.verify(town) == []
