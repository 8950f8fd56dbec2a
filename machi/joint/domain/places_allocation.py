"""The allocation of places: an AI system that proposes, run in the background; what counts is what towns confirm.

It runs only where every town that takes part has approved it. A trial run while applications come in keeps figures
only: no applicant gets a result, and the ledger has none.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.domain.jobs import reported
from machi.base.domain.recording import record
from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person
from machi.base.running import ensure_may_run_in
from machi.base.scoping import in_consortium, in_municipality
from machi.joint.domain.places import current_tables, why_not_closed
from machi.joint.domain.places_families import asking
from machi.joint.domain.places_problem import problem_of
from machi.joint.engine.welfare import Problem
from machi.joint.engine.welfare_allocation import Allocation, allocate
from machi.joint.engine.welfare_fairness import by_town
from machi.joint.engine.welfare_market import placed
from machi.joint.engine.welfare_reasons import Explainer, Reason
from machi.joint.engine.welfare_record import Checked, check, plain
from machi.joint.models import (
    PlaceAllocation,
    PlaceApplicant,
    PlaceOffer,
    PlaceReasons,
    PlaceRound,
)

ALLOCATION = "joint.place_allocation"
TRIAL_SEED = "trial"
MOST_TOLD = 200
"""Unmet claims listed one by one; their number is always told."""
STEPS = {"read": 5, "solve": 60, "check": 15, "store": 20}
"""What the job does one after the other, and how much of the progress bar each is."""
State = PlaceAllocation.State
_TOLD = tuple(one.name for one in fields(Reason))


def progress_key(allocation: PlaceAllocation) -> str:
    return f"joint.places.{allocation.pk}"


def taking_part(about: PlaceRound) -> list[Municipality]:
    """Towns with facilities or applicants in the round, by code."""
    codes = {*about.facilities.values_list("town_id", flat=True), *(code for code, _label in asking(about))}
    return list(members(about.consortium).filter(pk__in=codes).order_by("code"))


@transaction.atomic
def start(about: PlaceRound, town: Municipality, person: Person, *, trial: bool) -> PlaceAllocation:
    """Asks a worker to allocate. NotApproved where a town that takes part has not approved the system."""
    current = PlaceRound.objects.select_for_update().get(pk=about.pk)
    ensure_may_run_in([town, *taking_part(current)], ALLOCATION)
    _ensure_ready(current, trial=trial)
    current.allocations.filter(trial=True).exclude(state=State.RUNNING).delete()  # a trial replaces the last
    made = PlaceAllocation.objects.create(
        consortium=current.consortium, round=current, trial=trial, by=person, office=town
    )
    transaction.on_commit(lambda: allocate_task.enqueue(made.pk, made.consortium_id))
    return made


def _ensure_ready(current: PlaceRound, *, trial: bool) -> None:
    if trial and (current.state != PlaceRound.State.OPEN or current.moving):
        raise Refused(_("試算できるのは、受付中だけです。"))
    if not trial and current.state != PlaceRound.State.CLOSED:
        raise Refused(_("割り当ては、締め切ってから行います。"))
    if current.allocations.filter(state=State.RUNNING).exists():
        raise Refused(_("いま計算しています。終わるまで待ってください。"))
    if current.allocations.filter(state=State.DONE, trial=False).exists():
        raise Refused(_("割り当ての案は、もうあります。やり直すときは、受付中に戻してください。"))
    hosts = set(current.facilities.values_list("town_id", flat=True))
    if not hosts or hosts - set(current_tables(current)):
        raise Refused(" ".join(why_not_closed(current)))


@task()
def allocate_task(pk: int, consortium: int) -> None:
    together = Consortium.objects.get(pk=consortium)
    with in_consortium(together):
        run(PlaceAllocation.objects.select_related("round", "office", "by", "consortium").get(pk=pk))


def run(allocation: PlaceAllocation) -> None:
    """Computes and stores what was started; a second run of the same does nothing."""
    if allocation.state != State.RUNNING:
        return
    label = str(_("受入れ枠の割り当て"))
    try:
        with reported(allocation.office, progress_key(allocation), label) as report:
            _compute(allocation, _Clock(report))
    except Exception as error:
        told = isinstance(error, Refused)
        allocation.state, allocation.finished_at = State.FAILED, timezone.now()
        allocation.why = str(error) if told else str(_("計算の途中で止まりました。もう一度試してください。"))
        allocation.save(update_fields=["state", "finished_at", "why"])
        if not told:
            raise


class _Clock:
    """Tells how far the job has come, and keeps how long each step took."""

    def __init__(self, report: Callable[[int, int], None]) -> None:
        self._report = report
        self._done, self._at = 0, time.perf_counter()
        self.seconds: dict[str, float] = {}
        report(0, sum(STEPS.values()))

    def within(self, step: str, done: int, total: int) -> None:
        self._report(self._done + STEPS[step] * done // total, sum(STEPS.values()))

    def over(self, step: str) -> None:
        now = time.perf_counter()
        self.seconds[step], self._at = round(now - self._at, 2), now
        self._done += STEPS[step]
        self._report(self._done, sum(STEPS.values()))


def _compute(allocation: PlaceAllocation, clock: _Clock) -> None:
    about = allocation.round
    problem = problem_of(about)
    clock.over("read")
    seed = TRIAL_SEED if allocation.trial else about.seed
    found = allocate(problem, seed, told=lambda done, total: clock.within("solve", done, total))
    clock.over("solve")
    kept = plain(found)
    checked = check(kept)
    towns = taking_part(about)
    allocation.summary = summary_of(problem, found, checked, [town.pk for town in towns])
    clock.over("check")
    with transaction.atomic():
        if PlaceAllocation.objects.select_for_update().get(pk=allocation.pk).state != State.RUNNING:
            return  # another worker was given the same and has stored it
        allocation.state, allocation.finished_at = State.DONE, timezone.now()
        if not allocation.trial:
            text = json.dumps({"seed": about.seed, **kept}, ensure_ascii=False).encode()
            allocation.audit = gzip.compress(text, compresslevel=6, mtime=0)
        if not allocation.trial:
            _store(allocation, problem, found)
            _record(allocation, towns)
        clock.over("store")
        allocation.summary["seconds"] = clock.seconds
        allocation.save()


def summary_of(problem: Problem, found: Allocation, checked: Checked, towns: list[str]) -> dict[str, Any]:
    """Figures and numbers only."""
    market = found.market
    ranks = [market.wanted[one].index(place) + 1 for one, place in found.place.items()]
    unmet = [
        {
            "household": market.units[unit].id,
            "wish": [
                [market.applicants[one], int(market.facilities[place])]
                for one, place in placed(market.units[unit].wishes[wish], market.units[unit].members)
            ],
        }
        for unit, wish in sorted(found.unmet.items())
    ]
    return {
        "applicants": len(market.applicants),
        "households": len(problem.households),
        "seats": sum(sum(one.seats.values()) + one.flexible for one in problem.facilities),
        "placed": len(found.place),
        "first_wish": ranks.count(1),
        "stable": found.stable,
        "proven": found.proven,
        "unmet": len(found.unmet),
        "least": found.least,
        "claims": unmet[:MOST_TOLD],
        "joint": sum(len(unit.members) > 1 for unit in market.units),
        "quotas": len(market.quotas),
        "steps": len(found.trace),
        "sound": checked.sound,
        "faults": len(checked.faults),
        "towns": towns,
        "fairness": [asdict(share) for share in by_town(found)],
    }


def _store(allocation: PlaceAllocation, problem: Problem, found: Allocation) -> None:
    """Results by number for all towns; reasons for each applicant in its own town's keeping."""
    market = found.market
    households = {one.id: household for household in problem.households for one in household.members}
    offers = []
    for at, number in enumerate(market.applicants):
        place = found.place.get(at)
        offers.append(
            PlaceOffer(
                consortium=allocation.consortium,
                allocation=allocation,
                number=number,
                household=households[number].id,
                home_id=market.homes[at],
                class_label=next(one.class_ for one in households[number].members if one.id == number),
                proposed_id=None if place is None else int(market.facilities[place]),
                facility_id=None if place is None else int(market.facilities[place]),
                rank=None if place is None else _rank(households[number], number, market.facilities[place]),
            )
        )
    by_number = {one.number: one for one in PlaceOffer.objects.bulk_create(offers, batch_size=500)}
    explainer = Explainer(problem, found)
    at_number = {number: at for at, number in enumerate(market.applicants)}
    for code in sorted(set(market.homes)):
        town = Municipality.objects.get(pk=code)
        with in_municipality(town):
            PlaceReasons.objects.bulk_create(
                (
                    PlaceReasons(
                        municipality=town,
                        offer=by_number[one.number],
                        applicant=one,
                        reasons=[_plain(told) for told in explainer.reasons(at_number[one.number])],
                    )
                    for one in PlaceApplicant.objects.filter(
                        family__round=allocation.round, withdrawn_at__isnull=True
                    )
                    .select_related("family")
                    .only("municipality", "ordinal", "family__number")
                ),
                batch_size=500,
            )


def _rank(household: Any, number: str, facility: str) -> int:
    """As the family counts: its own list, wishes that took no part included."""
    wishes: tuple[str, ...] = next(one.wishes for one in household.members if one.id == number)
    return wishes.index(facility) + 1


def _plain(reason: Reason) -> dict[str, Any]:
    told = {name: value for name in _TOLD if (value := getattr(reason, name)) is not None}
    return {**told, "why": reason.why.value}


def _record(allocation: PlaceAllocation, towns: list[Municipality]) -> None:
    figures = ("applicants", "placed", "first_wish", "seats", "stable", "proven", "unmet", "least", "sound")
    record(
        allocation.consortium,
        allocation.office,
        allocation.by,
        system=ALLOCATION,
        kind=ledger.RESULT,
        subject=f"place_round:{allocation.round_id}",
        concerned=towns,
        outputs={
            "action": "allocate",
            "allocation": allocation.pk,
            "seed": allocation.round.seed,
            "audit_sha256": hashlib.sha256(bytes(allocation.audit or b"")).hexdigest(),
            **{name: allocation.summary[name] for name in figures},
        },
        explanation=stability(allocation.summary),
    )


def stability(summary: dict[str, Any]) -> str:
    """What the allocation is, in one or two sentences that promise no more than was shown."""
    if summary["stable"]:
        best = _("安定した割り当ての中で、申し込んだ人にとって最もよいものです。")
        alone = not summary["joint"] and not summary["quotas"]
        return _(
            "安定しています。優先順位が高いのに、希望する枠を順位の低い人に取られた家庭はありません。"
        ) + (best if alone else "")
    if summary["proven"]:
        return _(
            "安定した割り当てはありません。同時の希望や町どうしの人数の決まりのためです。優先順位に照らして正当な希望が"
            "かなわなかった家庭は%(unmet)s件で、これより少なくできないことを確かめました。"
        ) % {"unmet": summary["unmet"]}
    return _(
        "安定した割り当ては見つかりませんでした。優先順位に照らして正当な希望がかなわなかった家庭が%(unmet)s件あります。"
        "見つけた中で最も少ないものですが、これより少なくできないことは確かめられていません。"
    ) % {"unmet": summary["unmet"]}
