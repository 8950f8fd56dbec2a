"""What staff are told where they begin."""

from datetime import timedelta

import pytest

from machi.base.models import Role
from machi.base.scoping import in_municipality
from machi.frontdesk.domain import indexing
from machi.frontdesk.domain.waiting import status, waiting
from tests.base.factories import a_division, a_municipality, a_person
from tests.frontdesk.factories import a_document, a_faq, a_hand_over, a_source

pytestmark = pytest.mark.django_db


def told(person, town):
    with in_municipality(town):
        return [one.count for one in waiting(town, person)]


def test_work_of_ones_own_division_and_what_another_proposed():
    town = a_municipality()
    mine, other = a_division(town, "ごみ対策課"), a_division(town, "市民課")
    a_hand_over(town, mine, due_in=timedelta(hours=-1))
    a_hand_over(town, mine)
    a_hand_over(town, other)
    a_person(Role.CLERK, town, division=other)
    clerk = a_person(Role.CLERK, town, division=mine)
    a_faq(town, clerk)
    a_faq(town)
    assert told(clerk, town) == [1, 2, 1]
    assert told(a_person(Role.CLERK, town), town) == [1, 3, 2]


def test_what_a_division_without_staff_was_sent_waits_for_everybody():
    town = a_municipality()
    mine, nobodys = a_division(town, "ごみ対策課"), a_division(town, "市民課")
    a_hand_over(town, nobodys)
    assert told(a_person(Role.CLERK, town, division=mine), town) == [0, 1, 0]


def test_who_answers_no_inquiries_is_told_of_none():
    town = a_municipality()
    a_hand_over(town)
    assert told(a_person(Role.AUDITOR, town), town) == []


def test_status_says_how_much_can_be_found():
    town = a_municipality()
    a_document(a_source(town))
    with in_municipality(town):
        assert [line.value for line in status(town)] == ["0 / 1", "0 / 1"]
        indexing.build(town)
        assert [line.value for line in status(town)] == ["1 / 1", "0 / 1"]
