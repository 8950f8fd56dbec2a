"""How well the desk does, for those who answer for it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from machi.base.models import Role
from machi.base.scoping import in_municipality
from machi.frontdesk.models import HandOver, Inquiry, QualityMeasurement
from tests.base.factories import a_division, a_municipality
from tests.frontdesk.factories import a_document, a_faq, a_hand_over, a_question, a_source, signed_in
from tests.frontdesk.web.staff import lines, queries, text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return a_municipality()


def a_measurement(town, hit_3):
    with in_municipality(town):
        return QualityMeasurement.objects.create(
            municipality=town,
            index_revision="7",
            questions=12,
            hit_1=0.25,
            hit_3=hit_3,
            hit_10=1.0,
            mrr_10=0.5,
        )


def test_weeks_are_shown_as_figures_with_bars(town):
    document = a_document(a_source(town))
    a_question(town, cites=document, helped=True)
    a_question(town)
    page = text(signed_in(town, Role.MANAGER).get(url(town, "quality")))
    assert '<meter min="0" max="2" value="2"' in page
    assert '<meter min="0" max="100" value="50" aria-label="自動で回答">' in page
    assert '<meter min="0" max="100" value="100" aria-label="役に立った">' in page


def test_nothing_asked_and_nothing_measured_says_what_comes_next(town):
    page = text(signed_in(town, Role.MANAGER).get(url(town, "quality")))
    assert "この12週間に質問はありません" in page
    assert "まだ測っていません" in page


def test_search_quality_is_shown_and_exported_oldest_first(town):
    a_measurement(town, 0.75)
    a_measurement(town, 0.5)
    client = signed_in(town, Role.AI_OFFICER)
    page = text(client.get(url(town, "quality")))
    assert page.index("50%") < page.index("75%")
    header, *rows = lines(client.get(url(town, "quality"), {"list": "search", "format": "csv"}))
    assert header == ["日時", "確認済みの質問", "Hit@1", "Hit@3", "Hit@10", "MRR@10", "索引の版"]
    assert [row[1:] for row in rows] == [
        ["12", "0.25", "0.75", "1.0", "0.5", "7"],
        ["12", "0.25", "0.5", "1.0", "0.5", "7"],
    ]


def test_weeks_are_exported(town):
    a_hand_over(town, inquiry=a_question(town), answered_after=timedelta(hours=1))
    header, *rows = lines(signed_in(town, Role.AUDITOR).get(url(town, "quality"), {"format": "csv"}))
    assert len(rows) == 12
    today = timezone.localdate()
    assert dict(zip(header, rows[-1], strict=True)) == {
        "週の初日": str(today - timedelta(days=today.weekday())),
        "質問": "1",
        "自動で回答": "0",
        "回答なし": "1",
        "職員へ引き継ぎ": "1",
        "役に立った": "0",
        "役に立たなかった": "0",
        "期限内に回答": "1",
        "期限に遅れた": "0",
    }


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.AI_OFFICER, Role.JOINT_OFFICE])
def test_who_watches_sees_figures_but_nobodys_words(town, role):
    a_question(town, "私の病気のことです")
    client = signed_in(town, role)
    page = text(client.get(url(town, "quality")))
    assert "私の病気" not in page
    assert url(town, "unanswered") not in page
    assert client.get(url(town, "unanswered")).status_code == 403


def test_unanswered_groups_lead_to_a_faq_or_to_a_division(town):
    a_question(town, "粗大ゴミの出し方は？", asked_at=timezone.now() - timedelta(hours=1))
    newest = a_question(town, "粗大ごみの出し方を教えて")
    page = text(signed_in(town).get(url(town, "unanswered")))
    assert "2件の質問、1のまとまり" in page
    assert f"{url(town, 'propose_faq')}?inquiry={newest.pk}" in page
    assert url(town, "pass_on", newest.pk) in page


def test_unanswered_shows_what_was_done_already(town):
    inquiry = a_question(town)
    handed, faq = a_hand_over(town, inquiry=inquiry), a_faq(town, inquiry=inquiry)
    page = text(signed_in(town).get(url(town, "unanswered")))
    assert url(town, "hand_over", handed.pk) in page
    assert url(town, "faq", faq.pk) in page
    assert url(town, "pass_on", inquiry.pk) not in page


def test_unanswered_period_is_chosen(town):
    a_question(town, asked_at=timezone.now() - timedelta(days=40))
    client = signed_in(town)
    assert "この期間に、答えられなかった質問はありません" in text(client.get(url(town, "unanswered")))
    assert "粗大ごみ" in text(client.get(url(town, "unanswered"), {"days": "90"}))
    assert client.get(url(town, "unanswered"), {"days": "9999999999"}).status_code == 200


def test_unanswered_is_exported(town):
    inquiry = a_question(town)
    header, row = lines(signed_in(town).get(url(town, "unanswered"), {"format": "csv"}))
    assert header == ["質問の例", "件数", "うち役に立たなかった", "最後の日時", "よくある質問", "職員の対応"]
    when = f"{timezone.localtime(inquiry.asked_at):%Y-%m-%d %H:%M:%S}"
    assert row == [inquiry.question, "1", "0", when, "", ""]


def test_unanswered_takes_as_many_queries_for_three_as_for_one(town):
    client, division = signed_in(town), a_division(town)
    a_hand_over(town, division, inquiry=a_question(town, "粗大ごみの手数料"))
    one = queries(client, url(town, "unanswered"))
    for question in ["図書館の休館日", "保育園の申込み"]:
        a_hand_over(town, division, inquiry=a_question(town, question))
    assert queries(client, url(town, "unanswered")) == one


def test_question_is_passed_on_to_the_division_that_fits(town):
    a_division(town, "市民課", is_default=True)
    waste = a_division(town, "ごみ対策課", duties="粗大ごみ")
    inquiry, client = a_question(town), signed_in(town)
    page = text(client.get(url(town, "pass_on", inquiry.pk)))
    assert f'<option value="{waste.pk}" selected>' in page
    client.post(url(town, "pass_on", inquiry.pk), {"division": waste.pk})
    with in_municipality(town):
        assert HandOver.objects.get().division == waste
        assert Inquiry.objects.get().state == Inquiry.State.HANDED_OVER
    again = text(client.post(url(town, "pass_on", inquiry.pk), {"division": waste.pk}))
    assert "すでに職員に引き継がれています" in again


def test_question_of_another_town_is_not_there(town):
    foreign = a_question(a_municipality("332020"))
    client = signed_in(town)
    assert client.get(url(town, "pass_on", foreign.pk)).status_code == 404
    assert client.post(url(town, "pass_on", foreign.pk), {"division": 1}).status_code == 404
