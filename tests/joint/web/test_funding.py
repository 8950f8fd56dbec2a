"""Programmes, checks and cost-and-benefit sheets through their pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from machi.base.models import Role
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.models import BenefitSheet, FundingCheck, FundingProgramme, TownStanding
from machi.joint.sample.funding import programmes
from tests.base.factories import a_person
from tests.frontdesk.web.staff import lines, queries
from tests.governance.pages import data, text
from tests.joint.factories import a_consortium, client_of, office_of, towns_of, url

pytestmark = pytest.mark.django_db
LIST = (
    "名称,実施主体,目的,補助率,上限額,締切,対象経費\n"
    "見本：甲,見本の財団,AI・データ活用,1/2,300万円,{day},初期導入、研修\n"
    "見本：乙,見本の財団,観光、防災,2分の1,,,\n"
)
PROGRAMME = {
    "name": "見本：丙",
    "giver": "見本の財団",
    "purposes": ["ai"],
    "rate": "2/3",
    "ceiling": "500000",
}
BENEFIT = {
    "title": "議事録AI",
    "people": "10000",
    "first_year": "2026",
    "years": "5",
    "wage_low": "2500",
    "wage_likely": "3000",
    "wage_high": "3500",
    "discount": "0",
}


@pytest.fixture
def consortium():
    return a_consortium()


@pytest.fixture
def town(consortium):
    return towns_of(consortium)[0]


@pytest.fixture
def office(consortium):
    return client_of(office_of(consortium))


@pytest.fixture
def clerk(town):
    return client_of(a_person(Role.CLERK, town))


@pytest.fixture
def manager(town):
    return client_of(a_person(Role.MANAGER, town))


def upload(client, town, content):
    file = SimpleUploadedFile("list.csv", content.encode("cp932"))
    return client.post(url(town, "import_programmes"), {"file": file})


def names(consortium):
    with in_consortium(consortium):
        return list(FundingProgramme.objects.order_by("pk").values_list("name", flat=True))


def test_list_is_tried_first_and_then_taken(consortium, town, office):
    day = timezone.localdate().isoformat()
    response = upload(office, town, LIST.format(day=day))
    assert "新しい制度2件" in text(response)
    assert names(consortium) == []
    token = response.context["token"]
    response = office.post(url(town, "take_programmes"), {"token": token}, follow=True)
    assert "新しい制度2件、変わった制度0件、同じ0件" in text(response)
    assert names(consortium) == ["見本：甲", "見本：乙"]
    assert "同じ2件" in text(upload(office, town, LIST.format(day=day)))
    response = office.post(url(town, "take_programmes"), {"token": token + "x"}, follow=True)
    assert "もう一度ファイルを選んでください" in text(response)


def test_list_with_problems_is_not_taken_and_each_is_told(consortium, town, office):
    page = text(upload(office, town, LIST.format(day="2月30日")))
    assert "2行目の「締切」（「2月30日」）: 日付として読めません" in page
    assert "1件も取り込んでいません" in page
    assert names(consortium) == []


def test_programme_is_kept_by_the_office_and_read_by_all(consortium, town, office, clerk):
    assert clerk.get(url(town, "add_programme")).status_code == 403
    assert clerk.post(url(town, "take_programmes")).status_code == 403
    assert "読めません" in text(office.post(url(town, "add_programme"), {**PROGRAMME, "rate": "半分"}))
    office.post(url(town, "add_programme"), PROGRAMME)
    with in_consortium(consortium):
        pk = FundingProgramme.objects.get().pk
    assert "1,000円未満切り捨て" in text(clerk.get(url(town, "programme", pk)))
    office.post(url(town, "change_programme", pk), {**PROGRAMME, "rate": "100%"})
    page = text(clerk.get(url(town, "programmes")))
    assert "10/10" in page
    office.post(url(town, "withdraw_programme", pk))
    assert "この条件に合うものはありません" in text(clerk.get(url(town, "programmes") + "?open=on"))
    rows = lines(clerk.get(url(town, "programmes") + "?format=csv"))
    assert rows[1][:5] == ["見本：丙", "見本の財団", "AI・データ活用", "10/10", ""]


def test_plan_is_checked_and_a_programme_chosen(consortium, town, office, clerk, manager):
    office.post(url(town, "add_programme"), PROGRAMME)
    office.post(url(town, "add_programme"), {**PROGRAMME, "name": "見本：島", "flags": ["island"]})
    plan = {"title": "来年度", "purposes": ["ai"], "cost-setup": "900000"}
    assert "費用を1つは" in text(clerk.post(url(town, "new_funding_check"), {**plan, "cost-setup": ""}))
    response = clerk.post(url(town, "new_funding_check"), plan, follow=True)
    page = text(response)
    assert "500,000" in page
    assert "対象経費900,000円 × 補助率2/3、上限500,000円まで" in page
    assert "地域の条件: 離島。合わない自治体: 厚木市" in page
    clerk.post(url(town, "town_standing"), {"flags": ["island"]})
    with in_consortium(consortium):
        assert TownStanding.objects.get().flags == ["island"]
        check = FundingCheck.objects.get()
        chosen = FundingProgramme.objects.get(name="見本：丙")
    assert clerk.get(url(town, "choose_funding", check.pk)).status_code == 403
    manager.post(url(town, "choose_funding", check.pk), {"programme": chosen.pk, "reason": "額が大きい"})
    assert "「見本：丙」に申請する" in text(clerk.get(url(town, "funding_check", check.pk)))
    rows = lines(clerk.get(url(town, "funding_check", check.pk) + "?format=csv"))
    assert [row[2] for row in rows[1:]] == ["はい", "いいえ"]
    assert lines(clerk.get(url(town, "funding_checks") + "?format=csv"))[1][5] == "見本：丙"
    other = towns_of(consortium)[1]
    neighbour = client_of(a_person(Role.MANAGER, other))
    assert neighbour.get(url(other, "funding_check", check.pk)).status_code == 404


@pytest.mark.parametrize("key", ["joint.funding_match", "joint.cost_benefit"])
def test_system_that_is_stopped_says_so(key, consortium, town, clerk):
    with in_municipality(town):
        RegisteredSystem.objects.filter(key=key).update(
            state=RegisteredSystem.State.SUSPENDED, notice="点検中です"
        )
    if key == "joint.funding_match":
        plan = {"title": "来年度", "purposes": ["ai"], "cost-setup": "900000"}
        response = clerk.post(url(town, "new_funding_check"), plan)
    else:
        pk = begun(consortium, town, clerk)
        response = clerk.post(url(town, "benefit_lines", pk), rows(("導入", "one_off", 1, 2, 3)))
    assert response.status_code == 403
    assert "点検中です" in response.content.decode()


def begun(consortium, town, clerk):
    clerk.post(url(town, "new_benefit"), BENEFIT)
    with in_consortium(consortium):
        return BenefitSheet.objects.get().pk


def rows(*given):
    told = {"form-TOTAL_FORMS": str(len(given) + 1), "form-INITIAL_FORMS": "0"}
    for at, row in enumerate(given):
        for name, value in zip(("label", "kind", "low", "likely", "high"), row, strict=True):
            told[f"form-{at}-{name}"] = "" if value is None else str(value)
    return told


def test_sheet_from_the_base_to_plan_against_fact(consortium, town, clerk):
    assert "ありそうな値 ≦ 高め" in text(
        clerk.post(url(town, "new_benefit"), {**BENEFIT, "wage_low": "9000"})
    )
    pk = begun(consortium, town, clerk)
    assert "次に、費用と時間を入れてください" in text(clerk.get(url(town, "benefit", pk)))
    assert "初期の導入費" in text(clerk.get(url(town, "benefit_lines", pk)))
    wrong = rows(("導入", "one_off", 5, 2, 3))
    assert "「導入」: 低め" in text(clerk.post(url(town, "benefit_lines", pk), wrong))
    assert "数を入れてください" in text(
        clerk.post(url(town, "benefit_lines", pk), rows(("導入", "one_off", 5, None, 3)))
    )
    assert "何の金額か" in text(clerk.post(url(town, "benefit_lines", pk), rows(("", "one_off", 5, 6, 7))))
    good = rows(
        ("導入", "one_off", 1_000_000, 2_000_000, 3_000_000),
        ("前", "hours_before", 1000, 1200, 1500),
        ("後", "hours_after", 400, 500, 900),
    )
    assert clerk.post(url(town, "benefit_lines", pk), good)["Location"] == url(town, "benefit", pk)
    page = text(clerk.get(url(town, "benefit", pk)))
    assert page.count('role="img"') == 6
    assert "結果をいちばん左右するもの" in page
    clerk.post(url(town, "fix_benefit", pk))
    assert clerk.get(url(town, "benefit_facts", pk, 2040)).status_code == 404
    with in_consortium(consortium):
        keys = dict(BenefitSheet.objects.get().lines.values_list("label", "pk"))
    clerk.post(url(town, "benefit_facts", pk, 2026), {f"line-{keys['後']}": "950"})
    page = text(clerk.get(url(town, "benefit", pk)))
    assert "計画の範囲より多い（ありそうな値との差 +90%）" in page
    assert "これまでの実績が続いたら" in page
    assert "確定した計画は変えられません" in text(clerk.post(url(town, "fix_benefit", pk)))
    assert len(lines(clerk.get(url(town, "benefit", pk) + "?format=csv"))) == 4
    assert lines(clerk.get(url(town, "benefits") + "?format=csv"))[1][0] == "議事録AI"
    assert data(clerk.get(url(town, "benefit_file", pk, "pdf")))[:5] == b"%PDF-"
    assert data(clerk.get(url(town, "benefit_file", pk, "docx")))[:2] == b"PK"
    neighbour = towns_of(consortium)[1]
    other = client_of(a_person(Role.CLERK, neighbour))
    assert other.get(url(neighbour, "benefit", pk)).status_code == 404


def test_lists_take_the_same_number_of_queries_at_one_and_three(consortium, town, office, clerk):
    plan = {"title": "来年度", "purposes": ["ai"], "cost-setup": "900000"}

    def more(number):
        office.post(url(town, "add_programme"), {**PROGRAMME, "name": f"見本：{number}"})
        clerk.post(url(town, "new_funding_check"), plan)
        clerk.post(url(town, "new_benefit"), BENEFIT)

    def counted():
        return [queries(clerk, url(town, name)) for name in ("programmes", "funding_checks", "benefits")]

    more(1)
    first = counted()
    more(2)
    more(3)
    assert counted() == first


def test_sample_programmes_say_that_they_are_samples():
    for one in programmes(timezone.localdate()):
        assert one["name"].startswith("見本：")
        assert "実在の制度ではありません" in one["note"]
