"""Who may do what in the base room, written out; and where a role holds."""

import pytest

from machi.base.models import Appointment, Consortium, ConsortiumMember, Role
from tests.base.factories import a_municipality, a_person
from tests.test_doors import STAFF

pytestmark = pytest.mark.django_db

MAY = {
    "base.work": set(Role),
    "base.see_ledger": {Role.AUDITOR, Role.AI_OFFICER},
    "base.rule_on_results": {Role.CLERK, Role.MANAGER, Role.AI_OFFICER},
    "base.manage_people": {Role.ADMINISTRATOR},
    "base.set_up": {Role.ADMINISTRATOR, Role.AI_OFFICER, Role.MANAGER},
    "base.open_municipality": set(),
}
PAGES = {
    "base.work": {"staff_home", "status"},
    "base.see_ledger": {
        "ledger",
        "ledger_entry",
        "ledger_verify",
        "ledger_log",
        "ledger_heads",
        "ledger_proof",
    },
    "base.rule_on_results": {"ledger_rule"},
    "base.manage_people": {
        "people",
        "person",
        "person_create",
        "person_rename",
        "person_appoint",
        "person_dismiss",
        "person_deactivate",
        "person_reactivate",
        "person_reset",
        "contact",
    },
    "base.set_up": {"setting_up"},
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_is_written_here(role: Role) -> None:
    town = a_municipality()
    person = a_person(role, town)
    assert {one for one in MAY if person.has_perm(one, town)} == {
        one for one, roles in MAY.items() if role in roles
    }


def test_each_page_asks_for_the_permission_written_here() -> None:
    asked = {
        (one.door.permission, one.name.removeprefix("base:"))
        for one in STAFF
        if one.door and one.name.startswith("base:")
    }
    assert asked == {(permission, page) for permission, pages in PAGES.items() for page in pages}


def test_a_role_holds_where_it_was_given() -> None:
    town, other = a_municipality("142123"), a_municipality("332020")
    person = a_person(Role.AUDITOR, town)
    assert person.has_perm("base.see_ledger", town)
    assert not person.has_perm("base.see_ledger", other)
    assert not person.has_perm("base.see_ledger")
    assert [one.code for one in person.municipalities()] == ["142123"]


def test_a_role_of_a_consortium_holds_in_its_members_while_they_are() -> None:
    town, left, outside = a_municipality("142123"), a_municipality("332020"), a_municipality("222127")
    consortium = Consortium.objects.create(name="見本共同体")
    ConsortiumMember.objects.create(consortium=consortium, municipality=town, since="2026-04-01")
    ConsortiumMember.objects.create(
        consortium=consortium, municipality=left, since="2020-04-01", until="2026-03-31"
    )
    person = a_person(Role.AUDITOR, consortium=consortium)
    assert [person.has_perm("base.see_ledger", one) for one in (town, left, outside)] == [True, False, False]
    assert [one.code for one in person.municipalities()] == ["142123"]


def test_a_role_of_the_platform_holds_everywhere_that_is_live() -> None:
    town, asleep = a_municipality("142123"), a_municipality("332020", live=False)
    person = a_person(Role.AUDITOR)
    assert person.has_perm("base.see_ledger", town)
    assert [one.code for one in person.municipalities()] == ["142123"]
    assert asleep not in person.municipalities()


def test_a_stopped_person_may_nothing() -> None:
    town = a_municipality()
    person = a_person(Role.ADMINISTRATOR, town)
    Appointment.objects.create(person=person, role=Role.AUDITOR)
    person.is_active = False
    assert [one for one in MAY if person.has_perm(one, town)] == []
