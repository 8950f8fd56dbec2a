"""Every address of machi, walked: who may come in is what its door and the rooms' rules say, and nobody else.

A door is one of the decorators in ``machi.base.web.access``. Addresses with an id are asked for ids that do
not exist: the door must answer before anything is looked up.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, PathConverter, SlugConverter, StringConverter, UUIDConverter
from django_scopes.exceptions import ScopeError
from ninja.operation import Operation

from machi.base.models import Appointment, Consortium, ConsortiumMember, Municipality, Person, Role
from machi.base.rooms import rooms
from machi.base.rowsecurity import scoped_models, shared_models
from machi.base.scoping import every_municipality, in_municipality
from machi.base.web.access import Door
from machi.site.api import api
from tests.base.factories import a_municipality, a_person

TOWN, OTHER, ASLEEP = "142123", "332020", "222127"
VALUES: dict[type[Any], Any] = {
    IntConverter: 1,
    StringConverter: "x",
    SlugConverter: "x",
    PathConverter: "x/y",
    UUIDConverter: "00000000-0000-0000-0000-000000000001",
}
PUBLIC_OPERATIONS = {
    ("POST", "inquiries"),
    ("GET", "inquiries/{token}"),
    ("GET", "municipalities"),
    ("GET", "municipalities/{code}/ai-systems"),
}
"""API operations that ask for no sign-in. One more here is a decision, to be made in review."""


@dataclass(frozen=True)
class Address:
    name: str
    arguments: tuple[tuple[str, Any], ...]
    door: Door | None

    def path(self, code: str = TOWN) -> str:
        return reverse(
            self.name, kwargs={key: code if key == "code" else value for key, value in self.arguments}
        )


def walk(
    patterns: list[URLPattern | URLResolver], place: str = "", space: tuple[str, ...] = ()
) -> Iterator[Address]:
    """Every view of ours; allauth's and the API's are left out."""
    for one in patterns:
        if isinstance(one, URLResolver):
            if one.app_name != "ninja":
                names = (*space, one.namespace) if one.namespace else space
                yield from walk(one.url_patterns, place + str(one.pattern), names)
            continue
        module = one.callback.__module__
        if module.startswith("allauth.") or (
            place.startswith("account/") and not module.startswith("machi.")
        ):
            continue
        assert one.name, f"{place}{one.pattern} has no name"
        route = place + str(one.pattern)
        arguments = tuple((key, VALUES[type(value)]) for key, value in one.pattern.converters.items())
        if "<str:code>" in route:
            arguments = (("code", TOWN), *((key, value) for key, value in arguments if key != "code"))
        yield Address(":".join((*space, one.name)), arguments, getattr(one.callback, "door", None))


ADDRESSES = list(walk(get_resolver().url_patterns))
STAFF = [one for one in ADDRESSES if one.door and one.door.per_municipality and one.door.permission]
RESIDENT = [one for one in ADDRESSES if one.door and one.door.per_municipality and not one.door.permission]
SIGNED_IN = [
    one for one in ADDRESSES if one.door and not one.door.per_municipality and one.door.permission == ""
]


PLATFORM = [one for one in ADDRESSES if one.door and not one.door.per_municipality and one.door.permission]


def sign_in(person: Person) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def answers(client: Client, path: str) -> set[int]:
    """What both reading and writing are answered with."""
    return {client.get(path).status_code, client.post(path).status_code}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Each of the thousand refusals would be logged with its traceback."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def town(db: None) -> Municipality:
    a_municipality(OTHER)
    a_municipality(ASLEEP, live=False)
    return a_municipality(TOWN)


def test_the_walk_meets_every_room() -> None:
    spaces = {one.name.partition(":")[0] for one in ADDRESSES}
    assert spaces >= {room.label for room in rooms() if room.urls}
    assert len(STAFF) >= 40
    assert len(RESIDENT) >= 8
    assert len(SIGNED_IN) >= 2


def test_every_view_has_a_door() -> None:
    assert [one.name for one in ADDRESSES if not isinstance(one.door, Door)] == []


def test_every_view_below_a_municipality_has_a_door_that_opens_its_scope() -> None:
    wrong = [
        one.name
        for one in ADDRESSES
        if one.door and one.door.per_municipality != ("code" in dict(one.arguments))
    ]
    assert wrong == []


def test_every_permission_of_a_door_and_a_menu_is_a_rule() -> None:
    """A misspelt permission would let nobody in, or be asked of nobody."""
    import rules

    asked = {one.door.permission for one in STAFF if one.door}
    asked |= {entry.permission for room in rooms() for entry in room.menu}
    assert {permission for permission in asked if not rules.permissions.perm_exists(permission)} == set()


@pytest.mark.once
def test_strangers_are_sent_to_sign_in(town: Municipality) -> None:
    client = Client()
    wrong = []
    for one in [*STAFF, *SIGNED_IN, *PLATFORM]:
        for method in (client.get, client.post):
            response = method(one.path())
            if response.status_code != 302 or not response["Location"].startswith("/account/login/?next="):
                wrong.append((one.name, response.status_code))
    assert wrong == []


@pytest.mark.once
@pytest.mark.timeout(300)
def test_roles_come_in_exactly_where_the_rules_say(town: Municipality) -> None:
    """Every role tries every permission; every door is tried by one that may come in and one that may not, in turn."""
    people = [a_person(role, town) for role in Role] + [a_person()]
    clients = [(person, sign_in(person)) for person in people]
    turn = cycle(range(len(clients)))
    met: set[str] = set()
    wrong = []
    for one in STAFF:
        permission = one.door.permission or "" if one.door else ""
        first = next(turn)
        ordered = clients[first:] + clients[:first]
        inside = [pair for pair in ordered if pair[0].has_perm(permission, town)]
        outside = [pair for pair in ordered if pair not in inside]
        every = permission not in met
        met.add(permission)
        for person, client in inside if every else inside[:1]:
            if (status := client.get(one.path()).status_code) not in (200, 302, 404, 405):
                wrong.append((one.name, person.email, "should be let in", {status}))
        for person, client in outside if every else outside[:1]:
            if (statuses := answers(client, one.path())) != {403}:
                wrong.append((one.name, person.email, "should be refused", statuses))
    assert wrong == []


@pytest.mark.once
def test_no_role_in_a_municipality_opens_a_door_of_the_platform(town: Municipality) -> None:
    person = a_person()
    for role in Role:
        Appointment.objects.create(person=person, role=role, municipality=town)
    client = sign_in(person)
    assert [(one.name, got) for one in PLATFORM if (got := answers(client, one.path())) != {403}] == []
    assert len(PLATFORM) >= 2


@pytest.mark.once
def test_every_role_elsewhere_opens_no_door_here(town: Municipality) -> None:
    """Not as a person of another town, nor of a consortium that this town is not in, or has left."""
    other = Municipality.objects.get(pk=OTHER)
    person = a_person()
    foreign, left = (
        Consortium.objects.create(name="よその共同体"),
        Consortium.objects.create(name="前の共同体"),
    )
    ConsortiumMember.objects.create(consortium=foreign, municipality=other, since="2026-04-01")
    ConsortiumMember.objects.create(
        consortium=left, municipality=town, since="2020-04-01", until="2024-03-31"
    )
    for role in Role:
        Appointment.objects.create(person=person, role=role, municipality=other)
        Appointment.objects.create(person=person, role=role, consortium=foreign)
        Appointment.objects.create(person=person, role=role, consortium=left)
    client = sign_in(person)
    assert [(one.name, got) for one in STAFF if (got := answers(client, one.path())) != {403}] == []
    assert client.get(reverse("base:staff_home", args=[OTHER])).status_code == 200


@pytest.mark.once
def test_a_stopped_account_opens_no_door(town: Municipality) -> None:
    person = a_person(Role.ADMINISTRATOR, town)
    client = sign_in(person)
    person.is_active = False
    person.save()
    wrong = [
        one.name
        for one in STAFF
        if not client.get(one.path()).headers.get("Location", "").startswith("/account/")
    ]
    assert wrong == []


@pytest.mark.once
@pytest.mark.parametrize("code", [ASLEEP, "999999"])
def test_a_municipality_that_is_unknown_or_not_live_is_not_there(town: Municipality, code: str) -> None:
    person = a_person()
    for role in Role:
        Appointment.objects.create(person=person, role=role)  # on the whole platform
    client, stranger = sign_in(person), Client()
    wrong = [(one.name, got) for one in STAFF if (got := answers(client, one.path(code))) != {404}]
    wrong += [(one.name, got) for one in RESIDENT if (got := answers(stranger, one.path(code))) != {404}]
    assert wrong == []


def test_residents_need_no_account(town: Municipality) -> None:
    client = Client()
    wrong = []
    for one in RESIDENT:
        response = client.get(one.path())
        if response.status_code in (401, 403) or "/account/login/" in response.headers.get("Location", ""):
            wrong.append((one.name, response.status_code))
    assert wrong == []


def operations() -> list[tuple[str, str, Operation]]:
    return [
        (method, f"{prefix}/{path}".lstrip("/"), operation)
        for prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    ]


def test_api_operations_without_sign_in_are_the_known_ones() -> None:
    open_ones = {(method, path) for method, path, operation in operations() if not operation.auth_callbacks}
    assert open_ones == PUBLIC_OPERATIONS


def test_api_operations_with_sign_in_refuse_strangers(town: Municipality) -> None:
    client = Client()
    wrong = []
    for method, path, operation in operations():
        if operation.auth_callbacks:
            filled = path.replace("{code}", TOWN).replace("{token}", "x")
            status = client.generic(method, f"/api/v1/{filled}", b"{}", "application/json").status_code
            if status != 401:
                wrong.append((method, path, status))
    assert wrong == []


def test_rows_of_a_municipality_cannot_be_reached_outside_a_scope(town: Municipality) -> None:
    models = scoped_models()
    assert len(models) >= 10
    for model in models:
        with pytest.raises(ScopeError):
            model._default_manager.count()
        with pytest.raises(ScopeError):
            list(model._default_manager.filter(municipality=town))
        with every_municipality():
            model._default_manager.count()


def test_what_a_consortium_shares_cannot_be_reached_outside_its_scope(town: Municipality) -> None:
    for model in shared_models():
        with pytest.raises(ScopeError):
            model._default_manager.count()
        with pytest.raises(ScopeError), in_municipality(town):
            list(model._default_manager.all())
        with every_municipality():
            model._default_manager.count()
