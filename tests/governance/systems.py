"""A town in which nothing is approved yet, its people, and reviews brought as far as a test needs them."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from machi.base.models import Municipality, Person, Role
from machi.base.scoping import in_municipality
from machi.frontdesk.apps import ANSWERS
from machi.governance.domain import register
from machi.governance.domain.review import Given, settle
from machi.governance.models import Review, ReviewItem
from tests.base.factories import a_municipality, a_person

MET = ReviewItem.State.MET


@dataclass(frozen=True)
class Town:
    municipality: Municipality
    officer: Person
    manager: Person
    clerk: Person


def an_unapproved_town(code: str = "142123") -> Town:
    town = a_municipality(code, approved=False)
    return Town(town, *(a_person(role, town) for role in (Role.AI_OFFICER, Role.MANAGER, Role.CLERK)))


def settle_all(review: Review, by: Person, *, but: int = 0) -> None:
    """Says of every item, less the last ``but``, that it is met."""
    rows = list(review.items.all())
    settle(review, by, {row.item: Given(MET, reference="見本の規程") for row in rows[: len(rows) - but]})


def approve(town: Town, key: str = ANSWERS, *, days: int = 365, conditions: str = "") -> None:
    """Through a review in which every item is met."""
    with in_municipality(town.municipality):
        settle_all(register.submit(town.municipality, key, by=town.officer), town.officer)
        until = timezone.localdate() + timedelta(days=days)
        register.approve(town.municipality, key, by=town.officer, until=until, conditions=conditions)
