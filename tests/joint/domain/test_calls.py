"""A call from draft to close, and proposals written together: what holds, who sees what, what is recorded."""

import json
from datetime import date

import pytest

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.joint.domain import calls, calls_proposals
from machi.joint.domain.calls_access import shown_state, visible_calls, visible_proposals
from machi.joint.models import Call, Proposal
from tests.base.factories import a_person
from tests.joint.calls import (
    a_submitted,
    acting,
    an_open_call,
    given,
    later,
    office,
    screened,
    three_proposals,
    written,
)
from tests.joint.factories import a_consortium, office_of, towns_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium():
    found = a_consortium()
    with in_consortium(found):
        yield found


@pytest.fixture
def by(consortium):
    return office(consortium)


def entries(town, subject):
    with in_municipality(town):
        return [json.loads(one.body) for one in LedgerEntry.objects.filter(subject=subject).order_by("index")]


def test_a_call_begins_with_criteria_that_add_up(consortium, by):
    call = calls.begin(consortium, by, given())
    assert sum(one.weight for one in call.criteria.all()) == 100
    assert calls.why_not_published(call) == []


def test_a_call_is_not_published_while_something_is_missing(consortium, by):
    call = calls.begin(consortium, by, given(areas=[], requirements=[], least_score=6))
    calls.set_criteria(call, by, [calls.Criterion("効果", "", 90)])
    assert len(calls.why_not_published(call)) == 4
    with pytest.raises(Refused):
        calls.publish(call, by)


def test_what_proposals_are_measured_by_stays_once_published(consortium, by):
    call = an_open_call(consortium, by)
    with pytest.raises(Refused):
        calls.change(call, by, given(budget=1))
    with pytest.raises(Refused):
        calls.set_criteria(call, by, [calls.Criterion("効果", "", 100)])
    [*_before, published] = entries(by.town, f"call:{call.pk}")
    assert published["outputs"]["measure"] == calls.measure(call)


def test_a_deadline_moves_later_and_never_earlier(consortium, by):
    call = an_open_call(consortium, by, closes_on=later(3))
    with pytest.raises(Refused):
        calls.move_deadline(call, by, later(2), "急ぐため")
    with pytest.raises(Refused):
        calls.move_deadline(call, by, later(9), " ")
    calls.move_deadline(call, by, later(9), "問い合わせが多いため")
    assert Call.objects.get(pk=call.pk).closes_on == later(9)
    assert entries(by.town, f"call:{call.pk}")[-1]["explanation"] == "問い合わせが多いため"


def test_a_call_closes_on_its_last_day_and_not_before(consortium, by):
    call = an_open_call(consortium, by, closes_on=later(1))
    with pytest.raises(Refused, match="締切日になるまで"):
        calls.close(call, by)


def test_a_call_without_proposals_is_not_closed(consortium, by):
    with pytest.raises(Refused, match="提出された提案がありません"):
        calls.close(an_open_call(consortium, by), by)


def test_a_call_given_up_keeps_its_reason(consortium, by):
    call = an_open_call(consortium, by)
    with pytest.raises(Refused):
        calls.cancel(call, by, "")
    calls.cancel(call, by, "予算が認められなかったため")
    with pytest.raises(Refused):
        calls.cancel(call, by, "もう一度")
    assert Call.objects.get(pk=call.pk).reason == "予算が認められなかったため"


def test_towns_write_together_and_a_signature_falls_with_a_change(consortium, by):
    first, second, _third = towns_of(consortium)
    call = an_open_call(consortium, by)
    lead, other = acting(first), acting(second)
    proposal = calls_proposals.begin(call, lead, "窓口の共同利用", [second])
    proposal = written(proposal, lead)
    calls_proposals.sign(proposal, lead)
    calls_proposals.sign(proposal, other)
    assert calls_proposals.why_not_submitted(proposal) == []
    proposal = calls_proposals.write(proposal, other, {"plan": "運用も共同で行う。"}, proposal.revision)
    assert [one.signed_at for one in proposal.members.all()] == [None, None]
    with pytest.raises(Refused, match="まだ同意していない自治体"):
        calls_proposals.submit(proposal, lead)


def test_two_who_write_at_once_do_not_overwrite_each_other(consortium, by):
    first, second, _third = towns_of(consortium)
    lead, other = acting(first), acting(second)
    proposal = calls_proposals.begin(an_open_call(consortium, by), lead, "窓口の共同利用", [second])
    seen = proposal.revision
    calls_proposals.write(proposal, lead, {"plan": "代表が書いた。"}, seen)
    with pytest.raises(Refused, match="先に保存しました"):
        calls_proposals.write(proposal, other, {"plan": "構成が書いた。"}, seen)
    assert Proposal.objects.get(pk=proposal.pk).plan == "代表が書いた。"


def test_nothing_changed_is_nothing_saved(consortium, by):
    first, second, _third = towns_of(consortium)
    lead = acting(first)
    proposal = written(calls_proposals.begin(an_open_call(consortium, by), lead, "窓口", [second]), lead)
    calls_proposals.sign(proposal, lead)
    again = calls_proposals.write(proposal, lead, {"plan": proposal.plan}, 0)
    assert again.revision == proposal.revision
    assert again.members.get(municipality=first).signed_at is not None


def test_drafts_saved_by_themselves_are_not_recorded_and_signatures_are(consortium, by):
    first, second, _third = towns_of(consortium)
    lead = acting(first)
    proposal = written(calls_proposals.begin(an_open_call(consortium, by), lead, "窓口", [second]), lead)
    before = len(entries(first, f"proposal:{proposal.pk}"))
    proposal = calls_proposals.write(proposal, lead, {"plan": "書"}, proposal.revision, autosave=True)
    assert len(entries(first, f"proposal:{proposal.pk}")) == before
    calls_proposals.sign(proposal, lead)
    for town in (first, second):
        signed = entries(town, f"proposal:{proposal.pk}")[-1]
        assert signed["outputs"]["action"] == "sign"
        assert signed["outputs"]["content"] == calls_proposals.content(proposal)


def test_a_proposal_is_signed_only_when_it_is_complete(consortium, by):
    first, second, _third = towns_of(consortium)
    call = an_open_call(consortium, by, least_members=3)
    lead = acting(first)
    proposal = calls_proposals.begin(call, lead, "窓口", [second])
    proposal = written(proposal, lead, amount=40_000_000, ends_on=date(2027, 3, 31), summary="")
    missing = calls_proposals.what_is_missing(proposal)
    assert missing == [
        "「概要」が空欄です。",
        "構成自治体が足りません（代表を含めて3以上）。",
        "申請額が1件の上限額を超えています。",
        "終了日は、開始日より後にしてください。",
    ]
    with pytest.raises(Refused):
        calls_proposals.sign(proposal, lead)


def test_only_the_lead_chooses_members_and_hands_in(consortium, by):
    first, second, third = towns_of(consortium)
    lead, other = acting(first), acting(second)
    proposal = written(calls_proposals.begin(an_open_call(consortium, by), lead, "窓口", [second]), lead)
    with pytest.raises(Refused):
        calls_proposals.set_members(proposal, other, [second, third])
    with pytest.raises(Refused):
        calls_proposals.submit(proposal, other)
    with pytest.raises(Refused):
        calls_proposals.write(proposal, acting(third), {"plan": "よその町"}, proposal.revision)
    calls_proposals.set_members(proposal, lead, [third])
    assert {one.municipality_id for one in proposal.members.all()} == {first.pk, third.pk}


def test_a_town_outside_the_consortium_is_no_member(consortium, by):
    first, second, third = towns_of(consortium)
    third.memberships.update(until=date(2026, 5, 1))
    with pytest.raises(Refused, match="この共同体の自治体ではありません"):
        calls_proposals.begin(an_open_call(consortium, by), acting(first), "窓口", [second, third])


def test_attachments_are_checked_by_content(consortium, by):
    first, second, _third = towns_of(consortium)
    lead = acting(first)
    proposal = calls_proposals.begin(an_open_call(consortium, by), lead, "窓口", [second])
    calls_proposals.attach(proposal, lead, "計画.txt", "計画".encode())
    for name, data in (("計画.pdf", b"MZ\x90\x00"), ("計画.pdf", "文".encode()), ("空.txt", b"")):
        with pytest.raises(Refused):
            calls_proposals.attach(proposal, lead, name, data)
    assert [one.name for one in proposal.attachments.all()] == ["計画.txt"]


def test_what_was_handed_in_no_longer_changes(consortium, by):
    first, second, _third = towns_of(consortium)
    proposal = a_submitted(an_open_call(consortium, by), first, second)
    assert proposal.number == 1
    for act in (
        lambda: calls_proposals.write(proposal, acting(first), {"plan": "直す"}, proposal.revision),
        lambda: calls_proposals.attach(proposal, acting(first), "計画.txt", b"x"),
        lambda: calls_proposals.set_members(proposal, acting(first), []),
    ):
        with pytest.raises(Refused, match="提出した提案は変えられません"):
            act()


def test_no_draft_is_handed_in_after_the_close(consortium, by):
    first, second, third = towns_of(consortium)
    call = an_open_call(consortium, by)
    a_submitted(call, first, second)
    lead = acting(third)
    draft = written(calls_proposals.begin(call, lead, "遅れた提案", [second]), lead)
    calls.close(call, by)
    with pytest.raises(Refused, match="受け付けていません"):
        calls_proposals.sign(draft, lead)


def test_a_lead_withdraws_with_a_reason(consortium, by):
    first, second, _third = towns_of(consortium)
    proposal = a_submitted(an_open_call(consortium, by), first, second)
    with pytest.raises(Refused):
        calls_proposals.withdraw(proposal, acting(second), "やめる")
    calls_proposals.withdraw(proposal, acting(first), "国の補助を受けることになったため")
    assert Proposal.objects.get(pk=proposal.pk).state == "withdrawn"
    assert entries(second, f"proposal:{proposal.pk}")[-1]["explanation"] == "国の補助を受けることになったため"


def seen(person, town):
    return set(visible_proposals(person, town).values_list("title", flat=True))


def test_a_draft_is_seen_by_its_towns_alone(consortium, by):
    first, second, third = towns_of(consortium)
    call = an_open_call(consortium, by)
    calls_proposals.begin(call, acting(first), "下書き", [second])
    a_submitted(call, third, second, title="提出した提案")
    clerk = {town: a_person(Role.CLERK, town) for town in (first, second, third)}
    assert seen(clerk[first], first) == {"下書き"}
    assert seen(clerk[second], second) == {"下書き", "提出した提案"}
    assert seen(clerk[third], third) == {"提出した提案"}
    # The joint office works in every town, and still sees no draft.
    assert seen(office_of(consortium), first) == {"提出した提案"}
    assert seen(a_person(Role.ADMINISTRATOR, first), first) == set()
    assert seen(clerk[first], second) == set()


def test_a_draft_call_is_seen_by_the_office_alone(consortium, by):
    first, *_others = towns_of(consortium)
    calls.begin(consortium, by, given())
    assert visible_calls(by.person, by.town).count() == 1
    assert visible_calls(a_person(Role.MANAGER, first), first).count() == 0


def test_how_screening_went_is_not_told_before_the_decision(consortium, by):
    call = three_proposals(consortium, by)
    screened(call, by)
    proposal = call.proposals.select_related("call").get(number=1)
    assert proposal.state == "passed"
    assert shown_state(proposal, office=True) == "形式審査を通過"
    assert shown_state(proposal, office=False) == "審査中"


def test_the_ledger_of_every_town_concerned_verifies(consortium, by):
    call = three_proposals(consortium, by)
    proposal = call.proposals.get(number=1)
    for town in [one.municipality for one in proposal.members.select_related("municipality")]:
        assert entries(town, f"proposal:{proposal.pk}")[-1]["outputs"]["action"] == "submit"
    for town in towns_of(consortium):
        assert ledger.verify(town) == []
    text = "".join(json.dumps(one, ensure_ascii=False) for one in entries(by.town, f"proposal:{proposal.pk}"))
    assert "企画 花子" not in text
    assert "kikaku@town.example" not in text
