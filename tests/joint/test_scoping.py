"""What a consortium shares fails closed, by the application and by PostgreSQL."""

import pytest
from django.db import connection
from django_scopes.exceptions import ScopeError

from machi.base.models import Consortium
from machi.base.scoping import ForeignConsortiumError, in_consortium, in_municipality
from machi.joint.models import TownSelection
from tests.base.factories import a_municipality, a_person
from tests.joint.factories import a_consortium

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortia():
    return a_consortium(), Consortium.objects.create(name="よその共同体")


def a_row(consortium: Consortium, title: str) -> TownSelection:
    with in_consortium(consortium):
        return TownSelection.objects.create(
            consortium=consortium, town=a_municipality(), title=title, created_by=a_person()
        )


def test_rows_are_seen_in_their_own_consortium_only(consortia):
    ours, other = consortia
    a_row(ours, "県央"), a_row(other, "県北")
    with in_consortium(other):
        assert [row.title for row in TownSelection.objects.all()] == ["県北"]
    with in_municipality(a_municipality()), pytest.raises(ScopeError):
        TownSelection.objects.count()


def test_writing_a_foreign_row_is_an_error(consortia):
    ours, other = consortia
    row = a_row(ours, "県央")
    with in_consortium(other), pytest.raises(ForeignConsortiumError):
        row.save()
    with pytest.raises(ScopeError):
        row.save()


@pytest.mark.postgresql
def test_raw_query_sees_only_the_consortium_of_the_scope(consortia):
    ours, other = consortia
    a_row(ours, "県央"), a_row(other, "県北")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM joint_townselection")
        assert cursor.fetchone() == (0,)
        with in_consortium(other):
            cursor.execute("SELECT title FROM joint_townselection")
            assert cursor.fetchall() == [("県北",)]
