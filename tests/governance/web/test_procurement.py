"""The procurement check from the need to the choice, through its pages and files."""

import json
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from machi.base import ledger
from machi.base.models import LedgerEntry, Role
from machi.base.scoping import in_municipality
from machi.governance.domain import procurement as checks
from machi.governance.domain import procurement_vendors as verbs
from machi.governance.engine.answer_sheet import Answer, read_answers
from machi.governance.models import Procurement, Vendor, VendorAnswer
from tests.base.factories import a_municipality
from tests.frontdesk.factories import signed_in
from tests.frontdesk.web.staff import lines, queries
from tests.governance.pages import data, text, url

pytestmark = pytest.mark.django_db
NEED = {"title": "議事録作成支援AI", "purpose": "会議の記録に時間がかかる", "budget": "5000000"}
FACTS = {
    "users": "staff",
    "work": "informs",
    "training": "none",
    "judgement": "each",
    "personal": "yes",
    "generates": "yes",
    "outside": "yes",
}
FORMULA = {"method": "additive", "quality_points": "200", "price_points": "100", "base_points": "0"}


@pytest.fixture
def town():
    return a_municipality()


@pytest.fixture
def officer(town):
    return signed_in(town, Role.AI_OFFICER)


def the(town):
    with in_municipality(town):
        return Procurement.objects.select_related("municipality").first()


def drafted(town, officer):
    """A draft as far as the items."""
    officer.post(url(town, "begin_procurement"), NEED)
    pk = the(town).pk
    officer.post(url(town, "procurement_facts", pk), FACTS)
    return the(town)


def items(town):
    with in_municipality(town):
        return checks.selected(the(town))


def weighed(town, officer, **changes):
    """Two items, a must and one of 60, one of 40; returns their codes."""
    procurement = drafted(town, officer)
    three = items(town)[:3]
    chosen = {"selected": [one.pk for one in three], "must": [three[0].pk]}
    officer.post(url(town, "procurement_items", procurement.pk), chosen)
    weights = dict(zip((f"weight-{one.pk}" for one in three), ("0", "60", "40"), strict=True))
    given = {**FORMULA, **weights, "ceiling": "10000000", **changes}
    officer.post(url(town, "procurement_weights", procurement.pk), given)
    return the(town), [one.code for one in three]


def fixed(town, officer, **changes):
    procurement, codes = weighed(town, officer, **changes)
    officer.post(url(town, "procurement_fix", procurement.pk))
    return the(town), codes


def answered(town, officer, procurement, codes, name, price, points):
    with in_municipality(town):
        vendor = verbs.add_vendor(procurement, officer.person, name=name, price=price)
        marks = {code: Answer(one, "") for code, one in zip(codes, points, strict=True)}
        verbs.mark(vendor, officer.person, marks)
        return vendor


def test_wizard_keeps_each_step_and_proposes_items_from_the_facts(town, officer):
    response = officer.post(url(town, "begin_procurement"), NEED)
    pk = the(town).pk
    assert response["Location"] == url(town, "procurement_facts", pk)
    assert "先に、使い方とデータについて答えてください" in text(
        officer.get(url(town, "procurement_items", pk))
    )
    officer.post(url(town, "procurement_facts", pk), FACTS)
    codes = {one.code for one in items(town)}
    assert {"privacy-minimum", "transparency-label"} <= codes
    assert "human-alternative" not in codes  # for residents only
    assert "通常の審査" in text(officer.get(url(town, "procurement", pk)))
    officer.post(url(town, "procurement_facts", pk), {**FACTS, "work": "decides", "users": "residents"})
    assert "human-alternative" in {one.code for one in items(town)}
    assert "高リスクの審査" in text(officer.get(url(town, "procurement_items", pk)))


def test_facts_changed_later_keep_what_was_chosen_and_written(town, officer):
    procurement = drafted(town, officer)
    first = items(town)[0]
    kept = {one.pk for one in items(town)} - {items(town)[1].pk}
    officer.post(url(town, "procurement_items", procurement.pk), {"selected": list(kept), "must": []})
    texts = {"title": "私たちの題", "requirement": "私たちの要件"}
    officer.post(url(town, "procurement_item", procurement.pk, first.pk), texts)
    officer.post(url(town, "procurement_facts", procurement.pk), {**FACTS, "personal": "no"})
    now = {one.pk: one for one in items(town)}
    assert set(now) == {pk for pk in kept if pk in now}
    assert items(town)[0].requirement == "私たちの要件"
    assert not now[first.pk].must
    assert "privacy-minimum" not in {one.code for one in now.values()}


def test_own_items_are_added(town, officer):
    procurement = drafted(town, officer)
    officer.post(
        url(town, "add_procurement_item", procurement.pk),
        {"title": "方言", "requirement": "方言が分かること。"},
    )
    assert [one.title for one in items(town) if one.code == "own-1"] == ["方言"]


def test_weights_that_do_not_add_up_are_kept_shown_and_not_fixed(town, officer):
    procurement = drafted(town, officer)
    first = items(town)[0]
    officer.post(url(town, "procurement_items", procurement.pk), {"selected": [first.pk], "must": []})
    given = {**FORMULA, f"weight-{first.pk}": "90.5", "ceiling": "100"}
    officer.post(url(town, "procurement_weights", procurement.pk), given)
    assert "あと9.5足りません" in text(officer.get(url(town, "procurement_weights", procurement.pk)))
    assert "あと9.5" in text(officer.post(url(town, "procurement_fix", procurement.pk)))
    officer.post(url(town, "weigh_equally", procurement.pk))
    officer.post(url(town, "procurement_fix", procurement.pk))
    assert the(town).state == "fixed"


def test_nothing_that_vendors_are_measured_by_changes_once_fixed(town, officer):
    procurement, codes = fixed(town, officer)
    before = items(town)
    pk = procurement.pk
    for name, given in (
        ("procurement_items", {"selected": [before[0].pk]}),
        ("procurement_weights", {**FORMULA, **{f"weight-{one.pk}": "1" for one in before}}),
        ("procurement_facts", FACTS),
        ("procurement_need", NEED),
        ("add_procurement_item", {"title": "後", "requirement": "出し"}),
    ):
        assert "確定しています" in text(officer.post(url(town, name, pk), given)), name
    assert [(one.pk, one.weight) for one in items(town)] == [(one.pk, one.weight) for one in before]
    officer.post(url(town, "reopen_procurement", pk), {"reason": "誤字"})
    assert the(town).state == "draft"
    officer.post(url(town, "procurement_fix", pk))
    assert url(town, "reopen_procurement", pk) in text(officer.get(url(town, "procurement", pk)))
    answered(town, officer, the(town), codes, "甲社", 1, (1, 1, 1))
    assert url(town, "reopen_procurement", pk) not in text(officer.get(url(town, "procurement", pk)))
    page = text(officer.post(url(town, "reopen_procurement", pk), {"reason": "誤字"}))
    assert "もう変えられません" in page


def test_vendors_are_scored_side_by_side_and_the_first_is_chosen(town, officer):
    procurement, codes = fixed(town, officer)
    first = answered(town, officer, procurement, codes, "甲社", 8_000_000, (4, 4, 2))
    second = answered(town, officer, procurement, codes, "乙社", 5_000_000, (4, 2, 2))
    answered(town, officer, procurement, codes, "丙社", 1_000_000, (0, 4, 4))
    page = text(officer.get(url(town, "procurement_scores", procurement.pk)))
    # 60 and 40 weights of 200 points at 4 and 2 of 4, with a fifth of the price points; then 2 and 2, and a half
    assert "180.00" in page
    assert "150.00" in page
    assert f"必須の「{items(town)[0].title}」が0点" in page
    assert "重みを合わせて" in page
    given = {"vendor": second.pk, "reason": "安い"}
    assert officer.post(url(town, "procurement_scores", procurement.pk), given).status_code == 200
    assert the(town).state == "fixed"
    officer.post(url(town, "procurement_scores", procurement.pk), {"vendor": first.pk, "reason": "質がよい"})
    assert (the(town).state, the(town).chosen_id) == ("decided", first.pk)
    with in_municipality(town):
        entry = LedgerEntry.objects.filter(system=checks.SYSTEM).order_by("-index")[0]
        assert '"action":"decide"' in entry.body
        assert f'"{first.pk}":"180"' in entry.body
        assert "甲社" not in "".join(LedgerEntry.objects.values_list("body", flat=True))
        assert ledger.verify(town) == []


def test_verb_refuses_any_choice_but_a_first(town, officer):
    from machi.base.domain.errors import Refused

    procurement, codes = fixed(town, officer)
    one = answered(town, officer, procurement, codes, "甲社", 5_000_000, (4, 4, 4))
    two = answered(town, officer, procurement, codes, "乙社", 5_000_000, (4, 4, 4))
    three = answered(town, officer, procurement, codes, "丙社", 5_000_000, (4, 4, 3))
    assert "同点です" in text(officer.get(url(town, "procurement_scores", procurement.pk)))
    with in_municipality(town):
        with pytest.raises(Refused):
            verbs.decide(procurement, officer.person, three, "理由")
        with pytest.raises(Refused):
            verbs.decide(procurement, officer.person, two, " ")
        verbs.decide(procurement, officer.person, two, "くじによる")
        with pytest.raises(Refused):
            verbs.mark(one, officer.person, {codes[0]: Answer(0, "")})


def test_marks_are_given_by_form_and_taken_back(town, officer):
    procurement, _codes = fixed(town, officer)
    officer.post(url(town, "add_vendor", procurement.pk), {"name": "甲社", "price": ""})
    with in_municipality(town):
        vendor = Vendor.objects.get()
    first = items(town)[0]
    page = url(town, "vendor", procurement.pk, vendor.pk)
    officer.post(page, {f"points-{first.pk}": "0", f"note-{first.pk}": "満たさない"})
    with in_municipality(town):
        assert verbs.evaluation(procurement).bids[0].points == {first.code: 0}
    assert "満たさない" in text(officer.get(page))
    officer.post(page, {f"points-{first.pk}": "", f"note-{first.pk}": ""})
    with in_municipality(town):
        assert verbs.evaluation(procurement).bids[0].points == {}
    assert officer.post(page, {f"points-{first.pk}": "5"}).status_code == 200


def test_answer_sheet_comes_back_as_it_was_written(town, officer):
    procurement, codes = fixed(town, officer)
    vendor = answered(town, officer, procurement, codes, "=甲社", 1, (4, 3, 2))
    with in_municipality(town):
        VendorAnswer.objects.update(note="=SUM(A1)、「①」\n改行")
    sheet = data(officer.get(url(town, "vendor_sheet", procurement.pk, vendor.pk)))
    read = read_answers(sheet, set(codes))
    assert read.problems == ()
    note = "=SUM(A1)、「①」\n改行"
    assert read.answers == {code: Answer(one, note) for code, one in zip(codes, (4, 3, 2), strict=True)}
    book = openpyxl.load_workbook(BytesIO(sheet))
    assert not any(cell.data_type == "f" for row in book.worksheets[0] for cell in row)
    with in_municipality(town):
        VendorAnswer.objects.all().delete()
    upload = SimpleUploadedFile("答.xlsx", sheet)
    officer.post(url(town, "upload_sheet", procurement.pk, vendor.pk), {"file": upload})
    with in_municipality(town):
        assert verbs.evaluation(procurement).bids[0].points == dict(zip(codes, (4, 3, 2), strict=True))


def test_wrong_sheet_is_told_by_row_and_column_and_takes_nothing(town, officer):
    procurement, codes = fixed(town, officer)
    vendor = answered(town, officer, procurement, codes, "甲社", 1, (1, 1, 1))
    wrong = f"項目コード,回答,点数\n{codes[0]},あり,４\n{codes[1]},あり,９\nzzz,,1\n".encode("cp932")
    page = text(
        officer.post(
            url(town, "upload_sheet", procurement.pk, vendor.pk), {"file": SimpleUploadedFile("a.csv", wrong)}
        )
    )
    assert "3行目「点数」: 点数は0から4までの整数です。（９）" in page
    assert "4行目「項目コード」: この調達にない項目コードです。（zzz）" in page
    with in_municipality(town):
        assert set(verbs.evaluation(procurement).bids[0].points.values()) == {1}


def test_word_has_need_requirements_and_articles_but_no_secret(town, officer):
    procurement, _codes = fixed(town, officer)
    word = Document(BytesIO(data(officer.get(url(town, "requirements_word", procurement.pk)))))
    everything = "\n".join(
        [one.text for one in word.paragraphs]
        + [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    )
    for one in items(town):
        assert one.requirement in everything
        assert one.clause in everything
    assert "会議の記録に時間がかかる" in everything
    assert "第3条（" in everything
    assert "加算方式" in everything
    for secret in ("10000000", "10,000,000", "5000000", "5,000,000"):
        assert secret not in everything


def test_excel_lists_requirements_and_scores(town, officer):
    procurement, codes = fixed(town, officer)
    answered(town, officer, procurement, codes, "甲社", 8_000_000, (4, 4, 2))
    answered(town, officer, procurement, codes, "乙社", 9_000_000, (0, 4, 2))
    listed = openpyxl.load_workbook(
        BytesIO(data(officer.get(url(town, "requirements_excel", procurement.pk))))
    )
    rows = list(listed.worksheets[0].iter_rows(min_row=6, values_only=True))
    assert [row[0] for row in rows] == codes
    assert [row[1] for row in rows] == ["必須", "任意", "任意"]
    scored = openpyxl.load_workbook(BytesIO(data(officer.get(url(town, "scores_excel", procurement.pk)))))
    named = {row[1]: row[4:] for row in scored.worksheets[0].iter_rows(min_row=6, values_only=True)}
    assert named["評価値"] == (180, None)
    assert named["順位"] == (1, None)
    assert named["価格点"][0] == 20
    assert "必須" in str(named["対象外の理由"][1])


def test_ceiling_is_stored_encrypted(town, officer):
    from django.db import connection

    weighed(town, officer, ceiling="9876543")
    with in_municipality(town), connection.cursor() as cursor:
        cursor.execute("SELECT ceiling FROM governance_procurement")
        [[stored]] = cursor.fetchall()
    assert "9876543" not in str(stored)
    assert the(town).ceiling == 9876543


def test_division_method_is_scored(town, officer):
    procurement, codes = fixed(town, officer, method="division", base_points="100", quality_points="100")
    answered(town, officer, procurement, codes, "甲社", 8_000_000, (4, 4, 2))
    page = text(officer.get(url(town, "procurement_scores", procurement.pk)))
    assert "22.50" in page  # (100 + 80) / 8


def test_cancelled_procurement_stays_readable_and_changes_no_more(town, officer):
    procurement, _codes = fixed(town, officer)
    officer.post(url(town, "cancel_procurement", procurement.pk), {"reason": "予算がない"})
    assert "予算がない" in text(officer.get(url(town, "procurement", procurement.pk)))
    page = text(officer.post(url(town, "add_vendor", procurement.pk), {"name": "甲社"}))
    assert "もう終わっています" in page


def test_vendor_is_withdrawn_with_a_reason(town, officer):
    procurement, codes = fixed(town, officer)
    vendor = answered(town, officer, procurement, codes, "甲社", 1, (1, 1, 1))
    officer.post(url(town, "withdraw_vendor", procurement.pk, vendor.pk), {"reason": ""})
    with in_municipality(town):
        assert Vendor.objects.count() == 1
    officer.post(url(town, "withdraw_vendor", procurement.pk, vendor.pk), {"reason": "辞退"})
    with in_municipality(town):
        assert Vendor.objects.count() == 0


@pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR, Role.ADMINISTRATOR])
def test_others_do_not_come_in(town, role):
    assert signed_in(town, role).get(url(town, "procurements")).status_code == 403


def test_another_town_reaches_nothing(town, officer):
    procurement, codes = fixed(town, officer)
    vendor = answered(town, officer, procurement, codes, "甲社", 1, (1, 1, 1))
    other = a_municipality("332020")
    stranger = signed_in(other, Role.AI_OFFICER)
    assert stranger.get(url(town, "procurement", procurement.pk)).status_code == 403
    for name, *args in (
        ("procurement", procurement.pk),
        ("procurement_scores", procurement.pk),
        ("requirements_word", procurement.pk),
        ("vendor", procurement.pk, vendor.pk),
        ("vendor_sheet", procurement.pk, vendor.pk),
    ):
        assert stranger.get(url(other, name, *args)).status_code == 404
    assert "調達はまだありません" in text(stranger.get(url(other, "procurements")))


def test_list_and_comparison_take_as_many_queries_for_three_as_for_one(town, officer):
    procurement, codes = fixed(town, officer)
    answered(town, officer, procurement, codes, "甲社", 1, (1, 1, 1))
    pages = [url(town, "procurements"), url(town, "procurement_scores", procurement.pk)]
    one = [queries(officer, page) for page in pages]
    for name in "乙丙":
        officer.post(url(town, "begin_procurement"), NEED)
        answered(town, officer, procurement, codes, name, 1, (1, 1, 1))
    assert [queries(officer, page) for page in pages] == one
    assert len(lines(officer.get(pages[0] + "?format=csv"))) == 4


def test_page_names_every_decision_with_who_made_it(town, officer):
    from machi.governance.web.procurement import ACTIONS

    procurement, codes = fixed(town, officer)
    answered(town, officer, procurement, codes, "甲社", 1, (1, 1, 1))
    page = text(officer.get(url(town, "procurement", procurement.pk)))
    assert page.index("要件を確定した</p>") < page.index("採点した</p>")
    with in_municipality(town):
        bodies = LedgerEntry.objects.filter(system=checks.SYSTEM).values_list("body", flat=True)
        actions = {json.loads(body)["outputs"]["action"] for body in bodies}
    assert actions <= set(ACTIONS)
