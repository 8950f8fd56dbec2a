"""Where staff begin, and how the long work stands."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from machi.base.models import Appointment, Consortium, ConsortiumMember, Municipality, Person, Progress, Role
from machi.base.rooms import StatusLine, Waiting, rooms
from machi.base.scoping import current_municipality, in_municipality
from tests.base.factories import a_municipality, a_person

pytestmark = pytest.mark.django_db


def a_job(town: Municipality, key: str, **given: Any) -> Progress:
    with in_municipality(town):
        return Progress.objects.create(
            municipality=town, key=key, **{"label": f"作業 {key}", "done": 4, "total": 10, **given}
        )


def two_waiting(municipality: Municipality, person: Person) -> list[Waiting]:
    assert current_municipality() == municipality
    return [Waiting("未対応", 2, "base:status"), Waiting("何もないこと", 0, "base:status")]


def no_lines(municipality: Municipality) -> list[StatusLine]:
    return [StatusLine("索引", "1,234", "最新です")]


@pytest.fixture
def a_room_with_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(rooms()[0]), "waiting", f"{__name__}:two_waiting")
    monkeypatch.setattr(type(rooms()[0]), "status", f"{__name__}:no_lines")


def test_work_leads_on_where_there_is_one_town(as_admin: Client) -> None:
    response = as_admin.get("/work/")
    assert (response.status_code, response["Location"]) == (302, "/m/142123/work/")


def test_work_lets_choose_between_towns(
    as_person: Callable[[Person], Client], town: Municipality, other: Municipality
) -> None:
    person = a_person(Role.CLERK, town)
    Appointment.objects.create(person=person, role=Role.CLERK, municipality=other)
    a_municipality("222127")
    page = as_person(person).get("/work/").content.decode()
    assert "/m/142123/work/" in page
    assert "/m/332020/work/" in page
    assert "/m/222127/work/" not in page


def test_work_says_what_to_do_without_a_role(as_person: Callable[[Person], Client]) -> None:
    assert (
        "システム管理者に、役割を付けてもらってください"
        in as_person(a_person()).get("/work/").content.decode()
    )


def test_work_shows_towns_of_the_consortium_page_by_page(as_person: Callable[[Person], Client]) -> None:
    consortium = Consortium.objects.create(name="見本")
    prefecture = a_municipality("142123").prefecture
    for number in range(30):
        town = Municipality.objects.create(
            code=f"99{number:04}", prefecture=prefecture, name=f"町{number}", kana="", name_en="", live=True
        )
        ConsortiumMember.objects.create(consortium=consortium, municipality=town, since="2026-04-01")
    client = as_person(a_person(Role.JOINT_OFFICE, consortium=consortium))
    assert client.get("/work/").content.decode().count('class="town"') == 25
    assert client.get("/work/?page=2").content.decode().count('class="town"') == 5


def test_work_asks_nothing_more_for_a_third_town(
    as_person: Callable[[Person], Client],
    town: Municipality,
    other: Municipality,
    count_queries: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rooms may ask once a town for what waits there; the page itself does not."""
    for room in rooms():
        monkeypatch.setattr(type(room), "waiting", "")
    person = a_person(Role.AUDITOR, town)
    Appointment.objects.create(person=person, role=Role.AUDITOR, municipality=other)
    as_person(person)
    once = count_queries("/work/")
    Appointment.objects.create(person=person, role=Role.AUDITOR, municipality=a_municipality("222127"))
    assert count_queries("/work/") == once


@pytest.mark.usefixtures("a_room_with_work")
def test_what_waits_is_shown_where_staff_begin(
    as_person: Callable[[Person], Client], town: Municipality, other: Municipality
) -> None:
    person = a_person(Role.CLERK, town)
    Appointment.objects.create(person=person, role=Role.CLERK, municipality=other)
    client = as_person(person)
    for address in ("/work/", "/m/142123/work/"):
        page = client.get(address).content.decode()
        assert "未対応" in page
        assert "何もないこと" not in page


def test_staff_home_offers_what_the_role_may_do(
    as_person: Callable[[Person], Client], town: Municipality
) -> None:
    page = as_person(a_person(Role.AUDITOR, town)).get("/m/142123/work/").content.decode()
    assert "/m/142123/ledger/" in page
    assert "/m/142123/people/" not in page


def test_staff_home_shows_running_and_failed_work(as_admin: Client, town: Municipality) -> None:
    a_job(town, "embed")
    a_job(town, "read", error="OSError")
    page = as_admin.get("/m/142123/work/").content.decode()
    assert "作業 embed" in page
    assert "止まった作業があります" in page


def test_status_shows_running_finished_and_failed_work(
    as_admin: Client, town: Municipality, other: Municipality
) -> None:
    a_job(town, "embed")
    a_job(town, "read", error="OSError")
    a_job(town, "fulltext", done=10, finished_at=timezone.now())
    a_job(other, "foreign")
    page = as_admin.get("/m/142123/status/").content.decode()
    assert "4 / 10（40%）" in page
    assert "OSError" in page
    assert "同じ作業をもう一度始めてください" in page
    assert "作業 fulltext" in page
    assert "foreign" not in page


def test_status_says_when_work_has_gone_silent(as_admin: Client, town: Municipality) -> None:
    job = a_job(town, "embed")
    assert "しばらく進んでいません" not in as_admin.get("/m/142123/status/").content.decode()
    with in_municipality(town):
        Progress.objects.filter(pk=job.pk).update(updated_at=timezone.now() - timedelta(minutes=11))
    assert "しばらく進んでいません" in as_admin.get("/m/142123/status/").content.decode()


def test_status_asks_for_itself_again_only_while_something_runs(as_admin: Client, town: Municipality) -> None:
    job = a_job(town, "embed")
    part = as_admin.get("/m/142123/status/", headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" in part
    assert "<html" not in part
    with in_municipality(town):
        Progress.objects.filter(pk=job.pk).update(finished_at=timezone.now())
    part = as_admin.get("/m/142123/status/", headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in part


@pytest.mark.usefixtures("a_room_with_work")
def test_status_shows_what_rooms_say_of_themselves(as_admin: Client) -> None:
    page = as_admin.get("/m/142123/status/").content.decode()
    assert "1,234" in page
    assert "最新です" in page


def test_status_asks_the_database_as_often_for_three_jobs_as_for_one(
    as_admin: Client, town: Municipality, count_queries: Callable[..., int]
) -> None:
    a_job(town, "zero", error="OSError")
    a_job(town, "one")
    once = count_queries("/m/142123/status/")
    a_job(town, "two")
    a_job(town, "three", finished_at=timezone.now())
    assert count_queries("/m/142123/status/") == once
