"""FAQs: proposed by one person, ruled on by another."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from machi.base.models import Role
from machi.base.scoping import in_municipality
from machi.frontdesk.domain import faqs as verbs
from machi.frontdesk.domain import hand_over
from machi.frontdesk.models import Document, Faq, Inquiry
from tests.base.factories import a_municipality, a_person
from tests.frontdesk.factories import a_faq, a_hand_over, a_question, signed_in
from tests.frontdesk.web.staff import lines, queries, text, url

pytestmark = pytest.mark.django_db
GIVEN = {
    "question": "粗大ごみはどう出しますか",
    "answer": "3日前までに電話で申し込んでください。",
    "nobody_named": "on",
}


@pytest.fixture
def town():
    return a_municipality()


def the_faq(town):
    with in_municipality(town):
        return Faq.objects.select_related("document").get()


def test_proposal_is_public_only_after_a_second_person_has_approved_it(town):
    first, second = signed_in(town), signed_in(town)
    first.post(url(town, "propose_faq"), {**GIVEN, "valid_until": "2030-03-31"})
    faq = the_faq(town)
    assert (faq.state, faq.proposed_by, faq.valid_until) == (
        Faq.State.PROPOSED,
        first.person,
        date(2030, 3, 31),
    )
    own = text(first.get(url(town, "faq", faq.pk)))
    assert "提案した本人は承認できません" in own
    assert "承認して公開する" not in own
    refused = text(first.post(url(town, "approve_faq", faq.pk)))
    assert "提案した本人は承認できません" in refused
    assert the_faq(town).state == Faq.State.PROPOSED
    assert "承認して公開する" in text(second.get(url(town, "faq", faq.pk)))
    second.post(url(town, "approve_faq", faq.pk))
    faq = the_faq(town)
    assert (faq.state, faq.ruled_by) == (Faq.State.APPROVED, second.person)
    with in_municipality(town):
        assert Document.objects.get(current=True) == faq.document
    page = text(first.get(url(town, "faq", faq.pk)))
    assert url(town, "document", faq.document.pk) in page
    assert page.index("提案</p>") < page.index("承認（公開）</p>")


def test_approving_twice_says_that_it_is_done(town):
    faq, client = a_faq(town), signed_in(town)
    client.post(url(town, "approve_faq", faq.pk))
    assert "すでに処理されています" in text(client.post(url(town, "approve_faq", faq.pk)))


def test_rejection_needs_a_reason_that_the_proposer_reads(town):
    proposer, second = signed_in(town), signed_in(town)
    faq = a_faq(town, proposer.person)
    assert "理由を書いてください。" in text(second.post(url(town, "reject_faq", faq.pk), {"reason": ""}))
    assert the_faq(town).state == Faq.State.PROPOSED
    second.post(url(town, "reject_faq", faq.pk), {"reason": "料金が古い"})
    assert the_faq(town).state == Faq.State.REJECTED
    page = text(proposer.get(url(town, "faq", faq.pk)))
    assert "料金が古い" in page
    again = text(proposer.get(f"{url(town, 'propose_faq')}?faq={faq.pk}"))
    assert "粗大ごみはどう出しますか" in again


def test_published_faq_is_withdrawn_with_a_reason(town):
    faq, client = a_faq(town), signed_in(town)
    with in_municipality(town):
        verbs.approve(faq, a_person(Role.CLERK, town))
    client.post(url(town, "withdraw_faq", faq.pk), {"reason": "制度が変わった"})
    faq = the_faq(town)
    assert (faq.state, faq.reason, faq.document.current) == (Faq.State.WITHDRAWN, "制度が変わった", False)


def test_what_is_not_public_cannot_be_withdrawn(town):
    faq = a_faq(town)
    page = text(signed_in(town).post(url(town, "withdraw_faq", faq.pk), {"reason": "x"}))
    assert "公開中のものだけを取り下げられます" in page


def test_proposal_from_an_answer_is_filled_in_and_warns_of_personal_data(town):
    inquiry = a_question(town, "うちの粗大ごみは", state=Inquiry.State.HANDED_OVER)
    handed = a_hand_over(town, inquiry=inquiry)
    clerk = a_person(Role.CLERK, town)
    with in_municipality(town):
        hand_over.note(handed, clerk, "内部のメモ")
        hand_over.answer(handed, clerk, "電話で申し込んでください。", [], no_source="電話で確認")
    page = text(signed_in(town).get(f"{url(town, 'propose_faq')}?inquiry={inquiry.pk}"))
    assert "個人の情報を消してください" in page
    assert "うちの粗大ごみは" in page
    assert "電話で申し込んでください。" in page
    assert "内部のメモ" not in page


@pytest.mark.parametrize("private", ["厚木 花子", "hanako@example.jp", "046-000-1234"])
def test_proposal_that_names_the_resident_is_refused(town, private):
    inquiry = a_question(town)
    a_hand_over(town, inquiry=inquiry, name="厚木 花子", email="hanako@example.jp", telephone="046-000-1234")
    address = f"{url(town, 'propose_faq')}?inquiry={inquiry.pk}"
    client = signed_in(town)
    page = text(client.post(address, {**GIVEN, "answer": f"{private}様、お電話ください。"}))
    assert "問い合わせた方の名前か連絡先が入っています" in page
    with in_municipality(town):
        assert not Faq.objects.exists()
    client.post(address, GIVEN)
    assert the_faq(town).inquiry == inquiry


def test_proposal_needs_the_word_that_nobody_is_named(town):
    given = {name: value for name, value in GIVEN.items() if name != "nobody_named"}
    page = text(signed_in(town).post(url(town, "propose_faq"), given))
    assert "個人が分かる内容がないことを確かめて" in page


def test_list_filters_by_state_and_words(town):
    a_faq(town, question="粗大ごみの手数料")
    a_faq(town, question="図書館の開館時間", state=Faq.State.REJECTED)
    client = signed_in(town)
    rejected = text(client.get(url(town, "faqs"), {"state": "rejected"}))
    assert ("図書館の開館時間" in rejected, "粗大ごみの手数料" in rejected) == (True, False)
    found = text(client.get(url(town, "faqs"), {"words": "ごみ 手数料"}))
    assert ("図書館の開館時間" in found, "粗大ごみの手数料" in found) == (False, True)
    assert "承認を待っている提案が1件あります" in found
    assert "この条件に合うものはありません" in text(client.get(url(town, "faqs"), {"words": "火星"}))


def test_list_marks_what_is_past_its_validity(town):
    a_faq(town, valid_until=timezone.localdate() - timedelta(days=1))
    assert "過ぎています" in text(signed_in(town).get(url(town, "faqs")))


def test_list_takes_as_many_queries_for_three_as_for_one(town):
    client = signed_in(town)
    a_faq(town)
    one = queries(client, url(town, "faqs"))
    a_faq(town)
    a_faq(town)
    assert queries(client, url(town, "faqs")) == one


def test_export_holds_questions_answers_and_rulings(town):
    faq = a_faq(town, valid_until=date(2030, 3, 31))
    header, row = lines(signed_in(town).get(url(town, "faqs"), {"format": "csv"}))
    assert header[:4] == ["質問", "回答", "状態", "提案者"]
    assert row == [
        faq.question,
        faq.answer,
        "承認待ち",
        faq.proposed_by.name,
        f"{timezone.localtime(faq.proposed_at):%Y-%m-%d %H:%M:%S}",
        "",
        "",
        "",
        "2030-03-31",
    ]


@pytest.mark.parametrize("name", ["faq", "approve_faq", "reject_faq", "withdraw_faq"])
def test_faq_of_another_town_is_not_there(town, name):
    foreign = a_faq(a_municipality("332020"))
    client = signed_in(town)
    assert client.post(url(town, name, foreign.pk), {"reason": "x"}).status_code == 404
    assert client.get(url(town, name, foreign.pk)).status_code in (404, 405)


@pytest.mark.parametrize("kind", ["faq", "inquiry"])
def test_proposal_from_another_towns_faq_or_question_is_not_there(town, kind):
    there = a_municipality("332020")
    pk = a_faq(there).pk if kind == "faq" else a_question(there).pk
    assert signed_in(town).get(f"{url(town, 'propose_faq')}?{kind}={pk}").status_code == 404


def test_auditor_neither_reads_nor_rules(town):
    client, faq = signed_in(town, Role.AUDITOR), a_faq(town)
    assert client.get(url(town, "faqs")).status_code == 403
    assert client.post(url(town, "approve_faq", faq.pk)).status_code == 403
