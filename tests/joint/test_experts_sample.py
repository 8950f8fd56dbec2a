"""The sample and generated rounds: the same for the same seed, once, and ready to be matched."""

import pytest

from machi.base.models import Person, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.sample import approve_declared
from machi.joint.domain import experts_matching
from machi.joint.models import Expert, ExpertRound, ExpertWish, Posting
from machi.joint.sample import experts as sample
from tests.base.factories import a_person
from tests.joint.experts import a_scene
from tests.joint.factories import many_towns, towns_of

pytestmark = pytest.mark.django_db


def test_the_three_towns_get_postings_and_experts_once():
    scene = a_scene()
    with scene.inside():
        ExpertRound.objects.all().delete()
        for _ in range(2):
            sample.load(scene.consortium)
        assert (ExpertRound.objects.count(), Posting.objects.count(), Expert.objects.count()) == (1, 6, 9)
        assert set(Expert.objects.values_list("state", flat=True)) == {"accepted", "submitted"}


@pytest.mark.long
def test_fifty_two_towns_are_filled_and_matched():
    consortium = many_towns(52)
    town = towns_of(consortium)[0]
    approve_declared(town)
    office = Person.objects.get(email="office52@machi.example")
    with in_municipality(town), in_consortium(consortium):
        for _ in range(2):
            sample.generate(consortium, 1)
        assert Expert.objects.count() == 78
        assert 40 <= Posting.objects.count() <= 52
        first = [list(one) for one in ExpertWish.objects.values_list("side", "expert__number", "tier")]
        run = experts_matching.compute(ExpertRound.objects.get(), town, office)
        results = {one.method: one for one in run.results.all()}
        assert len(results) == 3
        assert all(one.figures["pairs"] > 20 for one in results.values())
        assert results["fit"].figures["fit"] >= results["experts"].figures["fit"]
        assert results["fit"].figures["proven"]
        assert results["experts"].figures["blocking"] <= results["fit"].figures["blocking"]
    assert first
    assert a_person(Role.CLERK, town)
