"""Joint procurement from the offers on: sealed, opened, compared, awarded, delivered, shared."""

from datetime import timedelta

import pytest
from django.utils import timezone

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry
from machi.base.running import NotApproved
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.engine.answer_sheet import Answer
from machi.governance.models import RegisteredSystem
from machi.joint.domain import procurement as verbs
from machi.joint.domain import procurement_award as awards
from machi.joint.domain import procurement_delivery as delivery
from machi.joint.domain import procurement_letters as letters
from machi.joint.domain import procurement_offers as offers
from machi.joint.domain import procurement_requirements as requirements
from machi.joint.domain import procurement_sharing as sharing
from machi.joint.models import JointPurchase, PurchaseConsent, PurchaseDelivery, PurchaseLot
from tests.joint.purchases import Purchase

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n"


@pytest.fixture
def tendered():
    return Purchase().begun().wanted().lotted().fixed()


@pytest.fixture
def awarded():
    return Purchase().ready()


def entries(town, **wanted):
    with in_municipality(town):
        return [entry.body for entry in LedgerEntry.objects.filter(**wanted).order_by("index")]


PRICE = 87_654_321
"""Long enough not to stand in a digest by chance."""


def test_offers_are_sealed_for_all_but_the_office_and_stay_out_of_the_ledger(tendered):
    one = tendered
    one.offered("秘密商会", (4, 4), [(1, PRICE)])
    with in_consortium(one.consortium):
        assert offers.vendors(one.purchase, office=False) == []
        assert [str(v.name) for v in offers.vendors(one.purchase, office=True)] == ["秘密商会"]
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed FROM joint_purchaseoffer")
            assert all(str(PRICE) not in str(stored) for (stored,) in cursor)
        assert str(PRICE) not in "".join(entries(one.town, system=verbs.SYSTEM))
        offers.open_offers(one.purchase, one.town, one.office)
        assert [str(v.name) for v in offers.vendors(one.read().purchase, office=False)] == ["秘密商会"]
    for town in one.towns:
        assert str(PRICE) in entries(town, system=verbs.SYSTEM)[-1]
        assert "秘密商会" not in "".join(entries(town))


def test_offers_open_on_their_day_and_when_all_is_marked(tendered):
    one = tendered
    with in_consortium(one.consortium):
        with pytest.raises(Refused, match="まだ入っていません"):
            offers.open_offers(one.purchase, one.town, one.office)
        vendor = offers.add_vendor(one.purchase, one.town, one.office, "甲社")
        offers.offer(vendor, one.lot, one.town, one.office, [(1, 5)])
        with pytest.raises(Refused, match="採点が2項目残っています"):
            offers.open_offers(one.purchase, one.town, one.office)
        JointPurchase.objects.update(offers_by=timezone.localdate() + timedelta(1))
        assert any("期限" in why for why in offers.why_not_opened(one.read().purchase))


def test_nothing_is_offered_after_the_opening_and_marks_need_a_reason(tendered):
    one = tendered.opened()
    with in_consortium(one.consortium):
        with pytest.raises(Refused, match="今の状態"):
            offers.add_vendor(one.purchase, one.town, one.office, "丙社")
        with pytest.raises(Refused, match="今の状態"):
            offers.offer(one.first, one.lot, one.town, one.office, [(1, 1)])
        awards.compare(one.lot, one.town, one.office)
        code = requirements.selected(one.purchase)[1].code
        with pytest.raises(Refused, match="理由"):
            offers.mark(one.first, one.town, one.office, {code: Answer(1, "")})
        offers.mark(one.first, one.town, one.office, {code: Answer(1, "")}, reason="読み違い")
        assert one.lot.evaluation is None
        with pytest.raises(Refused, match="比べてください"):
            awards.award(one.lot, one.town, one.office, one.lot.offers.first(), "理由")


@pytest.mark.parametrize("tiers", [[(2, 5)], [(1, 5), (1, 4)], [(1, 0)]])
def test_tiers_that_make_no_sense_are_refused(tendered, tiers):
    one = tendered
    with in_consortium(one.consortium):
        vendor = offers.add_vendor(one.purchase, one.town, one.office, "甲社")
        with pytest.raises(Refused, match="単価"):
            offers.offer(vendor, one.lot, one.town, one.office, tiers)
        with pytest.raises(Refused, match="同じ名前"):
            offers.add_vendor(one.purchase, one.town, one.office, " 甲社 ")


def test_prices_are_imported_whole_or_told_by_row(tendered):
    one = tendered
    with in_consortium(one.consortium):
        head = "事業者名,ロット番号,数量（以上）,単価（円、税込）\n"
        good = head + '甲社,1,1,9000\n甲社,1,５０,"8,000円"\n乙社,1,1,8500\n'
        priced, problems = offers.read_prices(one.purchase, good.encode("cp932"))
        assert problems == []
        assert offers.take_prices(one.purchase, one.town, one.office, priced) == 2
        found = [offers.tiers_of(o) for o in one.lot.offers.order_by("pk")]
        assert [[(t.quantity, t.unit_price) for t in tiers] for tiers in found] == [
            [(1, 9000), (50, 8000)],
            [(1, 8500)],
        ]
        bad = head + "甲社,9,1,9000\n甲社,1,2,0\n"
        priced, problems = offers.read_prices(one.purchase, bad.encode())
        assert priced == []
        assert [(p.row, p.code) for p in problems] == [(2, "not_a_choice"), (3, "out_of_range")]


def test_offers_are_scored_by_price_and_quality_exactly(tendered):
    one = tendered.opened()
    with in_consortium(one.consortium):
        awards.compare(one.lot, one.town, one.office)
        found = one.lot.evaluation
    # 90 at 8,000 of a ceiling of 1,000,000: 200 + 100 x 0.28; 90 at 6,000: 100 + 100 x 0.46
    assert [(s["name"], s["value"], s["rank"], s["yen"]) for s in found["scores"]] == [
        ("甲社", "228", 1, 720_000),
        ("乙社", "146", 2, 540_000),
    ]
    assert found["robustness"][0]["near"] == 1.0
    assert '"values":{' in entries(one.town, system=verbs.ADVICE)[-1]


def test_a_missed_must_and_a_price_over_the_ceiling_are_out(tendered):
    one = tendered
    one.offered("甲社", (0, 4), [(1, 100)])
    one.offered("乙社", (4, 4), [(1, 20_000)])
    with in_consortium(one.consortium):
        offers.open_offers(one.purchase, one.town, one.office)
        awards.compare(one.lot, one.town, one.office)
        outs = [[why for why, _code in s["out"]] for s in one.lot.evaluation["scores"]]
        assert outs == [["must"], ["over_ceiling"]]
        with pytest.raises(Refused, match="最も高い"):
            awards.award(one.lot, one.town, one.office, one.lot.offers.first(), "安い")
        awards.fail(one.lot, one.town, one.office, "満たす見積がない")
        assert one.lot.state == PurchaseLot.State.FAILED
    assert "満たす見積がない" in entries(one.towns[2], system=verbs.SYSTEM)[-1]


def test_only_the_first_is_awarded_with_a_reason_in_every_towns_ledger(tendered):
    one = tendered.opened()
    with in_consortium(one.consortium):
        awards.compare(one.lot, one.town, one.office)
        first, second = one.lot.offers.order_by("pk")
        with pytest.raises(Refused, match="最も高い"):
            awards.award(one.lot, one.town, one.office, second, "安い")
        with pytest.raises(Refused, match="理由"):
            awards.award(one.lot, one.town, one.office, first, " ")
        awards.award(one.lot, one.town, one.office, first, "質がよい")
        with pytest.raises(Refused, match="今のロットの状態"):
            awards.award(one.lot, one.town, one.office, first, "質がよい")
        with pytest.raises(Refused, match="落札した"):
            verbs.cancel(one.purchase, one.town, one.office, "やめる")
    for town in one.towns:
        body = entries(town, system=verbs.SYSTEM)[-1]
        assert '"action":"award"' in body
        assert "質がよい" in body
        with in_municipality(town):
            assert ledger.verify(town) == []


def test_contract_is_kept_with_its_file_told_by_content(awarded):
    one = awarded
    day = timezone.localdate()
    given = {"number": "R9-1", "signed_on": day, "starts_on": day, "ends_on": day + timedelta(365)}
    with in_consortium(one.consortium):
        with pytest.raises(Refused, match="拡張子"):
            delivery.contract(one.lot, one.town, one.office, given, ("c.pdf", b"plain text"))
        with pytest.raises(Refused, match="PDF、画像、Word"):
            delivery.contract(one.lot, one.town, one.office, given, ("c.txt", b"plain text"))
        wrong = {**given, "ends_on": day - timedelta(1)}
        with pytest.raises(Refused, match="終わり"):
            delivery.contract(one.lot, one.town, one.office, wrong, ("c.pdf", PDF))
        wrong = {**given, "signed_on": day - timedelta(1)}
        with pytest.raises(Refused, match="落札を決めた日"):
            delivery.contract(one.lot, one.town, one.office, wrong, ("c.pdf", PDF))
        made = delivery.contract(one.lot, one.town, one.office, given, ("c.pdf", PDF))
        assert (made.amount, made.file_kind) == (720_000, "pdf")
    assert made.file_digest in entries(one.towns[1], system=verbs.SYSTEM)[-1]


def test_deliveries_are_confirmed_by_the_town_and_defects_do_not_count(awarded):
    one = awarded
    day = timezone.localdate()
    a, b, _c = one.towns
    with in_consortium(one.consortium):

        def deliver(quantity, town=a):
            return delivery.deliver(one.lot, a, one.office, town, quantity=quantity, on=day)

        first = deliver(20)
        with pytest.raises(Refused, match="残っている数量は10"):
            deliver(11)
        with pytest.raises(Refused, match="受け取った自治体だけ"):
            delivery.confirm(first, b, one.clerks[1], "")
        delivery.confirm(first, a, one.clerks[0], "画面が割れている")
        with pytest.raises(Refused, match="もう確認"):
            delivery.confirm(first, a, one.clerks[0], "")
        delivery.confirm(deliver(30), a, one.clerks[0], "")
        found = delivery.progress(one.lot)
        assert [(p.ordered, p.delivered, p.waiting, p.defective) for p in found] == [
            (30, 30, 0, 20),
            (40, 0, 0, 0),
            (20, 0, 0, 0),
        ]
        assert PurchaseDelivery.objects.filter(state="defective").get().defects == "画面が割れている"
        with pytest.raises(Refused, match="今日まで"):
            delivery.deliver(one.lot, a, one.office, b, quantity=1, on=day + timedelta(1))
    assert "画面が割れている" not in "".join(entries(a))


def test_all_rules_are_compared_and_add_up_to_the_yen(awarded):
    one = awarded
    with in_consortium(one.consortium):
        sharing.compute(one.lot, one.town, one.office)
        found = one.lot.sharing
    assert found["total"] == 720_000 + 100_000
    assert [rule["rule"] for rule in found["rules"]] == [
        "equal",
        "population",
        "use",
        "equal_and_population",
        "alone",
        "shapley",
    ]
    assert {sum(rule["pays"].values()) for rule in found["rules"]} == {820_000}
    a, b, c = (town.pk for town in one.towns)
    use = found["rules"][2]
    assert use["pays"] == {a: 273_333, b: 364_445, c: 182_222}
    # alone: 30, 40 and 20 at 9,000, and a tender each
    shapley = found["rules"][5]
    assert {code: shapley["pays"][code] + shapley["saves"][code] for code in (a, b, c)} == {
        a: 370_000,
        b: 460_000,
        c: 280_000,
    }
    assert shapley["in_core"] is True
    assert found["populations"][a] == 223_705


def test_the_chosen_rule_asks_every_town_which_agrees_or_objects_with_a_reason(awarded):
    one = awarded.shared()
    a, b, c = one.towns
    with in_consortium(one.consortium):
        sharing.answer(one.lot, a, one.heads[0], agree=True, reason="")
        with pytest.raises(Refused, match="異議の理由"):
            sharing.answer(one.lot, b, one.heads[1], agree=False, reason=" ")
        sharing.answer(one.lot, b, one.heads[1], agree=False, reason="人口で割ってほしい")
        assert sharing.standing(one.lot) == sharing.Standing(1, 1, 1)
        assert "人口で割ってほしい" in entries(b, system=verbs.SYSTEM)[-1]
        sharing.choose(one.lot, a, one.office, "population", "異議を受けて変えた")
        assert sharing.standing(one.lot) == sharing.Standing(0, 0, 3)
        for town, head in zip(one.towns, one.heads, strict=True):
            sharing.answer(one.lot, town, head, agree=True, reason="")
        assert sharing.standing(one.lot).settled
        assert sum(PurchaseConsent.objects.values_list("pays", flat=True)) == 820_000
    assert "異議を受けて変えた" in "".join(entries(c, system=verbs.SYSTEM))


def test_nothing_is_computed_where_the_system_is_not_approved(awarded):
    one = awarded
    with in_municipality(one.town):
        RegisteredSystem.objects.filter(key=verbs.ADVICE).update(state="suspended")
    with in_consortium(one.consortium):
        with pytest.raises(NotApproved):
            sharing.compute(one.lot, one.town, one.office)
        assert one.lot.sharing is None


def test_letters_tell_each_town_its_share_and_why(awarded):
    one = awarded
    with in_consortium(one.consortium), pytest.raises(Refused, match="分担の方法が決まった"):
        letters.results(one.purchase, one.towns)
    one.shared()
    with in_consortium(one.consortium):
        made = letters.results(one.purchase, one.towns)
        pays = sharing.share_by(one.lot, "shapley")["pays"]
    assert [letter.to for letter in made] == ["厚木市長　様", "焼津市長　様", "倉敷市長　様"]
    for town, letter in zip(one.towns, made, strict=True):
        told = str(letter.body)
        assert f"負担額は{pays[town.pk]:,}円" in told
        assert "シャープレイ値" in told
        assert "甲社" in told
        assert letter.subject.endswith("（案）")


def test_the_requirement_document_has_no_secret(tendered):
    one = tendered
    with in_consortium(one.consortium):
        told = str(letters.requirements(one.purchase))
        first, second = requirements.selected(one.purchase)
    assert first.requirement in told
    assert second.clause in told
    assert "加算方式" in told
    for secret in ("1000000", "1,000,000", "360000", "360,000", "10,000", "9000"):
        assert secret not in told
