"""The sample's seminars, and a generated consortium's."""

from __future__ import annotations

import pytest

from machi.base.scoping import in_consortium
from machi.learning.engine.topics import SMALLEST
from machi.learning.models import Seminar, SeminarQuote, SeminarRegistration, SeminarReport, SeminarSeats
from machi.learning.sample import seminars as sample
from machi.learning.sample.seminars_words import BETTER, ENDINGS, GOOD
from tests.joint.factories import a_consortium, many_towns, office_of

pytestmark = pytest.mark.django_db


def sound() -> None:
    """Seats are counted as people sit."""
    for seats in SeminarSeats.objects.filter(session=None):
        held = SeminarRegistration.objects.filter(
            seminar=seats.seminar, way=seats.way, state__in=("confirmed", "offered")
        )
        assert held.count() == seats.taken


@pytest.mark.long
def test_sample_has_a_reported_seminar_of_201_and_one_coming():
    consortium = a_consortium()
    office_of(consortium)
    with in_consortium(consortium):
        sample.load(consortium)
        past, coming = Seminar.objects.get(title=sample.PAST), Seminar.objects.get(title=sample.COMING)
        assert (past.state, past.registrations.count()) == ("reported", 201)
        assert (coming.state, coming.registrations.count()) == ("published", 45)
        sound()
        report = SeminarReport.objects.get()
        assert report.published_at
        assert report.figures["registered"] == 201
        texts = {good + end for good in GOOD for end in ENDINGS} | set(BETTER)
        quotes = list(SeminarQuote.objects.all())
        assert {quote.text for quote in quotes} <= texts  # as written, nothing else
        # Labels are words of the quotes they stand above.
        topics: dict[tuple[str, int], list[SeminarQuote]] = {}
        for quote in quotes:
            topics.setdefault((quote.question, quote.topic), []).append(quote)
        named = [group for (_question, topic), group in topics.items() if topic >= 0]
        assert len(named) >= 4
        for group in named:
            assert len(group) >= SMALLEST
            for word in group[0].label.split("・"):
                assert any(word in (quote.text or "") for quote in group)
        # The telephone number in one of the answers is held back until somebody has looked.
        assert all(
            quote.hidden and quote.by_machine for quote in quotes if "090-1234-5678" in (quote.text or "")
        )
        sample.load(consortium)
        assert Seminar.objects.count() == 2


def test_generated_consortium_has_seminars_quickly():
    consortium = many_towns(52)
    with in_consortium(consortium):
        sample.generate(consortium, 1)
        sample.generate(consortium, 1)
        assert sorted(Seminar.objects.values_list("state", flat=True)) == ["held", "published"]
        assert SeminarRegistration.objects.count() == 201
        sound()
