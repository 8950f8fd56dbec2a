"""The pages on which people decide: what speaks against it is before their eyes, and nothing is asked in vain."""

from __future__ import annotations

import pytest
from django.urls import reverse

from machi.base.models import Municipality, Role
from machi.base.scoping import in_municipality
from machi.casework.domain import ruling
from machi.casework.domain.procedures import adopt
from machi.casework.models import Application
from machi.casework.web.application_forms import ACCEPT
from machi.governance.models import RegisteredSystem
from tests.base.factories import a_municipality, a_person
from tests.casework.desk import VALUES, a_procedure, signed_in, typed, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


def test_what_speaks_against_it_stands_where_one_decides(town: Municipality) -> None:
    one = typed(town, a_procedure(town, two_person=True), {**VALUES, "vaccinated": ""})
    clerk, manager = signed_in(town), signed_in(town, Role.MANAGER)
    for act in ("approve", "refuse", "amend"):
        text = clerk.get(url(town, act, one.pk)).content.decode()
        assert "予防注射を受けている" in text
        assert "必要な欄が書かれている" not in text  # that is met
        assert "山田　太郎" in text
    clerk.post(url(town, "approve", one.pk), {"reason": "証明書を窓口で見ました。"})
    text = manager.get(url(town, "second", one.pk)).content.decode()
    assert "「承認」の決定を、2人目として承認しますか" in text
    assert f"{clerk.person.name}が書いた理由：<br>証明書を窓口で見ました。" in text
    assert "予防注射を受けている" in text


@pytest.mark.parametrize(
    ("state", "closed"),
    [
        ("review", ["second", "send_back", "undo", "notify"]),
        ("approved", ["approve", "refuse", "amend", "second", "send_back"]),
        ("notified", ["approve", "refuse", "amend", "second", "send_back", "undo", "notify"]),
    ],
)
def test_what_cannot_be_done_now_is_not_asked(town: Municipality, state: str, closed: list[str]) -> None:
    one = typed(town, a_procedure(town))
    with in_municipality(town):
        if state != "review":
            ruling.approve(one, a_person())
        if state == "notified":
            ruling.notify(one, a_person())
    manager = signed_in(town, Role.MANAGER)
    page = url(town, "application", one.pk)
    for act in closed:
        for answer in (manager.get(url(town, act, one.pk)), manager.post(url(town, act, one.pk))):
            assert (answer.status_code, answer["Location"]) == (302, page), act
        assert "いまはできません" in manager.get(page).content.decode()
    with in_municipality(town):
        assert Application.objects.get().state == state


def test_figures_above_the_queue_lead_to_what_they_count(town: Municipality) -> None:
    procedure = a_procedure(town)
    waiting = typed(town, procedure)
    decided = typed(town, procedure, {**VALUES, "name": "鈴木　一郎", "dog": "シロ"})
    with in_municipality(town):
        ruling.approve(decided, a_person(), "確かめました。")
    manager = signed_in(town, Role.MANAGER)
    page = manager.get(url(town, "applications"))
    assert "期限の近い順" in page.content.decode()
    assert [row["one"].pk for row in page.context["rows"]] == [waiting.pk]
    told = manager.get(url(town, "applications") + "?state=to-notify")
    assert [row["one"].pk for row in told.context["rows"]] == [decided.pk]
    home = manager.get(reverse("base:staff_home", args=[town.code])).content.decode()
    assert f'href="{url(town, "applications")}?state=to-notify"' in home
    assert f'href="{url(town, "applications")}?state=review"' in home


def test_home_of_staff_folds_its_rooms(town: Municipality) -> None:
    home = signed_in(town, Role.MANAGER).get(reverse("base:staff_home", args=[town.code])).content.decode()
    assert '<details class="room"><summary>申請と文書の仕事</summary>' in home
    assert '<details class="room" open' not in home


def test_switch_for_straight_through_says_what_it_does_here(town: Municipality) -> None:
    manager = signed_in(town, Role.MANAGER)
    with in_municipality(town):
        child, post = adopt(town, "child-allowance-change"), adopt(town, "residence-certificate-by-post")
    assert "この手続では使えません。" in manager.get(url(town, "procedure", child.pk)).content.decode()
    allowed = manager.get(url(town, "procedure", post.pk)).content.decode()
    assert "承認しないことは決して決めません" in allowed
    assert "入れても働きません" not in allowed
    with in_municipality(town):
        RegisteredSystem.objects.filter(key="casework.straight_through").delete()
    assert "入れても働きません" in manager.get(url(town, "procedure", post.pk)).content.decode()


def test_uploads_let_a_phone_hand_over_jpeg(town: Municipality) -> None:
    """An iPhone converts its HEIC where the page takes JPEG by its kind and does not take any picture."""
    kinds = ACCEPT.split(",")
    assert "image/jpeg" in kinds
    assert not {"image/*", "image/heic", ".heic"} & set(kinds)
    assert f'accept="{ACCEPT}"' in signed_in(town).get(url(town, "upload_applications")).content.decode()
