"""Screening, reviewers, marks, ranking and recommendation, the decision, letters."""

import json
from decimal import Decimal

import pytest

from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, LedgerRuling, Role
from machi.base.running import NotApproved
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.domain import (
    calls,
    calls_decision,
    calls_evaluation,
    calls_letters,
    calls_review,
    calls_screening,
)
from machi.joint.domain.calls_decision import Ruling
from machi.joint.domain.calls_record import Acting
from machi.joint.domain.calls_words import because, for_towns, rule_names
from machi.joint.models import Call, JointProject, Proposal, ProposalReview
from tests.base.factories import a_person
from tests.joint.calls import (
    a_reviewer,
    an_evaluated,
    marked,
    office,
    reviews_of,
    screened,
    three_proposals,
)
from tests.joint.factories import a_consortium, towns_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium():
    found = a_consortium()
    with in_consortium(found):
        yield found


@pytest.fixture
def by(consortium):
    return office(consortium)


def numbered(call, number):
    return call.proposals.select_related("call", "consortium", "lead").get(number=number)


def latest(call):
    found = calls_evaluation.latest(call)
    assert found is not None
    return found


def stop(town, system):
    with in_municipality(town):
        RegisteredSystem.objects.filter(key=system).update(state=RegisteredSystem.State.SUSPENDED)


def entries(town, subject):
    with in_municipality(town):
        return [json.loads(one.body) for one in LedgerEntry.objects.filter(subject=subject).order_by("index")]


def as_recommended(call, **changes):
    """What is decided where nobody has another mind."""
    names = rule_names(latest(call))
    return {
        int(place["proposal"]): Ruling(
            bool(place["selected"]),
            for_towns(place, names),
            amount=Proposal.objects.get(pk=place["proposal"]).amount,
            **changes,
        )
        for place in latest(call).places
    }


def test_screening_passes_with_all_met_and_fails_with_a_reason(consortium, by):
    call = three_proposals(consortium, by)
    first, second = numbered(call, 1), numbered(call, 2)
    calls_screening.screen(first, by, [True, True], "")
    with pytest.raises(Refused, match="理由を書いてください"):
        calls_screening.screen(second, by, [True, False], " ")
    calls_screening.screen(second, by, [True, False], "申請額の内訳がない")
    assert [one.state for one in call.proposals.order_by("number")] == ["passed", "failed", "submitted"]
    calls_screening.screen(second, by, [True, True], "")
    assert numbered(call, 2).state == "passed"


def test_what_can_be_counted_is_shown_beside_screening(consortium, by):
    call = three_proposals(consortium, by)
    facts = {name: (value, fits) for name, value, fits in calls_screening.facts(numbered(call, 1))}
    assert facts["構成自治体の数"] == ("2（2以上）", True)
    assert facts["申請額"] == ("20,000,000", True)
    assert facts["同意した自治体"] == ("2 / 2", True)


def test_reviewers_never_get_their_own_towns_nor_what_they_declared(consortium, by):
    first, second, third = towns_of(consortium)
    call = three_proposals(consortium, by, reviewers_each=1)
    screened(call, by)
    clerk = a_reviewer(call, by, a_person(Role.CLERK, first))  # in proposals 1 and 3
    recused = a_reviewer(call, by)
    calls_review.recuse(recused, numbered(call, 1), Acting(first, recused.person), "親族が勤めている")
    named = a_reviewer(call, by, towns=[second])  # in proposals 1 and 2
    free = a_reviewer(call, by)
    calls_review.assign(call, by)
    pairs = {(one.proposal.number, one.reviewer_id) for one in reviews_of(call)}
    assert len(pairs) == 3
    assert not pairs & {(1, clerk.pk), (3, clerk.pk), (1, recused.pk), (1, named.pk), (2, named.pk)}
    assert (1, free.pk) in pairs
    assert sorted(one.assigned for one in calls_review.workloads(call)) == [0, 1, 1, 1]
    assert third.pk not in {one.municipality_id for one in numbered(call, 1).members.all()}


def test_firms_are_recognised_whatever_their_legal_form(consortium, by):
    call = three_proposals(consortium, by, reviewers_each=1)
    screened(call, by)
    Proposal.objects.filter(call=call).update(partners="株式会社ミライ\n別の会社")
    tied = a_reviewer(call, by, organisations="（株）ミライ")
    free = a_reviewer(call, by, organisations="ミライズ")
    calls_review.assign(call, by)
    assert {one.reviewer_id for one in reviews_of(call)} == {free.pk}
    first = numbered(call, 1)
    assert calls_review.conflicts_of(tied, [first]) == {first.pk: "tied"}


def test_a_shortage_says_which_proposals_lack_whom(consortium, by):
    call = three_proposals(consortium, by)
    screened(call, by)
    a_reviewer(call, by)
    with pytest.raises(Refused, match="審査員が足りません。提案1、2、3には合わせて6件"):
        calls_review.assign(call, by)


def test_assigning_again_keeps_what_was_marked(consortium, by):
    call = three_proposals(consortium, by, reviewers_each=1)
    screened(call, by)
    a_reviewer(call, by)
    calls_review.assign(call, by)
    marked(reviews_of(call)[0], [4])
    kept = reviews_of(call)[0].pk
    for _number in range(2):
        a_reviewer(call, by)
    calls_review.assign(call, by)
    assert kept in {one.pk for one in reviews_of(call)}
    assert sorted(one.assigned for one in calls_review.workloads(call)) == [1, 1, 1]
    with pytest.raises(Refused):
        calls_review.dismiss_reviewer(ProposalReview.objects.get(pk=kept).reviewer, by)


def test_nobody_is_assigned_before_all_are_screened_nor_unapproved(consortium, by):
    call = three_proposals(consortium, by)
    with pytest.raises(Refused, match="形式審査を終えてください"):
        calls_review.assign(call, by)
    stop(by.town, calls_review.ASSIGNMENT)
    with pytest.raises(NotApproved):
        calls_review.assign(call, by)


def test_marks_are_the_reviewers_own_and_complete(consortium, by):
    call = three_proposals(consortium, by, reviewers_each=1)
    screened(call, by)
    a_reviewer(call, by)
    calls_review.assign(call, by)
    review = reviews_of(call)[0]
    criteria = list(call.criteria.all())
    some = {one.pk: calls_review.Given(3 if at else None, "") for at, one in enumerate(criteria)}
    mine = Acting(by.town, review.reviewer.person)
    with pytest.raises(Refused, match="本人"):
        calls_review.mark(review, by, some, "", hand_in=False)
    with pytest.raises(Refused, match="点数がまだの観点: 課題"):
        calls_review.mark(review, mine, some, "", hand_in=True)
    with pytest.raises(Refused, match="0から5"):
        calls_review.mark(review, mine, {**some, criteria[0].pk: calls_review.Given(6, "")}, "", hand_in=True)
    calls_review.mark(review, mine, some, "途中", hand_in=False)
    assert ProposalReview.objects.get(pk=review.pk).done_at is None
    assert review.marks.count() == 4


def test_the_recommendation_is_the_best_within_the_budget(consortium, by):
    call = an_evaluated(consortium, by, budget=45_000_000)
    evaluation = latest(call)
    # 5 + 4 for 45 million; 5 + 3 for 35; 4 + 3 for 40.
    assert [(one["number"], one["rank"], one["selected"]) for one in evaluation.places] == [
        (1, 1, True),
        (2, 2, True),
        (3, 3, False),
    ]
    assert evaluation.cost == 45_000_000
    assert evaluation.total == pytest.approx(9.0)
    assert (
        because(evaluation.places[2], {}) == "採択するには提案2を外すことになり、点の合計が1.00下がります。"
    )
    assert "提案" not in for_towns(evaluation.places[2], {})


def test_rules_per_prefecture_and_area_bind_and_are_named(consortium, by):
    call = an_evaluated(consortium, by, most_per_area=1, budget=60_000_000)
    assert latest(call).given["rules"] == []  # three areas: nothing binds
    Proposal.objects.filter(call=call).update(area="tourism")
    calls_evaluation.evaluate(call, by)
    places = latest(call).places
    assert [one["selected"] for one in places] == [True, False, False]
    names = rule_names(latest(call))
    assert "分野「広域観光」の上限" in because(places[1], names)
    assert "分野「広域観光」の上限" in for_towns(places[1], names)


def test_a_limit_per_prefecture_counts_the_lead_and_is_named(consortium, by):
    call = an_evaluated(consortium, by, most_per_prefecture=1, budget=60_000_000)
    assert latest(call).given["rules"] == []  # three leads of three prefectures
    Proposal.objects.filter(call=call, number=2).update(lead=towns_of(consortium)[0])
    calls_evaluation.evaluate(call, by)
    found = latest(call)
    assert [one["selected"] for one in found.places] == [True, False, True]
    assert "神奈川県の上限" in because(found.places[1], rule_names(found))


def test_a_score_under_the_least_is_not_recommended(consortium, by):
    call = an_evaluated(consortium, by, least_score=Decimal("3.5"), budget=90_000_000)
    places = latest(call).places
    assert [one["selected"] for one in places] == [True, True, False]
    assert because(places[2], {}) == "点が、採択に必要な最低点に届きません。"


def test_steadiness_is_computed_by_the_job_and_sums_up(consortium, by, django_capture_on_commit_callbacks):
    call = an_evaluated(consortium, by, budget=45_000_000)
    evaluation = latest(call)
    calls_evaluation.steadiness_task.call(consortium.pk, evaluation.pk, by.person.pk)
    evaluation.refresh_from_db()
    shares = [evaluation.steadiness[str(one["proposal"])] for one in evaluation.places]
    assert evaluation.samples == calls_evaluation.SAMPLES
    assert [one["both"] for one in shares] == [1.0, 1.0, 0.0]  # all reviewers agree: nothing varies
    with in_municipality(by.town):
        assert calls_evaluation.progress(call) is None
    assert entries(by.town, f"call:{call.pk}")[-1]["outputs"]["action"] == "steadiness"


def test_neither_scores_nor_names_stand_in_the_ledger(consortium, by):
    call = an_evaluated(consortium, by)
    text = json.dumps(entries(by.town, f"call:{call.pk}"), ensure_ascii=False)
    assert "recommended" in text
    for hidden in ("score", "severity", *(one.person.name for one in call.reviewers.all())):
        assert hidden not in text


def test_nothing_is_computed_unapproved_or_without_marks(consortium, by):
    call = three_proposals(consortium, by)
    screened(call, by)
    with pytest.raises(Refused, match="採点が一つもない提案が3件"):
        calls_evaluation.evaluate(call, by)
    stop(by.town, calls_evaluation.SELECTION)
    with pytest.raises(NotApproved):
        calls_evaluation.evaluate(call, by)


def test_a_person_decides_as_recommended(consortium, by):
    call = an_evaluated(consortium, by, budget=45_000_000)
    calls_decision.decide(call, by, as_recommended(call), "よい提案が集まった。")
    call = Call.objects.get(pk=call.pk)
    assert (call.state, call.note) == ("decided", "よい提案が集まった。")
    assert [one.state for one in call.proposals.order_by("number")] == ["adopted", "adopted", "rejected"]
    project = JointProject.objects.get(proposal__number=1)
    assert (project.title, project.amount, project.state) == ("窓口の共同利用", 20_000_000, "running")
    assert set(project.members.all()) == set(towns_of(consortium)[:2])
    with in_municipality(by.town):
        assert LedgerRuling.objects.get().verdict == "agree"


def test_overruling_asks_for_a_reason_and_keeps_both(consortium, by):
    call = an_evaluated(consortium, by, budget=45_000_000)
    second, third = numbered(call, 2), numbered(call, 3)
    rulings = as_recommended(call)
    rulings[second.pk] = Ruling(False, "防災を先にしたため。")
    rulings[third.pk] = Ruling(True, "防災を先にしたため。", amount=10_000_000)
    with pytest.raises(Refused, match="提案2は推薦と違います") as refused:
        calls_decision.decide(call, by, rulings, "")
    assert refused.value.field == f"overruling-{second.pk}"
    why = "今年の豪雨を受けて、備えを先にする。"
    rulings[second.pk] = Ruling(False, "防災を先にしたため。", why)
    rulings[third.pk] = Ruling(True, "防災を先にしたため。", why, 10_000_000)
    calls_decision.decide(call, by, rulings, "")
    decision = Proposal.objects.get(pk=third.pk).decision
    assert (decision.adopted, decision.recommended, decision.overruling) == (True, False, why)
    with in_municipality(by.town):
        ruling = LedgerRuling.objects.get()
    assert (ruling.verdict, why in ruling.reason) == ("overrule", True)
    for town in [one.municipality for one in third.members.select_related("municipality")]:
        told = entries(town, f"proposal:{third.pk}")[-1]
        assert told["outputs"]["overruled"] is True
        assert told["outputs"]["why_overruled"] == why
        assert told["explanation"] == "防災を先にしたため。"


def test_a_decision_keeps_to_the_budget_and_to_what_was_asked(consortium, by):
    call = an_evaluated(consortium, by, budget=45_000_000)
    rulings = as_recommended(call)
    first, third = numbered(call, 1), numbered(call, 3)
    over = {**rulings, third.pk: Ruling(True, "理由", "違える理由", 15_000_000)}
    with pytest.raises(Refused, match="予算45,000,000円を超えています"):
        calls_decision.decide(call, by, over, "")
    with pytest.raises(Refused, match="申請額まで"):
        calls_decision.decide(call, by, {**rulings, first.pk: Ruling(True, "理由", amount=20_000_001)}, "")
    with pytest.raises(Refused, match="すべての提案"):
        calls_decision.decide(call, by, {first.pk: rulings[first.pk]}, "")


def test_marks_changed_since_ask_for_a_new_recommendation(consortium, by):
    call = an_evaluated(consortium, by)
    assert not calls_evaluation.is_stale(latest(call))
    marked(reviews_of(call)[0], [1])
    assert calls_evaluation.is_stale(latest(call))
    with pytest.raises(Refused, match="計算し直してください"):
        calls_decision.decide(call, by, as_recommended(call), "")


def test_who_failed_screening_is_told_so_with_the_decision(consortium, by):
    call = three_proposals(consortium, by)
    calls_screening.screen(numbered(call, 3), by, [False, True], "自治体が1つ抜けた")
    screened(call, by)
    for _number in range(2):
        a_reviewer(call, by)
    calls_review.assign(call, by)
    for review in reviews_of(call):
        marked(review, [4])
    calls_evaluation.evaluate(call, by)
    calls_decision.decide(call, by, as_recommended(call), "")
    decision = numbered(call, 3).decision
    assert (decision.adopted, decision.recommended, decision.reason) == (False, None, "自治体が1つ抜けた")
    assert numbered(call, 3).state == "failed"


def test_letters_tell_each_lead_and_show_no_figures_of_the_scoring(consortium, by):
    call = an_evaluated(consortium, by, budget=45_000_000)
    with pytest.raises(Refused):
        calls_letters.letter(numbered(call, 1))
    calls_decision.decide(call, by, as_recommended(call), "")
    letters = calls_letters.letters_of(Call.objects.select_related("consortium").get(pk=call.pk))
    assert [one.subject for one in letters] == [
        "共同事業の提案の採択について（通知）",
        "共同事業の提案の採択について（通知）",
        "共同事業の提案の不採択について（通知）",
    ]
    assert letters[0].to == f"{towns_of(consortium)[0].name}長　様"
    facts = dict(letters[0].particulars)
    assert facts["決定額"] == "20,000,000円（申請額 20,000,000円）"
    text = str(letters)
    assert "5.0" not in text
    assert all(one.person.name not in text for one in call.reviewers.all())


def test_results_are_announced_once_and_after_the_decision(consortium, by):
    call = an_evaluated(consortium, by)
    with pytest.raises(Refused):
        calls_decision.announce(call, by)
    calls_decision.decide(call, by, as_recommended(call), "")
    calls_decision.announce(call, by)
    assert Call.objects.get(pk=call.pk).state == "announced"
    with pytest.raises(Refused):
        calls_decision.announce(call, by)
    with pytest.raises(Refused):
        calls.cancel(call, by, "やめる")
