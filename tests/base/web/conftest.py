"""A town with its people, and signing in as one of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from machi.base.models import Municipality, Person, Role
from tests.base.factories import a_municipality, a_person


@pytest.fixture
def town() -> Municipality:
    return a_municipality("142123")


@pytest.fixture
def other() -> Municipality:
    return a_municipality("332020")


@pytest.fixture
def admin(town: Municipality) -> Person:
    return a_person(Role.ADMINISTRATOR, town)


@pytest.fixture
def as_person(client: Client) -> Callable[[Person], Client]:
    """The client, signed in as this person."""

    def sign_in(person: Person) -> Client:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def as_admin(admin: Person, as_person: Callable[[Person], Client]) -> Client:
    return as_person(admin)


@pytest.fixture
def as_auditor(town: Municipality, as_person: Callable[[Person], Client]) -> Client:
    return as_person(a_person(Role.AUDITOR, town))


@pytest.fixture
def count_queries(client: Client) -> Callable[..., int]:
    """How often a page asks the database, once what is kept between requests has been read."""

    def count(path: str, query: dict[str, str] | None = None) -> int:
        assert client.get(path, query).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get(path, query)
        return len(captured)

    return count
