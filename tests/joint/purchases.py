"""A joint purchase in each of its states, brought there through the verbs."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from machi.base.models import Role
from machi.base.scoping import in_consortium
from machi.governance.engine.answer_sheet import Answer
from machi.joint.domain import procurement as verbs
from machi.joint.domain import procurement_award as awards
from machi.joint.domain import procurement_demand as demand
from machi.joint.domain import procurement_lots as lots
from machi.joint.domain import procurement_offers as offers
from machi.joint.domain import procurement_requirements as requirements
from machi.joint.domain import procurement_sharing as sharing
from machi.joint.domain.procurement_demand import Wanted
from machi.joint.models import JointPurchase
from tests.base.factories import a_person
from tests.joint.factories import a_consortium, office_of, towns_of

DAY = date(2027, 4, 1)
TIERS = [[1, 9000, 10_000], [50, 7000, 8000]]
QUANTITIES = (30, 40, 20)


class Purchase:
    """Three towns, their people, and a purchase of one item."""

    def __init__(self, consortium=None):
        self.consortium = consortium or a_consortium()
        self.towns = towns_of(self.consortium)
        self.town = self.towns[0]
        self.office = office_of(self.consortium)
        self.clerks = [a_person(Role.CLERK, one) for one in self.towns]
        self.heads = [a_person(Role.MANAGER, one) for one in self.towns]

    def begun(self, **changes):
        given = {
            "title": "タブレットの共同調達",
            "purpose": "会議の紙を減らす",
            "subject": "goods",
            "collect_until": timezone.localdate() + timedelta(30),
            "tender_yen": 100_000,
            **changes,
        }
        with in_consortium(self.consortium):
            self.purchase = verbs.begin(self.consortium, self.town, self.office, given)
            self.item = verbs.add_item(
                self.purchase,
                self.town,
                self.office,
                {"name": "タブレット", "unit": "台", "description": "10インチ"},
                TIERS,
            )
        return self

    def wanted(self, quantities=QUANTITIES, windows=None):
        windows = windows or [(DAY, DAY + timedelta(60))] * len(quantities)
        with in_consortium(self.consortium):
            for town, clerk, quantity, (first, last) in zip(
                self.towns, self.clerks, quantities, windows, strict=False
            ):
                line = Wanted(self.item.pk, quantity, first, last, "", quantity * 12_000)
                demand.enter(self.purchase, town, clerk, [line])
        return self

    def lotted(self):
        with in_consortium(self.consortium):
            proposed = lots.proposal(self.purchase, self.town)
            numbers = {one.pk: lot.number for lot in proposed for one in lot.demands}
            lots.confirm(self.purchase, self.town, self.office, numbers, "案のとおり")
        return self.read()

    def fixed(self, ceiling=1_000_000, **formula):
        """Two requirements: a must, and one of all the weight."""
        with in_consortium(self.consortium):
            requirements.declare(self.purchase, self.town, self.office, {"personal": False, "ai": False})
            two = list(self.purchase.requirements.all()[:2])
            chosen = [one.pk for one in two]
            requirements.choose(self.purchase, self.town, self.office, selected=chosen, must=chosen[:1])
            weights = dict(zip(chosen, (Decimal(0), Decimal(100)), strict=True))
            given = {
                "method": "additive",
                "quality_points": Decimal(200),
                "price_points": Decimal(100),
                "base_points": Decimal(0),
                **formula,
            }
            ceilings = {one.pk: ceiling for one in self.purchase.lots.all()}
            requirements.weigh(self.purchase, self.town, self.office, weights, given, ceilings)
            requirements.fix(self.purchase, self.town, self.office, timezone.localdate())
        return self.read()

    def offered(self, name, points, tiers):
        with in_consortium(self.consortium):
            vendor = offers.add_vendor(self.purchase, self.town, self.office, name)
            for lot in self.purchase.lots.all():
                offers.offer(vendor, lot, self.town, self.office, tiers)
            codes = [one.code for one in requirements.selected(self.purchase)]
            marks = {code: Answer(one, "") for code, one in zip(codes, points, strict=True)}
            offers.mark(vendor, self.town, self.office, marks)
        return vendor

    def opened(self):
        self.first = self.offered("甲社", (4, 4), [(1, 9000), (50, 8000)])
        self.second = self.offered("乙社", (4, 2), [(1, 6000)])
        with in_consortium(self.consortium):
            offers.open_offers(self.purchase, self.town, self.office)
        return self.read()

    def awarded(self):
        with in_consortium(self.consortium):
            lot = self.lot
            awards.compare(lot, self.town, self.office)
            lot = self.lot
            winner = lot.offers.get(pk=lot.evaluation["winners"][0])
            awards.award(lot, self.town, self.office, winner, "評価が最も高い")
        return self

    def shared(self, rule="shapley"):
        with in_consortium(self.consortium):
            sharing.compute(self.lot, self.town, self.office)
            sharing.choose(self.lot, self.town, self.office, rule, "公平")
        return self

    def ready(self):
        """As far as an awarded lot."""
        return self.begun().wanted().lotted().fixed().opened().awarded()

    def read(self):
        with in_consortium(self.consortium):
            self.purchase = JointPurchase.objects.select_related("consortium").get(pk=self.purchase.pk)
        return self

    @property
    def lot(self):
        with in_consortium(self.consortium):
            found = self.purchase.lots.select_related("purchase__consortium", "item", "offer__vendor")
            return found.get(number=1)
