"""The answer's page: sources, how sure, what next; behind a secret link."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from machi.base.scoping import in_municipality
from machi.frontdesk.models import Citation, Inquiry
from machi.frontdesk.web.resident_answer import answer_context
from tests.base.factories import a_municipality
from tests.frontdesk.web.desks import QUESTION, UNKNOWN, an_inquiry, an_open_desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


def url(inquiry, name="answer"):
    return reverse(f"frontdesk:{name}", args=[inquiry.municipality_id, inquiry.token])


def test_every_sentence_links_to_its_exact_place_in_the_document(client):
    town = an_open_desk()
    inquiry = an_inquiry(town)
    page = client.get(url(inquiry)).content.decode()
    with in_municipality(town):
        citations = list(Citation.objects.select_related("document").filter(inquiry=inquiry))
    assert citations
    for citation in citations:
        assert citation.document.text[citation.start : citation.end] == citation.text
        place = (
            f"/m/{town.code}/d/{citation.document_id}/?start={citation.start}&amp;end={citation.end}#cited"
        )
        assert f'class="cite" href="{place}"' in page
        document = client.get(place.replace("&amp;", "&")).content.decode()
        marked = re.search(r'<mark id="cited">(.*?)</mark>', document, re.DOTALL)
        assert marked
        assert marked[1] == citation.text


def test_answer_names_source_how_sure_and_why(client):
    page = client.get(url(an_inquiry(an_open_desk()))).content.decode()
    assert "市の案内" in page
    assert "粗大ごみの出し方" in page
    assert "確かさ" in page
    assert "なぜこの確かさなのか" in page
    assert re.search(r"およそ\d+%", page)


def test_that_many_entries_fit_is_said_and_leads_to_the_list(client):
    rows = "".join(f"## 第{name}集会所\n\nAEDの設置位置: {name}階の入口\n\n" for name in "一二三四五六七")
    town = an_open_desk(aed=f"# AED設置箇所一覧\n\n{rows}")
    inquiry = an_inquiry(town, "AEDの設置位置はどこですか")
    page = client.get(reverse("frontdesk:answer", args=[town.code, inquiry.token])).content.decode()
    assert "一つに決められませんでした" in page
    assert "分かりませんでした" not in page
    assert "AED設置箇所一覧" in page


def test_unknown_is_said_plainly_with_the_way_to_the_staff(client):
    town = an_open_desk()
    town.telephone = "046-223-1511"
    town.save()
    inquiry = an_inquiry(town, UNKNOWN)
    page = client.get(url(inquiry)).content.decode()
    assert inquiry.state == Inquiry.State.UNKNOWN
    assert "分かりませんでした" in page
    assert f'href="{url(inquiry, "ask_staff")}"' in page
    assert 'href="tel:046-223-1511"' in page
    assert "役に立った" not in page


def test_urgent_numbers_come_before_the_answer(client):
    page = client.get(url(an_inquiry(an_open_desk(), "もう死にたい"))).content.decode()
    assert 0 < page.index('class="emergency"') < page.index("ご質問")


@pytest.mark.parametrize("name", ["answer", "ask_staff", "status"])
def test_secret_pages_stay_out_of_caches_search_engines_and_other_sites(client, name):
    inquiry = an_inquiry(an_open_desk())
    response = client.get(url(inquiry, name))
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("name", ["answer", "helped", "mail", "ask_staff", "status"])
def test_inquiry_of_one_town_is_not_found_in_another(client, name):
    inquiry = an_inquiry(an_open_desk())
    other = a_municipality("332020")
    for call in (client.get, client.post):
        assert call(reverse(f"frontdesk:{name}", args=[other.code, inquiry.token])).status_code == 404


def test_wrong_token_finds_nothing(client):
    town = an_open_desk()
    an_inquiry(town)
    assert client.get(reverse("frontdesk:answer", args=[town.code, "x" * 32])).status_code == 404


def test_helped_is_kept_and_thanked_for(client):
    town = an_open_desk()
    inquiry = an_inquiry(town)
    response = client.post(url(inquiry, "helped"), {"helped": "yes"}, follow=True)
    with in_municipality(town):
        inquiry.refresh_from_db()
    assert inquiry.helped is True
    assert "ありがとうございました" in response.content.decode()


def test_not_helped_leads_to_the_staff(client):
    town = an_open_desk()
    inquiry = an_inquiry(town)
    response = client.post(url(inquiry, "helped"), {"helped": "no"})
    with in_municipality(town):
        inquiry.refresh_from_db()
    assert inquiry.helped is False
    assert response.url == url(inquiry, "ask_staff")


def test_unclear_word_about_helping_changes_nothing(client):
    town = an_open_desk()
    inquiry = an_inquiry(town)
    client.post(url(inquiry, "helped"), {"helped": "perhaps"})
    client.get(url(inquiry, "helped"))
    with in_municipality(town):
        inquiry.refresh_from_db()
    assert inquiry.helped is None


def test_answer_is_sent_by_mail_and_the_address_is_not_kept(client):
    inquiry = an_inquiry(an_open_desk())
    response = client.post(url(inquiry, "mail"), {"email": "hanako@example.jp"}, follow=True)
    (letter,) = mail.outbox
    assert letter.to == ["hanako@example.jp"]
    assert QUESTION in letter.body
    assert "500円" in letter.body
    assert url(inquiry) in letter.body
    assert "回答をメールで送りました。" in response.content.decode()


def test_wrong_address_is_refused_with_an_example(client):
    inquiry = an_inquiry(an_open_desk())
    response = client.post(url(inquiry, "mail"), {"email": "hanako＠example"})
    assert response.status_code == 200
    assert "例：hanako@example.jp" in response.content.decode()
    assert mail.outbox == []


def test_mail_that_cannot_be_sent_is_told_so(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = (
        "127.0.0.1",
        9,
        1,
    )  # nobody listens there
    inquiry = an_inquiry(an_open_desk())
    response = client.post(url(inquiry, "mail"), {"email": "hanako@example.jp"})
    assert response.status_code == 200
    assert "いまはメールを送れません" in response.content.decode()


def test_nobody_can_be_flooded_with_letters(client):
    town = an_open_desk()
    inquiries = [an_inquiry(town) for _ in range(6)]
    codes = [
        client.post(url(inquiry, "mail"), {"email": "Hanako@example.jp"}).status_code for inquiry in inquiries
    ]
    assert codes == [302] * 5 + [429]
    assert len(mail.outbox) == 5


@pytest.mark.parametrize("name", ["helped", "mail", "ask_staff", "status"])
def test_forms_need_the_pages_own_token(name):
    inquiry = an_inquiry(an_open_desk())
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url(inquiry, name), {"email": "a@example.jp", "helped": "yes"}).status_code == 403


def test_easier_japanese_adds_readings_and_explanations_and_keeps_the_words():
    town = an_open_desk(moving="# 転入届\n\n転入届は市民課に14日以内に出してください。\n")
    with in_municipality(town):
        context = answer_context(an_inquiry(town, "転入届はいつまでに出しますか"))
        with override("ja-easy"):
            easier = answer_context(context["inquiry"])
            shown = render_to_string("frontdesk/resident/parts/known.html", {**easier, "municipality": town})
    (sentence,) = easier["citations"][0].sentences
    assert "しみんか" in "".join(re.findall(r"<rt>(.*?)</rt>", shown))
    assert re.sub(r"<rp>.*?</rp>|<rt>.*?</rt>|</?ruby>", "", as_written_of(shown)) == sentence.text
    assert [gloss.word for gloss in easier["glosses"]] == ["転入届"]
    assert context["glosses"] == []


def as_written_of(shown):
    return re.search(r'<div class="answer-text" lang="ja">\s*<p>(.*?)<a class="cite"', shown, re.DOTALL)[1]


def test_weak_answer_does_not_stand_open_below_urgent_numbers(client):
    town = an_open_desk()
    inquiry = an_inquiry(town)
    with in_municipality(town):
        Inquiry.objects.filter(pk=inquiry.pk).update(urgent=["child_abuse"], confidence=0.5)
    page = client.get(url(inquiry)).content.decode()
    assert re.search(
        r"<details[^>]*>\s*<summary>役所の資料も見る</summary>\s*<article class=\"answer\"", page
    )
    with in_municipality(town):
        Inquiry.objects.filter(pk=inquiry.pk).update(confidence=0.99)
    assert "役所の資料も見る" not in client.get(url(inquiry)).content.decode()
