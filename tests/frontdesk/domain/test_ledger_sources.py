"""An entry's sources as they were: the same, replaced by a newer version, taken back, changed, or gone."""

import json
from typing import Any

import pytest

from machi.base.models import LedgerEntry
from machi.base.rooms import LedgerSource
from machi.base.scoping import in_municipality
from machi.frontdesk.domain import sources
from machi.frontdesk.domain.ledger_sources import as_they_were
from machi.frontdesk.models import Citation, Document, Inquiry, Source, SourceFile
from tests.frontdesk.web.desks import GARBAGE, add, an_inquiry, an_open_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def inquiry() -> Inquiry:
    return an_inquiry(an_open_desk())


def recorded(inquiry: Inquiry) -> list[dict[str, Any]]:
    assert inquiry.ledger_index is not None
    entry = LedgerEntry.objects.get(index=inquiry.ledger_index)
    found: list[dict[str, Any]] = json.loads(entry.body)["sources"]
    return found


def shown(inquiry: Inquiry) -> LedgerSource:
    one = as_they_were(recorded(inquiry))[0]
    assert one is not None
    return one


def test_a_source_is_shown_with_the_place_that_was_used(inquiry: Inquiry) -> None:
    with in_municipality(inquiry.municipality):
        citation = inquiry.citations.first()
        assert citation is not None
        one = shown(inquiry)
        assert (one.state, one.title, one.about) == ("same", "粗大ごみの出し方", "市の案内、第1版")
        assert one.used == citation.text
        assert citation.document.text.startswith(one.before + one.used + one.after.removesuffix("…"))
        assert one.url == (
            f"/m/142123/d/{citation.document_id}/?start={citation.start}&end={citation.end}#cited"
        )


def test_a_newer_version_leaves_the_old_one_to_be_seen(inquiry: Inquiry) -> None:
    with in_municipality(inquiry.municipality):
        add(Source.objects.get(), "gomi", GARBAGE.replace("500円", "700円"))
        one = shown(inquiry)
        assert one.state == "superseded"
        assert "500円" in one.before + one.used + one.after


def test_a_withdrawn_file_is_told(inquiry: Inquiry) -> None:
    with in_municipality(inquiry.municipality):
        sources.withdraw_file(SourceFile.objects.get(name="gomi.md"), None)
        assert shown(inquiry).state == "withdrawn"


def test_a_source_switched_off_is_told(inquiry: Inquiry) -> None:
    with in_municipality(inquiry.municipality):
        sources.set_active(Source.objects.get(), False, None)
        assert shown(inquiry).state == "withdrawn"


@pytest.mark.parametrize("field", ["text", "title", "digest", "version"])
def test_a_document_changed_behind_machi_s_back_is_told(inquiry: Inquiry, field: str) -> None:
    with in_municipality(inquiry.municipality):
        document = Document.objects.get(pk=recorded(inquiry)[0]["document"])
        other = {
            "text": document.text.replace("500", "900"),
            "title": "別の題",
            "digest": "0" * 64,
            "version": 9,
        }
        Document.objects.filter(pk=document.pk).update(**{field: other[field]})
        assert shown(inquiry).state == "changed"


def test_a_document_that_is_no_more_is_told(inquiry: Inquiry) -> None:
    with in_municipality(inquiry.municipality):
        told = recorded(inquiry)
        Citation.objects.all().delete()
        Document.objects.all().delete()
        assert [one.state for one in as_they_were(told) if one] == ["gone"] * len(told)


def test_what_is_no_document_of_the_desk_is_left_to_other_rooms(inquiry: Inquiry) -> None:
    with in_municipality(inquiry.municipality):
        assert as_they_were([{"data_set": 3}, {"document": "12"}, {}]) == [None, None, None]


def test_another_town_s_document_is_not_shown(inquiry: Inquiry) -> None:
    with in_municipality(inquiry.municipality):
        told = recorded(inquiry)
    with in_municipality(an_open_desk("332020")):
        assert [one.state for one in as_they_were(told) if one] == ["gone"] * len(told)
