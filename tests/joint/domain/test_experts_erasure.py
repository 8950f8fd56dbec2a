"""Erasing experts: nothing that names them is left anywhere, the ledgers hold, the published numbers stay."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st

from machi.base import ledger
from machi.base.domain import daily, erasing
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, LedgerSalt
from machi.base.scoping import in_municipality
from machi.joint.domain import (
    experts,
    experts_agreements,
    experts_erasure,
    experts_matching,
    experts_registration,
    experts_results,
)
from machi.joint.domain.experts_erasure import Standing, over
from machi.joint.models import Expert, ExpertAgreement, ExpertOffer, ExpertRound
from tests.frontdesk.domain.test_erasure import everything_in_the_database
from tests.joint.experts import a_scene

pytestmark = pytest.mark.django_db
SEEDS = {
    "name": "毒島 小百合",
    "telephone": "090-0000-4321",
    "employer": "合同会社ぶすじま",
    "evidence": "https://busujima.example/works",
    "conflict_note": "姉が勤めている",
    "summary": "毒島として移行を10年",
}
WORDS = ["面談で毒島さんと話した", "毒島が移行計画を書いた", "毒島さんの都合", "expert1@expert.example"]
SECRETS = [*SEEDS.values(), *WORDS, "毒島"]


@pytest.fixture
def scene():
    return a_scene()


def worked(scene):
    """Registered with conflicts, screened in another town, matched, agreed, reported; a letter failed."""
    posting = scene.posting(scene.yaizu)
    expert = scene.expert(accepted=False, conflicts=(scene.kurashiki,), **SEEDS)
    with scene.inside(scene.kurashiki):
        for step in experts_registration.STEPS:
            screened = {"step": step, "passed": True, "reason": WORDS[0]}
            experts_registration.screen(expert, scene.kurashiki, scene.office, **screened)
    scene.rank()
    with scene.inside():
        run = experts_matching.compute(scene.round, scene.atsugi, scene.office)
        result = run.results.select_related("run__round").get(method="experts")
        experts_matching.release(result, scene.atsugi, scene.office, "理由")
        offer = ExpertOffer.objects.get()
        experts_agreements.expert_answers(offer, accept=True)
        experts_agreements.town_answers(offer, scene.managers[posting.town_id], accept=True)
        agreement = ExpertAgreement.objects.get()
        ExpertAgreement.objects.update(first=date(2026, 4, 1), last=date(2026, 9, 30))
        month = date(2026, 5, 1)
        experts_agreements.report(agreement, month=month, hours=Decimal(12), work=WORDS[1])
    failed = DBTaskResult.objects.filter(args_kwargs__args__1=expert.pk).latest("enqueued_at")
    DBTaskResult.objects.filter(pk=failed.pk).update(status="FAILED", traceback=f"refused: {WORDS[3]}")
    return expert, agreement


def ended(scene, agreement):
    with scene.inside():
        experts_agreements.end(agreement, scene.managers[scene.yaizu.pk], date(2026, 9, 30), WORDS[2])


def entries(scene, town, subject):
    with in_municipality(town):
        return [
            json.loads(one)
            for one in LedgerEntry.objects.filter(subject=subject).values_list("body", flat=True)
        ]


def test_nothing_that_names_them_is_left_and_the_rest_stays(scene):
    expert, agreement = worked(scene)
    ended(scene, agreement)
    before = everything_in_the_database()
    assert [secret for secret in SECRETS if secret not in before] == []
    with scene.inside():
        told = experts_erasure.erase(
            expert, scene.atsugi, scene.office, ground="request", reference="情個 第3号"
        )
        gone = Expert.objects.get(pk=expert.pk)
        assert [getattr(gone, name) for name in experts_registration.NAMING] == [None] * 6
        assert (gone.token, gone.token_digest, gone.skills, gone.home) == (None, None, {}, scene.atsugi)
        assert not gone.conflicts.exists()
        kept = ExpertAgreement.objects.get()
        assert (kept.fee, kept.hours, kept.reports.get().hours) == (5_000, 20, Decimal(12))
    after = everything_in_the_database()
    assert [secret for secret in SECRETS if secret in after] == []
    outputs = json.loads(told.body)["outputs"]
    assert (told.actor, outputs["ground"], outputs["reference"]) == (
        f"person:{scene.office.pk}",
        "request",
        "情個 第3号",
    )
    assert outputs["erased"]["screening"] == 4
    assert outputs["erased"]["reports"] == 1
    assert outputs["erased"]["letters"] >= 1


def test_ledgers_of_all_towns_hold_and_can_no_longer_be_asked(scene):
    expert, agreement = worked(scene)
    ended(scene, agreement)
    towns = (scene.atsugi, scene.yaizu, scene.kurashiki)
    bodies = {}
    for town in towns:
        with in_municipality(town):
            bodies[town.pk] = list(LedgerEntry.objects.order_by("index").values_list("body", flat=True))
    with in_municipality(scene.kurashiki):
        screened = LedgerEntry.objects.filter(subject=f"expert:{expert.pk}", kind="experts").first()
        assert ledger.matches(screened, "reason", WORDS[0])
    with scene.inside():
        experts_erasure.erase(expert, scene.atsugi, scene.office, ground="request")
    for town in towns:
        assert ledger.verify(town) == []
        with in_municipality(town):
            kept = list(LedgerEntry.objects.order_by("index").values_list("body", flat=True))
            assert kept[: len(bodies[town.pk])] == bodies[town.pk]
            assert [secret for secret in SECRETS if secret in "\n".join(kept)] == []
            about = LedgerEntry.objects.filter(
                subject__in=(f"expert:{expert.pk}", f"expert_offer:{agreement.offer_id}")
            )
            assert not LedgerSalt.objects.filter(entry__in=about.exclude(kind="erasure")).exists()
        assert (
            len([one for one in entries(scene, town, f"expert:{expert.pk}") if one["kind"] == "erasure"]) == 1
        )
    with in_municipality(scene.kurashiki):
        assert not ledger.matches(screened, "reason", WORDS[0])


def test_another_expert_keeps_everything(scene):
    one, other = scene.expert(accepted=False, **SEEDS), scene.expert(accepted=False)
    with scene.inside():
        experts_erasure.withdraw(one)
        kept = Expert.objects.get(pk=other.pk)
        assert (kept.name, kept.email, kept.token) == (other.name, other.email, other.token)
        entry = LedgerEntry.objects.filter(subject=f"expert:{other.pk}").first()
        assert LedgerSalt.objects.filter(entry=entry).exists()
        assert DBTaskResult.objects.filter(args_kwargs__args__1=other.pk).exists()


def test_withdrawal_leaves_the_round_and_erases_at_once(scene):
    scene.posting(scene.atsugi)
    expert = scene.expert(**SEEDS)
    scene.expert()
    scene.rank()
    with scene.inside():
        run = experts_matching.compute(scene.round, scene.atsugi, scene.office)
        result = run.results.select_related("run__round").get(method="experts")
        experts_matching.release(result, scene.atsugi, scene.office, "理由")
        offer = ExpertOffer.objects.get()
        one = Expert.objects.get(pk=offer.expert_id)
        experts_erasure.withdraw(one)
        gone = Expert.objects.get(pk=one.pk)
        assert (gone.state, gone.name, gone.erased_at is None) == ("withdrawn", None, False)
        assert ExpertOffer.objects.get().by_expert == "declined"
        with pytest.raises(Refused, match="すでに消去"):
            experts_erasure.withdraw(one)
    assert expert.pk
    acts = [entry["outputs"].get("action") for entry in entries(scene, scene.atsugi, f"expert:{one.pk}")]
    assert acts[-2:] == ["withdraw_expert", None]  # and then the erasure itself


def test_whoever_is_at_work_is_not_erased_before_it_ends(scene):
    expert, agreement = worked(scene)
    with scene.inside():
        for ground in erasing.Ground.values:
            ExpertAgreement.objects.update(last=timezone.localdate())
            with pytest.raises(Refused, match="合意した仕事"):
                experts_erasure.erase(expert, scene.atsugi, scene.office, ground=ground)
        assert Expert.objects.get(pk=expert.pk).name == SEEDS["name"]
    ended(scene, agreement)
    with scene.inside():
        experts_erasure.withdraw(expert)
        assert Expert.objects.get(pk=expert.pk).name is None


def test_refused_registration_can_be_erased_and_stays_counted(scene):
    expert = scene.expert(accepted=False, **SEEDS)
    with scene.inside():
        screened = {"step": "documents", "passed": False, "reason": WORDS[0]}
        experts_registration.screen(expert, scene.atsugi, scene.office, **screened)
        experts_erasure.withdraw(expert)
        assert Expert.objects.get(pk=expert.pk).state == "rejected"
        with pytest.raises(Refused):
            experts_registration.change(expert, {}, [])


def test_numbers_of_a_closed_round_are_the_same_after_everybody_is_erased(scene):
    _expert, agreement = worked(scene)
    with scene.inside():
        for number in range(2, 32):
            states = ("accepted", "rejected", "withdrawn")
            Expert.objects.create(
                consortium=scene.consortium, round=scene.round, number=number, kind="external",
                state=states[number % 3], via=scene.atsugi, home=scene.yaizu, summary="", hours=1, fee=1,
                first=date(2027, 4, 1), last=date(2028, 3, 31),
            )  # fmt: skip
        experts.close(scene.round, scene.atsugi, scene.office)
        before = experts_results.publish(scene.round, scene.atsugi, scene.office)
    ended(scene, agreement)
    with scene.inside():
        for one in Expert.objects.all():
            experts_erasure.erase(one, scene.atsugi, ground="retention")
        assert ExpertRound.objects.get().numbers == before
        assert experts_results.numbers(ExpertRound.objects.get()) == before
        assert dict(before["people"])["applications"] is not None


DAY = date(2027, 1, 31)


@pytest.mark.parametrize(
    ("standing", "until"),
    [
        (Standing(last=DAY), date(2028, 1, 31)),
        (Standing(last=DAY, closed=date(2026, 6, 1)), date(2027, 6, 1)),
        (Standing(last=DAY, refused=date(2026, 5, 1)), date(2027, 5, 1)),
        (Standing(last=DAY, closed=date(2026, 6, 1), refused=date(2026, 5, 1)), date(2027, 5, 1)),
        (Standing(last=DAY, closed=date(2026, 6, 1), worked=date(2028, 2, 29)), date(2033, 2, 28)),
    ],
)
def test_time_is_over_a_year_after_the_end_and_five_after_work(standing, until):
    assert over(standing) == until


@given(st.dates(date(2000, 1, 1), date(2200, 1, 1)), st.dates(date(2000, 1, 1), date(2200, 1, 1)))
def test_work_keeps_longer_than_anything_else_of_that_day(last, day):
    without = over(Standing(last=last, closed=day))
    assert 365 <= (without - day).days <= 366
    assert 1825 <= (over(Standing(last=last, closed=day, worked=day)) - day).days <= 1827


def due(scene, town, day):
    at = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    with in_municipality(town):
        return experts_erasure.expired_experts(town, at)


def test_daily_work_erases_whose_time_is_over(scene):
    refused, waits = scene.expert(accepted=False, **SEEDS), scene.expert(accepted=False)
    with scene.inside():
        screened = {"step": "documents", "passed": False, "reason": WORDS[0]}
        experts_registration.screen(refused, scene.atsugi, scene.office, **screened)
    today = timezone.localdate()
    year = over(Standing(last=today, refused=today))
    assert due(scene, scene.atsugi, year) == []
    assert due(scene, scene.atsugi, year + timedelta(days=1)) == [refused.pk]
    assert due(scene, scene.yaizu, year + timedelta(days=1)) == [], "each is one town's to erase"
    assert due(scene, scene.atsugi, date(2029, 4, 1)) == [refused.pk, waits.pk], "their own time is over too"
    with scene.inside():
        refused.screening.update(at=timezone.now() - timedelta(days=400))
    assert daily.run_daily() == 0
    with scene.inside():
        assert Expert.objects.get(pk=refused.pk).erased_at
        assert not Expert.objects.get(pk=waits.pk).erased_at
    assert [secret for secret in SECRETS if secret in everything_in_the_database()] == []
    [entry] = [
        one for one in entries(scene, scene.atsugi, f"expert:{refused.pk}") if one["kind"] == "erasure"
    ]
    assert (entry["outputs"]["ground"], entry["actor"]) == ("retention", "")


def test_work_that_nobody_ended_is_erased_five_years_after_it_was_to_end(scene):
    expert, _agreement = worked(scene)
    assert due(scene, scene.atsugi, date(2031, 9, 30)) == []
    assert due(scene, scene.atsugi, date(2031, 10, 1)) == [expert.pk]
    with scene.inside():
        ExpertAgreement.objects.update(last=date(2020, 1, 31))
    with in_municipality(scene.atsugi):
        assert erasing.erase_expired(scene.atsugi) == [f"expert:{expert.pk}"]
        assert erasing.expired(scene.atsugi) == []


def test_command_and_hook_erase_only_where_they_registered(scene):
    expert = scene.expert(**SEEDS)
    with in_municipality(scene.yaizu), pytest.raises(Refused, match="この番号の専門家はいない"):
        erasing.erase(scene.yaizu, f"expert:{expert.pk}", ground="order")
    with in_municipality(scene.atsugi):
        erasing.erase(scene.atsugi, f"expert:{expert.pk}", ground="order", reference="第1号")
        with pytest.raises(Refused):
            erasing.erase(scene.atsugi, f"expert:{expert.pk}", ground="order")
    with scene.inside():
        assert Expert.objects.get(pk=expert.pk).name is None
