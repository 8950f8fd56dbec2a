"""Joint procurement: the sample consortium's, and a generated one's. The vendors do not exist."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import override

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person, Role
from machi.base.running import why_not
from machi.governance.engine.answer_sheet import Answer
from machi.joint.domain import procurement as verbs
from machi.joint.domain import procurement_award as awards
from machi.joint.domain import procurement_demand as demand
from machi.joint.domain import procurement_lots as lots
from machi.joint.domain import procurement_offers as offers
from machi.joint.domain import procurement_requirements as requirements
from machi.joint.domain import procurement_sharing as sharing
from machi.joint.domain.procurement_demand import Wanted
from machi.joint.models import JointPurchase, PurchaseDemand, PurchaseItem

_MINUTES = {
    "title": "会議録作成支援サービスの共同調達（見本）",
    "purpose": "会議の記録に時間がかかり、公開が遅れている。録音から会議録の下書きを作り、職員が直して仕上げる。",
    "subject": "cloud",
    "tender_yen": 350_000,
}
_LICENCES = {
    "name": "会議録作成支援サービス",
    "unit": "ライセンス・年",
    "description": "音声認識、話者の区別、要約の下書き。庁内のネットワークから使う。",
}
_LICENCE_TIERS = [[1, 30_000, 36_000], [50, 25_000, 30_000], [150, 20_000, 26_000]]
_TABLETS = {
    "title": "窓口用タブレットの共同調達（見本）",
    "purpose": "「書かない窓口」のために、窓口で住民と一緒に見るタブレットをそろえる。",
    "subject": "goods",
    "tender_yen": 300_000,
}
_TABLET = {"name": "タブレット端末", "unit": "台", "description": "10型以上、落下に強いケース、5年保証。"}
_TABLET_TIERS = [[1, 62_000, 70_000], [50, 55_000, 64_000], [200, 48_000, 58_000]]
_STAND = {
    "name": "タブレット用スタンド",
    "unit": "台",
    "description": "角度を変えられ、盗難防止の鍵が付くもの。",
}
_STAND_TIERS = [[1, 5_500, 6_500], [100, 4_200, 5_200]]
_FACTS = {
    "personal": True,
    "ai": True,
    "users": "staff",
    "work": "informs",
    "training": "none",
    "judgement": "each",
    "generates": True,
    "outside": True,
}
_VENDORS = (
    ("見本システム株式会社", ((1, 33_000), (50, 27_500), (150, 22_000)), (4, 3, 3)),
    ("架空データ株式会社", ((1, 30_000), (100, 25_500)), (3, 3, 2)),
    ("例示クラウド合同会社", ((1, 29_000), (150, 19_800)), (2, 3, 2)),
)
"""Name, price tiers, points given in turn."""


def load(consortium: Consortium) -> None:
    """Two purchases of the sample consortium: one awarded, whose shares the towns are asked about, and one that
    collects demand. Safe to call again."""
    if JointPurchase.objects.exists():
        return
    towns = list(members(consortium))
    office = _office(consortium)
    if office is None or why_not(towns[0], verbs.ADVICE):
        return
    with override("ja"):
        _awarded(consortium, towns, office, lambda item: _entered(item, towns))
        open_one = _begun(consortium, towns[0], office, _TABLETS, 45)
        item = verbs.add_item(open_one, towns[0], office, _TABLET, _TABLET_TIERS)
        verbs.add_item(open_one, towns[0], office, _STAND, _STAND_TIERS)
        clerk = _clerk(towns[-1])
        line = Wanted(item.pk, 40, *_window(0), "窓口が3か所に分かれている。", 2_600_000)
        demand.enter(open_one, towns[-1], clerk, [line])


def generate(consortium: Consortium, seed: int) -> None:
    """Three purchases of any number of towns: demand collected, offers to be opened, awarded and shared; the same for
    the same ``seed``. Safe to call again."""
    if JointPurchase.objects.exists():
        return
    towns = list(members(consortium))
    office = _office(consortium)
    if office is None or why_not(towns[0], verbs.ADVICE):
        return
    chance = random.Random(seed)  # noqa: S311  (made-up data, not a secret)
    with override("ja"):
        quantities = {one.pk: chance.randint(5, 160) for one in towns if chance.random() < 0.85}
        _awarded(consortium, towns, office, lambda item: _want(item, quantities))
        waiting = _begun(consortium, towns[0], office, {**_TABLETS, "title": "庁内用端末の共同調達"}, 10)
        laptop = verbs.add_item(waiting, towns[0], office, _TABLET, _TABLET_TIERS)
        _want(laptop, {one.pk: chance.randint(3, 90) for one in towns if chance.random() < 0.7}, chance)
        _confirm(waiting, towns[0], office)
        _fix(waiting, towns[0], office, {"personal": False, "ai": False})
        _offer(waiting, towns[0], office, [(name, _times(tiers, 2), pts) for name, tiers, pts in _VENDORS])
        collecting = _begun(consortium, towns[0], office, _TABLETS, 45)
        for texts, tiers in ((_TABLET, _TABLET_TIERS), (_STAND, _STAND_TIERS)):
            item = verbs.add_item(collecting, towns[0], office, texts, tiers)
            _want(item, {one.pk: chance.randint(2, 60) for one in towns if chance.random() < 0.6}, chance)


def _awarded(
    consortium: Consortium,
    towns: Sequence[Municipality],
    office: Person,
    want: Callable[[PurchaseItem], None],
) -> None:
    """A purchase as far as the question to the towns whether they agree to their shares."""
    town = towns[0]
    purchase = _begun(consortium, town, office, _MINUTES, 30)
    item = verbs.add_item(purchase, town, office, _LICENCES, _LICENCE_TIERS)
    want(item)
    _confirm(purchase, town, office)
    _fix(purchase, town, office, _FACTS)
    _offer(purchase, town, office, _VENDORS)
    offers.open_offers(purchase, town, office)
    lot = purchase.lots.select_related("purchase__consortium", "item").get(number=1)
    awards.compare(lot, town, office)
    lot.refresh_from_db()
    assert lot.evaluation is not None
    winner = lot.offers.get(pk=lot.evaluation["winners"][0])
    awards.award(lot, town, office, winner, "評価値が最も高く、重みを変えても順位がほとんど変わらない。")
    sharing.compute(lot, town, office)
    reason = "使う数量と、加わることで増える費用の両方が映り、どの町も単独より安くなる。"
    sharing.choose(lot, town, office, "shapley", reason)


def _begun(
    consortium: Consortium, town: Municipality, office: Person, given: dict[str, object], days: int
) -> JointPurchase:
    until = timezone.localdate() + timedelta(days)
    return verbs.begin(consortium, town, office, {**given, "collect_until": until})


def _entered(item: PurchaseItem, towns: Sequence[Municipality]) -> None:
    """By each town's own clerk."""
    for town, quantity in zip(towns, (60, 45, 90), strict=False):
        line = Wanted(item.pk, quantity, *_window(0), "", quantity * _LICENCE_TIERS[0][2])
        demand.enter(item.purchase, town, _clerk(town), [line])


def _want(item: PurchaseItem, quantities: dict[str, int], chance: random.Random | None = None) -> None:
    """In bulk: a ledger entry for each of hundreds of made-up lines would say nothing."""
    PurchaseDemand.objects.bulk_create(
        PurchaseDemand(
            consortium_id=item.consortium_id,
            purchase=item.purchase,
            item=item,
            municipality_id=code,
            quantity=quantity,
            earliest=(window := _window(chance.choice((0, 0, 0, 30, 120)) if chance else 0))[0],
            latest=window[1],
            ceiling=quantity * item.tiers[0][2],
        )
        for code, quantity in quantities.items()
    )


def _confirm(purchase: JointPurchase, town: Municipality, office: Person) -> None:
    numbers = {one.pk: lot.number for lot in lots.proposal(purchase, town) for one in lot.demands}
    lots.confirm(purchase, town, office, numbers, "案のとおり。納入の希望がそろい、段階の単価が最も下がる。")


def _fix(purchase: JointPurchase, town: Municipality, office: Person, facts: dict[str, object]) -> None:
    requirements.declare(purchase, town, office, facts)
    items = requirements.selected(purchase)
    formula = {
        "method": "additive",
        "quality_points": Decimal(200),
        "price_points": Decimal(100),
        "base_points": Decimal(0),
    }
    ceilings = {lot.pk: int(lot.expected["together"]["most"]) for lot in purchase.lots.all()}
    weights = {one.pk: one.weight for one in items}
    requirements.weigh(purchase, town, office, weights, formula, ceilings)
    requirements.fix(purchase, town, office, timezone.localdate())


def _offer(
    purchase: JointPurchase,
    town: Municipality,
    office: Person,
    vendors: Sequence[tuple[str, tuple[tuple[int, int], ...], tuple[int, ...]]],
) -> None:
    codes = [one.code for one in requirements.selected(purchase)]
    for name, tiers, points in vendors:
        vendor = offers.add_vendor(purchase, town, office, name)
        for lot in purchase.lots.all():
            offers.offer(vendor, lot, town, office, tiers)
        marks = {code: Answer(points[at % len(points)], "") for at, code in enumerate(codes)}
        offers.mark(vendor, town, office, marks)


def _times(tiers: tuple[tuple[int, int], ...], factor: int) -> tuple[tuple[int, int], ...]:
    return tuple((quantity, yen * factor) for quantity, yen in tiers)


def _window(after: int) -> tuple[date, date]:
    first = date(timezone.localdate().year + 1, 4, 1) + timedelta(after)
    return first, first + timedelta(60)


def _office(consortium: Consortium) -> Person | None:
    return Person.objects.filter(
        appointments__role=Role.JOINT_OFFICE, appointments__consortium=consortium
    ).first()


def _clerk(town: Municipality) -> Person:
    found = Person.objects.filter(
        appointments__role=Role.CLERK, appointments__municipality=town, is_active=True
    ).first()
    assert found is not None
    return found
