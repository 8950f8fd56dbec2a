"""The joint room's door: which consortium a person stands in."""

import pytest

from machi.base.models import Consortium, ConsortiumMember, Role
from tests.base.factories import a_municipality, a_person
from tests.joint.factories import a_consortium, client_of, office_of, towns_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium():
    return a_consortium()


@pytest.fixture
def town(consortium):
    return towns_of(consortium)[0]


def test_member_sees_its_consortium_and_the_towns_in_it(consortium, town):
    page = client_of(a_person(Role.CLERK, town)).get(url(town, "home")).content.decode()
    assert "三市共同体" in page
    assert all(one.name in page for one in towns_of(consortium))


def test_joint_office_comes_in_through_every_member_town(consortium):
    client = client_of(office_of(consortium))
    assert [client.get(url(one, "home")).status_code for one in towns_of(consortium)] == [200, 200, 200]


def test_town_of_two_consortia_chooses_and_the_choice_stays(consortium, town):
    other = Consortium.objects.create(name="県央共同体")
    ConsortiumMember.objects.create(consortium=other, municipality=town, since="2026-04-01")
    client = client_of(a_person(Role.CLERK, town))
    address = url(town, "home")
    assert client.get(address).context["consortium"] == consortium
    assert client.get(f"{address}?consortium={other.pk}").context["consortium"] == other
    assert client.get(address).context["consortium"] == other


@pytest.mark.parametrize("asked", ["foreign", "left", "999999"])
def test_consortium_that_the_town_is_not_in_is_not_there(consortium, town, asked):
    foreign = Consortium.objects.create(name="よその共同体")
    left = Consortium.objects.create(name="前の共同体")
    ConsortiumMember.objects.create(
        consortium=left, municipality=town, since="2020-04-01", until="2024-03-31"
    )
    number = {"foreign": foreign.pk, "left": left.pk}.get(asked, asked)
    client = client_of(a_person(Role.MANAGER, town))
    assert client.get(f"{url(town, 'home')}?consortium={number}").status_code == 404


def test_town_in_no_consortium_is_told_what_to_do():
    town = a_municipality()
    response = client_of(a_person(Role.CLERK, town)).get(url(town, "home"))
    assert response.status_code == 404
    assert "まだ共同体に入っていません" in response.content.decode()
