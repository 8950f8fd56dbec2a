"""Divisions: whose work is what, and one that takes the rest."""

from datetime import timedelta

import pytest

from machi.base.models import Division, LedgerEntry, Role
from machi.base.scoping import in_municipality
from tests.base.factories import a_division, a_municipality, a_person
from tests.frontdesk.factories import a_hand_over, a_source, signed_in
from tests.frontdesk.web.staff import lines, queries, text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return a_municipality()


@pytest.fixture
def client(town):
    return signed_in(town, Role.MANAGER)


def known(town):
    with in_municipality(town):
        return {d.name: d for d in Division.objects.all()}


def test_first_division_takes_what_belongs_to_nobody(town, client):
    assert "課がまだありません" in text(client.get(url(town, "divisions")))
    client.post(url(town, "add_division"), {"name": "市民課", "duties": "住民票"})
    assert known(town)["市民課"].is_default
    client.post(url(town, "add_division"), {"name": "税務課"})
    assert not known(town)["税務課"].is_default


def test_another_default_takes_the_place_of_the_first(town, client):
    a_division(town, "市民課", is_default=True)
    other = a_division(town, "総務課")
    given = {"name": "総務課", "duties": "すべて", "email": "soumu@town.example", "is_default": "on"}
    client.post(url(town, "division", other.pk), given)
    found = known(town)
    assert (found["市民課"].is_default, found["総務課"].is_default) == (False, True)
    assert (found["総務課"].duties, found["総務課"].email) == ("すべて", "soumu@town.example")


def test_the_only_default_cannot_be_given_up(town, client):
    division = a_division(town, is_default=True)
    page = text(client.post(url(town, "division", division.pk), {"name": "市民課"}))
    assert "必ず1つ必要です" in page
    assert known(town)["市民課"].is_default


def test_name_is_taken_only_once(town, client):
    a_division(town, "市民課")
    assert "同じ名前の課があります" in text(client.post(url(town, "add_division"), {"name": "市民課"}))
    a_division(a_municipality("332020"), "税務課")
    assert client.post(url(town, "add_division"), {"name": "税務課"}).status_code == 302


def test_division_without_work_is_deleted_after_asking(town, client):
    a_division(town, "市民課", is_default=True)
    division = a_division(town, "旧係")
    assert "元には戻せません" in text(client.get(url(town, "delete_division", division.pk)))
    assert "旧係" in known(town)
    client.post(url(town, "delete_division", division.pk))
    assert "旧係" not in known(town)
    with in_municipality(town):
        assert LedgerEntry.objects.filter(subject=f"division:{division.pk}").count() == 1


@pytest.mark.parametrize(
    ("answered_after", "why"),
    [
        (None, "対応していない問い合わせが1件あります"),
        (timedelta(hours=1), "回答した問い合わせの記録が1件ある"),
    ],
)
def test_division_with_hand_overs_stays_and_says_why(town, client, answered_after, why):
    division = a_division(town, "旧係")
    a_hand_over(town, division, answered_after=answered_after)
    assert why in text(client.get(url(town, "division", division.pk)))
    assert why in text(client.post(url(town, "delete_division", division.pk)))
    assert "旧係" in known(town)


def test_default_division_stays_and_says_why(town, client):
    division = a_division(town, is_default=True)
    assert "先にほかの課を指定してください" in text(client.post(url(town, "delete_division", division.pk)))


def test_list_counts_work_people_and_sources(town, client):
    division = a_division(town, "市民課", duties="住民票")
    a_hand_over(town, division)
    a_hand_over(town, division, answered_after=timedelta(hours=1))
    a_source(town, division=division)
    person = a_person(Role.CLERK, town, division=division)
    person.appointments.create(role=Role.MANAGER, municipality=town, division=division)
    header, row = lines(client.get(url(town, "divisions"), {"format": "csv"}))
    assert dict(zip(header, row, strict=True)) == {
        "課名": "市民課",
        "担当する仕事": "住民票",
        "メールアドレス": "",
        "電話番号": "",
        "行き先が分からない問い合わせを受ける": "いいえ",
        "対応していない問い合わせ": "1",
        "問い合わせ": "2",
        "情報源": "1",
        "職員": "1",
    }


def test_list_takes_as_many_queries_for_three_as_for_one(town, client):
    a_division(town)
    one = queries(client, url(town, "divisions"))
    a_division(town, "税務課")
    a_division(town, "ごみ対策課")
    assert queries(client, url(town, "divisions")) == one


@pytest.mark.parametrize("name", ["division", "delete_division"])
def test_division_of_another_town_is_not_there(town, client, name):
    foreign = a_division(a_municipality("332020"), "環境課")
    assert client.get(url(town, name, foreign.pk)).status_code == 404
    assert client.post(url(town, name, foreign.pk), {"name": "x"}).status_code == 404
    assert "環境課" in known(a_municipality("332020"))


def test_clerk_may_not_change_divisions(town):
    assert signed_in(town).get(url(town, "divisions")).status_code == 403
