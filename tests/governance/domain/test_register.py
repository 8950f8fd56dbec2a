"""Reviewed, approved, stopped, resumed, retired: what each act asks for, changes and leaves behind."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry
from machi.base.rooms import rooms
from machi.base.running import NotApproved, ensure_may_run, why_not
from machi.base.scoping import in_municipality
from machi.frontdesk.apps import ANSWERS
from machi.governance.domain import register, waiting
from machi.governance.domain.review import Given, raise_to_high, report_to_board, settle
from machi.governance.models import RegisteredSystem, Review, ReviewItem, SystemDecision
from tests.base.factories import a_municipality
from tests.governance.systems import Town, an_unapproved_town, approve, settle_all

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
State = RegisteredSystem.State


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    town = an_unapproved_town()
    with in_municipality(town.municipality):
        yield town


@contextmanager
def declared_as(**changed: object) -> Iterator[None]:
    """The front desk's AI system as a later release, or another house, would declare it."""
    room = apps.get_app_config("frontdesk")
    before = room.ai_systems
    room.ai_systems = tuple(replace(one, **changed) if one.key == ANSWERS else one for one in before)
    try:
        yield
    finally:
        room.ai_systems = before


def state(town: Town) -> str:
    return register.entry(town.municipality, ANSWERS).row.state


def runs(town: Town) -> bool:
    return why_not(town.municipality, ANSWERS) is None


def test_what_nobody_looked_at_is_a_draft_and_does_not_run(town: Town) -> None:
    assert (state(town), runs(town)) == (State.DRAFT, False)
    assert RegisteredSystem.objects.count() == 0
    with pytest.raises(NotApproved, match="まだ承認されていません"):
        ensure_may_run(town.municipality, ANSWERS)


def test_a_system_goes_from_draft_over_review_to_approved_and_then_runs(town: Town) -> None:
    review = register.submit(town.municipality, ANSWERS, by=town.manager)
    assert (state(town), runs(town)) == (State.UNDER_REVIEW, False)
    settle_all(review, town.manager)
    until = TODAY() + timedelta(days=100)
    register.approve(town.municipality, ANSWERS, by=town.officer, until=until, conditions="窓口に限る")
    entry = register.entry(town.municipality, ANSWERS)
    assert (entry.row.state, entry.row.conditions, entry.row.approved_until) == (
        State.APPROVED,
        "窓口に限る",
        until,
    )
    assert entry.runs
    assert entry.review is None
    review.refresh_from_db()
    assert (review.outcome, review.closed_at is not None) == (Review.Outcome.APPROVED, True)


def test_approval_with_open_items_is_refused_and_names_them(town: Town) -> None:
    review = register.submit(town.municipality, ANSWERS, by=town.officer)
    settle_all(review, town.officer, but=2)
    with pytest.raises(Refused) as refused:
        register.approve(town.municipality, ANSWERS, by=town.officer, until=TODAY() + timedelta(days=1))
    assert "自治体のデータを学習に使わせない" not in str(refused.value)
    assert "国内に置き、日本の法律に従う、やめるときにデータが戻る" in str(refused.value)
    assert not runs(town)


def test_every_act_leaves_a_decision_and_a_ledger_entry_without_its_words(town: Town) -> None:
    approve(town, conditions="夜間は止める")
    register.suspend(town.municipality, ANSWERS, by=town.officer, notice="点検中です")
    register.resume(town.municipality, ANSWERS, by=town.officer)
    register.retire(town.municipality, ANSWERS, by=None, reason="後継に替える")
    decisions = list(SystemDecision.objects.order_by("pk"))
    assert [(one.act, one.state, one.text, one.by) for one in decisions] == [
        ("submit", State.UNDER_REVIEW, "", town.officer),
        ("approve", State.APPROVED, "夜間は止める", town.officer),
        ("suspend", State.SUSPENDED, "点検中です", town.officer),
        ("resume", State.APPROVED, "", town.officer),
        ("retire", State.RETIRED, "後継に替える", None),
    ]
    entries = {one.index: one for one in LedgerEntry.objects.filter(kind=register.KIND)}
    assert [one.ledger_index for one in decisions] == sorted(entries)
    for one in decisions:
        body = json.loads(entries[one.ledger_index].body)
        assert (body["outputs"]["action"], body["outputs"]["state"]) == (one.act, one.state)
        assert body["subject"] == f"ai_system:{ANSWERS}"
        assert "点検" not in entries[one.ledger_index].body
        if one.text:
            assert ledger.matches(entries[one.ledger_index], "text", one.text)
    assert ledger.verify(town.municipality) == []


def test_a_stop_counts_from_the_next_request_with_its_notice(town: Town) -> None:
    approve(town)
    register.suspend(town.municipality, ANSWERS, by=town.officer, notice="点検中です。電話でどうぞ。")
    assert why_not(town.municipality, ANSWERS) == "点検中です。電話でどうぞ。"
    register.resume(town.municipality, ANSWERS, by=town.officer)
    assert runs(town)
    assert register.entry(town.municipality, ANSWERS).row.notice == ""


def test_a_stop_in_one_town_stops_no_other(town: Town) -> None:
    other = a_municipality("332020")
    approve(town)
    register.suspend(town.municipality, ANSWERS, by=town.officer, notice="点検")
    assert why_not(other, ANSWERS) is None


def test_a_new_version_needs_its_own_approval(town: Town) -> None:
    approve(town)
    with declared_as(version="2"):
        assert "新しい版" in str(why_not(town.municipality, ANSWERS))
        register.submit(town.municipality, ANSWERS, by=town.officer)
        assert state(town) == State.UNDER_REVIEW  # no renewal: what was approved is not what would run
        settle_all(Review.objects.get(outcome=""), town.officer)
        register.approve(town.municipality, ANSWERS, by=town.officer, until=TODAY() + timedelta(days=9))
        assert runs(town)
    assert not runs(town)  # back to the older version: not what was approved either


def test_a_version_that_changes_during_the_review_cannot_be_approved_by_it(town: Town) -> None:
    settle_all(register.submit(town.municipality, ANSWERS, by=town.officer), town.officer)
    with declared_as(version="2"), pytest.raises(Refused, match="版が変わりました"):
        register.approve(town.municipality, ANSWERS, by=town.officer, until=TODAY() + timedelta(days=9))


def test_an_approval_runs_out_after_its_last_day(town: Town) -> None:
    approve(town)
    row = RegisteredSystem.objects.get()
    row.approved_until = TODAY()
    row.save()
    assert runs(town)
    row.approved_until = TODAY() - timedelta(days=1)
    row.save()
    assert "期限が切れ" in str(why_not(town.municipality, ANSWERS))
    register.suspend(town.municipality, ANSWERS, by=town.officer, notice="点検")
    with pytest.raises(Refused, match="審査をやり直して"):
        register.resume(town.municipality, ANSWERS, by=town.officer)


@pytest.mark.parametrize(("days", "count"), [(31, 0), (30, 1), (1, 1)])
def test_staff_are_warned_before_an_approval_runs_out(town: Town, days: int, count: int) -> None:
    approve(town, days=days)
    told = {str(one.label): one.count for one in waiting.waiting(town.municipality, town.officer)}
    assert told["承認の期限が近いAIシステム"] == count
    line = next(one for one in waiting.status(town.municipality) if "総合窓口" in str(one.label))
    assert ("期限が近づいています" in str(line.note)) == bool(count)
    of_clerk = {str(one.label) for one in waiting.waiting(town.municipality, town.clerk)}
    assert "承認の期限が近いAIシステム" not in of_clerk


def test_a_renewal_lets_the_system_run_on_and_begins_with_what_was_shown(town: Town) -> None:
    approve(town)
    renewal = register.submit(town.municipality, ANSWERS, by=town.manager)
    assert (state(town), runs(town)) == (State.APPROVED, True)
    first = renewal.items.all()[0]
    assert (first.state, first.reference) == (ReviewItem.State.OPEN, "見本の規程")
    with pytest.raises(Refused, match="確かめていない項目"):
        register.approve(town.municipality, ANSWERS, by=town.officer, until=TODAY() + timedelta(days=9))
    settle_all(renewal, town.officer)
    until = TODAY() + timedelta(days=700)
    register.approve(town.municipality, ANSWERS, by=town.officer, until=until)
    assert register.entry(town.municipality, ANSWERS).row.approved_until == until


def test_a_renewal_sent_back_takes_nothing_away(town: Town) -> None:
    approve(town)
    register.submit(town.municipality, ANSWERS, by=town.officer)
    register.send_back(town.municipality, ANSWERS, by=town.officer, reason="資料が古い")
    assert runs(town)


def test_a_stop_ends_a_renewal(town: Town) -> None:
    approve(town)
    register.submit(town.municipality, ANSWERS, by=town.officer)
    register.suspend(town.municipality, ANSWERS, by=town.officer, notice="点検")
    assert register.entry(town.municipality, ANSWERS).review is None


def test_high_risk_waits_for_the_report_to_the_board(town: Town) -> None:
    until = TODAY() + timedelta(days=9)
    with declared_as(judgement="none"):
        review = register.submit(town.municipality, ANSWERS, by=town.officer)
        assert review.route == Review.Route.HIGH
        settle_all(review, town.officer)
        with pytest.raises(Refused, match="有識者会議への報告"):
            register.approve(town.municipality, ANSWERS, by=town.officer, until=until)
        report_to_board(review, town.officer, on=TODAY(), reference="第2回会議 資料3", opinion="agrees")
        register.approve(town.municipality, ANSWERS, by=town.officer, until=until)
        assert runs(town)


def test_the_officer_may_send_to_the_board_what_the_rules_would_not(town: Town) -> None:
    review = register.submit(town.municipality, ANSWERS, by=town.officer)
    assert review.route == Review.Route.NORMAL
    raise_to_high(review, town.officer)
    settle_all(review, town.officer)
    with pytest.raises(Refused, match="有識者会議への報告"):
        register.approve(town.municipality, ANSWERS, by=town.officer, until=TODAY() + timedelta(days=9))


@pytest.mark.parametrize("days", [0, -1, 3 * 366 + 1])
def test_an_approval_ends_some_day_that_is_not_past(town: Town, days: int) -> None:
    settle_all(register.submit(town.municipality, ANSWERS, by=town.officer), town.officer)
    with pytest.raises(Refused):
        register.approve(town.municipality, ANSWERS, by=town.officer, until=TODAY() + timedelta(days=days))


def test_only_the_officer_decides(town: Town) -> None:
    settle_all(register.submit(town.municipality, ANSWERS, by=town.manager), town.manager)
    for by in (town.manager, town.clerk):
        with pytest.raises(PermissionDenied):
            register.approve(town.municipality, ANSWERS, by=by, until=TODAY() + timedelta(days=9))
        with pytest.raises(PermissionDenied):
            register.retire(town.municipality, ANSWERS, by=by, reason="x")
    with pytest.raises(PermissionDenied):
        register.submit(town.municipality, ANSWERS, by=town.clerk)


def test_an_officer_of_another_town_decides_nothing_here(town: Town) -> None:
    stranger = an_unapproved_town("332020").officer
    with pytest.raises(PermissionDenied):
        register.submit(town.municipality, ANSWERS, by=stranger)


def test_words_are_needed_where_users_or_colleagues_read_them(town: Town) -> None:
    approve(town)
    with pytest.raises(Refused):
        register.suspend(town.municipality, ANSWERS, by=town.officer, notice="  ")
    with pytest.raises(Refused):
        register.retire(town.municipality, ANSWERS, by=town.officer, reason="")
    assert runs(town)


def test_entries_take_the_same_queries_for_one_system_and_for_three(
    town: Town, django_assert_num_queries: object
) -> None:
    room = apps.get_app_config("frontdesk")
    before = room.ai_systems
    others = sum(len(one.ai_systems) for one in rooms()) - len(before)
    try:
        for count in (1, 3):
            room.ai_systems = tuple(replace(before[0], key=f"frontdesk.one{n}") for n in range(count))
            with django_assert_num_queries(2):  # type: ignore[operator]
                assert len(register.entries(town.municipality)) == count + others
    finally:
        room.ai_systems = before


ACTS = ("submit", "settle_some", "settle_all", "board", "send_back", "approve", "suspend", "resume", "retire")


class _Undo(Exception):
    pass


@settings(max_examples=40)
@given(acts=st.lists(st.sampled_from(ACTS), max_size=12), high=st.booleans())
def test_no_run_of_acts_reaches_approved_with_an_open_item(acts: list[str], high: bool) -> None:
    """Whatever people do, in whatever order: it runs only after an approval of a review in which nothing was open,
    and, of a risky system, of which the board was told."""
    with suppress(_Undo), transaction.atomic():
        town = an_unapproved_town()
        with in_municipality(town.municipality), declared_as(judgement="none" if high else "sources"):
            for act in acts:
                _try(town, act)
                approvals = Review.objects.filter(outcome=Review.Outcome.APPROVED)
                if runs(town):
                    assert approvals.exists()
                still_open = ReviewItem.objects.filter(review__in=approvals, state=ReviewItem.State.OPEN)
                assert not still_open.exists()
                if high:
                    assert all(review.board_reported for review in approvals)
        raise _Undo


def _try(town: Town, act: str) -> None:
    here, by = town.municipality, town.officer
    review = Review.objects.filter(outcome="").first()
    try:
        if act == "submit":
            register.submit(here, ANSWERS, by=by)
        elif act == "settle_some" and review:
            settle(review, by, {review.items.all()[0].item: Given("met", reference="x")})
        elif act == "settle_all" and review:
            settle_all(review, by)
        elif act == "board" and review:
            report_to_board(review, by, on=TODAY(), reference="x", opinion="agrees")
        elif act == "send_back":
            register.send_back(here, ANSWERS, by=by, reason="x")
        elif act == "approve":
            register.approve(here, ANSWERS, by=by, until=TODAY() + timedelta(days=9))
        elif act == "suspend":
            register.suspend(here, ANSWERS, by=by, notice="x")
        elif act == "resume":
            register.resume(here, ANSWERS, by=by)
        elif act == "retire":
            register.retire(here, ANSWERS, by=by, reason="x")
    except Refused:
        pass
