"""A review: the items of the checklist that concern the system, settled one by one by people, with what shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Appointment, Municipality, Person
from machi.base.rooms import AISystem
from machi.governance.domain.evidence import KeptFile, keep
from machi.governance.domain.risk import facts_of
from machi.governance.engine import checklist
from machi.governance.engine.risk import assess
from machi.governance.models import RegisteredSystem, Review, ReviewItem

SYSTEM = "governance.review"
KIND = "ai_review"
REVIEW = "governance.review_systems"
DECIDE = "governance.decide_systems"
UNFINISHED = ("：", ":")
"""A reference offered by the machine ends in one of these where a person has something to add."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a person says of one item."""

    state: str
    reference: str = ""
    note: str = ""
    owner: Person | None = None
    done_on: date | None = None
    file: tuple[str, bytes] | None = None
    """Name and contents."""


def begin(row: RegisteredSystem, system: AISystem, by: Person | None) -> Review:
    """A review of the declared version under the newest checklist. What an earlier review showed is offered again,
    but settled anew."""
    facts = facts_of(system)
    review = Review.objects.create(
        municipality=row.municipality,
        system=row,
        version=system.version,
        checklist=checklist.LATEST,
        route=assess(facts).route,
        begun_by=by,
    )
    told = {"users": facts.users, "personal": facts.personal, "outside": facts.outside} | {
        "generates": facts.generates
    }
    owners = _owners(row.municipality)
    earlier = _earlier(row)
    ReviewItem.objects.bulk_create(
        ReviewItem(
            municipality=row.municipality,
            review=review,
            item=item.id,
            ordinal=ordinal,
            owner=owners.get(item.owner, by),
            reference=earlier[item.id].reference if item.id in earlier else "",
            note=earlier[item.id].note if item.id in earlier else "",
        )
        for ordinal, item in enumerate(checklist.items())
        if checklist.concerns(item, told)
    )
    return review


def going_on(key: str) -> Review | None:
    found = Review.objects.filter(system__key=key, outcome=Review.Outcome.OPEN)
    return found.select_related("system", "begun_by").first()


def titles_of_open(review: Review) -> list[str]:
    """Titles of the items nobody has settled, in order."""
    waiting = review.items.filter(state=ReviewItem.State.OPEN).values_list("item", flat=True)
    language = get_language() or "ja"
    return [checklist.told(one, review.checklist, language).title for one in waiting]


def settle(review: Review, by: Person, given: Mapping[str, Given]) -> list[str]:
    """Writes what was said of items (id -> ``Given``), whole or not at all; the ids of those that changed.

    Refused, with the field ``<item>-<name>``: met without anything to show, not applicable without a reason.
    """
    _may(review, by, REVIEW)
    changed: dict[str, str] = {}
    with transaction.atomic():
        _lock(review)
        rows = {row.item: row for row in review.items.select_for_update()}
        for item, one in given.items():
            row = rows[item]
            before = _told(row)
            _put(row, one, by)
            if _told(row) != before:
                row.save()
                changed[item] = row.state
        if changed:
            ledger.record(
                review.municipality,
                system=SYSTEM,
                kind=KIND,
                subject=f"ai_system:{review.system.key}",
                actor=by,
                inputs={item: [rows[item].reference, rows[item].note] for item in changed},
                outputs={
                    "action": "settle",
                    "review": review.pk,
                    "items": changed,
                    "files": {i: rows[i].file_digest for i in changed if rows[i].file_digest},
                },
            )
    return list(changed)


def report_to_board(
    review: Review, by: Person, *, on: date, reference: str, opinion: str, text: str = ""
) -> None:
    """Records that the advisory board was told, and what it said."""
    _may(review, by, DECIDE)
    if on > timezone.localdate():
        raise Refused(_("報告した日に、先の日付は選べません。"), "on")
    with transaction.atomic():
        _lock(review)
        review.board_date, review.board_reference = on, reference.strip()
        review.board_opinion, review.board_text = opinion, text.strip()
        review.save(update_fields=["board_date", "board_reference", "board_opinion", "board_text"])
        ledger.record(
            review.municipality,
            system=SYSTEM,
            kind=KIND,
            subject=f"ai_system:{review.system.key}",
            actor=by,
            inputs={"text": review.board_text},
            outputs={
                "action": "board",
                "review": review.pk,
                "on": on.isoformat(),
                "reference": review.board_reference,
                "opinion": opinion,
            },
        )


def raise_to_high(review: Review, by: Person) -> None:
    """Sends a system to the board that the rules would not. There is no way back in the same review."""
    _may(review, by, DECIDE)
    with transaction.atomic():
        _lock(review)
        if review.route == Review.Route.HIGH:
            raise Refused(_("すでに高リスクとして扱っています。"))
        review.route, review.raised = Review.Route.HIGH, True
        review.save(update_fields=["route", "raised"])
        ledger.record(
            review.municipality,
            system=SYSTEM,
            kind=KIND,
            subject=f"ai_system:{review.system.key}",
            actor=by,
            outputs={"action": "raise", "review": review.pk, "route": review.route},
        )


def _may(review: Review, by: Person, needed: str) -> None:
    if not by.has_perm(needed, review.municipality):
        raise PermissionDenied


def _lock(review: Review) -> None:
    current = Review.objects.select_for_update().get(pk=review.pk)
    if current.outcome != Review.Outcome.OPEN:
        raise Refused(_("この審査は終わっています。"))


def _put(row: ReviewItem, given: Given, by: Person) -> None:
    row.reference, row.note, row.owner = given.reference.strip(), given.note.strip(), given.owner
    if given.file is not None:
        _attach(row, keep(row.municipality, *given.file, field=f"{row.item}-file"))
    if given.state == ReviewItem.State.MET:
        if not row.reference and not row.file_digest:
            raise Refused(
                _("何で確かめたか（根拠の説明、文書名、ファイル）を示してください。"), f"{row.item}-reference"
            )
        if row.reference.endswith(UNFINISHED):
            raise Refused(_("根拠の続きを書いてください。"), f"{row.item}-reference")
    if given.state == ReviewItem.State.NOT_APPLICABLE and not row.note:
        raise Refused(_("当てはまらない理由を書いてください。"), f"{row.item}-note")
    settled = given.state != ReviewItem.State.OPEN
    if given.done_on and given.done_on > timezone.localdate():
        raise Refused(_("確認した日に、先の日付は選べません。"), f"{row.item}-done_on")
    if settled and row.state == given.state and row.done_on and not given.done_on:
        given_on = row.done_on
    else:
        given_on = given.done_on or timezone.localdate()
    row.done_on = given_on if settled else None
    row.settled_by = (row.settled_by if row.state == given.state else by) if settled else None
    row.state = given.state


def _attach(row: ReviewItem, file: KeptFile) -> None:
    row.file_name, row.file_digest = file.name, file.digest
    row.file_size, row.file_kind = file.size, file.kind


def _told(row: ReviewItem) -> tuple[object, ...]:
    return (row.state, row.reference, row.note, row.owner_id, row.done_on, row.file_digest, row.file_name)


def _owners(municipality: Municipality) -> dict[str, Person]:
    """Whoever holds a role here longest, by role: who is asked first."""
    held = Appointment.objects.filter(municipality=municipality, person__is_active=True)
    return {one.role: one.person for one in held.select_related("person").order_by("-pk")}


def _earlier(row: RegisteredSystem) -> dict[str, ReviewItem]:
    last = Review.objects.filter(system=row).exclude(outcome=Review.Outcome.OPEN).first()
    return {item.item: item for item in last.items.all()} if last else {}
