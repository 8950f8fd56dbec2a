"""What the room says on the page where staff begin: of each consortium the town is in, subject by subject."""

from __future__ import annotations

from machi.base.models import Municipality, Person
from machi.base.rooms import Waiting
from machi.base.scoping import in_consortium
from machi.joint.domain import funding_waiting, monitoring_waiting

SUBJECTS = (monitoring_waiting.waiting, funding_waiting.waiting)
"""Each ``(municipality, person) -> list[Waiting]``, called in the scope of a consortium."""


def waiting(municipality: Municipality, person: Person) -> list[Waiting]:
    """Of several consortia the counts are added: the pages lead to the one looked at last."""
    found: dict[tuple[str, str], Waiting] = {}
    for consortium in municipality.consortia_today():
        with in_consortium(consortium):
            for one in (line for subject in SUBJECTS for line in subject(municipality, person)):
                key = (str(one.label), one.view)
                before = found[key].count if key in found else 0
                found[key] = Waiting(one.label, before + one.count, one.view)
    return list(found.values())
