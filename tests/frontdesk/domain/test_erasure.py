"""After an erasure nothing a resident wrote is anywhere in the database, and the ledger is whole."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from machi.base import ledger
from machi.base.domain import daily, entries, erasing, rulings
from machi.base.domain.errors import Refused
from machi.base.ledger_cli import erase as erase_command
from machi.base.models import LedgerEntry, LedgerRuling, LedgerSalt, Municipality, Role
from machi.base.scoping import every_municipality, in_municipality
from machi.frontdesk.domain import erasure, faqs, feedback, hand_over, mail, quality, reports
from machi.frontdesk.models import Citation, Faq, HandOver, Inquiry, Message, Retention
from tests.base.factories import a_municipality, a_person
from tests.frontdesk.factories import a_document, a_faq, a_hand_over, a_question, a_source

pytestmark = pytest.mark.django_db
SECRETS = (
    "毒島",
    "busujima@home.example",
    "090-0000-4321",
    "転落して",
    "至急連絡",
    "台帳の担当",
    "下書きの毒島",
)


def everything_in_the_database() -> str:
    """Every column of every table as it is stored, and every field of every row as it is read."""
    stored = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            stored += [
                str(bytes(v) if isinstance(v, memoryview) else v) for row in cursor.fetchall() for v in row
            ]
    with every_municipality():
        for model in apps.get_models():
            for row in model._default_manager.all():
                stored += [str(getattr(row, field.attname)) for field in row._meta.concrete_fields]
    return "\n".join(stored)


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


def a_whole_conversation(town: Municipality) -> Inquiry:
    """Asked, answered by the desk, ruled on, handed over, talked about, drafted into a FAQ, and rated."""
    document = a_document(a_source(town))
    clerk = a_person(Role.CLERK, town)
    inquiry = a_question(
        town, "毒島です。父が転落して歩けません", cites=document, state=Inquiry.State.ANSWERED
    )
    with in_municipality(town):
        result = ledger.record(
            town,
            system="frontdesk.answers",
            subject=f"inquiry:{inquiry.pk}",
            inputs={"question": inquiry.question},
            sources=[{"document": document.pk, "version": 1, "digest": "0", "start": 0, "end": 4}],
        )
        inquiry.ledger_index, inquiry.reasons = result.index, [["words_missing", {"words": "毒島 転落して"}]]
        inquiry.urgent = ["ambulance"]
        inquiry.save()
        rulings.rule_on(result, clerk, verdict="overrule", reason="毒島さんの台帳の担当ではない")
        feedback.record_helped(inquiry, True)
    handed = a_hand_over(
        town,
        inquiry=inquiry,
        answered_after=timedelta(),
        name="毒島 花子",
        email="busujima@home.example",
        telephone="090-0000-4321",
    )
    with in_municipality(town):
        Message.objects.create(municipality=town, hand_over=handed, from_staff=False, body="至急連絡を")
        hand_over.note(handed, clerk, "毒島さんに電話した")
        answered = Message.objects.create(
            municipality=town, hand_over=handed, from_staff=True, author=clerk, body="毒島様へ"
        )
        answered.documents.add(document)
        faqs.propose(town, clerk, question="下書きの毒島", answer="父が転落して", inquiry=inquiry)
    sent = mail.send_answer_mail.enqueue(town.pk, answered.pk)
    DBTaskResult.objects.filter(pk=sent.id).update(traceback="refused: busujima@home.example")
    return inquiry


def erase(town: Municipality, inquiry: Inquiry, **given: object) -> LedgerEntry:
    with in_municipality(town):
        return erasure.erase_inquiry(town, inquiry.pk, **{"ground": "request", **given})


def test_nothing_of_it_is_left_anywhere(town: Municipality) -> None:
    inquiry = a_whole_conversation(town)
    before = everything_in_the_database()
    assert [secret for secret in SECRETS if secret not in before] == []
    erase(town, inquiry)
    after = everything_in_the_database()
    assert [secret for secret in SECRETS if secret in after] == []


def test_the_ledger_stays_verifiable_and_tells_of_the_erasure(town: Municipality) -> None:
    inquiry = a_whole_conversation(town)
    with in_municipality(town):
        bodies = list(LedgerEntry.objects.values_list("body", flat=True))
    person = a_person(Role.MANAGER, town)
    told = erase(town, inquiry, person=person, reference=" 文書 第3号 ")
    assert ledger.verify(town) == []
    with in_municipality(town):
        assert list(LedgerEntry.objects.values_list("body", flat=True))[: len(bodies)] == bodies
        assert (told.kind, told.subject, told.actor) == (
            "erasure",
            f"inquiry:{inquiry.pk}",
            f"person:{person.pk}",
        )
        assert json.loads(told.body)["outputs"] == {
            "ground": "request",
            "reference": "文書 第3号",
            "erased": {
                "questions": 1,
                "messages": 3,
                "contacts": 3,
                "faq_drafts": 1,
                "model_exchanges": 0,
                "rulings": 1,
                "salts": 4,
            },
        }
        assert inquiry.ledger_index is not None
        result = LedgerEntry.objects.get(index=inquiry.ledger_index)
        assert not ledger.matches(result, "question", "毒島です。父が転落して歩けません")
        shown = entries.shown(result)
        assert shown.erased == told
        assert [(one.ruling.reason, one.as_recorded) for one in shown.rulings] == [(None, True)]
        assert shown.proof is not None


def test_another_s_inquiry_keeps_its_words_and_salts(town: Municipality) -> None:
    mine, other = a_whole_conversation(town), a_question(town, "別の人の質問")
    with in_municipality(town):
        kept = ledger.record(
            town, system="test.system", kind="x", subject=f"inquiry:{other.pk}", inputs={"q": "別"}
        )
        longer = ledger.record(
            town, system="test.system", kind="x", subject=f"inquiry:{mine.pk}0", inputs={"q": "別"}
        )
    erase(town, mine)
    with in_municipality(town):
        other.refresh_from_db()
        assert other.question == "別の人の質問"
        assert ledger.matches(kept, "q", "別")
        assert ledger.matches(longer, "q", "別")


def test_figures_and_the_town_s_own_words_stay(town: Municipality) -> None:
    inquiry = a_whole_conversation(town)
    with in_municipality(town):
        public = a_faq(town, inquiry=inquiry, question="転倒したときの相談先", state=Faq.State.WITHDRAWN)
        assert erasure.extent(inquiry) == erasure.Extent(
            messages=3, contacts=True, waits=False, drafts=1, published=[public]
        )
        weeks = reports.satisfaction(2)
    erase(town, inquiry)
    with in_municipality(town):
        assert reports.satisfaction(2) == weeks
        assert Citation.objects.filter(inquiry=inquiry).count() == 1
        faq = Faq.objects.get()
        assert (faq.question, faq.inquiry) == ("転倒したときの相談先", None)
        assert HandOver.objects.get(inquiry=inquiry).name is None


def test_an_erased_question_is_in_no_report(town: Municipality) -> None:
    inquiry = a_question(town, "毒島です")
    helped = a_whole_conversation(town)
    with in_municipality(town):
        assert len(reports.unanswered()) == 1
        assert len(quality.confirmed()) == 1
    for one in (inquiry, helped):
        erase(town, one)
    with in_municipality(town):
        assert reports.unanswered() == []
        assert quality.confirmed() == []


def test_the_resident_s_link_leads_nowhere(town: Municipality) -> None:
    inquiry = a_whole_conversation(town)
    address = reverse("frontdesk:status", args=[town.code, inquiry.token])
    assert Client().get(address).status_code == 200
    erase(town, inquiry)
    assert Client().get(address).status_code == 404


def test_one_that_waits_leaves_the_queue(town: Municipality) -> None:
    handed = a_hand_over(town, email="busujima@home.example")
    erase(town, handed.inquiry)
    with in_municipality(town):
        assert list(reports.queue()) == []
        assert Inquiry.objects.get(pk=handed.inquiry_id).state == Inquiry.State.CLOSED
    assert "busujima" not in everything_in_the_database()


def test_nothing_can_be_written_to_it_any_more(town: Municipality) -> None:
    inquiry, clerk = a_whole_conversation(town), a_person(Role.CLERK, town)
    erase(town, inquiry)
    with in_municipality(town):
        handed = HandOver.objects.get(inquiry=inquiry)
        with pytest.raises(Refused):
            hand_over.note(handed, clerk, "毒島さん")
        with pytest.raises(Refused):
            hand_over.answer(handed, clerk, "毒島様", [], no_source="電話")
        assert hand_over.suggested_sources(handed) == []


def test_it_happens_once_and_only_for_a_ground(town: Municipality) -> None:
    inquiry = a_whole_conversation(town)
    with pytest.raises(Refused):
        erase(town, inquiry, ground="毒島さんの希望")
    with in_municipality(town):
        inquiry.refresh_from_db()
        assert "毒島" in inquiry.question  # nothing was half done
        assert LedgerSalt.objects.filter(entry__subject=f"inquiry:{inquiry.pk}").count() == 3
    erase(town, inquiry)
    with pytest.raises(Refused):
        erase(town, inquiry)


def test_another_town_s_inquiry_cannot_be_reached(town: Municipality) -> None:
    inquiry, other = a_whole_conversation(town), a_municipality("332020")
    with pytest.raises(Refused):
        erasing.erase(other, f"inquiry:{inquiry.pk}", ground="request")
    with in_municipality(town):
        inquiry.refresh_from_db()
        assert inquiry.erased_at is None
        assert LedgerRuling.objects.get().reason


def aged(inquiry: Inquiry, days: int, **fields: object) -> int:
    with in_municipality(inquiry.municipality):
        asked_at = timezone.now() - timedelta(days=days)
        Inquiry.objects.filter(pk=inquiry.pk).update(asked_at=asked_at, **fields)
    return inquiry.pk


def test_what_was_kept_long_enough_is_erased_by_the_daily_work(town: Municipality) -> None:
    old, young = aged(a_question(town, "古い質問"), 1096), aged(a_question(town, "新しい質問"), 1094)
    assert erasing.expired(town) == [f"inquiry:{old}"]
    assert daily.run_daily() == 0
    assert erasing.expired(town) == []
    with in_municipality(town):
        assert [
            one.erased_at is None for one in Inquiry.objects.filter(pk__in=(old, young)).order_by("pk")
        ] == [
            False,
            True,
        ]
        told = LedgerEntry.objects.get(kind="erasure")
    assert (told.actor, json.loads(told.body)["outputs"]["ground"]) == ("", "retention")
    assert ledger.verify(town) == []


def test_what_waits_or_was_spoken_about_lately_is_kept(town: Municipality) -> None:
    long_ago = timezone.now() - timedelta(days=2000)
    waiting = a_hand_over(town).inquiry
    lately = a_hand_over(
        town, inquiry=a_question(town), answered_after=timedelta(), division=waiting.hand_over.division
    )
    done = a_hand_over(
        town, inquiry=a_question(town), answered_after=timedelta(), division=waiting.hand_over.division
    )
    for inquiry in (waiting, lately.inquiry, done.inquiry):
        aged(inquiry, 2000)
    with in_municipality(town):
        HandOver.objects.filter(pk__in=(lately.pk, done.pk)).update(answered_at=long_ago)
        Message.objects.create(municipality=town, hand_over=lately, from_staff=False, body="もう一つ")
        Message.objects.create(municipality=town, hand_over=done, from_staff=False, body="昔", at=long_ago)
    assert erasing.expired(town) == [f"inquiry:{done.inquiry_id}"]


def test_each_town_keeps_as_long_as_it_decided(town: Municipality) -> None:
    other, person = a_municipality("332020"), a_person(Role.MANAGER, town)
    mine, theirs = aged(a_question(town), 100), aged(a_question(other), 100)
    with in_municipality(town):
        erasure.set_retention(town, 90, person)
        for days in (29, 3651, 0):
            with pytest.raises(Refused):
                erasure.set_retention(town, days, person)
        assert erasure.retention_days() == Retention.objects.get().days == 90
        assert LedgerEntry.objects.get().subject == "retention:inquiry"
    with in_municipality(other):
        assert erasure.retention_days() == 1095
    assert erasing.expired(town) == [f"inquiry:{mine}"]
    assert erasing.expired(other) == []
    assert theirs


def test_the_command_lists_first_and_then_erases(town: Municipality) -> None:
    old = aged(a_question(town), 2000)
    done = CliRunner().invoke(erase_command, ["-m", town.code, "--expired", "--dry-run"])
    assert (done.exit_code, done.output) == (0, f"inquiry:{old} would be erased\n")
    assert erasing.expired(town) == [f"inquiry:{old}"]
    done = CliRunner().invoke(erase_command, ["-m", town.code, "--subject", f"inquiry:{old}"])
    assert (done.exit_code, done.output) == (0, f"inquiry:{old}: erased\n")
    again = CliRunner().invoke(erase_command, ["-m", town.code, "--subject", f"inquiry:{old}"])
    assert again.exit_code == 1


def test_it_is_found_by_number_and_by_the_resident_s_link(town: Municipality) -> None:
    inquiry = a_question(town)
    link = f"https://town.example/m/{town.code}/i/{inquiry.token}/"
    with in_municipality(town):
        for asked in (str(inquiry.pk), link, link + "status/?x=1", inquiry.token):
            assert erasure.find(asked) == inquiry, asked
        for asked in ("", "0", "999999", "x", "https://town.example/", "９", "1" * 40):
            assert erasure.find(asked) is None, asked


@pytest.mark.django_db(transaction=True)
def test_the_bytes_leave_the_file_too(town: Municipality) -> None:
    """SQLite keeps deleted rows in free pages and in its journal until told otherwise."""
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SHOW autovacuum")
            assert cursor.fetchone() == ("on",)
        return
    inquiry = a_whole_conversation(town)
    with in_municipality(town):
        salt = bytes(LedgerSalt.objects.filter(entry__subject=f"inquiry:{inquiry.pk}")[0].salt)
    whole = connection.connection.serialize
    assert salt in whole()
    erase(town, inquiry)
    assert salt not in whole()
