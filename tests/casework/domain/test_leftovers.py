"""Files that a killed job left behind, really left: by SIGKILL between the file and the end of the transaction."""

from __future__ import annotations

import logging
import os
import shutil
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from machi.base.models import Municipality
from machi.base.scoping import in_municipality
from machi.casework.domain import daily, files, intake, leftovers
from machi.casework.models import Application, SourceFile
from tests.base.factories import a_municipality
from tests.casework.desk import a_pdf, a_procedure, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    found = a_municipality()
    shutil.rmtree(found.folder / "casework", ignore_errors=True)  # of other tests, whose rows are gone
    return found


def _on_disk(town: Municipality) -> list[Path]:
    return sorted(one for one in (town.folder / "casework").rglob("*") if one.is_file())


def _a_day_later(town: Municipality) -> int:
    with in_municipality(town):
        return leftovers.remove(town, timezone.now() + leftovers.SETTLED + timedelta(minutes=1))


def _killed_while_keeping(town: Municipality, data: bytes, *, half: bool = False) -> None:
    """Another process keeps the file, or begins to, and is killed before any row is written."""
    child = os.fork()
    if child == 0:
        if half:
            setattr(Path, "replace", lambda self, to: os.kill(os.getpid(), signal.SIGKILL))  # noqa: B010
        files.keep(town, data)
        os.kill(os.getpid(), signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


def test_what_a_killed_job_left_goes_after_a_day_and_nothing_else(
    town: Municipality, caplog: pytest.LogCaptureFixture
) -> None:
    one = taken(town, a_procedure(town), a_pdf())
    named = _on_disk(town)
    assert len(named) > 2  # the file, its page, the blank form and its picture
    _killed_while_keeping(town, b"an orphan")
    _killed_while_keeping(town, b"half an orphan", half=True)
    assert len(_on_disk(town)) == len(named) + 2
    with in_municipality(town):
        assert leftovers.remove(town, timezone.now()) == 0  # it may be somebody's at work
    assert len(_on_disk(town)) == len(named) + 2
    with caplog.at_level(logging.WARNING, logger="machi.casework.domain.leftovers"):
        assert _a_day_later(town) == 2
    assert [record.getMessage() for record in caplog.records] == [
        f"{town.code}: 2 files that no row named were removed"
    ]
    assert _on_disk(town) == named
    assert _a_day_later(town) == 0
    with in_municipality(town):
        assert files.kept(town, one.files.get().sha256) == a_pdf()


def test_what_is_wanted_again_is_no_leftover(town: Municipality) -> None:
    """The same bytes come once more while the sweep is at work, and their row is not there yet."""
    name = files.keep(town, b"again")
    path = next(one for one in _on_disk(town) if one.name == name)
    old = (timezone.now() - timedelta(days=3)).timestamp()
    os.utime(path, (old, old))
    before = timezone.now() - leftovers.SETTLED
    assert list(files.older(town, before, 10)) == [[name]]
    files.keep(town, b"again")
    assert files.remove_older(town, [name], before) == 0
    assert files.kept(town, name) == b"again"


def test_another_town_keeps_its_own(town: Municipality) -> None:
    other = a_municipality("332020")
    theirs = files.keep(other, b"theirs")
    files.keep(town, b"ours")
    assert _a_day_later(town) == 1
    assert _on_disk(town) == []
    assert files.kept(other, theirs) == b"theirs"


def test_daily_work_removes_them(town: Municipality) -> None:
    with in_municipality(town):
        intake.take(town, [("a.txt", "氏名：山田 太郎".encode())], channel=Application.Channel.UPLOAD)
        kept = set(SourceFile.objects.values_list("sha256", flat=True))
        files.keep(town, b"left")
        for path in _on_disk(town):
            old = (timezone.now() - timedelta(days=2)).timestamp()
            os.utime(path, (old, old))
        daily.each_day(town)
    assert {path.name for path in _on_disk(town)} == kept
