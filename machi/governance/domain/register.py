"""The register of AI systems of a municipality: submitted, approved, stopped, resumed, retired; each act recorded.

What the rooms declare is what there is; the row only says how it stands here. A stop counts from the next request
on, because whoever runs a system asks ``domain.permission`` each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.rooms import AISystem, ai_system, rooms
from machi.governance.domain import permission
from machi.governance.domain.review import begin, titles_of_open
from machi.governance.engine.lifecycle import Act, NotNow, Standing, after
from machi.governance.models import RegisteredSystem, Review, ReviewItem, SystemDecision

SYSTEM = "governance.systems"
KIND = "ai_system"
DECIDE = "governance.decide_systems"
REVIEW = "governance.review_systems"
USUAL_APPROVAL = timedelta(days=365)
LONGEST_APPROVAL = timedelta(days=3 * 366)
WARNED_BEFORE = timedelta(days=30)
"""From how long before its last day on an approval is said to run out."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A declared AI system, and how it stands in the municipality."""

    system: AISystem
    row: RegisteredSystem
    """Not stored where nobody has acted yet."""
    review: Review | None
    """The one going on; ``open_items`` says how many of its items nobody has settled."""
    why_not: str | None
    """Why it does not run now."""

    @property
    def runs(self) -> bool:
        return self.why_not is None

    @property
    def stands(self) -> bool:
        return _stands(self.row, self.system)

    @property
    def runs_out(self) -> bool:
        """It runs, and its approval ends soon."""
        until = self.row.approved_until
        return self.runs and until is not None and until - timezone.localdate() <= WARNED_BEFORE


def declared() -> list[AISystem]:
    return [system for room in rooms() for system in room.ai_systems]


def entries(municipality: Municipality) -> list[Entry]:
    """Every AI system of the house, in the order the rooms declare them (two queries)."""
    rows = {row.key: row for row in RegisteredSystem.objects.select_related("decided_by")}
    waits = Count("items", filter=Q(items__state=ReviewItem.State.OPEN))
    going_on = Review.objects.filter(outcome=Review.Outcome.OPEN).annotate(open_items=waits)
    reviews = {review.system_id: review for review in going_on.select_related("begun_by")}
    found = []
    for system in declared():
        row = rows.get(system.key) or RegisteredSystem(municipality=municipality, key=system.key)
        found.append(Entry(system, row, reviews.get(row.pk), permission.why_not_of(system, row)))
    return found


def entry(municipality: Municipality, key: str) -> Entry:
    """KeyError: no room declares it."""
    return next(one for one in entries(municipality) if one.system == ai_system(key))


def submit(municipality: Municipality, key: str, *, by: Person | None) -> Review:
    """Begins a review of the declared version; what runs goes on running until the review has decided (a renewal)."""
    with transaction.atomic():
        row, system = _locked(municipality, key, by, REVIEW)
        state = _after(row, system, _open(row), "submit")
        review = begin(row, system, by)
        _decided(row, system, "submit", state, by, review=review)
    return review


def send_back(municipality: Municipality, key: str, *, by: Person | None, reason: str) -> None:
    """Ends the review without an approval."""
    _act(municipality, key, "send_back", by, text=_needed(reason, "reason"), outcome=Review.Outcome.SENT_BACK)


def approve(
    municipality: Municipality, key: str, *, by: Person | None, until: date, conditions: str = ""
) -> None:
    """Lets the version reviewed run until ``until``. Refused while an item is open or the board has not been told."""
    today = timezone.localdate()
    if until <= today:
        raise Refused(_("承認の期限には、明日からあとの日を選んでください。"), "until")
    if until > today + LONGEST_APPROVAL:
        raise Refused(_("承認の期限は3年までです。"), "until")
    _act(
        municipality,
        key,
        "approve",
        by,
        text=conditions.strip(),
        until=until,
        outcome=Review.Outcome.APPROVED,
    )


def suspend(municipality: Municipality, key: str, *, by: Person | None, notice: str) -> None:
    """Stops it from the next request on; users read ``notice``. A renewal going on ends with it."""
    _act(municipality, key, "suspend", by, text=_needed(notice, "notice"), outcome=Review.Outcome.ENDED)


def resume(municipality: Municipality, key: str, *, by: Person | None) -> None:
    _act(municipality, key, "resume", by)


def retire(municipality: Municipality, key: str, *, by: Person | None, reason: str) -> None:
    """Takes it out of use; only a new review brings it back."""
    _act(municipality, key, "retire", by, text=_needed(reason, "reason"), outcome=Review.Outcome.ENDED)


def _act(
    municipality: Municipality,
    key: str,
    act: Act,
    by: Person | None,
    *,
    text: str = "",
    until: date | None = None,
    outcome: Review.Outcome | None = None,
) -> None:
    with transaction.atomic():
        row, system = _locked(municipality, key, by, DECIDE)
        review = _open(row)
        state = _after(row, system, review, act)
        if review is not None and outcome is not None:
            review.outcome, review.closed_at = outcome, timezone.now()
            review.save(update_fields=["outcome", "closed_at"])
        _decided(row, system, act, state, by, review=review, text=text, until=until)


def _locked(
    municipality: Municipality, key: str, by: Person | None, needed: str
) -> tuple[RegisteredSystem, AISystem]:
    if by is not None and not by.has_perm(needed, municipality):
        raise PermissionDenied
    system = ai_system(key)
    RegisteredSystem.objects.get_or_create(municipality=municipality, key=key)
    return RegisteredSystem.objects.select_for_update().get(key=key), system


def _open(row: RegisteredSystem) -> Review | None:
    return Review.objects.filter(system=row, outcome=Review.Outcome.OPEN).first()


def _stands(row: RegisteredSystem, system: AISystem) -> bool:
    until = row.approved_until
    return row.version == system.version and (until is None or until >= timezone.localdate())


def _after(row: RegisteredSystem, system: AISystem, review: Review | None, act: Act) -> str:
    standing = Standing(
        state=row.state,  # type: ignore[arg-type]
        in_review=review is not None,
        open_items=review.items.filter(state=ReviewItem.State.OPEN).count() if review else 0,
        same_version=review is None or review.version == system.version,
        board_wanted=review is not None and review.route == Review.Route.HIGH,
        board_reported=review is not None and review.board_reported,
        stands=_stands(row, system),
    )
    try:
        return after(standing, act)
    except NotNow as not_now:
        raise Refused(_why(not_now, row, review)) from None


def _why(not_now: NotNow, row: RegisteredSystem, review: Review | None) -> str:
    said: Mapping[str, str] = {
        "state": _("いまの状態「{state}」からは、この操作はできません。").format(
            state=row.get_state_display()
        ),
        "no_review": _("審査が始まっていません。先に審査を始めてください。"),
        "in_review": _("すでに審査中です。"),
        "version": _("審査を始めたあとで、仕組みの版が変わりました。差し戻して、審査をやり直してください。"),
        "board": _(
            "高リスクの審査です。先に、有識者会議への報告（日付、文書番号、意見）を記録してください。"
        ),
        "lapsed": _("承認した版か期限が、いまのものと合いません。再開するには、審査をやり直してください。"),
    }
    if not_now.why == "open_items" and review is not None:
        return _("確かめていない項目が残っているため、承認できません：{items}").format(
            items="、".join(titles_of_open(review))
        )
    return said[not_now.why]


def _decided(
    row: RegisteredSystem,
    system: AISystem,
    act: Act,
    state: str,
    by: Person | None,
    *,
    review: Review | None,
    text: str = "",
    until: date | None = None,
) -> None:
    row.state = state
    if act == "approve":
        row.version, row.conditions, row.approved_until = system.version, text, until
    if act != "submit" and act != "send_back":
        row.notice = text if act == "suspend" else ""
        row.decided_by, row.decided_at = by, timezone.now()
    row.save()
    recorded = ledger.record(
        row.municipality,
        system=SYSTEM,
        kind=KIND,
        subject=f"ai_system:{system.key}",
        actor=by,
        inputs={"text": text} if text else {},
        outputs={
            "action": act,
            "state": state,
            "version": system.version,
            **({"until": until.isoformat()} if until else {}),
            **({"review": review.pk, "route": review.route} if review else {}),
        },
        explanation="" if by else "on the command line of the installation",
    )
    SystemDecision.objects.create(
        municipality=row.municipality,
        system=row,
        act=act,
        state=state,
        version=system.version,
        text=text,
        until=until,
        by=by,
        ledger_index=recorded.index,
    )


def _needed(text: str, field: str) -> str:
    if not text.strip():
        raise Refused(
            _("利用者へのお知らせを書いてください。") if field == "notice" else _("理由を書いてください。"),
            field,
        )
    return text.strip()
