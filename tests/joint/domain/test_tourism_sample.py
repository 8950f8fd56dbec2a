"""The sample's and a generated consortium's spots: through the verbs, the same again, safe to repeat."""

from __future__ import annotations

import pytest

from machi.base.domain.towns import members
from machi.base.models import Role
from machi.base.scoping import in_consortium
from machi.joint.models import BookingRequest, Spot, VisitPlan
from machi.joint.sample import tourism as sample
from tests.base.factories import a_person, approve
from tests.joint.factories import a_consortium, many_towns, towns_of

pytestmark = pytest.mark.django_db


def test_sample_has_spots_of_three_towns_a_route_in_each_and_a_request() -> None:
    consortium = a_consortium()
    for town in towns_of(consortium):
        a_person(Role.CLERK, town)
    with in_consortium(consortium):
        sample.load(consortium)
        counts = [
            Spot.objects.filter(published=True, municipality=town).count() for town in members(consortium)
        ]
        assert counts == [9, 11, 11]
        assert VisitPlan.objects.count() == 3
        assert BookingRequest.objects.get().spot.name == "ジーンズの藍染め体験（見本）"
        assert Spot.objects.filter(wifi=True).exists()
        sample.load(consortium)
        assert VisitPlan.objects.count() == 3


@pytest.mark.long
def test_generated_consortium_is_the_same_for_the_same_seed() -> None:
    consortium = many_towns(4)
    first, *_others = members(consortium)
    approve(first, "joint.route")
    with in_consortium(consortium):
        sample.generate(consortium, 1)
        assert Spot.objects.count() == 4 * 11
        before = list(Spot.objects.values_list("municipality", "name", "latitude", "weekdays"))
        assert VisitPlan.objects.count() >= 1
        sample.generate(consortium, 1)
        assert Spot.objects.count() == 4 * 11
        BookingRequest.objects.all().delete()
        VisitPlan.objects.all().delete()
        Spot.objects.all().delete()
        sample.generate(consortium, 1)
        assert list(Spot.objects.values_list("municipality", "name", "latitude", "weekdays")) == before
