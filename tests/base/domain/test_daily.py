"""The daily work: done for every town that takes part, scheduled once, and one failure stops no other part."""

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from machi.base import ledger
from machi.base.domain import daily, roots
from machi.base.models import LedgerEntry, LedgerRoot
from machi.base.scoping import in_municipality
from tests.base.clock import Clock
from tests.base.factories import a_municipality

pytestmark = pytest.mark.django_db


def waiting() -> list[DBTaskResult[[], None]]:
    return list(DBTaskResult.objects.filter(task_path=daily.daily.module_path, status=TaskResultStatus.READY))


def test_it_waits_once_for_the_next_early_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch).set("2026-11-22T23:00")
    daily.ensure_scheduled()
    daily.ensure_scheduled()
    assert [f"{timezone.localtime(one.run_after):%m-%d %H:%M}" for one in waiting()] == ["11-23 03:10"]


def test_before_that_hour_it_waits_for_the_same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch).set("2026-11-22T01:00")
    daily.ensure_scheduled()
    assert [f"{timezone.localtime(one.run_after):%m-%d %H:%M}" for one in waiting()] == ["11-22 03:10"]


def test_it_publishes_for_every_town_and_schedules_itself_again(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, towns = Clock(monkeypatch), [a_municipality("142123"), a_municipality("332020")]
    clock.set("2026-10-05T12:00")
    for town in towns:
        ledger.record(town, system="test.system", kind="test", subject="thing:1")
    clock.set("2026-11-01T03:10")
    daily.daily.func()
    for town in towns:
        with in_municipality(town):
            assert [root.month for root in LedgerRoot.objects.all()] == ["2026-10"]
    assert len(waiting()) == 1


def test_a_town_whose_log_is_not_intact_keeps_no_other_from_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock, broken, other = Clock(monkeypatch), a_municipality("142123"), a_municipality("332020")
    clock.set("2026-10-05T12:00")
    for town in (broken, other):
        ledger.record(town, system="test.system", kind="test", subject="thing:1")
    with in_municipality(broken):
        LedgerEntry.objects.update(subject="thing:2")
    clock.set("2026-11-01T03:10")
    assert daily.run_daily() == 1
    assert "daily work of 142123 failed" in caplog.text
    assert roots.publish(other, "2026-10").size == 1
    with in_municipality(broken):
        assert not LedgerRoot.objects.exists()
