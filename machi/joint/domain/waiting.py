"""What the room says on the page where staff begin."""

from __future__ import annotations

from machi.base.domain.waiting import in_each_consortium
from machi.base.models import Municipality, Person
from machi.base.rooms import Waiting
from machi.joint.domain import funding_waiting, monitoring_waiting

SUBJECTS = (monitoring_waiting.waiting, funding_waiting.waiting)


def waiting(municipality: Municipality, person: Person) -> list[Waiting]:
    return in_each_consortium(SUBJECTS, municipality, person)
