"""A review: what is asked of a system, what is offered, what a person must show, and where files go."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry
from machi.base.rooms import ai_system
from machi.base.scoping import in_municipality
from machi.frontdesk.apps import ANSWERS
from machi.governance.domain import proofs, register
from machi.governance.domain.evidence import LARGEST, keep, stored
from machi.governance.domain.review import Given, report_to_board, settle
from machi.governance.engine.checklist import LATEST
from machi.governance.models import Review, ReviewItem
from tests.governance.systems import Town, an_unapproved_town

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"
MET, OPEN, NOT_APPLICABLE = ReviewItem.State.MET, ReviewItem.State.OPEN, ReviewItem.State.NOT_APPLICABLE


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    town = an_unapproved_town()
    with in_municipality(town.municipality):
        yield town


@pytest.fixture
def review(town: Town) -> Review:
    return register.submit(town.municipality, ANSWERS, by=town.officer)


def test_a_review_asks_what_concerns_the_system_and_whom(town: Town, review: Review) -> None:
    rows = {row.item: row for row in review.items.all()}
    assert "human-alternative" in rows  # residents use it
    assert "privacy-masking" not in rows  # nothing leaves
    assert "transparency-label" not in rows  # nothing is written
    assert {row.state for row in rows.values()} == {OPEN}
    assert rows["human-decides"].owner == town.officer
    assert rows["human-alternative"].owner == town.manager
    assert rows["security-access"].owner == town.officer  # no administrator is appointed: whoever began it


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Given(MET), "human-decides-reference"),
        (Given(MET, reference="   "), "human-decides-reference"),
        (Given(MET, reference="機器の設置場所："), "human-decides-reference"),
        (Given(NOT_APPLICABLE, reference="x"), "human-decides-note"),
        (Given(MET, file=("a.pdf", b"")), "human-decides-file"),
        (Given(MET, file=("a.pdf", b"MZ\x90\x00")), "human-decides-file"),
        (Given(MET, file=("a.docx", PDF)), "human-decides-file"),
        (Given(MET, file=("a.pdf", b"%PDF-" + b"0" * LARGEST)), "human-decides-file"),
    ],
)
def test_settling_without_anything_to_show_is_refused(
    town: Town, review: Review, given: Given, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        settle(review, town.officer, {"human-decides": given})
    assert refused.value.field == field
    assert review.items.get(item="human-decides").state == OPEN


def test_a_day_to_come_is_no_day_on_which_something_was_seen(town: Town, review: Review) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused):
        settle(review, town.officer, {"human-decides": Given(MET, reference="x", done_on=tomorrow)})


def test_settling_keeps_who_when_and_what_and_one_ledger_entry(town: Town, review: Review) -> None:
    given = {
        "human-decides": Given(MET, reference="規程第3条", owner=town.manager),
        "innovation-benefit": Given(NOT_APPLICABLE, note="試行のため"),
    }
    assert settle(review, town.manager, given) == ["human-decides", "innovation-benefit"]
    row = review.items.get(item="human-decides")
    assert (row.state, row.owner, row.settled_by) == (MET, town.manager, town.manager)
    assert row.done_on == timezone.localdate()
    (entry,) = LedgerEntry.objects.filter(kind="ai_review")
    outputs = json.loads(entry.body)["outputs"]
    assert outputs["items"] == {"human-decides": "met", "innovation-benefit": "not_applicable"}
    assert "規程" not in entry.body


def test_settling_the_same_again_changes_nothing(town: Town, review: Review) -> None:
    given = {"human-decides": Given(MET, reference="規程第3条")}
    assert settle(review, town.officer, given) == ["human-decides"]
    assert settle(review, town.manager, given) == []
    assert review.items.get(item="human-decides").settled_by == town.officer
    assert LedgerEntry.objects.filter(kind="ai_review").count() == 1


def test_opening_an_item_again_forgets_who_settled_it(town: Town, review: Review) -> None:
    settle(review, town.officer, {"human-decides": Given(MET, reference="x")})
    settle(review, town.officer, {"human-decides": Given(OPEN, reference="x")})
    row = review.items.get(item="human-decides")
    assert (row.state, row.settled_by, row.done_on) == (OPEN, None, None)


def test_one_refused_item_leaves_all_as_they_were(town: Town, review: Review) -> None:
    with pytest.raises(Refused):
        settle(review, town.officer, {"human-decides": Given(MET, reference="x"), "safety-stop": Given(MET)})
    assert not review.items.exclude(state=OPEN).exists()


def test_evidence_is_kept_below_the_towns_own_folder_under_its_digest(town: Town, review: Review) -> None:
    settle(review, town.officer, {"human-decides": Given(MET, file=("規程.pdf", PDF))})
    row = review.items.get(item="human-decides")
    path = stored(town.municipality, row.file_digest)
    assert path.read_bytes() == PDF
    assert path.is_relative_to(town.municipality.folder)
    assert path.stat().st_mode & 0o777 == 0o600
    assert (row.file_name, row.file_size, row.file_kind) == ("規程.pdf", len(PDF), "pdf")


def test_a_name_with_a_path_is_kept_as_a_name(town: Town, tmp_path: Path) -> None:
    kept = keep(town.municipality, "../../etc/passwd.txt", "根拠".encode())
    assert kept.name == "passwd.txt"


def test_a_review_that_ended_is_changed_no_more(town: Town, review: Review) -> None:
    register.send_back(town.municipality, ANSWERS, by=town.officer, reason="x")
    with pytest.raises(Refused):
        settle(review, town.officer, {"human-decides": Given(MET, reference="x")})
    with pytest.raises(Refused):
        report_to_board(review, town.officer, on=timezone.localdate(), reference="x", opinion="agrees")


def test_clerks_settle_nothing_and_managers_tell_no_board(town: Town, review: Review) -> None:
    with pytest.raises(PermissionDenied):
        settle(review, town.clerk, {"human-decides": Given(MET, reference="x")})
    with pytest.raises(PermissionDenied):
        report_to_board(review, town.manager, on=timezone.localdate(), reference="x", opinion="agrees")


def test_what_the_machine_can_show_is_offered_and_true(town: Town) -> None:
    offers = proofs.offers(town.municipality, ai_system(ANSWERS), LATEST)
    shown = {item for item, offer in offers.items() if offer.by_machine}
    assert {"accountability-ledger", "security-network", "municipal-no-training", "safety-stop"} <= shown
    assert "異常なし" in offers["accountability-ledger"].text
    assert "AI責任者（CAIO） 1" in offers["accountability-reviewer"].text
    assert not offers["human-alternative"].by_machine  # the room's own words


def test_a_ledger_that_does_not_verify_is_no_evidence(town: Town, review: Review) -> None:
    LedgerEntry.objects.update(body="{}")
    offers = proofs.offers(town.municipality, ai_system(ANSWERS), LATEST)
    assert "accountability-ledger" not in offers


def test_what_is_offered_settles_nothing_by_itself(town: Town, review: Review) -> None:
    proofs.offers(town.municipality, ai_system(ANSWERS), LATEST)
    assert not review.items.exclude(state=OPEN).exists()
