"""Calls through their pages: who may open what, the whole cycle, files, lists."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from machi.base.models import Consortium, ConsortiumMember, Role
from machi.base.scoping import in_consortium
from machi.joint.domain import calls, calls_decision, calls_import, calls_proposals
from machi.joint.models import Call, CallReviewer, Proposal
from tests.base.factories import a_municipality, a_person
from tests.frontdesk.web.staff import lines, queries
from tests.governance.pages import data, text
from tests.joint.calls import a_submitted, acting, an_evaluated, an_open_call, given, office
from tests.joint.domain.test_calls_review import as_recommended
from tests.joint.factories import a_consortium, client_of, office_of, towns_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium():
    return a_consortium()


@pytest.fixture
def by(consortium):
    return office(consortium)


@pytest.fixture
def desk(by):
    """The joint office's browser, working in the first town."""
    return client_of(by.person)


def posted(**changes):
    form = given(**changes)
    form["requirements"] = "\n".join(form["requirements"])
    return {name: "" if value is None else value for name, value in form.items()}


def in_call(consortium, make, *args, **changes):
    with in_consortium(consortium):
        return make(consortium, *args, **changes)


def test_office_writes_a_call_and_publishes_it(consortium, by, desk):
    town = by.town
    response = desk.post(url(town, "begin_call"), posted())
    with in_consortium(consortium):
        call = Call.objects.get()
    assert response["Location"] == url(town, "call_criteria", call.pk)
    assert "募集を始める" in text(desk.get(url(town, "call", call.pk)))
    desk.post(url(town, "publish_call", call.pk))
    page = text(desk.get(url(town, "call", call.pk)))
    assert "募集中" in page
    assert "応募を締め切る" in page
    assert desk.post(url(town, "change_call", call.pk), posted(budget=1)).status_code == 200
    with in_consortium(consortium):
        assert Call.objects.get().budget == 50_000_000


def test_criteria_are_written_in_rows_and_must_add_up(consortium, by, desk):
    with in_consortium(consortium):
        call = calls.begin(consortium, by, given())
    form = {"title-0": "効果", "weight-0": "60", "title-2": "費用", "weight-2": "30", "weight-3": "10"}
    desk.post(url(by.town, "call_criteria", call.pk), form)
    with in_consortium(consortium):
        assert [(one.title, int(one.weight)) for one in call.criteria.all()] == [("効果", 60), ("費用", 30)]
    assert "重みの合計を100にしてください（いま90）" in text(desk.get(url(by.town, "call", call.pk)))


def test_towns_write_sign_and_hand_in_through_pages(consortium, by):
    first, second, _third = towns_of(consortium)
    with in_consortium(consortium):
        call = an_open_call(consortium, by)
    clerk = client_of(a_person(Role.CLERK, first))
    manager, partner = client_of(a_person(Role.MANAGER, first)), client_of(a_person(Role.MANAGER, second))
    clerk.post(url(first, "begin_proposal", call.pk), {"title": "窓口の共同利用", "members": [second.pk]})
    with in_consortium(consortium):
        proposal = Proposal.objects.get()
    words = {
        "title": "窓口の共同利用",
        "area": "shared_it",
        "summary": "概要",
        "plan": "内容",
        "effects": "効果",
        "amount": "1000000",
        "starts_on": "2027-04-01",
        "ends_on": "2028-03-31",
        "contact_name": "企画 花子",
        "revision": proposal.revision,
    }
    clerk.post(url(first, "write_proposal", proposal.pk), words)
    assert (
        clerk.post(url(first, "sign_proposal", proposal.pk)).status_code == 403
    )  # the head speaks for a town
    manager.post(url(first, "sign_proposal", proposal.pk))
    assert f"まだ同意していない自治体: {second.name}" in text(
        manager.get(url(first, "proposal", proposal.pk))
    )
    partner.post(url(second, "sign_proposal", proposal.pk))
    manager.post(url(first, "submit_proposal", proposal.pk))
    with in_consortium(consortium):
        assert Proposal.objects.get().state == "submitted"
    assert "提出した" in text(partner.get(url(second, "proposal", proposal.pk)))


def test_a_draft_saves_itself_and_says_so(consortium, by):
    first, second, _third = towns_of(consortium)
    with in_consortium(consortium):
        call = an_open_call(consortium, by)
        proposal = calls_proposals.begin(call, acting(first), "窓口", [second])
    clerk, other = client_of(a_person(Role.CLERK, first)), client_of(a_person(Role.CLERK, second))
    page = url(first, "write_proposal", proposal.pk)
    form = {"title": "窓口", "plan": "書きかけ", "amount": "たくさん", "revision": proposal.revision}
    answer = text(clerk.post(page, form, headers={"HX-Request": "true"}))
    assert "に保存しました" in answer
    assert "申請額（円）" in answer  # what is no number is not saved, and is said
    with in_consortium(consortium):
        saved = Proposal.objects.get()
    assert (saved.plan, saved.amount) == ("書きかけ", None)
    assert f'value="{saved.revision}" hx-swap-oob="true"' in answer
    late = {"title": "窓口", "plan": "ほかの町の文", "revision": proposal.revision}
    answer = text(
        other.post(url(second, "write_proposal", proposal.pk), late, headers={"HX-Request": "true"})
    )
    assert "先に保存しました" in answer
    assert "ほかの町の文" in text(other.post(url(second, "write_proposal", proposal.pk), late))  # not lost


def test_the_form_asks_htmx_to_save_and_works_without(consortium, by):
    first, second, _third = towns_of(consortium)
    with in_consortium(consortium):
        proposal = calls_proposals.begin(an_open_call(consortium, by), acting(first), "窓口", [second])
    page = text(client_of(a_person(Role.CLERK, first)).get(url(first, "write_proposal", proposal.pk)))
    assert 'hx-trigger="input delay:1500ms, change delay:500ms"' in page
    assert '<form class="form" method="post"' in page


def test_attachments_are_kept_and_read_by_those_who_may(consortium, by, desk):
    first, second, third = towns_of(consortium)
    with in_consortium(consortium):
        call = an_open_call(consortium, by)
        proposal = calls_proposals.begin(call, acting(first), "窓口", [second])
    clerk = client_of(a_person(Role.CLERK, first))
    file = SimpleUploadedFile("計画.pdf", b"%PDF-1.7 plan")
    clerk.post(url(first, "attach_to_proposal", proposal.pk), {"file": file})
    wrong = SimpleUploadedFile("計画.pdf", b"MZ\x90")
    answer = clerk.post(url(first, "attach_to_proposal", proposal.pk), {"file": wrong})
    assert "この形式のファイルは受け取れません" in text(answer)
    with in_consortium(consortium):
        kept = proposal.attachments.get()
    response = clerk.get(url(first, "proposal_file", proposal.pk, kept.pk))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 plan"
    assert response["Content-Type"] == "application/pdf"
    stranger = client_of(a_person(Role.CLERK, third))
    assert stranger.get(url(third, "proposal_file", proposal.pk, kept.pk)).status_code == 404
    assert desk.get(url(first, "proposal_file", proposal.pk, kept.pk)).status_code == 404
    clerk.post(url(first, "detach_from_proposal", proposal.pk, kept.pk))
    with in_consortium(consortium):
        assert proposal.attachments.count() == 0


OFFICE_PAGES = (
    "change_call",
    "call_criteria",
    "publish_call",
    "move_deadline",
    "close_call",
    "cancel_call",
    "import_proposals",
    "proposal_sheet",
    "call_screening",
    "call_reviewers",
    "name_reviewer",
    "call_marks",
    "call_ranking",
    "steadiness_progress",
    "decide_call",
    "call_results",
    "announce_call",
)


@pytest.mark.parametrize(
    "role", [Role.CLERK, Role.MANAGER, Role.AI_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR]
)
def test_what_the_office_does_is_closed_to_towns(consortium, by, role):
    with in_consortium(consortium):
        call = an_open_call(consortium, by)
    client = client_of(a_person(role, by.town))
    assert {client.get(url(by.town, name, call.pk)).status_code for name in OFFICE_PAGES} == {403}
    for kind in ("pdf", "docx"):
        assert client.get(url(by.town, "call_letters", call.pk, kind)).status_code == 403


def test_a_draft_is_closed_to_other_towns_and_to_the_office(consortium, by, desk):
    first, second, third = towns_of(consortium)
    with in_consortium(consortium):
        proposal = calls_proposals.begin(
            an_open_call(consortium, by), acting(first), "まだ秘密の案", [second]
        )
    for name in ("proposal", "write_proposal", "proposal_members", "attach_to_proposal"):
        assert client_of(a_person(Role.CLERK, third)).get(url(third, name, proposal.pk)).status_code == 404
    assert desk.get(url(first, "proposal", proposal.pk)).status_code == 404
    assert "まだ秘密の案" not in text(desk.get(url(first, "proposals", proposal.call_id)))
    assert "まだ秘密の案" in text(
        client_of(a_person(Role.CLERK, second)).get(url(second, "proposals", proposal.call_id))
    )


def test_another_consortium_reaches_nothing(consortium, by):
    first, second, _third = towns_of(consortium)
    with in_consortium(consortium):
        call = an_open_call(consortium, by)
        proposal = a_submitted(call, first, second)
    other = Consortium.objects.create(name="別の共同体")
    ConsortiumMember.objects.filter(municipality=second).delete()
    ConsortiumMember.objects.create(consortium=other, municipality=second, since="2026-04-01")
    outside = client_of(office_of(other))
    assert outside.get(url(second, "call", call.pk)).status_code == 404
    assert outside.get(url(second, "proposal", proposal.pk)).status_code == 404
    assert outside.get(url(first, "call", call.pk)).status_code == 403
    assert Client().get(url(second, "public_call", call.pk)).status_code == 404


def a_list(*rows):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["応募の一覧"])
    sheet.append([*calls_import.REQUIRED, *calls_import.OPTIONAL])
    for row in rows:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return SimpleUploadedFile("applications.xlsx", out.getvalue())


GOOD = [
    "窓口",
    "情報システムの共同利用",
    "厚木市",
    "倉敷市、焼津市",
    "概要",
    "2,000万円",
    "令和9年4月1日",
    "2029/3/31",
]


def test_a_list_is_read_first_and_taken_after(consortium, by, desk):
    with in_consortium(consortium):
        call = an_open_call(consortium, by)
    page = url(by.town, "import_proposals", call.pk)
    shown = desk.post(page, {"file": a_list(GOOD, ["観光", "広域観光", "222127", "厚木市", *GOOD[4:]])})
    assert "2件を取り込めます。まだ取り込んでいません。" in text(shown)
    with in_consortium(consortium):
        assert Proposal.objects.count() == 0
    desk.post(page, {"again": shown.context["again"]})
    with in_consortium(consortium):
        taken = list(Proposal.objects.order_by("number"))
    assert [(one.number, one.title, one.lead_id, one.amount, one.imported) for one in taken] == [
        (1, "窓口", "142123", 20_000_000, True),
        (2, "観光", "222127", 20_000_000, True),
    ]
    with in_consortium(consortium):
        assert all(one.signed_at and one.signed_by is None for one in taken[0].members.all())
    again = text(desk.post(page, {"file": a_list(GOOD)}))
    assert "3行目の「事業名」（「窓口」）: 同じ代表自治体の同じ名前の提案が、もうあります。" in again


def test_a_list_with_mistakes_says_row_column_and_reason_and_takes_nothing(consortium, by, desk):
    with in_consortium(consortium):
        call = an_open_call(consortium, by, least_members=3)
    rows = [
        ["", "農業", "厚木市", "札幌市", "", "千円", "2月30日", "2029/3/31"],
        ["備え", "福祉・子育て", "厚木市", "焼津市", "概要", "4000万円", "2029/4/1", "2029/3/31"],
    ]
    page = text(desk.post(url(by.town, "import_proposals", call.pk), {"file": a_list(*rows)}))
    for line in (
        "3行目の「事業名」: 空欄です。",
        "3行目の「分野」（「農業」）: 選べる値ではありません。",
        "3行目の「構成自治体」（「札幌市」）: この共同体に参加している自治体ではありません。",
        "3行目の「申請額」（「千円」）: 数として読めません。",
        "3行目の「開始日」（「2月30日」）: 日付として読めません。",
        "4行目の「分野」（「福祉・子育て」）: この公募の分野ではありません。",
        "4行目の「申請額」（「4000万円」）: 1件の上限額を超えています。",
        "4行目の「終了日」（「2029/3/31」）: 開始日より前です。",
        "4行目の「構成自治体」（「焼津市」）: 構成自治体が足りません。",
    ):
        assert line in page
    with in_consortium(consortium):
        assert Proposal.objects.count() == 0


def test_the_sheet_to_fill_in_is_one_that_can_be_read(consortium, by, desk):
    with in_consortium(consortium):
        call = an_open_call(consortium, by)
    book = openpyxl.load_workbook(BytesIO(data(desk.get(url(by.town, "proposal_sheet", call.pk)))))
    book.worksheets[0].append(GOOD)
    out = BytesIO()
    book.save(out)
    with in_consortium(consortium):
        assert calls_import.read(call, out.getvalue()).problems == ()


def test_every_list_is_exported(consortium, by, desk):
    call = in_call(consortium, an_evaluated, by, budget=45_000_000)
    town = by.town
    for name, arguments, count in (
        ("calls", (), 1),
        ("proposals", (call.pk,), 3),
        ("call_screening", (call.pk,), 3),
        ("call_reviewers", (call.pk,), 6),
        ("call_marks", (call.pk,), 6),
        ("call_ranking", (call.pk,), 3),
        ("public_calls", (), 1),
    ):
        assert len(lines(desk.get(url(town, name, *arguments) + "?format=csv"))) == count + 1, name
        book = desk.get(url(town, name, *arguments) + "?format=xlsx")
        assert b"".join(book.streaming_content).startswith(b"PK"), name
    with in_consortium(consortium):
        reviewer = CallReviewer.objects.select_related("person")[0].person
    assert len(lines(client_of(reviewer).get(url(town, "my_reviews") + "?format=csv"))) == 4
    with in_consortium(consortium):
        calls_decision.decide(call, by, as_recommended(call), "")
    assert len(lines(desk.get(url(town, "call_results", call.pk) + "?format=csv"))) == 4


def test_lists_take_as_many_queries_for_three_as_for_one(consortium, by, desk):
    first, second, third = towns_of(consortium)
    with in_consortium(consortium):
        call = an_open_call(consortium, by)
        a_submitted(call, first, second)
    pages = [url(first, "calls"), url(first, "proposals", call.pk), url(first, "public_calls")]
    one = [queries(desk, page) for page in pages]
    with in_consortium(consortium):
        a_submitted(call, second, third, first)
        a_submitted(call, third, first)
        an_open_call(consortium, by)
        an_open_call(consortium, by)
    assert [queries(desk, page) for page in pages] == one


def test_more_proposals_take_no_more_queries_in_the_office(consortium, by, desk):
    first, *_others = towns_of(consortium)
    call = in_call(consortium, an_evaluated, by, budget=45_000_000)
    names = ("call_screening", "call_reviewers", "call_marks", "call_ranking")
    three = [queries(desk, url(first, name, call.pk)) for name in names]
    assert max(three) < 40
    with in_consortium(consortium):
        Proposal.objects.filter(call=call, number=3).update(state="withdrawn")
    two = [queries(desk, url(first, name, call.pk)) for name in names]
    assert two[:3] == three[:3]


def test_a_town_alone_in_no_consortium_is_told_so(by):
    town = a_municipality("142123")
    ConsortiumMember.objects.filter(municipality=town).delete()
    assert client_of(a_person(Role.CLERK, town)).get(url(town, "calls")).status_code == 404
