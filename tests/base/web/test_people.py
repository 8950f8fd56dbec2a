"""The pages on which an administrator of a municipality makes, appoints, dismisses and stops."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils.html import escape

from machi.base.models import Appointment, Municipality, Person, Role
from tests.base.factories import a_division, a_person

pytestmark = pytest.mark.django_db
PEOPLE = "/m/142123/people/"
NEW = {
    "name": "窓口 花子",
    "email": "hanako@town.example",
    "role": "clerk",
    "division": "",
    "delivery": "mail",
}


def hanako() -> Person:
    return Person.objects.get(email="hanako@town.example")


def active(person: Person) -> bool:
    return Person.objects.get(pk=person.pk).is_active


def test_list_shows_people_of_this_town_only(
    as_admin: Client, town: Municipality, other: Municipality
) -> None:
    a_person(Role.CLERK, town, division=a_division(town, "市民課"))
    foreign = a_person(Role.CLERK, other)
    page = as_admin.get(PEOPLE).content.decode()
    assert "窓口職員（市民課）" in page
    assert foreign.email not in page


def test_list_is_searched_by_name_address_and_role(
    as_admin: Client, admin: Person, town: Municipality
) -> None:
    clerk = a_person(Role.CLERK, town)
    for query in ({"q": clerk.name}, {"q": clerk.email}, {"role": "clerk"}):
        page = as_admin.get(PEOPLE, query).content.decode()
        assert f"{PEOPLE}{clerk.pk}/" in page
        assert f"{PEOPLE}{admin.pk}/" not in page
    assert "当てはまる人はいません" in as_admin.get(PEOPLE, {"q": "だれでもない"}).content.decode()


def test_list_names_those_who_come_in_from_above(as_admin: Client) -> None:
    a_person(Role.ADMINISTRATOR, email="platform@machi.example")
    page = as_admin.get(PEOPLE).content.decode()
    assert "ここに入れる人" in page
    assert "platform@machi.example" not in page


def test_list_asks_the_database_as_often_for_three_people_as_for_one(
    as_admin: Client, town: Municipality, count_queries: Callable[..., int]
) -> None:
    a_person(Role.CLERK, town, division=a_division(town, "市民課"))
    once = count_queries(PEOPLE)
    a_person(Role.MANAGER, town, division=a_division(town, "税務課"))
    a_person(Role.AUDITOR, town)
    a_person(Role.ADMINISTRATOR)
    assert count_queries(PEOPLE) == once


def test_list_is_exported_one_line_a_role(as_admin: Client, town: Municipality) -> None:
    clerk = a_person(Role.CLERK, town, division=a_division(town, "市民課"))
    Appointment.objects.create(person=clerk, role=Role.MANAGER, municipality=town)
    text = b"".join(as_admin.get(PEOPLE, {"format": "csv", "q": clerk.email})).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0][:4] == ["氏名", "メールアドレス", "役割", "課"]
    assert [line[1:5] for line in lines[1:]] == [
        [clerk.email, "窓口職員", "市民課", "はい"],
        [clerk.email, "管理職", "", "はい"],
    ]


def test_create_sends_a_link_by_mail(as_admin: Client) -> None:
    response = as_admin.post(PEOPLE + "new/", NEW, follow=True)
    assert response.redirect_chain == [(f"{PEOPLE}{hanako().pk}/", 302)]
    (letter,) = mail.outbox
    assert letter.to == ["hanako@town.example"]
    assert "/account/password/reset/key/" in letter.body
    assert "/account/password/reset/key/" not in response.content.decode()
    assert "送りました" in response.content.decode()


def test_create_shows_the_link_once(as_admin: Client) -> None:
    response = as_admin.post(PEOPLE + "new/", {**NEW, "delivery": "show"}, follow=True)
    assert "/account/password/reset/key/" in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert mail.outbox == []
    again = as_admin.get(f"{PEOPLE}{hanako().pk}/")
    assert "/account/password/reset/key/" not in again.content.decode()


def test_link_is_not_shown_on_the_page_of_another_person(as_admin: Client, town: Municipality) -> None:
    clerk = a_person(Role.CLERK, town)
    as_admin.post(PEOPLE + "new/", {**NEW, "delivery": "show"})
    assert "/account/password/reset/key/" not in as_admin.get(f"{PEOPLE}{clerk.pk}/").content.decode()


def test_create_shows_the_link_where_mail_cannot_be_sent(as_admin: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # where nothing listens
    page = as_admin.post(PEOPLE + "new/", NEW, follow=True).content.decode()
    assert "メールを送れませんでした" in page
    assert "/account/password/reset/key/" in page


def test_create_shows_refusals_on_the_form(as_admin: Client, other: Municipality) -> None:
    a_person(Role.CLERK, other, email="hanako@town.example")
    response = as_admin.post(PEOPLE + "new/", NEW)
    assert response.status_code == 200
    assert "ほかの自治体か共同体ですでに使われています" in response.content.decode()
    assert 'aria-invalid="true"' in response.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("email", "not an address"), ("role", "joint_office"), ("delivery", "")],
)
def test_create_asks_again_for_what_is_missing_or_wrong(as_admin: Client, field: str, value: Any) -> None:
    response = as_admin.post(PEOPLE + "new/", {**NEW, field: value})
    assert response.status_code == 200
    assert "入力内容を確認してください" in response.content.decode()
    assert not Person.objects.filter(email="hanako@town.example").exists()


def test_create_offers_divisions_of_this_town_only(
    as_admin: Client, town: Municipality, other: Municipality
) -> None:
    ours, foreign = a_division(town, "市民課"), a_division(other, "税務課")
    page = as_admin.get(PEOPLE + "new/").content.decode()
    assert "市民課" in page
    assert "税務課" not in page
    response = as_admin.post(PEOPLE + "new/", {**NEW, "division": foreign.pk})
    assert "入力内容を確認してください" in response.content.decode()
    as_admin.post(PEOPLE + "new/", {**NEW, "division": ours.pk})
    assert hanako().appointments.get().division == ours


def test_name_that_is_markup_is_shown_as_text(as_admin: Client) -> None:
    name = "<script>alert(1)</script>"
    page = as_admin.post(PEOPLE + "new/", {**NEW, "name": name}, follow=True).content.decode()
    assert name not in page
    assert escape(name) in page


def test_appoint_adds_a_role(as_admin: Client, town: Municipality) -> None:
    clerk = a_person(Role.CLERK, town)
    response = as_admin.post(f"{PEOPLE}{clerk.pk}/roles/", {"role": "auditor", "division": ""})
    assert response["Location"] == f"{PEOPLE}{clerk.pk}/"
    assert set(clerk.appointments.values_list("role", flat=True)) == {"clerk", "auditor"}


def test_appoint_takes_no_other_place_from_the_form(
    as_admin: Client, town: Municipality, other: Municipality
) -> None:
    """Fields that are not asked for change nothing."""
    clerk = a_person(Role.CLERK, town)
    as_admin.post(
        f"{PEOPLE}{clerk.pk}/roles/",
        {"role": "manager", "division": "", "municipality": "332020", "consortium": 1},
    )
    assert {one.municipality for one in clerk.appointments.all()} == {town}
    as_admin.post(f"{PEOPLE}{clerk.pk}/roles/", {"role": "joint_office", "division": ""})
    assert not clerk.appointments.filter(role="joint_office").exists()


@pytest.mark.parametrize("page", ["", "name/", "roles/", "roles/clerk/", "stop/", "restart/", "reset/"])
def test_a_person_of_another_town_is_not_there(as_admin: Client, other: Municipality, page: str) -> None:
    foreign = a_person(Role.CLERK, other)
    assert as_admin.get(f"{PEOPLE}{foreign.pk}/{page}").status_code == 404
    assert as_admin.post(f"{PEOPLE}{foreign.pk}/{page}", {"name": "X", "role": "clerk"}).status_code == 404
    foreign.refresh_from_db()
    assert (foreign.is_active, foreign.name) == (True, "職員 2")


def test_dismiss_asks_first_and_then_takes_the_role(as_admin: Client, town: Municipality) -> None:
    clerk = a_person(Role.CLERK, town)
    Appointment.objects.create(person=clerk, role=Role.MANAGER, municipality=town)
    address = f"{PEOPLE}{clerk.pk}/roles/manager/"
    page = as_admin.get(address).content.decode()
    assert f"{clerk.name}さんから役割を外しますか" in page
    assert "役割「管理職」を外します" in page
    assert clerk.appointments.count() == 2
    assert as_admin.post(address)["Location"] == f"{PEOPLE}{clerk.pk}/"
    assert [one.role for one in clerk.appointments.all()] == ["clerk"]
    assert as_admin.post(f"{PEOPLE}{clerk.pk}/roles/clerk/")["Location"] == PEOPLE
    assert clerk.appointments.count() == 0


def test_dismiss_of_a_role_not_held_is_not_there(as_admin: Client, town: Municipality) -> None:
    clerk = a_person(Role.CLERK, town)
    assert as_admin.post(f"{PEOPLE}{clerk.pk}/roles/manager/").status_code == 404


def test_stop_asks_first_and_is_undone(as_admin: Client, town: Municipality) -> None:
    clerk = a_person(Role.CLERK, town)
    assert "すぐにログインできなくなり" in as_admin.get(f"{PEOPLE}{clerk.pk}/stop/").content.decode()
    assert active(clerk)
    as_admin.post(f"{PEOPLE}{clerk.pk}/stop/")
    assert not active(clerk)
    assert "停止中" in as_admin.get(PEOPLE).content.decode()
    as_admin.post(f"{PEOPLE}{clerk.pk}/restart/")
    assert active(clerk)


def test_rename_and_reset(as_admin: Client, town: Municipality) -> None:
    clerk = a_person(Role.CLERK, town)
    clerk.set_password("correct horse battery")
    clerk.save()
    as_admin.post(f"{PEOPLE}{clerk.pk}/name/", {"name": "窓口 新子"})
    page = as_admin.post(f"{PEOPLE}{clerk.pk}/reset/", {"delivery": "show"}, follow=True).content.decode()
    assert "/account/password/reset/key/" in page
    clerk.refresh_from_db()
    assert (clerk.name, clerk.has_usable_password()) == ("窓口 新子", False)


def test_own_page_offers_nothing_and_refuses(as_admin: Client, admin: Person) -> None:
    page = as_admin.get(f"{PEOPLE}{admin.pk}/").content.decode()
    assert "これはあなた自身です" in page
    assert "/stop/" not in page
    response = as_admin.post(f"{PEOPLE}{admin.pk}/stop/")
    assert "自分の役割やアカウントは変えられません" in response.content.decode()
    admin.refresh_from_db()
    assert admin.is_active


def test_page_of_one_with_roles_elsewhere_offers_roles_only(
    as_admin: Client, town: Municipality, other: Municipality
) -> None:
    shared = a_person(Role.CLERK, town)
    Appointment.objects.create(person=shared, role=Role.CLERK, municipality=other)
    page = as_admin.get(f"{PEOPLE}{shared.pk}/").content.decode()
    assert "/stop/" not in page
    assert "/roles/clerk/" in page
    assert other.name not in page
    assert "この自治体での役割だけ" in as_admin.post(f"{PEOPLE}{shared.pk}/stop/").content.decode()
