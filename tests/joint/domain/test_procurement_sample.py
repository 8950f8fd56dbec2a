"""The sample of joint procurement: three towns through the verbs, and a consortium of any size."""

import pytest

from machi.base import ledger
from machi.base import sample as base_sample
from machi.base.models import Consortium, Municipality
from machi.base.scoping import in_consortium
from machi.joint.domain.procurement import ADVICE
from machi.joint.models import JointPurchase, PurchaseConsent, PurchaseDemand, PurchaseLot
from machi.joint.sample import procurement as sample
from tests.base.factories import approve
from tests.joint.factories import many_towns, towns_of

pytestmark = pytest.mark.django_db


def test_three_towns_have_one_purchase_awarded_and_one_that_collects():
    base_sample.load()
    consortium = Consortium.objects.get()
    for town in towns_of(consortium):
        approve(town, ADVICE)
    with in_consortium(consortium):
        sample.load(consortium)
        sample.load(consortium)
        assert [one.state for one in JointPurchase.objects.order_by("pk")] == ["opened", "collecting"]
        lot = PurchaseLot.objects.get()
        assert (lot.state, lot.rule) == ("awarded", "shapley")
        assert [one.state for one in PurchaseConsent.objects.all()] == ["asked"] * 3
    for town in towns_of(consortium):
        assert ledger.verify(town) == []


def test_nothing_is_made_where_the_system_is_not_approved():
    base_sample.load()
    consortium = Consortium.objects.get()
    with in_consortium(consortium):
        sample.load(consortium)
        assert not JointPurchase.objects.exists()


def test_52_towns_are_filled_and_the_same_for_the_same_seed():
    base_sample.load()
    consortium = many_towns(52)
    approve(Municipality.objects.get(pk=towns_of(consortium)[0].pk), ADVICE)

    def filled():
        with in_consortium(consortium):
            sample.generate(consortium, 1)
            found = list(PurchaseDemand.objects.order_by("pk").values_list("municipality", "quantity"))
            lots = [
                (lot.number, lot.state, lot.sharing and lot.sharing["total"])
                for lot in PurchaseLot.objects.order_by("pk")
            ]
            states = [one.state for one in JointPurchase.objects.order_by("pk")]
        return found, lots, states

    demands, lots, states = filled()
    assert states == ["opened", "tender", "collecting"]
    assert len(demands) > 100
    assert lots[0][1] == "awarded"
    assert filled() == (demands, lots, states)
