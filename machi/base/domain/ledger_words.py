"""What is said for the keys of a ledger entry: kind, system, subject, who did it. Rooms declare the words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from machi.base.models import Person
from machi.base.rooms import rooms


def kind_label(kind: str) -> str:
    """A kind no room declares any more is shown as it is written; likewise below."""
    return next((str(room.ledger_kinds[kind]) for room in rooms() if kind in room.ledger_kinds), kind)


def system_label(system: str) -> str:
    for room in rooms():
        if system in room.ledger_systems:
            return str(room.ledger_systems[system])
        for declared in room.ai_systems:
            if declared.key == system:
                return str(declared.title)
    return system


def subject_label(subject: str) -> str:
    """``inquiry:12`` as 「問い合わせ 12」."""
    kind, colon, number = subject.partition(":")
    for room in rooms():
        if kind in room.ledger_subjects:
            return f"{room.ledger_subjects[kind]} {number}" if colon else str(room.ledger_subjects[kind])
    return subject


@dataclass(frozen=True, slots=True)
class Actors:
    """Names, as people are called now, for the references of a list of entries (one query)."""

    names: dict[str, str]

    @classmethod
    def of(cls, references: Iterable[str]) -> Actors:
        keys = {reference.removeprefix("person:") for reference in references}
        people = Person.objects.filter(pk__in=[int(key) for key in keys if key.isascii() and key.isdigit()])
        return cls({f"person:{person.pk}": person.name for person in people})

    def label(self, reference: str) -> str:
        """The reference itself where there is no such person any more."""
        return self.names.get(reference, reference) if reference else _("職員以外")
