"""To the staff and back, by the secret link."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from machi.base.models import Division, Role
from machi.base.scoping import in_municipality
from machi.frontdesk.domain import hand_over
from machi.frontdesk.domain import mail as letters
from machi.frontdesk.models import Document, HandOver, Inquiry, Message
from tests.base.factories import a_municipality, a_person
from tests.frontdesk.web.desks import QUESTION, an_inquiry, an_open_desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


def url(inquiry, name):
    return reverse(f"frontdesk:{name}", args=[inquiry.municipality_id, inquiry.token])


def handed_over(client, town, **filled):
    inquiry = an_inquiry(town)
    client.post(url(inquiry, "ask_staff"), filled)
    with in_municipality(town):
        return HandOver.objects.select_related("inquiry", "division").get(inquiry=inquiry)


def test_page_shows_what_will_be_handed_over_and_to_whom(client):
    page = client.get(url(an_inquiry(an_open_desk()), "ask_staff")).content.decode()
    assert QUESTION in page
    assert "ごみ対策課" in page
    assert 'autocomplete="email"' in page
    assert "この質問に答えるためにだけ使います" in page


def test_hand_over_without_any_contact_leads_to_the_status_page(client):
    town = an_open_desk()
    inquiry = an_inquiry(town)
    response = client.post(url(inquiry, "ask_staff"), {}, follow=True)
    assert response.redirect_chain == [(url(inquiry, "status"), 302)]
    page = response.content.decode()
    assert "ごみ対策課に引き継ぎました" in page
    assert url(inquiry, "status") in page
    with in_municipality(town):
        assert Inquiry.objects.get(pk=inquiry.pk).state == Inquiry.State.HANDED_OVER
        assert Message.objects.count() == 0


def test_who_left_an_address_gets_the_secret_link_by_mail(client, mailoutbox):
    town = an_open_desk()
    handed = handed_over(client, town, email="taro@example.com")
    letters.send_receipt_mail.call(town.code, handed.pk)
    (letter,) = mailoutbox
    assert letter.to == ["taro@example.com"]
    assert url(handed.inquiry, "status") in letter.body
    assert "ごみ対策課に引き継ぎました" in letter.body
    assert QUESTION not in letter.subject + letter.body  # mail is not a safe place
    sent = DBTaskResult.objects.filter(task_path="machi.frontdesk.domain.mail.send_receipt_mail")
    assert [one.args_kwargs["args"] for one in sent] == [[town.code, handed.pk]]


def test_no_address_no_letter(client):
    handed_over(client, an_open_desk(), email="")
    assert not DBTaskResult.objects.filter(task_path="machi.frontdesk.domain.mail.send_receipt_mail").exists()


def test_no_address_gets_many_letters_from_whoever_names_it(client):
    town = an_open_desk()
    inquiries = [an_inquiry(town) for _ in range(6)]
    answers = [client.post(url(one, "ask_staff"), {"email": "taro@example.com"}) for one in inquiries]
    assert [one.status_code for one in answers] == [302] * 5 + [429]


def test_wish_and_contact_are_kept_and_full_width_digits_understood(client):
    town = an_open_desk()
    handed = handed_over(
        client,
        town,
        wish="机が\x007つあります",
        name="厚木 花子",
        email="hanako@example.jp",
        telephone="０４６－０００－１２３４",
    )
    with in_municipality(town):
        assert [message.body for message in handed.messages.all()] == ["机が7つあります"]
    assert (handed.name, handed.email, handed.telephone) == ("厚木 花子", "hanako@example.jp", "046-000-1234")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("telephone", "電話しないで", "電話番号の形が正しくありません"),
        ("email", "hanako", "メールアドレスの形が正しくありません"),
        ("wish", "あ" * 4_001, "4,000文字までに短くしてください"),
    ],
)
def test_what_is_wrong_is_said_and_everything_stays_in_the_form(client, field, value, message):
    town = an_open_desk()
    inquiry = an_inquiry(town)
    response = client.post(url(inquiry, "ask_staff"), {"name": "厚木 花子", field: value})
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page
    assert value in page
    assert "厚木 花子" in page
    with in_municipality(town):
        assert HandOver.objects.count() == 0


def test_second_hand_over_leads_to_the_status_of_the_first(client):
    town = an_open_desk()
    handed = handed_over(client, town)
    response = client.post(url(handed.inquiry, "ask_staff"), {"wish": "もう一度"})
    assert response.url == url(handed.inquiry, "status")
    with in_municipality(town):
        assert HandOver.objects.count() == 1


def test_town_without_divisions_gives_its_telephone_number(client):
    town = an_open_desk()
    town.telephone = "046-223-1511"
    town.save()
    inquiry = an_inquiry(town)
    with in_municipality(town):
        Division.objects.all().delete()
    response = client.get(url(inquiry, "ask_staff"))
    assert response.status_code == 200
    assert 'href="tel:046-223-1511"' in response.content.decode()


def test_status_before_hand_over_is_the_answer(client):
    inquiry = an_inquiry(an_open_desk())
    assert client.get(url(inquiry, "status")).url == url(inquiry, "answer")


def test_resident_sees_the_answer_of_the_staff_with_its_sources_but_no_notes(client):
    town = an_open_desk()
    handed = handed_over(client, town)
    with in_municipality(town):
        person = a_person(Role.CLERK, town)
        document = Document.objects.get(title="粗大ごみの出し方")
        hand_over.take(handed, person)
        hand_over.note(handed, person, "この人は前にも同じことを聞いた")
        hand_over.answer(handed, person, "机は7点なので2回に分けてください。", [document])
    page = client.get(url(handed.inquiry, "status")).content.decode()
    assert "机は7点なので2回に分けてください。" in page
    assert reverse("frontdesk:document", args=[town.code, document.pk]) in page
    assert "回答しました" in page
    assert "前にも同じこと" not in page
    assert person.name not in page


def test_resident_writes_more_and_the_inquiry_opens_again(client):
    town = an_open_desk()
    handed = handed_over(client, town)
    with in_municipality(town):
        person = a_person(Role.CLERK, town)
        hand_over.answer(handed, person, "500円です。", [Document.objects.first()])
    response = client.post(url(handed.inquiry, "status"), {"body": "2点ではいくらですか"}, follow=True)
    assert "2点ではいくらですか" in response.content.decode()
    with in_municipality(town):
        handed.refresh_from_db()
    assert handed.state == HandOver.State.OPEN


def test_empty_addition_is_refused(client):
    town = an_open_desk()
    handed = handed_over(client, town)
    response = client.post(url(handed.inquiry, "status"), {"body": "\x00 "})
    assert response.status_code == 200
    assert "伝えたいことを書いてください。" in response.content.decode()


def test_status_needs_the_same_number_of_queries_for_one_message_and_three(client, django_assert_num_queries):
    town = an_open_desk()
    handed = handed_over(client, town)
    with in_municipality(town):
        person = a_person(Role.CLERK, town)
        document = Document.objects.first()
        hand_over.answer(handed, person, "一つ目の回答", [document])
    client.get(url(handed.inquiry, "status"))
    with CaptureQueriesContext(connection) as few:
        client.get(url(handed.inquiry, "status"))
    with in_municipality(town):
        for body in ("二つ目の回答", "三つ目の回答"):
            hand_over.answer(handed, person, body, [document])
    with django_assert_num_queries(len(few)):
        client.get(url(handed.inquiry, "status"))


def test_hand_overs_from_one_address_are_limited(client):
    town = an_open_desk()
    codes = [client.post(url(an_inquiry(town), "ask_staff"), {}).status_code for _ in range(11)]
    assert codes == [302] * 10 + [429]


def test_hand_over_in_another_town_is_not_found(client):
    inquiry = an_inquiry(an_open_desk())
    other = a_municipality("222127")
    assert (
        client.post(reverse("frontdesk:ask_staff", args=[other.code, inquiry.token]), {}).status_code == 404
    )
