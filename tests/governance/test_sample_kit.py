"""The sample of rules and procurement: made once, through the verbs."""

import pytest

from machi.base import ledger
from machi.base.models import Role
from machi.base.scoping import in_municipality
from machi.governance import sample_kit
from machi.governance.domain import policy, procurement_vendors
from machi.governance.models import PolicyVersion, Procurement
from tests.base.factories import a_municipality, a_person

pytestmark = pytest.mark.django_db


def test_sample_publishes_rules_and_compares_vendors_once():
    town = a_municipality()
    officer = a_person(Role.AI_OFFICER, town)
    with in_municipality(town):
        sample_kit.load(town, officer)
        sample_kit.load(town, officer)
        assert policy.is_as_published(PolicyVersion.objects.get())
        compared = procurement_vendors.evaluation(Procurement.objects.get())
        assert [one.out for one in compared.result.scores] == [(), ()]
        assert len(compared.result.winners) == 1
        assert ledger.verify(town) == []
