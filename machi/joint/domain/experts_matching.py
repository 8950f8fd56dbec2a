"""Matching: three methods on the same lists side by side, one chosen by the joint office and released.

What is computed is a proposal of the AI system ``joint.expert_matching``. The joint office chooses, and nothing counts
before town and expert have both accepted.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.domain.recording import record
from machi.base.models import Municipality, Person
from machi.base.running import ensure_may_run
from machi.base.scoping import in_consortium, in_municipality
from machi.joint.domain.experts import locked, subject_of, towns_of
from machi.joint.domain.experts_mail import tell
from machi.joint.domain.experts_mail_words import Kind
from machi.joint.domain.experts_market import Pair, Pool, digest, fit_of, pool, weights_of
from machi.joint.domain.experts_record import noted
from machi.joint.engine.matching import Ints, Side
from machi.joint.engine.matching_limits import accept_within_limits, blocking
from machi.joint.engine.matching_optimum import greatest_fit
from machi.joint.engine.matching_reasons import Explainer, Why
from machi.joint.engine.matching_whatif import standing
from machi.joint.models import ExpertOffer, ExpertRound, MatchingResult, MatchingRun
from machi.joint.registration.experts import MATCHING

log = logging.getLogger(__name__)
Method = MatchingResult.Method
State = MatchingRun.State
AT_ONCE = 20_000
"""Up to so many pairs on both lists a run takes about a second; more are left to a worker."""
SECONDS, SECONDS_IN_WORKER = 5.0, 60.0
"""How long the greatest fit is searched for; what is proven by then is said with the result."""
_RUNNABLE = (ExpertRound.State.RANKING, ExpertRound.State.RELEASED)


def runs(begun: ExpertRound) -> QuerySet[MatchingRun, Any]:
    return begun.runs.select_related("created_by", "base").prefetch_related("results").order_by("-pk")


def compute(
    begun: ExpertRound,
    acting: Municipality,
    person: Person,
    *,
    pins: Sequence[Pair] = (),
    base: MatchingRun | None = None,
) -> MatchingRun:
    """Matches by all three methods, at once or, for very many, in the background (the run is WAITING then).

    ``pins``: pairs fixed beforehand, to see what would follow. Offers that stand are fixed in any case, those that
    were declined may not be made again.
    """
    ensure_may_run(acting, MATCHING)
    current = ExpertRound.objects.get(pk=begun.pk)
    if current.state not in _RUNNABLE:
        raise Refused(_("希望順位の受付を始めてから計算してください。"))
    prepared = pool(current)
    fixed = _pinned(prepared, pins)
    run = MatchingRun.objects.create(
        consortium=current.consortium,
        round=current,
        town=acting,
        pins=[list(pair) for pair in sorted(set(pins))],
        base=base,
        created_by=person,
        digest=digest(prepared, list(pins), current.seed),
    )
    if len(prepared.both.experts.other) > AT_ONCE:
        run_task.enqueue(run.pk, current.consortium_id, acting.code)
        return run
    return _fill(run, prepared, fixed, SECONDS)


@task()
def run_task(pk: int, consortium: int, code: str) -> None:
    """A large run, by a worker. What went wrong is in the log; the page says that it did."""
    from machi.base.models import Consortium

    town, shared = Municipality.objects.get(code=code), Consortium.objects.get(pk=consortium)
    with in_municipality(town), in_consortium(shared):
        run = MatchingRun.objects.select_related("round", "town", "created_by", "consortium").get(pk=pk)
        if run.state != State.WAITING:
            return
        try:
            prepared = pool(run.round)
            pins = [(expert, posting) for expert, posting in run.pins]
            run.digest = digest(prepared, pins, run.round.seed)
            _fill(run, prepared, _pinned(prepared, pins), SECONDS_IN_WORKER)
        except Exception as error:
            log.exception("matching run %s failed", pk)
            MatchingRun.objects.filter(pk=pk).update(state=State.FAILED, error=type(error).__name__)


@transaction.atomic
def release(result: MatchingResult, acting: Municipality, person: Person, reason: str) -> list[ExpertOffer]:
    """The joint office chooses this result; both sides of each new pair are asked, experts by letter. Returns the new
    offers."""
    run = result.run
    begun = locked(run.round)
    if begun.state not in _RUNNABLE:
        raise Refused(_("この回では、もう結果を伝えられません。"))
    if run.state != State.DONE or result.released_at:
        raise Refused(_("この結果は、すでに伝えたか、まだ計算中です。"))
    if not reason.strip():
        raise Refused(_("この結果を選んだ理由を書いてください。"), "reason")
    if run.digest != digest(pool(begun), [(e, p) for e, p in run.pins], begun.seed):
        raise Refused(_("計算の後で、希望や登録、返事が変わりました。もう一度計算してください。"))
    known = set(ExpertOffer.objects.filter(posting__round=begun).values_list("expert_id", "posting_id"))
    made = ExpertOffer.objects.bulk_create(
        ExpertOffer(
            consortium=begun.consortium,
            expert_id=pair["expert"],
            posting_id=pair["posting"],
            result=result,
            reason=pair,
        )
        for pair in result.pairs
        if (pair["expert"], pair["posting"]) not in known
    )
    result.released_at = timezone.now()
    result.save(update_fields=["released_at"])
    begun.state = ExpertRound.State.RELEASED
    begun.save(update_fields=["state"])
    noted(
        begun.consortium,
        acting,
        person,
        "release",
        subject_of(begun),
        concerned=towns_of(begun),
        inputs={"reason": reason.strip()},
        result=result.pk,
        method=result.method,
        pairs=[[pair["expert"], pair["posting"], pair["why"]] for pair in result.pairs],
        figures=result.figures,
    )
    for offer in made:
        tell(begun.consortium_id, offer.expert_id, Kind.OFFERED, offer.pk)
    return made


def _pinned(prepared: Pool, pins: Sequence[Pair]) -> list[int]:
    """Entries of the pairs that are made beforehand."""
    found = []
    for pair in dict.fromkeys([*prepared.made, *pins]):
        entry = prepared.entry(pair)
        if entry is None and pair in pins:
            raise Refused(_("この組は固定できません。希望の一覧に、双方とも相手が入っていません。"))
        if entry is not None:
            found.append(entry)
    return found


def _fill(run: MatchingRun, prepared: Pool, fixed: list[int], seconds: float) -> MatchingRun:
    closed = [entry for pair in prepared.declined if (entry := prepared.entry(pair)) is not None]
    if set(fixed) & set(closed):
        raise Refused(_("辞退された組は固定できません。"))
    try:
        found = [_result(run, prepared, method, fixed, closed, seconds) for method in Method]
    except ValueError:
        # Pins alone exceed a quota, the hours or the budget; everything else was checked before.
        run.delete()
        raise Refused(_("この組は固定できません。人数、時間、予算のどれかが足りなくなります。")) from None
    with transaction.atomic():
        MatchingResult.objects.bulk_create(found)
        run.state = State.DONE
        run.save(update_fields=["state", "digest"])
        for result in found:
            record(
                run.consortium,
                run.town,
                run.created_by,
                system=MATCHING,
                kind=ledger.RESULT,
                subject=subject_of(run.round),
                outputs={
                    "run": run.pk,
                    "method": result.method,
                    "digest": run.digest,
                    "pins": run.pins,
                    "figures": result.figures,
                    "pairs": [
                        [one["expert"], one["posting"], one["why"], one["fit"]] for one in result.pairs
                    ],
                    "unmatched_experts": result.unmatched_experts,
                    "unmatched_postings": result.unmatched_postings,
                },
                explanation=_("希望の一覧、定員、時間、予算、利害関係から計算した。選ぶのは共同事務局。"),
            )
    return run


def _result(
    run: MatchingRun, prepared: Pool, method: str, fixed: list[int], closed: list[int], seconds: float
) -> MatchingResult:
    both, limits = prepared.both, prepared.limits
    proven, bound = True, 0.0
    if method == Method.FIT:
        optimum = greatest_fit(both, prepared.fit, limits, pinned=fixed, closed=closed, seconds=seconds)
        entries, proven, bound = optimum.matching.entries, optimum.proven, optimum.bound
    else:
        side = Side.EXPERTS if method == Method.EXPERTS else Side.TOWNS
        entries = accept_within_limits(both, limits, side, pinned=fixed, closed=closed).matching.entries
    explainer = Explainer(both, entries, limits, pinned=fixed, barred=dict.fromkeys(closed, Why.FORBIDDEN))
    blocked = np.setdiff1d(blocking(both, entries, limits), np.asarray(closed, np.int64))
    figures = standing(both, entries, prepared.fit, limits)
    return MatchingResult(
        consortium=run.consortium,
        run=run,
        method=method,
        pairs=_pairs(prepared, explainer, entries),
        unmatched_experts=_unmatched(prepared, explainer, entries, Side.EXPERTS),
        unmatched_postings=_unmatched(prepared, explainer, entries, Side.TOWNS),
        blocking=[list(_names(prepared, entry)) for entry in blocked.tolist()],
        figures={
            "pairs": figures.pairs,
            "fit": figures.fit,
            "blocking": len(blocked),
            "experts_without": figures.experts_without,
            "postings_without": figures.towns_without,
            "expert_first": figures.expert_ranks[0] if figures.expert_ranks else 0,
            "town_first": figures.town_ranks[0] if figures.town_ranks else 0,
            "proven": proven,
            "bound": bound,
        },
    )


def _pairs(prepared: Pool, explainer: Explainer, entries: Ints) -> list[dict[str, Any]]:
    weights = weights_of(prepared.postings[0].round) if prepared.postings else {}
    owner = prepared.both.experts.owner()
    told = []
    for entry in entries.tolist():
        expert = prepared.experts[int(owner[entry])]
        posting = prepared.postings[int(prepared.both.experts.other[entry])]
        reason = explainer.reason(Side.EXPERTS, entry)
        parts = {one.part.value: round(one.score, 4) for one in fit_of(posting, expert, weights).parts}
        told.append(
            {
                "expert": expert.pk,
                "posting": posting.pk,
                "why": reason.why.value,
                "rank": reason.rank,
                "rank_there": reason.rank_there,
                "better": _better(explainer, entry),
                "fit": round(float(prepared.fit[entry]), 4),
                "parts": parts,
            }
        )
    return told


def _better(explainer: Explainer, entry: int) -> dict[str, dict[str, int]]:
    """Why neither side got whom it ranks higher: reason -> how many."""
    both, told = explainer.both, {}
    for side, me in ((Side.EXPERTS, 0), (Side.TOWNS, 1)):
        who, tier = int(explainer.owner[me][entry]), explainer.tier[me][entry]
        if side is Side.EXPERTS:
            wished = np.arange(both.experts.start[who], both.experts.start[who + 1])
        else:
            wished = both.expert_entry[both.towns.start[who] : both.towns.start[who + 1]]
        better = wished[explainer.tier[me][wished] < tier].tolist()
        told[side.value] = dict(
            Counter(explainer.reason(side, one).why.value for one in better if one not in explainer.held)
        )
    return told


def _unmatched(prepared: Pool, explainer: Explainer, entries: Ints, side: Side) -> dict[str, dict[str, int]]:
    """Of each who found nobody: reason -> how many of the others."""
    if side is Side.EXPERTS:
        everybody: Sequence[Any] = prepared.experts
        bars, who = prepared.expert_bars, prepared.both.experts.owner()[entries]
    else:
        everybody, bars, who = prepared.postings, prepared.posting_bars, prepared.both.experts.other[entries]
    found = set(who.tolist())
    return {
        str(one.pk): {
            **{why.value: count for why, count in explainer.summary(side, at).items()},
            **{f"bar_{bar}": count for bar, count in bars[at].items()},
        }
        for at, one in enumerate(everybody)
        if at not in found
    }


def _names(prepared: Pool, entry: int) -> Pair:
    owner = int(prepared.both.experts.owner()[entry])
    return prepared.experts[owner].pk, prepared.postings[int(prepared.both.experts.other[entry])].pk
