"""A municipality is opened in a screen by the platform's administrator, and set up along a list that checks itself."""

import re

import pytest
from django.core import mail
from django.test import Client

from machi.base.domain import setting_up
from machi.base.models import Appointment, Municipality, Person, Role
from machi.base.scoping import in_municipality
from tests.base.factories import a_division, a_municipality, a_person

pytestmark = pytest.mark.django_db
ADMINISTRATOR = {"name": "情報 学", "email": "joho@town.example"}


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def platform() -> Client:
    return signed_in(a_person(Role.ADMINISTRATOR))  # nowhere given: on the whole platform


def undone(town: Municipality) -> list[str]:
    with in_municipality(town):
        return [str(step.label) for step in setting_up.steps(town) if not step.done]


def test_the_register_is_searched_and_filled_where_it_is_empty(platform: Client) -> None:
    page = platform.get("/platform/?q=銚子").content.decode()
    assert "/platform/122025/" in page
    assert Municipality.objects.count() == 1741


def test_opening_a_town_appoints_its_administrator_and_shows_the_link_once(platform: Client) -> None:
    a_municipality(live=False, approved=False)
    response = platform.post("/platform/142123/", {**ADMINISTRATOR, "delivery": "show"}, follow=True)
    page = response.content.decode()
    link = re.search(r"<code>(http\S+)</code>", page)
    assert link is not None
    assert Municipality.objects.get(pk="142123").live
    assert "パスワードを設定するリンク" not in platform.get(response.request["PATH_INFO"]).content.decode()
    guest = Client()
    form = guest.get(link[1].removeprefix("http://127.0.0.1:8000"), follow=True)
    password = "kawa-no-nagare-7"
    guest.post(form.request["PATH_INFO"], {"password1": password, "password2": password})
    assert guest.login(email="joho@town.example", password=password)
    assert guest.get("/m/142123/setting-up/").status_code == 200
    assert guest.get("/platform/").status_code == 403  # of this town only


def test_the_link_may_go_by_mail(platform: Client) -> None:
    a_municipality(live=False, approved=False)
    platform.post("/platform/142123/", {**ADMINISTRATOR, "delivery": "mail"})
    assert mail.outbox[0].to == ["joho@town.example"]


def test_a_stopped_account_is_refused_and_the_town_stays_closed(platform: Client) -> None:
    a_municipality(live=False, approved=False)
    Person.objects.create_user("joho@town.example", name="退職 者", is_active=False)
    page = platform.post("/platform/142123/", {**ADMINISTRATOR, "delivery": "show"}).content.decode()
    assert "停止されています" in page
    assert not Municipality.objects.get(pk="142123").live


def test_who_has_a_password_gets_no_link(platform: Client) -> None:
    town = a_municipality(approved=False)
    known = Person.objects.create_user("joho@town.example", "kawa-no-nagare-7", name="情報 学")
    response = platform.post("/platform/142123/", {**ADMINISTRATOR, "delivery": "show"})
    assert response["Location"] == "/m/142123/setting-up/"
    assert Appointment.objects.get(person=known).municipality == town


@pytest.mark.parametrize("role", list(Role))
def test_no_role_in_a_town_opens_another(role: Role) -> None:
    town = a_municipality()
    a_municipality("332020", live=False)
    client = signed_in(a_person(role, town))
    assert client.get("/platform/").status_code == 403
    assert client.post("/platform/332020/", {**ADMINISTRATOR, "delivery": "show"}).status_code == 403
    assert not Municipality.objects.get(pk="332020").live


@pytest.mark.parametrize("role", [one for one in Role if one != Role.ADMINISTRATOR])
def test_other_roles_on_the_platform_open_none(role: Role) -> None:
    assert signed_in(a_person(role)).get("/platform/").status_code == 403


def test_strangers_are_sent_to_sign_in() -> None:
    for path in ("/platform/", "/platform/142123/"):
        assert Client().get(path)["Location"].startswith("/account/login/?next=")


def test_a_code_nobody_has_is_not_there(platform: Client) -> None:
    a_municipality()
    assert platform.get("/platform/999999/").status_code == 404


def test_work_page_leads_the_platforms_administrator_to_opening(platform: Client) -> None:
    a_municipality()  # one town alone would otherwise be gone to at once
    assert 'href="/platform/"' in platform.get("/work/").content.decode()
    clerk = signed_in(a_person(Role.CLERK, a_municipality("332020")))
    assert 'href="/platform/"' not in clerk.get("/work/", follow=True).content.decode()


def test_steps_are_done_when_they_are_and_not_before() -> None:
    town = a_municipality(approved=False)
    assert len(undone(town)) >= 8
    administrator = a_person(Role.ADMINISTRATOR, town)
    assert "システム管理者がパスワードを設定する" in undone(town)  # appointed, but cannot sign in yet
    administrator.set_password("kawa-no-nagare-7")
    administrator.save()
    assert "システム管理者がパスワードを設定する" not in undone(town)
    a_person(Role.AI_OFFICER, town)
    assert "AI責任者（CAIO）を決める" not in undone(town)
    stopped = a_person(Role.CLERK, town)
    stopped.is_active = False
    stopped.save()
    assert "窓口職員を決める" in undone(town)
    a_division(town)
    assert "課を登録する" not in undone(town)
    assert "「総合窓口の自動回答」を審査して承認する" in undone(town)


def test_telephone_is_written_plainly_recorded_and_shown(client: Client) -> None:
    town = a_municipality()
    administrator = signed_in(a_person(Role.ADMINISTRATOR, town))
    wrong = administrator.post("/m/142123/setting-up/contact/", {"telephone": "でんわ"})
    assert "形が正しくありません" in wrong.content.decode()
    administrator.post("/m/142123/setting-up/contact/", {"telephone": "０４６−２２３−１５１１"})
    town.refresh_from_db()
    assert town.telephone == "046-223-1511"
    assert 'href="tel:046-223-1511"' in client.get("/m/142123/").content.decode()


def test_steps_lead_only_where_a_person_may_go() -> None:
    town = a_municipality(approved=False)
    officer = signed_in(a_person(Role.AI_OFFICER, town)).get("/m/142123/setting-up/").content.decode()
    assert "/governance/systems/frontdesk.answers/" in officer
    assert "/people/new/" not in officer
    clerk = signed_in(a_person(Role.CLERK, town))
    assert clerk.get("/m/142123/setting-up/").status_code == 403


def test_staff_home_says_what_is_left() -> None:
    town = a_municipality(approved=False)
    page = signed_in(a_person(Role.AI_OFFICER, town)).get("/m/142123/work/").content.decode()
    assert "はじめる準備が終わっていません" in page


def test_of_ai_systems_only_the_one_that_greets_residents_is_needed_at_first() -> None:
    town = a_municipality(approved=False)
    with in_municipality(town):
        needed = [one.arguments for one in setting_up.steps(town) if one.arguments and not one.optional]
    assert needed == [("frontdesk.answers",)]
