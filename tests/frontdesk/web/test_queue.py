"""The queue and what staff do with a hand-over."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from machi.base.models import LedgerEntry, Role
from machi.base.scoping import in_municipality
from machi.base.web.due import due
from machi.frontdesk.domain import hand_over as verbs
from machi.frontdesk.domain import indexing
from machi.frontdesk.models import Document, HandOver, Inquiry
from tests.base.factories import a_division, a_municipality, a_person
from tests.frontdesk.factories import a_document, a_faq, a_hand_over, a_question, a_source, signed_in
from tests.frontdesk.web.staff import lines, queries, text, url

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def town():
    return a_municipality()


def asked(town, question, **fields):
    return a_hand_over(town, inquiry=a_question(town, question, state=Inquiry.State.HANDED_OVER), **fields)


def again(handed):
    with in_municipality(handed.municipality):
        return HandOver.objects.select_related("inquiry").get(pk=handed.pk)


def test_queue_shows_my_division_first_and_others_when_asked(town):
    mine, other = a_division(town, "ごみ対策課"), a_division(town, "市民課")
    asked(town, "粗大ごみの出し方", division=mine)
    asked(town, "住民票の写し", division=other)
    a_person(Role.CLERK, town, division=other)
    client = signed_in(town, division=mine)
    page = text(client.get(url(town, "queue")))
    assert "粗大ごみの出し方" in page
    assert "住民票の写し" not in page
    everything = text(client.get(url(town, "queue"), {"division": "all"}))
    assert "粗大ごみの出し方" in everything
    assert "住民票の写し" in everything
    others = text(client.get(url(town, "queue"), {"division": other.pk}))
    assert "粗大ごみの出し方" not in others


def test_queue_shows_what_was_sent_to_a_division_without_staff(town):
    mine, nobodys = a_division(town, "ごみ対策課"), a_division(town, "市民課")
    asked(town, "住民票の写し", division=nobodys)
    assert "住民票の写し" in text(signed_in(town, division=mine).get(url(town, "queue")))


def test_queue_that_is_empty_tells_of_other_divisions(town):
    mine, other = a_division(town, "ごみ対策課"), a_division(town, "市民課")
    asked(town, "住民票の写し", division=other)
    a_person(Role.CLERK, town, division=other)
    client = signed_in(town, division=mine)
    page = text(client.get(url(town, "queue")))
    assert "ほかの課で1件が回答を待っています" in page
    assert "?division=all" in page
    assert "ほかの課" not in text(client.get(url(town, "queue"), {"state": "answered"}))


def test_queue_without_a_division_of_ones_own_shows_all(town):
    asked(town, "粗大ごみの出し方", division=a_division(town))
    client = signed_in(town)
    for asked_for in ({}, {"division": ""}, {"division": "all", "state": ""}):
        page = text(client.get(url(town, "queue"), asked_for))
        assert "粗大ごみの出し方" in page
        assert "errorlist" not in page


def test_queue_says_overdue_in_words(town):
    asked(town, "住民票の写し", division=a_division(town), due_in=-3 * HOUR)
    page = text(signed_in(town).get(url(town, "queue")))
    assert "期限を3時間超過" in page
    assert "chip-danger" in page


def test_queue_filters_by_state_and_deadline(town):
    division = a_division(town)
    asked(town, "期限前の質問", division=division)
    asked(town, "期限後の質問", division=division, due_in=-DAY)
    asked(town, "回答した質問", division=division, answered_after=HOUR)
    client = signed_in(town)
    overdue = text(client.get(url(town, "queue"), {"overdue": "on"}))
    assert ("期限後の質問" in overdue, "期限前の質問" in overdue) == (True, False)
    answered = text(client.get(url(town, "queue"), {"state": "answered"}))
    assert ("回答した質問" in answered, "期限後の質問" in answered) == (True, False)
    assert client.get(url(town, "queue"), {"state": "nonsense", "division": "x"}).status_code == 200


def test_empty_queue_leads_to_what_was_not_answered(town):
    assert url(town, "unanswered") in text(signed_in(town).get(url(town, "queue")))


def test_queue_takes_as_many_queries_for_three_as_for_one(town):
    client, division = signed_in(town), a_division(town)
    asked(town, "一つ目", division=division, taken_by=a_person())
    one = queries(client, url(town, "queue"))
    for number in range(2):
        asked(town, f"質問{number}", division=a_division(town, f"課{number}"), taken_by=a_person())
    assert queries(client, url(town, "queue")) == one


def test_queue_export_holds_the_filtered_rows_without_contact_details(town):
    division = a_division(town)
    handed = asked(town, "=粗大ごみ", division=division, name="厚木 花子", email="hanako@example.jp")
    asked(town, "住民票", division=a_division(town, "税務課"))
    response = signed_in(town).get(url(town, "queue"), {"division": division.pk, "format": "csv"})
    header, *rows = lines(response)
    assert header == ["番号", "質問", "担当課", "状態", "受付日時", "期限", "担当者", "回答日時"]
    wall = timezone.localtime
    assert rows == [
        [
            str(handed.inquiry_id),
            "'=粗大ごみ",
            "市民課",
            "未対応",
            f"{wall(handed.created_at):%Y-%m-%d %H:%M:%S}",
            f"{wall(handed.due_at):%Y-%m-%d %H:%M:%S}",
            "",
            "",
        ]
    ]


@pytest.mark.parametrize("kind", ["csv-cp932", "xlsx"])
def test_queue_exports_in_the_other_formats(town, kind):
    asked(town, "粗大ごみ", division=a_division(town))
    response = signed_in(town).get(url(town, "queue"), {"format": kind})
    content = b"".join(response.streaming_content)
    assert content.startswith(b"PK") if kind == "xlsx" else "粗大ごみ" in content.decode("cp932")


def test_auditor_may_not_read_the_queue(town):
    assert signed_in(town, Role.AUDITOR).get(url(town, "queue")).status_code == 403


@pytest.mark.parametrize("name", ["hand_over", "move", "take", "release", "note"])
def test_hand_over_of_another_town_is_not_there(town, name):
    foreign = asked(a_municipality("332020"), "よその質問", division=a_division(a_municipality("332020")))
    client = signed_in(town)
    for response in (
        client.get(url(town, name, foreign.pk)),
        client.post(url(town, name, foreign.pk), {"body": "x"}),
    ):
        assert response.status_code in (404, 405)
    assert client.post(url(town, name, foreign.pk), {"body": "x"}).status_code == 404


def test_take_and_release_name_the_person(town):
    handed, client = asked(town, "粗大ごみ", division=a_division(town)), signed_in(town)
    client.post(url(town, "take", handed.pk))
    assert (again(handed).state, again(handed).taken_by) == (HandOver.State.TAKEN, client.person)
    other = signed_in(town)
    page = text(other.post(url(town, "take", handed.pk), follow=True))
    assert "ほかの職員がすでに対応しています" in page
    assert f"{client.person.name}さんが対応中です" in page
    other.post(url(town, "release", handed.pk))
    assert (again(handed).state, again(handed).taken_by) == (HandOver.State.OPEN, None)


def test_hand_over_shows_question_answer_reasons_contact_and_conversation(town):
    document = a_document(a_source(town, "広報"), "粗大ごみの出し方", "手数料は1点500円です。")
    inquiry = a_question(town, "粗大ごみの手数料は", cites=document, helped=False)
    handed = a_hand_over(town, inquiry=inquiry, name="厚木 花子", telephone="046-000-1234")
    with in_municipality(town):
        Inquiry.objects.filter(pk=inquiry.pk).update(reasons=[["nothing_found", {}]])
        verbs.resident_writes(handed, "椅子が2つあります")
    page = text(signed_in(town).get(url(town, "hand_over", handed.pk)))
    for shown in [
        "粗大ごみの手数料は", "手数料は", "役に立たなかった", "厚木 花子", "046-000-1234", "椅子が2つあります", "広報",
    ]:  # fmt: skip
        assert shown in page


def test_note_stays_among_staff(town):
    handed, client = asked(town, "粗大ごみ", division=a_division(town)), signed_in(town)
    page = text(client.post(url(town, "note", handed.pk), {"body": "担当に電話した"}, follow=True))
    assert "担当に電話した" in page
    with in_municipality(town):
        assert [(m.internal, m.author) for m in handed.messages.all()] == [(True, client.person)]
    assert "メモを書いてください。" in text(client.post(url(town, "note", handed.pk), {"body": " "}))


def test_move_gives_it_to_another_division_with_the_reason_as_a_note(town):
    handed, client = asked(town, "粗大ごみ", division=a_division(town)), signed_in(town)
    other = a_division(town, "ごみ対策課")
    assert "ごみ対策課" in text(client.get(url(town, "move", handed.pk)))
    assert "理由を書いてください。" in text(
        client.post(url(town, "move", handed.pk), {"division": other.pk, "reason": ""})
    )
    response = client.post(url(town, "move", handed.pk), {"division": other.pk, "reason": "ごみの話"})
    assert response.status_code == 302
    assert again(handed).division == other
    with in_municipality(town):
        assert "ごみの話" in handed.messages.get().body


def test_move_to_a_division_of_another_town_is_refused(town):
    handed = asked(town, "粗大ごみ", division=a_division(town))
    foreign = a_division(a_municipality("332020"), "環境課")
    response = signed_in(town).post(url(town, "move", handed.pk), {"division": foreign.pk, "reason": "x"})
    assert response.status_code == 200
    assert again(handed).division == handed.division


@pytest.fixture
def answerable(town):
    document = a_document(a_source(town, "広報"), "粗大ごみの出し方", "手数料は1点500円です。")
    with in_municipality(town):
        indexing.build(town)
    return asked(town, "粗大ごみの手数料は", division=a_division(town), email="hanako@example.jp"), document


def test_suggested_sources_are_offered_with_excerpt_and_place(town, answerable):
    handed, document = answerable
    page = text(signed_in(town).get(url(town, "hand_over", handed.pk)))
    assert f'name="documents" value="{document.pk}"' in page
    assert "手数料は1点500円です。" in page
    assert url(town, "document", document.pk) + "?start=0" in page


def test_answer_is_shown_once_more_and_then_sent(town, answerable):
    handed, document = answerable
    client = signed_in(town)
    given = {"body": "1点500円です。\nお電話ください。", "documents": [document.pk]}
    confirm = text(client.post(url(town, "hand_over", handed.pk), {**given, "check": "1"}))
    assert "この内容で回答しますか" in confirm
    assert again(handed).state == HandOver.State.OPEN
    client.post(url(town, "hand_over", handed.pk), {**given, "send": "1"})
    assert again(handed).state == HandOver.State.ANSWERED
    assert again(handed).inquiry.state == Inquiry.State.CLOSED
    with in_municipality(town):
        message = handed.messages.get()
        assert (message.body, message.author) == (given["body"], client.person)
        assert list(message.documents.all()) == [document]
        assert LedgerEntry.objects.filter(subject=f"inquiry:{handed.inquiry_id}").count() == 1
        letters = DBTaskResult.objects.filter(task_path="machi.frontdesk.domain.mail.send_answer_mail")
        assert [letter.args_kwargs["args"] for letter in letters] == [[town.code, message.pk]]


def test_answer_can_be_written_again_without_losing_it(town, answerable):
    handed, document = answerable
    given = {"body": "書きかけの文", "documents": [document.pk], "no_source": "", "edit": "1"}
    page = text(signed_in(town).post(url(town, "hand_over", handed.pk), given))
    assert "書きかけの文" in page
    assert f'id="document-{document.pk}" checked' in page
    assert "入力内容を確認してください" not in page


def test_answer_needs_a_source_or_the_reason_why_there_is_none(town, answerable):
    handed, document = answerable
    client = signed_in(town)

    def send(**given):
        return client.post(url(town, "hand_over", handed.pk), {"body": "500円です。", "send": "1", **given})

    assert "根拠にした資料を選んでください" in text(send())
    assert "資料がない理由を書いてください" in text(send(without_source="on"))
    assert "を外してください" in text(send(without_source="on", no_source="電話", documents=[document.pk]))
    assert again(handed).state == HandOver.State.OPEN
    assert send(without_source="on", no_source="担当に電話した").status_code == 302
    assert again(handed).state == HandOver.State.ANSWERED
    with in_municipality(town):
        assert [m.internal for m in handed.messages.order_by("internal")] == [False, True]
        assert "担当に電話した" in handed.messages.get(internal=True).body


def test_answer_may_not_rest_on_a_document_of_another_town(town, answerable):
    handed, _ = answerable
    foreign = a_document(a_source(a_municipality("332020")))
    given = {"body": "500円です。", "documents": [foreign.pk], "send": "1"}
    assert signed_in(town).post(url(town, "hand_over", handed.pk), given).status_code == 200
    assert again(handed).state == HandOver.State.OPEN


def test_answer_finds_other_documents_by_words_and_keeps_the_draft(town, answerable):
    handed, _ = answerable
    other = a_document(a_source(town, "条例"), "ごみ処理手数料条例", "前文。" * 30 + "金額は別表のとおり。")
    given = {"body": "書きかけ", "find": "条例 別表", "search": "1"}
    page = text(signed_in(town).post(url(town, "hand_over", handed.pk), given))
    assert f'name="documents" value="{other.pk}"' in page
    assert "…" + "前文。" * 9 + "金額は別表のとおり。" in page
    assert f"{url(town, 'document', other.pk)}?start=93&amp;end=95#cited" in page
    assert "書きかけ" in page
    assert "入力内容を確認してください" not in page
    with in_municipality(town):
        Document.objects.filter(pk=other.pk).update(current=False)
    assert f'value="{other.pk}"' not in text(signed_in(town).post(url(town, "hand_over", handed.pk), given))


def test_answered_hand_over_offers_to_make_a_faq_until_there_is_one(town):
    handed = asked(town, "粗大ごみ", division=a_division(town), answered_after=HOUR)
    client = signed_in(town)
    assert f"{url(town, 'propose_faq')}?inquiry={handed.inquiry_id}" in text(
        client.get(url(town, "hand_over", handed.pk))
    )
    faq = a_faq(town, inquiry=handed.inquiry)
    page = text(client.get(url(town, "hand_over", handed.pk)))
    assert url(town, "faq", faq.pk) in page
    assert "?inquiry=" not in page


def test_deadline_in_words():
    now = timezone.now()
    found = [
        due(now + span, now) for span in (59 * HOUR / 60, 5 * HOUR, 24 * HOUR, 47 * HOUR, 50 * HOUR, -2 * DAY)
    ]
    assert [(one.words, one.kind) for one in found] == [
        ("あと59分", "warning"),
        ("あと5時間", "warning"),
        ("あと24時間", "warning"),
        ("あと47時間", ""),
        ("あと2日", ""),
        ("期限を2日超過", "danger"),
    ]


def test_same_answer_is_sent_only_once_and_another_one_is_added(town, answerable):
    handed, document = answerable
    client = signed_in(town)
    given = {"body": "1点500円です。", "documents": [document.pk], "send": "1"}
    client.post(url(town, "hand_over", handed.pk), given)
    first = again(handed).answered_at
    assert "同じ回答をすでに送りました" in text(client.post(url(town, "hand_over", handed.pk), given))
    client.post(url(town, "hand_over", handed.pk), {**given, "body": "訂正：1点600円です。"})
    with in_municipality(town):
        assert [message.body for message in handed.messages.all()] == [
            "1点500円です。",
            "訂正：1点600円です。",
        ]
    assert again(handed).answered_at == first


def test_answered_hand_over_is_neither_released_nor_moved(town):
    handed = asked(town, "粗大ごみ", division=a_division(town), answered_after=HOUR)
    client, other = signed_in(town), a_division(town, "ごみ対策課")
    assert "回答済みです" in text(client.post(url(town, "release", handed.pk), follow=True))
    moved = client.post(url(town, "move", handed.pk), {"division": other.pk, "reason": "x"})
    assert "回答済みです" in text(moved)
    assert (again(handed).state, again(handed).division) == (HandOver.State.ANSWERED, handed.division)


def test_what_the_resident_adds_waits_for_anybody_again(town, answerable):
    handed, document = answerable
    client = signed_in(town)
    with in_municipality(town):
        verbs.answer(handed, client.person, "500円です。", [document])
        verbs.resident_writes(handed, "2つあります")
    assert (again(handed).state, again(handed).taken_by) == (HandOver.State.OPEN, None)
    assert again(handed).answered_at is None
