"""Questionnaire and report: one answer each, nothing that tells of a few, nothing that nobody wrote; erasure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import Consortium, LedgerEntry
from machi.base.running import NotApproved
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.learning.domain import seminars_questionnaire as questionnaire
from machi.learning.domain import seminars_report as reports
from machi.learning.domain.seminars_letters import letter, shown
from machi.learning.domain.seminars_programme import put_speaker
from machi.learning.models import Seminar, SeminarQuote, SeminarRegistration, SurveyResponse
from tests.joint.factories import a_consortium, office_of, towns_of
from tests.learning.seminars import a_seminar, held, moved, registered

pytestmark = pytest.mark.django_db


class Alike:
    """Every two texts a little alike, so that shared words decide; grouping itself is tested with the engine."""

    name, dimension, basis = "alike", 101, None

    def embed_queries(self, texts):
        return self.embed_passages(texts)

    def embed_passages(self, texts):
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        vectors[:, 0] = np.sqrt(0.85)
        vectors[np.arange(len(texts)), np.arange(len(texts)) + 1] = np.sqrt(0.15)
        return vectors


@pytest.fixture
def consortium() -> Iterator[Consortium]:
    consortium = a_consortium()
    with in_municipality(towns_of(consortium)[0]), in_consortium(consortium):
        yield consortium


@pytest.fixture
def office(consortium):
    return office_of(consortium)


@pytest.fixture
def seminar(consortium, office) -> Seminar:
    return a_seminar(consortium, towns_of(consortium)[0], office, seats={"on_site": 30})


def asked(seminar: Seminar, office, people: int, came: int | None = None) -> list[SeminarRegistration]:
    found = registered(seminar, *range(1, people + 1))
    held(seminar, office, came=people if came is None else came)
    questionnaire.ask(seminar, office)
    seminar.refresh_from_db()
    return [SeminarRegistration.objects.select_related("seminar__survey").get(pk=one.pk) for one in found]


def answer(one: SeminarRegistration, words: str = "", satisfied: str = "very") -> None:
    given = {"satisfied": satisfied, "useful": "soon"}
    questionnaire.answer(one, {**given, "good": words} if words else given)


def made(seminar: Seminar, office):
    current = Seminar.objects.select_related("survey__current", "municipality").get(pk=seminar.pk)
    return reports.make(current, office, embedder=Alike())


def test_one_answer_each_and_nobody_else_s(seminar, office):
    one, two, absent = asked(seminar, office, 3, came=2)
    assert questionnaire.may_answer(one)
    answer(one)
    assert not questionnaire.may_answer(one)
    with pytest.raises(Refused, match="もう回答されています"):
        answer(one)
    assert not questionnaire.may_answer(absent)
    with pytest.raises(Refused, match="参加した人"):
        answer(absent)
    questionnaire.close(seminar, office)
    assert two.seminar.survey
    two.seminar.survey.refresh_from_db()
    with pytest.raises(Refused):
        answer(two)
    assert SurveyResponse.objects.count() == 1


def test_answer_cannot_be_led_back_to_its_person_from_the_database(seminar, office):
    (one,) = asked(seminar, office, 1)
    answer(one, "よかった")
    response = SurveyResponse.objects.get()
    assert one.token not in response.token_digest
    assert "よかった" not in repr(SurveyResponse.objects.values_list("choices", flat=True)[0])
    subjects = set(LedgerEntry.objects.values_list("subject", flat=True))
    assert not any("response" in subject for subject in subjects)


def test_without_attendance_everybody_with_a_seat_is_asked(seminar, office):
    asked(seminar, office, 3, came=0)
    assert questionnaire.asked(seminar).count() == 3


def test_small_counts_are_hidden_and_cannot_be_worked_out(seminar, office):
    people = asked(seminar, office, 12)
    for at, one in enumerate(people):
        answer(one, satisfied="very" if at < 10 else "even" if at == 10 else "rather")
    figures = made(seminar, office).figures
    assert (figures["answered"], figures["came"]) == (12, 12)
    options = figures["questions"][0]["options"]
    assert options["even"] is None
    assert options["rather"] is None
    hidden = [name for name, value in options.items() if value is None]
    known = sum(value for value in options.values() if value is not None)
    assert len(hidden) >= 2  # one alone could be counted from the rest
    assert known <= 12


def test_few_answers_are_counted_but_nothing_is_quoted(seminar, office):
    for one in asked(seminar, office, 4):
        answer(one, "司会がよかった")
    report = made(seminar, office)
    assert report.quotes.count() == 0
    assert shown(report).words[0].none.startswith("回答が5人に満たない")
    assert all(value is None or value == 0 for value in report.figures["questions"][0]["options"].values())


def test_quotes_are_whole_answers_grouped_under_words_of_theirs(seminar, office):
    words = [
        "演習が楽しかった",
        "演習が役に立った",
        "演習の講師が親切",
        "駐車場が広い",
        "花がきれい",
        "演習　最高！",
    ]
    for one, text in zip(asked(seminar, office, 6), words, strict=True):
        answer(one, text)
    report = made(seminar, office)
    quotes = list(report.quotes.filter(question="good"))
    assert sorted(quote.text for quote in quotes) == sorted(words)
    assert {quote.label for quote in quotes if quote.topic >= 0} == {"演習"}
    entry = LedgerEntry.objects.get(subject=f"seminar:{seminar.pk}", system=reports.TOPICS)
    assert entry.index == report.ledger_index
    assert "演習" not in entry.body


def test_two_stray_answers_are_not_published(seminar, office):
    words = ["演習が楽しかった", "演習が役に立った", "演習の講師が親切", "駐車場が広い", "花がきれい"]
    for one, text in zip(asked(seminar, office, 5), words, strict=True):
        answer(one, text)
    report = made(seminar, office)
    public = [one.quote.text for topic in shown(report).words[0].topics for one in topic.texts]
    assert sorted(public) == sorted(words[:3])
    inside = [one.quote.text for topic in shown(report, office=True).words[0].topics for one in topic.texts]
    assert sorted(inside) == sorted(words)


def test_what_seems_personal_waits_for_the_office_and_its_decision_stays(seminar, office):
    words = ["演習が楽しかった"] * 4 + ["演習は楽しい。連絡は 090-1234-5678 へ"]
    for one, text in zip(asked(seminar, office, 5), words, strict=True):
        answer(one, text)
    report = made(seminar, office)
    held_back = report.quotes.get(by_machine=True)
    assert (held_back.hidden, "090" in (held_back.text or "")) == ("personal", True)
    assert "090-1234" not in str(shown(report))
    assert "090-1234" not in str(letter(report))
    with pytest.raises(Refused):
        reports.hide(held_back, office, "no such reason")
    reports.hide(held_back, office, "personal")
    again = made(seminar, office).quotes.get(question="good", hidden="personal")
    assert not again.by_machine  # a person has looked at it
    reports.show(again, office)
    assert made(seminar, office).quotes.filter(hidden="").count() == 5


def test_report_is_published_after_the_questionnaire_and_then_stands(seminar, office):
    for one in asked(seminar, office, 5):
        answer(one, "演習がよい")
    report = made(seminar, office)
    with pytest.raises(Refused, match="締め切って"):
        reports.publish(report, office)
    questionnaire.close(seminar, office)
    report.refresh_from_db()
    report = made(seminar, office)
    reports.publish(report, office)
    seminar.refresh_from_db()
    assert seminar.state == "reported"
    with pytest.raises(Refused, match="作り直せません"):
        made(seminar, office)
    quote = report.quotes.first()
    reports.hide(quote, office, "wish")  # taken out afterwards it can be, put in it cannot
    with pytest.raises(Refused):
        reports.show(quote, office)


def test_no_report_where_the_grouping_is_not_approved(seminar, office):
    asked(seminar, office, 1)
    RegisteredSystem.objects.filter(key=reports.TOPICS).delete()
    with pytest.raises(NotApproved):
        made(seminar, office)
    with pytest.raises(NotApproved):
        reports.ask_for(seminar, office)


def test_report_before_the_seminar_is_refused(seminar, office):
    with pytest.raises(Refused, match="開催したあと"):
        made(seminar, office)
    with pytest.raises(Refused, match="開催したあと"):
        questionnaire.ask(seminar, office)


def test_daily_work_erases_people_and_words_after_the_days_that_were_promised(seminar, office):
    town = seminar.municipality
    put_speaker(
        seminar,
        office,
        {"name": "未同意", "belongs": "", "biography": "", "consented_on": timezone.localdate()},
    )
    seminar.speakers.update(consented_on=None)
    for one in asked(seminar, office, 6):
        answer(one, "演習が楽しかった")
    report = made(seminar, office)
    hidden = report.quotes.first()
    reports.hide(hidden, office, "wish")
    moved(seminar, timezone.now() - timedelta(days=29))
    assert erasing.expired(town) == []
    moved(seminar, timezone.now() - timedelta(days=31))
    done = erasing.erase_expired(town)
    assert len(done) == 7
    assert erasing.expired(town) == []
    for one in seminar.registrations.all():
        assert (one.name, one.email, one.email_key, one.state) == (None, None, "", "confirmed")
        assert one.attended_at  # figures stay
    assert set(SurveyResponse.objects.values_list("words", flat=True)) <= {"{}"}
    hidden.refresh_from_db()
    assert hidden.text is None
    assert SeminarQuote.objects.exclude(pk=hidden.pk).filter(text=None).count() == 0
    assert seminar.speakers.count() == 0
    kinds = list(LedgerEntry.objects.filter(kind="erasure").values_list("subject", flat=True))
    assert f"seminar:{seminar.pk}" in kinds


def test_erased_person_gives_the_seat_to_whoever_waits(consortium, office):
    seminar = a_seminar(consortium, towns_of(consortium)[0], office, seats={"on_site": 1})
    first, second = registered(seminar, 1, 2)
    erasing.erase(seminar.municipality, f"seminar_registration:{first.pk}", ground="request", person=office)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.name, second.state) == ("cancelled", None, "offered")
    with pytest.raises(Refused):
        erasing.erase(seminar.municipality, f"seminar_registration:{first.pk}", ground="request")
