"""Pages of seminars: everybody's, those behind a secret link, and the office's."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from machi.base.models import Consortium, ConsortiumMember, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain import seminars, seminars_questionnaire
from machi.learning.domain.seminars_mail import send_mails
from machi.learning.domain.seminars_programme import (
    add_material,
    publish_materials,
    put_question,
    put_speaker,
)
from machi.learning.domain.seminars_report import make, publish
from machi.learning.models import Seminar, SeminarMail, SeminarRegistration
from machi.learning.web.seminars_register_form import LEAST_SECONDS
from tests.base.factories import a_municipality, a_person
from tests.joint.factories import a_consortium, client_of, office_of, towns_of
from tests.learning.seminars import a_seminar, a_session, begun, form_of, given, held, registered, send, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium() -> Iterator[Consortium]:
    consortium = a_consortium()
    with in_municipality(towns_of(consortium)[0]), in_consortium(consortium):
        yield consortium


@pytest.fixture
def town(consortium):
    return towns_of(consortium)[0]


@pytest.fixture
def office(consortium):
    return office_of(consortium)


@pytest.fixture
def desk(office) -> Client:
    return client_of(office)


@pytest.fixture
def seminar(consortium, town, office) -> Seminar:
    return a_seminar(consortium, town, office)


@pytest.fixture
def patient(monkeypatch):
    """As if people took no time to read: the clock of a test does not wait."""
    monkeypatch.setattr("machi.learning.web.seminars_register_form.LEAST_SECONDS", 0)


def text(response: HttpResponse) -> str:
    return response.content.decode()


# Everybody


def test_drafts_are_not_public(consortium, town, office):
    draft = a_seminar(consortium, town, office, published=False)
    client = Client()
    assert "AIセミナー" not in text(client.get(url(town, "public_seminars")))
    assert client.get(url(town, "public_seminar", draft.pk)).status_code == 404
    assert client.get(url(town, "seminar_register", draft.pk)).status_code == 404


def test_page_shows_programme_and_only_speakers_who_agreed(consortium, town, office):
    seminar = a_seminar(consortium, town, office, published=False, title_en="AI seminar", purpose_en="Learn.")
    told = {
        "name": "登壇 花子",
        "belongs": "大学",
        "biography": "研究者",
        "consented_on": timezone.localdate(),
    }
    shown = put_speaker(seminar, office, told)
    a_session(seminar, office, "基調講演", chosen=False, speakers=[shown])
    seminars.publish(seminar, office)
    hidden = put_speaker(seminar, office, {**told, "name": "同意 なし"})
    put_speaker(seminar, office, {**told, "name": "同意 なし", "consented_on": None}, hidden)
    page = text(Client().get(url(town, "public_seminar", seminar.pk)))
    assert "基調講演" in page
    assert "登壇 花子" in page
    assert "同意 なし" not in page
    assert "残り2席（定員2人）" in page
    client = Client()
    client.cookies["django_language"] = "en"
    english = text(client.get(url(town, "public_seminar", seminar.pk)))
    assert "AI seminar" in english
    assert "Learn." in english


def test_publishing_waits_for_the_consent_of_every_speaker(consortium, town, office, desk):
    seminar = a_seminar(consortium, town, office, published=False)
    put_speaker(seminar, office, {"name": "未 同意", "belongs": "", "biography": "", "consented_on": None})
    answer = desk.post(url(town, "seminar_step", seminar.pk, "publish"))
    assert "掲載の同意がまだの登壇者がいます: 未 同意" in text(answer)
    seminar.refresh_from_db()
    assert seminar.state == "draft"


def test_list_has_a_constant_number_of_queries(consortium, town, office, django_assert_num_queries):
    counts = []
    for _ in range(2):
        a_seminar(consortium, town, office)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            Client().get(url(town, "public_seminars"))
        counts.append(len(queries))
    a_seminar(consortium, town, office)
    with django_assert_num_queries(counts[0]):
        Client().get(url(town, "public_seminars"))


def test_registering_gives_a_seat_and_a_letter_with_a_link_that_opens(seminar, town, patient):
    client = Client()
    answer = send(client, url(town, "seminar_register", seminar.pk), needs="手話通訳")
    assert answer.status_code == 302
    assert "/thanks/seat/" in answer["Location"]
    assert "席を用意しました" in text(client.get(answer["Location"]))
    made = SeminarRegistration.objects.get()
    assert (made.name, made.needs, made.number) == ("参加 花子", "手話通訳", 1)
    send_mails.func(seminar.consortium_id, [SeminarMail.objects.get().pk])
    (letter,) = mail.outbox
    assert letter.to == ["hanako@mail.example"]
    assert made.code in letter.body
    link = re.search(r"http://\S+", letter.body)
    assert link
    page = text(Client().get(link[0].removeprefix("http://127.0.0.1:8000")))
    assert "参加 花子" in page
    assert "手話通訳" in page
    assert SeminarMail.objects.get().state == "sent"


def test_full_seminar_puts_people_on_the_waiting_list(seminar, town, patient):
    registered(seminar, 1, 2)
    page = url(town, "seminar_register", seminar.pk)
    assert "会場で参加（満席・キャンセル待ち）" in text(Client().get(page))
    answer = send(Client(), page)
    assert "/thanks/waiting/" in answer["Location"]


def test_double_registration_looks_like_a_new_one(seminar, town, patient):
    client, page = Client(), url(town, "seminar_register", seminar.pk)
    first = send(client, page)
    second = send(client, page, name="だれか")
    assert first["Location"] == second["Location"]
    assert SeminarRegistration.objects.count() == 1
    assert SeminarMail.objects.filter(kind="again").count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"web_page": "http://spam.example"}, "見えない欄に文字が入っていました"),
        ({"name": ""}, "お名前"),
        ({"email": "not an address"}, "メールアドレス"),
        ({"role": "staff"}, "市区町村を選ぶか、勤め先・団体を書いてください"),
        ({"way": "online"}, "参加のしかた"),
        ({"town": "999999"}, "市区町村"),
    ],
)
def test_wrong_input_is_told_and_nothing_typed_is_lost(seminar, town, patient, changes, words):
    answer = send(Client(), url(town, "seminar_register", seminar.pk), **{"needs": "車いすの席", **changes})
    assert answer.status_code == 200
    assert words in text(answer)
    assert "車いすの席" in text(answer)
    assert SeminarRegistration.objects.count() == 0


def test_form_that_comes_too_soon_is_asked_for_again_and_then_taken(seminar, town, monkeypatch):
    assert LEAST_SECONDS >= 2
    client, page = Client(), url(town, "seminar_register", seminar.pk)
    stamp = begun(client, page)
    early = client.post(page, {**form_of(), "begun": stamp})
    assert "少し待ってから" in text(early)
    assert "参加 花子" in text(early)
    assert SeminarRegistration.objects.count() == 0
    real = timezone.now()
    monkeypatch.setattr(
        "machi.learning.web.seminars_register_form.timezone.now", lambda: real + timedelta(seconds=9)
    )
    assert client.post(page, {**form_of(), "begun": stamp}).status_code == 302


@pytest.mark.parametrize("stamp", ["", "forged", "WzEsIDFd:x:y"])
def test_form_without_a_signed_time_is_not_taken_but_gets_one(seminar, town, patient, stamp):
    client, page = Client(), url(town, "seminar_register", seminar.pk)
    answer = client.post(page, {**form_of(), "begun": stamp})
    assert "もう一度「申し込む」を押してください" in text(answer)
    fresh = re.search(r'name="begun" value="([^"]+)"', text(answer))
    assert fresh
    assert client.post(page, {**form_of(), "begun": fresh[1]}).status_code == 302


def test_stamp_of_another_seminar_does_not_serve(consortium, seminar, town, office, patient):
    other = a_seminar(consortium, town, office)
    client = Client()
    stamp = begun(client, url(town, "seminar_register", other.pk))
    answer = client.post(url(town, "seminar_register", seminar.pk), {**form_of(), "begun": stamp})
    assert answer.status_code == 200
    assert SeminarRegistration.objects.count() == 0


def test_town_hall_behind_one_address_is_let_in_and_a_flood_is_not(
    consortium, town, office, patient, settings
):
    seminar = a_seminar(consortium, town, office, seats={"on_site": None})
    client, page = Client(), url(town, "seminar_register", seminar.pk)
    stamp = begun(client, page)
    settings.MACHI_REGISTER_RATE = "40/d"  # a window that does not end while the test runs
    statuses = [
        client.post(page, {**form_of(email=f"clerk{number}@town.example"), "begun": stamp}).status_code
        for number in range(42)
    ]
    assert statuses == [302] * 40 + [429] * 2


def test_default_rate_lets_two_hundred_register_in_a_minute():
    from machi.site import settings as site

    assert int(site.MACHI_REGISTER_RATE.partition("/")[0]) >= 200
    assert site.MACHI_REGISTER_RATE.endswith("/m")


def test_one_mailbox_is_not_flooded(seminar, town, patient):
    client, page = Client(), url(town, "seminar_register", seminar.pk)
    stamp = begun(client, page)
    for _ in range(8):
        assert client.post(page, {**form_of(), "begun": stamp}).status_code == 302
    assert sorted(SeminarMail.objects.values_list("kind", flat=True)) == ["again", "taken"]


def test_questions_of_the_office_are_asked_and_told(seminar, town, office, desk, patient):
    asked = put_question(
        seminar,
        office,
        {"label": "経験", "label_en": "", "kind": "some", "required": True, "choices": ["生成AI", "RPA"]},
    )
    page = url(town, "seminar_register", seminar.pk)
    assert "経験" in text(send(Client(), page))
    assert SeminarRegistration.objects.count() == 0
    send(Client(), page, **{f"answer_{asked.pk}": ["RPA", "生成AI"]})
    assert "生成AI、RPA" in text(desk.get(url(town, "seminar_person", seminar.pk, 1)))


def test_calendar_file_has_the_seminar_and_chosen_sessions(seminar, town, office):
    session = a_session(seminar, office, "演習")
    (made,) = registered(seminar, 1, sessions=[session.pk])
    whole = text(Client().get(url(town, "seminar_calendar", seminar.pk)))
    mine = text(Client().get(url(town, "my_seminar_calendar", made.token)))
    assert whole.count("BEGIN:VEVENT") == 1
    assert mine.count("BEGIN:VEVENT") == 2
    assert f"UID:seminar-{seminar.pk}-session-{session.pk}@machi" in mine


# By the secret link


def test_secret_page_changes_cancels_and_erases(seminar, town):
    (made,) = registered(seminar, 1)
    client, page = Client(), url(town, "my_seminar", made.token)
    answer = client.get(page)
    assert answer["Cache-Control"] == "no-store"
    assert made.code in text(answer)
    changed = client.post(url(town, "my_seminar_change", made.token), form_of(name="参加 改名"))
    assert changed.status_code == 302
    assert "参加 改名" in text(client.get(page))
    assert client.post(url(town, "my_seminar_act", made.token, "cancel")).status_code == 302
    made.refresh_from_db()
    assert made.state == "cancelled"
    client.post(url(town, "my_seminar_act", made.token, "erase"))
    made.refresh_from_db()
    assert (made.name, made.email, made.needs) == (None, None, None)
    assert client.get(page).status_code == 404


def test_offered_seat_is_taken_on_the_page(seminar, town):
    first, _, third = registered(seminar, 1, 2, 3)
    client = Client()
    client.post(url(town, "my_seminar_act", first.token, "cancel"))
    assert "参加する" in text(client.get(url(town, "my_seminar", third.token)))
    client.post(url(town, "my_seminar_act", third.token, "accept"))
    third.refresh_from_db()
    assert third.state == "confirmed"
    assert client.post(url(town, "my_seminar_act", third.token, "nonsense")).status_code == 404


def test_asking_before_an_act_changes_nothing(seminar, town):
    (made,) = registered(seminar, 1)
    for act in ("cancel", "erase"):
        assert Client().get(url(town, "my_seminar_act", made.token, act)).status_code == 200
    made.refresh_from_db()
    assert (made.state, made.name) == ("confirmed", "参加 1郎")


def test_link_of_another_consortium_opens_nothing(seminar, town):
    (made,) = registered(seminar, 1)
    other = a_municipality("332020")
    foreign = Consortium.objects.create(name="よその共同体")
    ConsortiumMember.objects.filter(municipality=other).delete()
    ConsortiumMember.objects.create(consortium=foreign, municipality=other, since="2026-04-01")
    assert Client().get(url(other, "my_seminar", made.token)).status_code == 404
    assert Client().get(url(other, "public_seminar", seminar.pk)).status_code == 404


# The office


@pytest.mark.parametrize("role", [Role.CLERK, Role.MANAGER, Role.AI_OFFICER, Role.AUDITOR, Role.LEARNER])
def test_lists_of_people_are_the_office_s_alone(seminar, town, role):
    client = client_of(a_person(role, town))
    for name in ("seminar_people", "seminar_attend", "seminar_letters", "seminar_report", "seminar"):
        assert client.get(url(town, name, seminar.pk)).status_code == 403


def test_office_writes_a_seminar_and_publishes_it(consortium, town, desk):
    sent = {
        name: value.astimezone().strftime("%Y-%m-%dT%H:%M") if hasattr(value, "strftime") else value
        for name, value in given().items()
        if name != "seats"
    }
    answer = desk.post(url(town, "create_seminar"), {**sent, "seats_on_site": "30", "seats_online": ""})
    assert answer.status_code == 302
    made = Seminar.objects.get()
    assert made.seats.get().capacity == 30
    assert "公開する" in text(desk.get(url(town, "seminar", made.pk)))
    desk.post(url(town, "seminar_step", made.pk, "publish"))
    made.refresh_from_db()
    assert made.state == "published"
    assert "AIセミナー" in text(Client().get(url(town, "public_seminars")))


def test_impossible_times_are_told_at_their_field(town, desk, consortium):
    wrong = given()
    wrong["closes_at"] = wrong["starts_at"] + timedelta(days=1)
    sent = {
        name: value.strftime("%Y-%m-%dT%H:%M") if hasattr(value, "strftime") else value
        for name, value in wrong.items()
        if name != "seats"
    }
    answer = desk.post(url(town, "create_seminar"), sent)
    assert "受付は、セミナーが始まるまでに終えてください" in text(answer)
    assert Seminar.objects.count() == 0


def test_every_list_exports_to_excel(seminar, town, desk, office):
    registered(seminar, 1, 2, 3, needs="=1+1")
    for name, rows in (("seminar_people", 3), ("seminar_attend", 2), ("seminar_letters", 3)):
        answer = desk.get(url(town, name, seminar.pk) + "?format=xlsx")
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        assert sheet is not None
        assert sheet.max_row == rows + 1
    answer = desk.get(url(town, "seminars") + "?format=csv")
    assert "AIセミナー" in b"".join(answer.streaming_content).decode("utf-8-sig")


@pytest.mark.parametrize("name", ["seminar_people", "seminar_attend", "seminar_letters"])
def test_office_lists_have_a_constant_number_of_queries(
    seminar, town, desk, office, django_assert_num_queries, name
):
    seminars.change(seminar, office, {"seats": {"on_site": 10}})
    registered(seminar, 1)
    desk.get(url(town, name, seminar.pk))
    with CaptureQueriesContext(connection) as one:
        desk.get(url(town, name, seminar.pk))
    registered(seminar, 2, 3, town=town)
    with django_assert_num_queries(len(one)):
        desk.get(url(town, name, seminar.pk))


def test_attendance_by_button_code_and_list(seminar, town, desk, office):
    seminars.change(seminar, office, {"seats": {"on_site": 5}})
    one, two, three = registered(seminar, 1, 2, 3)
    desk.post(url(town, "attend_one", seminar.pk, one.number))
    check = url(town, "seminar_check_in", seminar.pk)
    shown = text(desk.get(f"{check}?code={two.code}"))
    assert "参加 2郎" in shown
    two.refresh_from_db()
    assert two.attended_at is None  # looking is not yet coming
    desk.post(check, {"code": two.code.lower()})
    assert "もう出席になっています" in text(desk.post(check, {"code": two.code}, follow=True))
    assert "この番号の申し込みはありません" in text(desk.post(check, {"code": "ZZZZZZZZ"}))
    for row in (one, two):
        row.refresh_from_db()
        assert row.attended_at
    page = url(town, "import_attendance", seminar.pk)
    wrong = "受付番号,出席\n3,たぶん\n99,出席\n3,出席\n"
    told = text(desk.post(page, {"file": _file(wrong)}))
    assert "2行目の「出席」（「たぶん」）" in told
    assert "3行目の「受付番号」（「99」）" in told
    three.refresh_from_db()
    assert three.attended_at is None
    desk.post(page, {"file": _file("受付番号,お名前,出席\n3,x,○\n1,y,欠席\n2,z,\n")})
    came = list(seminar.registrations.order_by("number").values_list("attended_at", flat=True))
    assert [at is not None for at in came] == [False, True, True]


def test_whoever_waits_cannot_be_checked_in(seminar, town, desk):
    registered(seminar, 1, 2)
    (waits,) = registered(seminar, 3)
    assert "席がありません" in text(
        desk.post(url(town, "seminar_check_in", seminar.pk), {"code": waits.code})
    )


def test_materials_are_public_once_that_is_decided(seminar, town, desk, office):
    registered(seminar, 1)
    made = add_material(seminar, office, "当日資料", "slides.pdf", b"%PDF-1.4 slides")
    page = url(town, "seminar_material", seminar.pk, made.pk)
    assert Client().get(page).status_code == 404
    answer = desk.get(url(town, "seminar_material_file", seminar.pk, made.pk))
    assert answer.status_code == 200
    answer.close()
    publish_materials(held(seminar, office), office)
    answer = Client().get(page)
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 slides"
    answer.close()
    assert SeminarMail.objects.filter(kind="materials").count() == 1


def test_material_that_is_not_what_its_name_says_is_refused(seminar, town, desk):
    answer = desk.post(
        url(town, "add_seminar_material", seminar.pk),
        {"title": "資料", "file": _file("MZ\0", "slides.pdf")},
    )
    assert "受け取れません" in text(answer)


def test_questionnaire_and_report_on_their_pages(seminar, town, desk, office):
    seminars.change(seminar, office, {"seats": {"on_site": 20}})
    people = registered(seminar, *range(1, 9))
    held(seminar, office, came=8)
    desk.post(url(town, "questionnaire_step", seminar.pk, "ask"))
    assert SeminarMail.objects.filter(kind="asked").count() == 8
    client = Client()
    for at, one in enumerate(people):
        page = url(town, "seminar_questionnaire", one.token)
        assert client.get(page).status_code == 200
        sent = {
            "q_satisfied": "very" if at < 6 else "rather",
            "q_useful": "soon",
            "q_good": "事例の発表がよかった",
        }
        assert client.post(page, sent).status_code == 302
        assert "もう答えたか、締め切った" in text(client.get(page))
    seminar.refresh_from_db()
    desk.post(url(town, "questionnaire_step", seminar.pk, "close"))
    seminar.refresh_from_db()
    report = make(
        Seminar.objects.select_related("survey__current", "municipality").get(pk=seminar.pk), office
    )
    assert Client().get(url(town, "public_seminar_report", seminar.pk)).status_code == 404
    quote = report.quotes.first()
    assert quote
    shown = text(desk.get(url(town, "seminar_report", seminar.pk)))
    assert "事例の発表がよかった" in shown
    desk.post(url(town, "hide_quote", seminar.pk, quote.pk), {"why": "wish"})
    desk.post(url(town, "seminar_summary", seminar.pk), {"summary": "たくさん来てくれました。"})
    report.refresh_from_db()
    publish(report, office)
    public = text(Client().get(url(town, "public_seminar_report", seminar.pk)))
    assert public.count("<blockquote>事例の発表がよかった</blockquote>") == 1
    assert "同じ言葉が7件" in public
    assert "たくさん来てくれました。" in public
    assert "<svg" in public
    assert "5人未満" in public
    for kind, head in (("docx", b"PK"), ("pdf", b"%PDF")):
        assert (
            Client().get(url(town, "public_seminar_report_file", seminar.pk, kind)).content.startswith(head)
        )
    assert seminars_questionnaire.answers_of(seminar).count() == 8


def _file(content: str, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode())
