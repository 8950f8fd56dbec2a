"""The municipality as the tenant fails closed."""

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError
from django_scopes.exceptions import ScopeError

from machi.base.models import Division
from machi.base.rowsecurity import POLICY, not_a_superuser, scoped_models, shared_models
from machi.base.scoping import ForeignMunicipalityError, every_municipality, in_municipality
from tests.base.factories import a_division, a_municipality

pytestmark = pytest.mark.django_db


def test_unscoped_query_is_an_error():
    with pytest.raises(ScopeError):
        Division.objects.count()


def test_unscoped_write_is_an_error():
    town = a_municipality()
    with pytest.raises(ScopeError):
        Division.objects.create(municipality=town, name="市民課")


def test_scope_shows_only_its_own_rows():
    atsugi, kurashiki = a_municipality("142123"), a_municipality("332020")
    a_division(atsugi, "市民課")
    a_division(kurashiki, "税務課")
    with in_municipality(atsugi):
        assert [division.name for division in Division.objects.all()] == ["市民課"]
        with in_municipality(kurashiki):
            assert [division.name for division in Division.objects.all()] == ["税務課"]
        assert [division.name for division in Division.objects.all()] == ["市民課"]


def test_writing_a_foreign_row_is_an_error():
    atsugi, kurashiki = a_municipality("142123"), a_municipality("332020")
    with in_municipality(atsugi), pytest.raises(ForeignMunicipalityError):
        Division.objects.create(municipality=kurashiki, name="税務課")


def test_every_municipality_sees_all():
    a_division(a_municipality("142123"))
    a_division(a_municipality("332020"))
    with every_municipality():
        assert Division.objects.count() == 2


@pytest.mark.postgresql
class TestRowSecurity:
    """PostgreSQL refuses by itself, whatever the application asks."""

    def test_role_of_the_application_is_held_to_it(self):
        assert not_a_superuser(None, ["default"]) == []

    def test_raw_query_outside_a_scope_sees_nothing(self):
        a_division(a_municipality())
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM base_division")
            assert cursor.fetchone() == (0,)

    def test_raw_query_sees_only_the_scope(self):
        atsugi, kurashiki = a_municipality("142123"), a_municipality("332020")
        a_division(atsugi, "市民課")
        a_division(kurashiki, "税務課")
        with in_municipality(kurashiki), connection.cursor() as cursor:
            cursor.execute("SELECT name FROM base_division")
            assert cursor.fetchall() == [("税務課",)]

    def test_raw_write_of_a_foreign_row_is_refused(self):
        atsugi, kurashiki = a_municipality("142123"), a_municipality("332020")
        insert = (
            "INSERT INTO base_division (municipality_id, name, duties, email, telephone, is_default)"
            " VALUES (%s, '税務課', '', '', '', false)"
        )
        with (
            in_municipality(atsugi),
            connection.cursor() as cursor,
            pytest.raises(DatabaseError),
            transaction.atomic(),
        ):
            cursor.execute(insert, [kurashiki.code])

    def test_every_table_of_a_municipality_or_a_consortium_has_the_policy(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = %s", [POLICY])
            protected = {row[0] for row in cursor.fetchall()}
        assert protected == {model._meta.db_table for model in [*scoped_models(), *shared_models()]}

    def test_role_that_row_security_does_not_hold_is_told_of(self):
        """A superuser's connection of its own, where the cluster lets one in."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles WHERE rolsuper AND rolcanlogin LIMIT 1")
            superuser = cursor.fetchone()[0]
        alone = connection.copy()
        alone.settings_dict = {**alone.settings_dict, "USER": superuser}
        ordinary = connections["default"]
        connections["default"] = alone
        try:
            assert [one.id for one in not_a_superuser(None, ["default"])] == ["machi.W001"]
        finally:
            connections["default"] = ordinary
            alone.close()
