"""What waits in the learning room, for whom."""

from __future__ import annotations

import pytest

from machi.base.models import Municipality, Person, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain.waiting import waiting
from machi.learning.models import Survey
from tests.base.factories import a_person
from tests.learning.cases import a_scene
from tests.learning.courses import a_course
from tests.learning.follow_up import finished, planned
from tests.learning.surveys import an_open_survey

pytestmark = pytest.mark.django_db


def told(town: Municipality, person: Person) -> dict[str, int]:
    with in_municipality(town):
        return {one.view: one.count for one in waiting(town, person) if one.count}


def test_a_learner_is_told_of_plans_to_look_back_on() -> None:
    work = a_course()
    place = finished(work)
    planned(work, place, ago=31)
    assert told(work.town, place.person) == {"learning:my_plans": 1}
    assert told(work.town, work.person(work.town)) == {}


def test_who_speaks_for_a_town_is_told_of_surveys_to_hand_in() -> None:
    scene = a_scene()
    town = scene.towns[0]
    survey = an_open_survey(scene.consortium, town, scene.office)
    manager, clerk = scene.person(town, Role.MANAGER), scene.person(town)
    assert told(town, manager) == {"learning:surveys": 1}
    assert told(town, clerk) == {}
    with in_municipality(town), in_consortium(scene.consortium):
        Survey.objects.filter(pk=survey.pk).update(state=Survey.State.CLOSED)
    assert told(town, manager) == {}


def test_the_office_is_told_of_cases_handed_in() -> None:
    scene = a_scene()
    scene.case(state="submitted")
    scene.case(state="draft", town=scene.towns[1])
    assert told(scene.towns[0], scene.office) == {"learning:cases_waiting": 1}
    assert told(scene.towns[0], a_person(Role.MANAGER, scene.towns[0])) == {}
