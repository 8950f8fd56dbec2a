"""The pages of joint procurement: the whole cycle, who sees what, files, lists."""

import re
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from docx import Document

from machi.base.models import Consortium, ConsortiumMember, Municipality, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.domain import procurement as verbs
from machi.joint.domain import procurement_requirements as requirements
from machi.joint.models import (
    JointPurchase,
    PurchaseConsent,
    PurchaseContract,
    PurchaseDelivery,
    PurchaseDemand,
)
from tests.base.factories import a_person, approve
from tests.frontdesk.web.staff import lines, queries
from tests.governance.pages import data, text
from tests.joint.factories import client_of, many_towns, office_of, towns_of, url
from tests.joint.purchases import DAY, Purchase

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n"


class Pages(Purchase):
    """With everybody signed in."""

    def __init__(self):
        super().__init__()
        self.at_office = client_of(self.office)
        self.at_clerk = [client_of(one) for one in self.clerks]
        self.at_head = [client_of(one) for one in self.heads]

    def url(self, name, *args, town=0):
        return url(self.towns[town], name, self.purchase.pk, *args)


@pytest.fixture
def pages():
    return Pages()


def test_whole_cycle_by_forms(pages):
    today = timezone.localdate()
    p = pages
    response = p.at_office.post(
        url(p.town, "begin_purchase"),
        {
            "title": "タブレット",
            "purpose": "紙を減らす",
            "subject": "goods",
            "collect_until": today,
            "tender_yen": 100_000,
        },
    )
    with in_consortium(p.consortium):
        p.purchase = JointPurchase.objects.get()
    assert response["Location"] == p.url("purchase")
    tiers = {"from-1": 1, "least-1": 9000, "most-1": 10_000, "from-2": 50, "least-2": 7000, "most-2": 8000}
    p.at_office.post(p.url("add_purchase_item"), {"name": "タブレット", "unit": "台", **tiers})
    with in_consortium(p.consortium):
        p.item = p.purchase.items.get()
    for at, quantity in enumerate((30, 40, 20)):
        given = {"quantity": quantity, "earliest": DAY, "latest": DAY + timedelta(60), "ceiling": 999_999}
        p.at_clerk[at].post(p.url("purchase_demand_item", p.item.pk, town=at), given)
    page = text(p.at_office.get(p.url("purchase_lots")))
    assert "節約の見込み" in page
    fields = dict.fromkeys(re.findall(r'name="(lot-\d+)"', page), 1)
    assert len(fields) == 3
    p.at_office.post(p.url("purchase_lots"), {**fields, "reason": "案のとおり"})
    p.read()
    assert p.purchase.state == "lots"
    p.at_office.post(p.url("purchase_facts"), {"personal": "no", "ai": "no"})
    with in_consortium(p.consortium):
        two = requirements.selected(p.purchase)[:2]
    chosen = {"selected": [one.pk for one in two], "must": [two[0].pk]}
    p.at_office.post(p.url("purchase_requirements"), chosen)
    p.at_office.post(p.url("weigh_purchase_equally"))
    weights = {f"weight-{two[0].pk}": 0, f"weight-{two[1].pk}": 100, f"ceiling-{p.lot.pk}": 1_000_000}
    formula = {"method": "additive", "quality_points": 200, "price_points": 100, "base_points": 0}
    assert p.at_office.post(p.url("purchase_weights"), weights | formula)["Location"] == p.url("purchase")
    p.at_office.post(p.url("fix_purchase"), {"offers_by": today})
    for name, points, unit_price in (("甲社", "4", 8000), ("乙社", "2", 6000)):
        vendor_page = p.at_office.post(p.url("add_purchase_vendor"), {"name": name})["Location"]
        p.at_office.post(vendor_page + "lots/1/", {"from-1": 1, "price-1": unit_price})
        p.at_office.post(vendor_page, {f"points-{one.pk}": points for one in two})
    p.at_office.post(p.url("open_offers"))
    assert p.read().purchase.state == "opened"
    p.at_office.post(p.url("compare_lot", 1))
    page = text(p.at_clerk[2].get(p.url("lot_scores", 1, town=2)))
    assert "228.00" in page
    assert "146.00" in page
    p.at_office.post(p.url("award_lot", 1), {"offer": p.lot.evaluation["winners"][0], "reason": "質がよい"})
    assert p.lot.state == "awarded"
    p.at_office.post(p.url("compute_sharing", 1))
    p.at_office.post(p.url("choose_rule", 1), {"rule": "use", "reason": "分かりやすい"})
    for at in range(3):
        p.at_head[at].post(p.url("answer_share", 1, town=at), {"answer": "agree"})
    contract = {"number": "1", "signed_on": today, "starts_on": today, "ends_on": today + timedelta(9)}
    file = SimpleUploadedFile("契約書.pdf", PDF)
    p.at_office.post(p.url("lot_contract", 1), {**contract, "file": file})
    delivered = {"municipality": p.towns[1].pk, "quantity": 40, "on": today}
    p.at_office.post(p.url("add_delivery", 1), delivered)
    with in_consortium(p.consortium):
        assert {one.state for one in PurchaseConsent.objects.all()} == {"agreed"}
        assert PurchaseContract.objects.get().amount == 720_000
        delivery = PurchaseDelivery.objects.get()
    page = text(p.at_clerk[1].get(p.url("purchase", town=1)))
    assert "ロット1の納入を確かめる" in page
    p.at_clerk[1].post(p.url("confirm_delivery", 1, delivery.pk, town=1), {"result": "accepted"})
    page = text(p.at_clerk[1].get(p.url("lot_deliveries", 1, town=1)))
    assert "検収済み" in page
    response = p.at_clerk[2].get(p.url("lot_contract_file", 1, town=2))
    assert b"".join(response.streaming_content) == PDF
    letter = Document(BytesIO(data(p.at_clerk[0].get(p.url("purchase_letters_word")))))
    assert "厚木市長　様" in [one.text for one in letter.paragraphs]
    assert "焼津市長　様" not in [one.text for one in letter.paragraphs]
    assert data(p.at_office.get(p.url("purchase_letters_pdf"))).startswith(b"%PDF")
    assert "納入を検査した" in text(p.at_clerk[1].get(p.url("purchase", town=1)))


def test_totals_are_all_that_another_town_sees_before_the_lots(pages):
    p = pages.begun().wanted((31, 47, 23))
    page = text(p.at_clerk[1].get(p.url("purchase_demand", town=1)))
    assert "101台（3）" in page
    assert "47台" in page
    assert "31台" not in page
    assert "564,000" in page  # its own ceiling
    rows = lines(p.at_clerk[1].get(p.url("purchase_demand", town=1) + "?format=csv"))
    assert [row[1] for row in rows[1:]] == ["焼津市"]
    rows = lines(p.at_office.get(p.url("purchase_demand") + "?format=csv"))
    assert [(row[1], row[3], row[7]) for row in rows[1:]] == [
        ("厚木市", "31", "372000"),
        ("焼津市", "47", "564000"),
        ("倉敷市", "23", "276000"),
    ]
    p.lotted()
    rows = lines(p.at_clerk[1].get(p.url("purchase_demand", town=1) + "?format=csv"))
    assert [(row[1], row[3], row[7]) for row in rows[1:]] == [
        ("厚木市", "31", ""),
        ("焼津市", "47", "564000"),
        ("倉敷市", "23", ""),
    ]
    page = text(p.at_clerk[1].get(p.url("purchase_lot", 1, town=1)))
    assert "31台" in page
    assert "372,000" not in page


def test_offers_are_hidden_from_members_until_opened(pages):
    p = pages.begun().wanted().lotted().fixed()
    vendor = p.offered("秘密商会", (4, 4), [(1, 8765)])
    for name, *args in (
        ("purchase",),
        ("purchase_vendors",),
        ("purchase_vendor", vendor.pk),
        ("purchase_lot", 1),
        ("lot_scores", 1),
    ):
        page = text(p.at_head[1].get(p.url(name, *args, town=1), follow=True))
        assert "秘密商会" not in page, name
        assert "8,765" not in page, name
    rows = lines(p.at_head[1].get(p.url("purchase_vendors", town=1) + "?format=csv"))
    assert len(rows) == 1
    assert "8,765" in text(p.at_office.get(p.url("purchase_vendor", vendor.pk)))
    p.at_office.post(p.url("open_offers"))
    assert "8,765" in text(p.at_head[1].get(p.url("purchase_vendor", vendor.pk, town=1)))
    rows = lines(p.at_head[1].get(p.url("purchase_vendors", town=1) + "?format=csv"))
    assert rows[1:] == [["秘密商会", "1", "1", "8765"]]


def test_towns_may_not_do_what_the_office_does_nor_the_other_way_round(pages):
    p = pages.ready().shared()
    office_only = ("change_purchase", "cancel_purchase", "add_purchase_item", "purchase_lots", "open_offers")
    for name in office_only:
        assert p.at_head[1].get(p.url(name, town=1)).status_code == 403, name
    for name in ("award_lot", "lot_contract", "choose_rule"):
        assert p.at_head[1].post(p.url(name, 1, town=1)).status_code == 403, name
    assert p.at_office.get(p.url("import_demand")).status_code == 403
    assert p.at_office.get(p.url("answer_share", 1)).status_code == 403
    assert p.at_clerk[0].get(p.url("answer_share", 1)).status_code == 403
    assert p.at_head[0].get(p.url("answer_share", 1)).status_code == 200
    auditor = client_of(a_person(Role.AUDITOR, p.towns[1]))
    assert auditor.get(p.url("purchase", town=1)).status_code == 200
    assert auditor.get(p.url("purchase_demand_item", p.item.pk, town=1)).status_code == 403


def test_a_town_may_write_down_only_its_own_delivery(pages):
    p = pages.ready()
    given = {"municipality": p.towns[1].pk, "quantity": 1, "on": timezone.localdate()}
    assert p.at_clerk[0].post(p.url("add_delivery", 1), given).status_code == 200
    with in_consortium(p.consortium):
        assert not PurchaseDelivery.objects.exists()
    p.at_clerk[1].post(p.url("add_delivery", 1, town=1), given)
    with in_consortium(p.consortium):
        delivery = PurchaseDelivery.objects.get()
    assert p.at_clerk[0].get(p.url("confirm_delivery", 1, delivery.pk)).status_code == 404


def test_another_consortium_never_reaches_it(pages):
    p = pages.ready()
    town = Municipality.objects.create(
        code="131016", prefecture=p.town.prefecture, name="千代田区", kana="", name_en="", live=True
    )
    other = Consortium.objects.create(name="よその共同体")
    ConsortiumMember.objects.create(consortium=other, municipality=town, since="2026-04-01")
    client = client_of(a_person(Role.JOINT_OFFICE, consortium=other))
    for name, *args in (("purchase",), ("purchase_lot", 1), ("lot_sharing", 1), ("purchase_letters_pdf",)):
        assert client.get(url(town, name, p.purchase.pk, *args)).status_code == 404, name
        assert client.get(p.url(name, *args)).status_code == 403, name
    assert "タブレット" not in text(client.get(url(town, "purchases")))


def test_list_is_previewed_then_taken(pages):
    p = pages.begun()
    form = openpyxl.load_workbook(
        BytesIO(b"".join(p.at_clerk[0].get(p.url("import_demand") + "?format=xlsx").streaming_content))
    )
    sheet = form.active
    assert [cell.value for cell in sheet[1]][:2] == ["品目", "数量"]
    values: list[str | int] = [12, "R9.4.1", "2027/5/31", "3階に納める", "120万円"]
    for column, value in zip("BCDEF", values, strict=True):
        sheet[f"{column}2"] = value
    filled = BytesIO()
    form.save(filled)

    def upload(content):
        file = SimpleUploadedFile("需要.xlsx", content)
        return text(p.at_clerk[0].post(p.url("import_demand"), {"file": file}))

    page = upload(filled.getvalue())
    assert "まだ取り込んでいません" in page
    assert "1,200,000" in page
    with in_consortium(p.consortium):
        assert not PurchaseDemand.objects.exists()
    payload = re.search(r'name="payload" value="([^"]+)"', page)[1]
    p.at_clerk[0].post(p.url("take_demand"), {"payload": payload})
    with in_consortium(p.consortium):
        made = PurchaseDemand.objects.get()
    assert (made.municipality_id, made.quantity, made.conditions) == (p.town.pk, 12, "3階に納める")
    page = upload("品目,数量,納入の希望（早くて）,納入の希望（遅くて）\n机,x,2027-04-01,\n".encode())
    assert "2行目の「品目」（「机」）: 選べる値ではありません。" in page
    assert "2行目の「数量」（「x」）: 数として読めません。" in page
    forged = p.at_clerk[0].post(p.url("take_demand"), {"payload": payload[:-2] + "xx"})
    assert "時間がたちすぎました" in text(forged)


def test_offers_are_imported_after_a_preview_and_answers_from_the_sheet(pages):
    p = pages.begun().wanted().lotted().fixed()
    listed = "事業者名,ロット番号,数量（以上）,単価（円、税込）\n甲社,1,1,9000\n甲社,1,50,8000\n"
    file = SimpleUploadedFile("見積.csv", listed.encode("cp932"))
    page = text(p.at_office.post(p.url("import_offers"), {"file": file}))
    payload = re.search(r'name="payload" value="([^"]+)"', page)[1]
    p.at_office.post(p.url("take_offers"), {"payload": payload})
    with in_consortium(p.consortium):
        vendor = p.purchase.vendors.get()
    book = openpyxl.load_workbook(BytesIO(data(p.at_office.get(p.url("purchase_answer_sheet")))))
    rows = [
        row for row in book.worksheets[0].iter_rows() if row[0].value in {"joint-same-terms", "joint-invoice"}
    ]
    for row in rows:
        row[8].value = 3
    filled = BytesIO()
    book.save(filled)
    answers = {"file": SimpleUploadedFile("回答.xlsx", filled.getvalue())}
    p.at_office.post(p.url("upload_purchase_answers", vendor.pk), answers)
    with in_consortium(p.consortium):
        assert [one.points for one in vendor.answers.all()] == [3, 3]
    wrong = {"file": SimpleUploadedFile("回答.csv", "項目コード,点数\njoint-invoice,9\n".encode())}
    page = text(p.at_office.post(p.url("upload_purchase_answers", vendor.pk), wrong))
    assert "2行目「点数」: 点数は0から4までの整数です。（9）" in page


def test_not_approved_page_says_so(pages):
    p = pages.begun().wanted()
    with in_municipality(p.town):
        RegisteredSystem.objects.filter(key=verbs.ADVICE).update(state="suspended")
    response = p.at_office.get(p.url("purchase_lots"))
    assert response.status_code == 403
    assert "共同調達の計算" in response.content.decode()
    p.at_office.get(p.url("purchase_lots", town=1))
    assert p.at_office.get(p.url("purchase_lots", town=1)).status_code == 200


def test_refusals_are_shown_at_their_fields(pages):
    p = pages.begun()
    tiers = {"from-1": 2, "least-1": 9000, "most-1": 10_000}
    page = text(p.at_office.post(p.url("add_purchase_item"), {"name": "机", "unit": "台", **tiers}))
    assert "数量1から始め" in page
    half = {"from-1": 1, "least-1": 9000}
    page = text(p.at_office.post(p.url("add_purchase_item"), {"name": "机", "unit": "台", **half}))
    assert "この段の欄をすべて入れてください" in page
    page = text(p.at_office.post(p.url("purchase_lots"), {"reason": "よい"}))
    assert "需要がまだ入っていません" in page
    given = {"quantity": 1, "earliest": "2027-05-01", "latest": "2027-04-01"}
    page = text(p.at_clerk[0].post(p.url("purchase_demand_item", p.item.pk), given))
    assert "より後にしてください" in page


def test_every_list_is_exported(pages):
    p = pages.ready().shared()
    for name, *args in (
        ("purchase_demand",),
        ("lots",),
        ("purchase_requirements",),
        ("purchase_vendors",),
        ("lot_scores", 1),
        ("lot_sharing", 1),
        ("lot_deliveries", 1),
    ):
        address = p.url(name, *args, town=1)
        assert "一覧を書き出す" in text(p.at_clerk[1].get(address)) or name == "lot_deliveries", name
        response = p.at_clerk[1].get(address + "?format=xlsx")
        book = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))
        assert book.worksheets[0].max_row >= (1 if name == "lot_deliveries" else 2), name
    assert len(lines(p.at_clerk[1].get(url(p.towns[1], "purchases") + "?format=csv"))) == 2


def test_number_of_queries_does_not_grow_with_the_lists():
    p = Pages()
    p.begun()
    listed = url(p.towns[1], "purchases")
    one = queries(p.at_clerk[1], listed)
    first = p.purchase
    p.begun()
    p.begun()
    assert queries(p.at_clerk[1], listed) == one
    p.purchase = first
    with in_consortium(p.consortium):
        p.item = first.items.get()

    def seen(quantities):
        with in_consortium(p.consortium):
            PurchaseDemand.objects.all().delete()
        for at, quantity in enumerate(quantities):
            with in_consortium(p.consortium):
                from machi.joint.domain.procurement_demand import Wanted, enter

                enter(first, p.towns[at], p.clerks[at], [Wanted(p.item.pk, quantity, DAY, DAY)])
        return queries(p.at_office, p.url("purchase_demand")), queries(p.at_office, p.url("purchase_lots"))

    assert seen((3,)) == seen((3, 4, 5))


def test_lot_pages_take_as_many_queries_for_three_towns_as_for_one(pages):
    counts = []
    for quantities in ((10,), (10, 20, 30)):
        p = pages.begun().wanted(quantities).lotted().fixed().opened().awarded().shared()
        for name, *args in (
            ("lot_sharing", 1),
            ("lot_deliveries", 1),
            ("lot_scores", 1),
            ("purchase_lot", 1),
        ):
            counts.append(queries(p.at_clerk[0], p.url(name, *args)))
    assert counts[:4] == counts[4:]


def test_a_list_too_long_for_a_form_is_confirmed_as_proposed():
    consortium = many_towns(52)
    town = towns_of(consortium)[0]
    approve(town, verbs.ADVICE)
    office = office_of(consortium)
    with in_consortium(consortium):
        given = {"title": "机", "purpose": "", "subject": "goods", "tender_yen": 0}
        until = timezone.localdate()
        purchase = verbs.begin(consortium, town, office, {**given, "collect_until": until})
        for number in range(20):
            texts = {"name": f"机{number}", "unit": "台", "description": ""}
            item = verbs.add_item(purchase, town, office, texts, [[1, 9, 10]])
            PurchaseDemand.objects.bulk_create(
                PurchaseDemand(
                    consortium=consortium,
                    purchase=purchase,
                    item=item,
                    municipality=one,
                    quantity=1,
                    earliest=DAY,
                    latest=DAY,
                )
                for one in towns_of(consortium)
            )
    client = client_of(office)
    page = text(client.get(url(town, "purchase_lots", purchase.pk)))
    assert "この画面では番号を変えられません" in page
    client.post(url(town, "purchase_lots", purchase.pk), {"reason": "案のとおり"})
    with in_consortium(consortium):
        assert [lot.demands.count() for lot in purchase.lots.all()] == [52] * 20
