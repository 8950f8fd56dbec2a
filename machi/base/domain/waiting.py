"""What waits for a person in the rooms that consortia share."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from machi.base.models import Municipality, Person
from machi.base.rooms import Waiting
from machi.base.scoping import in_consortium

Subject = Callable[[Municipality, Person], Iterable[Waiting]]
"""Called in the scope of a consortium."""


def in_each_consortium(
    subjects: Iterable[Subject], municipality: Municipality, person: Person
) -> list[Waiting]:
    """Of several consortia the counts are added: the pages lead to the one looked at last."""
    found: dict[tuple[str, str], Waiting] = {}
    asked = list(subjects)
    for consortium in municipality.consortia_today():
        with in_consortium(consortium):
            for one in (line for subject in asked for line in subject(municipality, person)):
                key = (str(one.label), one.view)
                before = found[key].count if key in found else 0
                found[key] = Waiting(one.label, before + one.count, one.view)
    return list(found.values())
