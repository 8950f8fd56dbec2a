"""What of an expert may be shown to whom.

Pages of towns get a ``Card``, never the row: it has no name, no contact, no evidence and no town of its own, so that
no template can show them. Who it is comes from ``identity`` alone, which asks who is looking.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from machi.base.models import Municipality, Person, Prefecture
from machi.joint.domain.experts import OFFICE
from machi.joint.models import Expert, ExpertOffer


@dataclass(frozen=True, slots=True)
class Card:
    """An expert without a name."""

    pk: int
    alias: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    summary: str
    skills: Mapping[str, int]
    hours: int
    on_site: int
    prefecture: Prefecture
    travels: int
    first: date
    last: date
    fee: int
    quota: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an expert is, for those who may know."""

    name: str
    email: str
    telephone: str
    employer: str


def card(expert: Expert) -> Card:
    return Card(
        pk=expert.pk,
        alias=expert.alias,
        kind=expert.kind,
        kind_label=str(expert.get_kind_display()),
        state=expert.state,
        state_label=str(expert.get_state_display()),
        summary=expert.summary,
        skills=expert.skills,
        hours=expert.hours,
        on_site=expert.on_site,
        prefecture=expert.home.prefecture,
        travels=expert.travels,
        first=expert.first,
        last=expert.last,
        fee=expert.fee,
        quota=expert.quota,
    )


def may_know(expert: Expert, person: Person, municipality: Municipality) -> bool:
    """The joint office, the town of shared staff, and a town with which the expert has agreed."""
    if person.has_perm(OFFICE, municipality) or expert.town_id == municipality.pk:
        return True
    accepted = ExpertOffer.Answer.ACCEPTED
    return ExpertOffer.objects.filter(
        expert=expert, posting__town=municipality, by_town=accepted, by_expert=accepted
    ).exists()


def identity(expert: Expert, person: Person, municipality: Municipality) -> Identity | None:
    """None for whom it is hidden from, and after a withdrawal."""
    if not expert.name or not may_know(expert, person, municipality):
        return None
    return Identity(expert.name, expert.email or "", expert.telephone or "", expert.employer or "")
