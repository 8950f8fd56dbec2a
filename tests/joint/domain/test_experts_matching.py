"""From postings and registrations to a released result, offers and agreements."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry
from machi.base.running import NotApproved
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.domain import (
    experts,
    experts_agreements,
    experts_matching,
    experts_registration,
    experts_wishes,
)
from machi.joint.domain.experts_words import why_expert_has_none, why_pair
from machi.joint.models import ExpertAgreement, ExpertOffer, MatchingResult, Posting
from machi.joint.registration.experts import MATCHING
from tests.joint.experts import FIRST, a_scene

pytestmark = pytest.mark.django_db
Method = MatchingResult.Method


@pytest.fixture
def scene():
    return a_scene()


def pairs(run, method):
    result = run.results.get(method=method)
    return {(one["expert"], one["posting"]) for one in result.pairs}


def opposed(scene):
    """Two experts and two postings, each side wanting what the other side does not: both stable sides differ."""
    one, two = scene.posting(scene.atsugi), scene.posting(scene.yaizu)
    a, b = scene.expert(), scene.expert()
    scene.rank()
    with scene.inside():
        experts_wishes.rank_postings(a, {one.pk: 1, two.pk: 2})
        experts_wishes.rank_postings(b, {two.pk: 1, one.pk: 2})
        experts_wishes.rank_experts(one, scene.clerks["142123"], {b.pk: 1, a.pk: 2})
        experts_wishes.rank_experts(two, scene.clerks["222127"], {a.pk: 1, b.pk: 2})
    return one, two, a, b


def test_each_side_proposing_gets_its_own_best(scene):
    one, two, a, b = opposed(scene)
    with scene.inside():
        run = experts_matching.compute(scene.round, scene.atsugi, scene.office)
        assert pairs(run, Method.EXPERTS) == {(a.pk, one.pk), (b.pk, two.pk)}
        assert pairs(run, Method.TOWNS) == {(a.pk, two.pk), (b.pk, one.pk)}
        assert len(pairs(run, Method.FIT)) == 2
        assert [result.figures["blocking"] for result in run.results.all()][:2] == [0, 0]
        again = experts_matching.compute(scene.round, scene.atsugi, scene.office)
        assert again.digest == run.digest
        assert [one.pairs for one in again.results.all()] == [one.pairs for one in run.results.all()]


def test_pinned_pair_is_made_and_the_pairs_it_blocks_are_counted(scene):
    one, two, a, b = opposed(scene)
    with scene.inside():
        run = experts_matching.compute(scene.round, scene.atsugi, scene.office, pins=[(b.pk, one.pk)])
        assert pairs(run, Method.EXPERTS) == {(a.pk, two.pk), (b.pk, one.pk)}
        pinned = next(p for p in run.results.get(method="experts").pairs if p["expert"] == b.pk)
        assert pinned["why"] == "pinned"
        with pytest.raises(Refused, match="固定できません"):
            experts_matching.compute(
                scene.round, scene.atsugi, scene.office, pins=[(a.pk, one.pk), (b.pk, one.pk)]
            )
        assert scene.round.runs.count() == 1


def test_who_found_none_is_told_why_with_numbers(scene):
    postings = [scene.posting(town) for town in (scene.atsugi, scene.yaizu, scene.kurashiki)]
    best = [scene.expert(skills={"cloud": 3}) for _ in range(3)]
    left = scene.expert(skills={"cloud": 1})
    far = scene.expert(skills={"data_analysis": 3})
    scene.rank()
    with scene.inside():
        run = experts_matching.compute(scene.round, scene.atsugi, scene.office)
        result = run.results.get(method="experts")
        assert {one["expert"] for one in result.pairs} == {one.pk for one in best}
        assert result.unmatched_experts == {str(left.pk): {"outranked": 3}, str(far.pk): {"bar_no_skill": 3}}
        assert result.unmatched_postings == {}
    assert why_expert_has_none({"outranked": 3}) == ["3件は、希望順位のより高い専門家で定員に達しました。"]
    assert len(postings) == 3


def test_reason_of_a_pair_names_ranks_and_what_stood_in_the_way(scene):
    _one, _two, a, _b = opposed(scene)
    with scene.inside():
        run = experts_matching.compute(scene.round, scene.atsugi, scene.office)
        pair = next(p for p in run.results.get(method="towns").pairs if p["expert"] == a.pk)
    assert (pair["rank"], pair["rank_there"]) == (2, 1)
    assert why_pair(pair)[0] == "専門家の希望で2番目、自治体の希望で1番目の相手です。"
    assert "1件は、希望順位のより高い専門家で定員に達しました" in why_pair(pair)[1]


def test_conflicts_and_ones_own_town_are_never_paired(scene):
    scene.posting(scene.atsugi)
    scene.expert(conflicts=(scene.atsugi,))
    scene.expert(town=scene.atsugi)
    scene.rank()
    with scene.inside():
        run = experts_matching.compute(scene.round, scene.atsugi, scene.office)
        assert [one.pairs for one in run.results.all()] == [[], [], []]
        bars = run.results.all()[0].unmatched_experts.values()
        assert list(bars) == [{"bar_conflict": 1}, {"bar_conflict": 1}]


def test_hours_and_budget_bound_every_method(scene):
    scene.posting(scene.atsugi, hours=30)
    scene.posting(scene.yaizu, hours=30)
    scene.posting(scene.kurashiki, hours=30, budget=100_000)
    busy = scene.expert(hours=40, quota=3)
    scene.rank()
    with scene.inside():
        run = experts_matching.compute(scene.round, scene.atsugi, scene.office)
        for result in run.results.all():
            assert len(result.pairs) == 1
            assert result.pairs[0]["expert"] == busy.pk


def released(scene, method=Method.EXPERTS):
    one, two, a, b = opposed(scene)
    with scene.inside():
        run = experts_matching.compute(scene.round, scene.atsugi, scene.office)
        result = run.results.select_related("run__round").get(method=method)
        experts_matching.release(result, scene.atsugi, scene.office, "双方の希望に近い")
    return one, two, a, b


def offer_of(scene, expert, posting):
    with scene.inside():
        return ExpertOffer.objects.get(expert=expert, posting=posting)


def test_both_must_accept_before_there_is_an_agreement(scene):
    one, _two, a, _b = released(scene)
    offer = offer_of(scene, a, one)
    with scene.inside():
        experts_agreements.expert_answers(offer, accept=True)
        assert not ExpertAgreement.objects.exists()
        experts_agreements.town_answers(offer, scene.managers["142123"], accept=True)
        agreement = ExpertAgreement.objects.get()
        assert (agreement.hours, agreement.fee, agreement.first) == (20, 5_000, FIRST)
        with pytest.raises(Refused, match="すでに返事"):
            experts_agreements.town_answers(offer, scene.managers["142123"], accept=False)


def test_declined_pair_is_barred_and_the_agreed_one_fixed_in_the_next_run(scene):
    one, two, a, b = released(scene)
    with scene.inside():
        kept, gone = offer_of(scene, a, one), offer_of(scene, b, two)
        experts_agreements.expert_answers(kept, accept=True)
        experts_agreements.town_answers(kept, scene.managers["142123"], accept=True)
        experts_agreements.expert_answers(gone, accept=False)
        run = experts_matching.compute(scene.round, scene.atsugi, scene.office)
        assert pairs(run, Method.EXPERTS) == {(a.pk, one.pk)}
        assert (
            run.results.get(method="experts").unmatched_experts
            == {str(b.pk): {"forbidden": 1, "outranked": 1}}
            or run.results.get(method="experts").unmatched_experts[str(b.pk)]["forbidden"] == 1
        )
        result = run.results.select_related("run__round").get(method="experts")
        assert experts_matching.release(result, scene.atsugi, scene.office, "2回目") == []


def test_result_is_not_released_once_wishes_have_changed(scene):
    one, two, a, _b = opposed(scene)
    with scene.inside():
        run = experts_matching.compute(scene.round, scene.atsugi, scene.office)
        experts_wishes.rank_postings(a, {two.pk: 1})
        result = run.results.select_related("run__round").get(method="experts")
        with pytest.raises(Refused, match="もう一度計算"):
            experts_matching.release(result, scene.atsugi, scene.office, "理由")
    assert one.pk != two.pk


def test_unapproved_system_computes_nothing(scene):
    opposed(scene)
    with in_municipality(scene.atsugi):
        RegisteredSystem.objects.filter(key=MATCHING).update(state="suspended")
    with scene.inside(), pytest.raises(NotApproved):
        experts_matching.compute(scene.round, scene.atsugi, scene.office)
    with scene.inside():
        assert not scene.round.runs.exists()


def test_ledger_has_each_result_with_reasons_and_every_town_the_release(scene):
    released(scene)
    with in_municipality(scene.atsugi):
        results = LedgerEntry.objects.filter(system=MATCHING, kind="result")
        assert results.count() == 3
        body = json.loads(results[0].body)
        assert set(body["outputs"]) >= {"pairs", "unmatched_experts", "figures", "digest"}
        assert "山田" not in "".join(LedgerEntry.objects.values_list("body", flat=True))
    for town in (scene.atsugi, scene.yaizu):
        with in_municipality(town):
            told = [
                json.loads(one.body)["outputs"] for one in LedgerEntry.objects.filter(system="joint.experts")
            ]
            assert "release" in [one["action"] for one in told]
    with in_municipality(scene.kurashiki):
        assert not LedgerEntry.objects.filter(system="joint.experts").exists()


def test_reports_are_confirmed_once_and_outcomes_measured(scene):
    one, _two, a, _b = released(scene)
    offer = offer_of(scene, a, one)
    with scene.inside():
        experts_agreements.expert_answers(offer, accept=True)
        experts_agreements.town_answers(offer, scene.managers["142123"], accept=True)
        agreement = ExpertAgreement.objects.get()
        ExpertAgreement.objects.update(first=date(2026, 4, 1))
        month = timezone.localdate()
        told = experts_agreements.report(agreement, month=month, hours=Decimal("12.5"), work="調査")
        told = experts_agreements.report(agreement, month=month, hours=Decimal("13.5"), work="調査と会議")
        assert [one.hours for one in agreement.reports.all()] == [Decimal("13.5")]
        experts_agreements.confirm(told, scene.clerks["142123"])
        with pytest.raises(Refused, match="確認済み"):
            experts_agreements.report(agreement, month=month, hours=Decimal(1), work="後から")
        given = {
            "name": "移行済み業務", "unit": "件", "before": Decimal(0), "target": Decimal(5),
            "actual": None, "measured_on": None,
        }  # fmt: skip
        outcome = experts_agreements.set_outcome(agreement, scene.clerks["142123"], given)
        assert outcome.reached is None
        given |= {"actual": Decimal(6), "measured_on": date(2026, 10, 1)}
        assert experts_agreements.set_outcome(agreement, scene.clerks["142123"], given, outcome).reached
        experts_agreements.end(agreement, scene.managers["142123"], date(2026, 9, 30), "計画どおり")
        with pytest.raises(Refused, match="すでに終わって"):
            experts_agreements.end(agreement, scene.managers["142123"], date(2026, 9, 30), "再び")


def test_names_are_encrypted_in_the_database(scene):
    from django.db import connection

    expert = scene.expert()
    with in_consortium(expert.consortium), connection.cursor() as cursor:
        cursor.execute("SELECT name, email, telephone, employer, evidence, token FROM joint_expert")
        assert all(value.startswith("gAAAA") for value in cursor.fetchone())


def test_screening_goes_step_by_step_and_one_failure_ends_it(scene):
    expert = scene.expert(accepted=False)
    with scene.inside():

        def screen(step, passed, reason="理由"):
            return experts_registration.screen(
                expert, scene.atsugi, scene.office, step=step, passed=passed, reason=reason
            )

        with pytest.raises(Refused, match="まだ先"):
            screen("interview", True)
        with pytest.raises(Refused, match="理由を書いて"):
            screen("documents", True, " ")
        screen("documents", True)
        assert screen("evidence", False).state == "rejected"
        with pytest.raises(Refused):
            screen("conflicts", True)


def test_round_waits_for_screening_and_keeps_out_latecomers(scene):
    scene.posting(scene.atsugi)
    waiting = scene.expert(accepted=False)
    with scene.inside(), pytest.raises(Refused, match="確認の終わっていない"):
        experts.start_ranking(scene.round, scene.atsugi, scene.office)
    scene.screen(waiting)
    scene.rank()
    with pytest.raises(Refused, match="いまは"):
        scene.expert()
    with pytest.raises(Refused, match="いまは"):
        scene.posting(scene.yaizu)
    with scene.inside():
        experts.reopen(scene.round, scene.atsugi, scene.office, "求人の追加")
    scene.posting(scene.yaizu)
    with scene.inside():
        assert Posting.objects.count() == 2


def test_very_many_pairs_are_left_to_a_worker_and_give_the_same(scene, monkeypatch):
    opposed(scene)
    with scene.inside():
        at_once = experts_matching.compute(scene.round, scene.atsugi, scene.office)
        monkeypatch.setattr(experts_matching, "AT_ONCE", 0)
        run = experts_matching.compute(scene.round, scene.atsugi, scene.office)
        assert run.state == "waiting"
        with pytest.raises(Refused, match="計算中"):
            experts.reopen(scene.round, scene.atsugi, scene.office, "理由")
    experts_matching.run_task.call(run.pk, scene.consortium.pk, scene.atsugi.code)
    with scene.inside():
        run.refresh_from_db()
        assert (run.state, run.digest) == ("done", at_once.digest)
        assert [one.pairs for one in run.results.all()] == [one.pairs for one in at_once.results.all()]
