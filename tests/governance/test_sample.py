"""The sample towns come reviewed and approved by their sample people, through the same verbs as everybody's."""

import pytest

from machi.base import ledger
from machi.base import sample as base_sample
from machi.base.models import Municipality
from machi.base.running import why_not
from machi.base.scoping import in_municipality
from machi.frontdesk.apps import ANSWERS
from machi.governance import sample
from machi.governance.domain import proofs, register
from machi.governance.models import Review, ReviewItem, SystemDecision

pytestmark = pytest.mark.django_db


@pytest.fixture
def towns() -> list[Municipality]:
    base_sample.load()
    sample.load()
    return list(Municipality.objects.filter(code__in=base_sample.TOWNS))


@pytest.mark.long
def test_every_sample_town_has_its_front_desk_approved_by_its_own_officer(towns: list[Municipality]) -> None:
    assert len(towns) == 3
    for town in towns:
        assert why_not(town, ANSWERS) is None
        with in_municipality(town):
            row = register.entry(town, ANSWERS).row
            assert row.decided_by is not None
            assert row.decided_by.has_perm(register.DECIDE, town)
            review = Review.objects.get(system=row)
            assert {item.state for item in review.items.all()} == {ReviewItem.State.MET}
        assert ledger.verify(town) == []


@pytest.mark.long
def test_what_nothing_is_known_of_is_said_to_be_a_sample(towns: list[Municipality]) -> None:
    with in_municipality(towns[0]):
        review = Review.objects.get(system__key=ANSWERS)
        offers = proofs.offers(towns[0], register.entry(towns[0], ANSWERS).system, review.checklist)
        for item in review.items.all():
            if item.item not in offers or offers[item.item].text.endswith("："):
                assert "見本" in item.reference, item.item


@pytest.mark.long
def test_loading_again_changes_nothing_that_people_decided(towns: list[Municipality]) -> None:
    with in_municipality(towns[0]):
        officer = register.entry(towns[0], ANSWERS).row.decided_by
        register.suspend(towns[0], ANSWERS, by=officer, notice="点検中")
        before = SystemDecision.objects.count()
    sample.load()
    assert why_not(towns[0], ANSWERS) == "点検中"
    with in_municipality(towns[0]):
        assert SystemDecision.objects.count() == before
