"""Dividing a prefecture's towns into blocks: asked for by a person, solved in the background, recorded as a result."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django_tasks import task

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.domain.jobs import reported
from machi.base.domain.recording import record
from machi.base.models import Consortium, Municipality, Person, Prefecture
from machi.base.running import NotApproved, ensure_may_run
from machi.base.scoping import in_consortium
from machi.joint.domain import partners_atlas as atlas
from machi.joint.domain.partners import SOURCES, SYSTEM, concerned, of_the_town
from machi.joint.engine.grouping import Grouping, NoGrouping, Objective, Town, group
from machi.joint.engine.partners import NEEDS, figures, normal_scores
from machi.joint.models import BlockPlan

log = logging.getLogger(__name__)
KEY = "joint.grouping"
"""Of the AI system, and of its progress."""
LONGEST_SECONDS = 300
State = BlockPlan.State
UNITS = {"compact": "km", "similar": "", "balance": gettext_lazy("人")}


def visible(town: Municipality, person: Person) -> QuerySet[BlockPlan, Any]:
    """What is shared, the town's own, one's own; newest first."""
    mine = Q(shared=True) | Q(asked_by=person, town=town)
    if of_the_town(person, town):
        mine |= Q(town=town)
    return BlockPlan.objects.filter(mine).select_related("town", "prefecture", "asked_by")


def may_change(plan: BlockPlan, town: Municipality, person: Person) -> bool:
    return plan.town_id == town.pk and (of_the_town(person, town) or plan.asked_by_id == person.pk)


@transaction.atomic
def ask(
    consortium: Consortium,
    town: Municipality,
    person: Person,
    *,
    prefecture: Prefecture,
    fewest: int,
    most: int,
    objective: str,
    blocks: int | None = None,
    seconds: int = 30,
) -> BlockPlan:
    """Puts the question to a worker (``solve``). NotApproved where the system may not run."""
    ensure_may_run(town, KEY)
    if not 1 <= fewest <= most:
        raise Refused(_("町の数は1以上で、上限は下限より小さくできません。"), "most")
    if objective == BlockPlan.Objective.BALANCE and not blocks:
        raise Refused(_("人口をそろえるときは、まとまりの数を決めてください。"), "blocks")
    if not 1 <= seconds <= LONGEST_SECONDS:
        raise Refused(_("計算時間は1秒から%(most)s秒までです。") % {"most": LONGEST_SECONDS}, "seconds")
    plan = BlockPlan.objects.create(
        consortium=consortium,
        town=town,
        prefecture=prefecture,
        fewest=fewest,
        most=most,
        objective=objective,
        blocks=blocks,
        seconds=seconds,
        asked_by=person,
    )
    _record_act(plan, person, "ask")
    transaction.on_commit(lambda: solve_task.enqueue(consortium.pk, plan.pk))
    return plan


@task()
def solve_task(consortium: int, pk: int) -> None:
    with in_consortium(Consortium.objects.get(pk=consortium)):
        plan = BlockPlan.objects.select_related("consortium", "town").filter(pk=pk).first()
    if plan is not None:
        solve(plan)


def solve(plan: BlockPlan) -> None:
    """Solves and keeps what came of it. A plan that was solved before is left; one cut short is solved anew."""
    with (
        in_consortium(plan.consortium),
        reported(plan.town, f"{KEY}:{plan.pk}", str(gettext_lazy("まとまりの計算"))) as report,
    ):
        current = BlockPlan.objects.select_related("consortium", "town", "prefecture", "asked_by").get(
            pk=plan.pk
        )
        if current.state not in (State.WAITING, State.RUNNING):
            return
        current.state, current.started_at = State.RUNNING, timezone.now()
        current.save(update_fields=["state", "started_at"])
        report(0, 1)
        try:
            ensure_may_run(current.town, KEY)
            began = time.monotonic()
            found = _solved(current)
            _keep(current, found, time.monotonic() - began)
        except NotApproved:
            log.info("%s: blocks not solved, the system may not run there", current.town.code)
            _end(current, State.STOPPED, {"why": "not_approved"})
        except Exception:
            _end(current, State.STOPPED, {"why": "error"})
            raise
        report(1, 1)


@transaction.atomic
def share(plan: BlockPlan, person: Person) -> None:
    """From now on every member of the consortium sees it."""
    current: BlockPlan = (
        BlockPlan.objects.select_for_update(of=("self",)).select_related("consortium", "town").get(pk=plan.pk)
    )
    if current.state != State.FOUND or current.shared:
        raise Refused(_("案ができていて、まだ見せていないものだけを見せられます。"))
    current.shared = True
    current.save(update_fields=["shared"])
    _record_act(current, person, "share")


def elapsed(plan: BlockPlan) -> int:
    """Seconds since a worker began, at most the limit."""
    if plan.started_at is None:
        return 0
    return min(int((timezone.now() - plan.started_at).total_seconds()), plan.seconds)


def codes_of(plan: BlockPlan) -> list[list[str]]:
    """Towns of each block found."""
    return [block["towns"] for block in plan.found.get("blocks", [])]


def problem(prefecture: str, objective: Objective) -> list[Town]:
    """A prefecture's towns as the engine takes them."""
    codes = atlas.of_prefecture(prefecture)
    features: dict[str, tuple[float, ...]] = {}
    if objective is Objective.SIMILAR:
        scores = normal_scores(figures(atlas.table(), NEEDS))
        rows = atlas.table().rows(codes)
        features = {code: tuple(scores[at].tolist()) for code, at in zip(codes, rows, strict=True)}
    return [
        Town(code, atlas.populations()[code], atlas.places()[code], features.get(code, ())) for code in codes
    ]


def solved(
    prefecture: str,
    size: tuple[int, int],
    objective: Objective,
    *,
    blocks: int | None = None,
    seconds: float = 30.0,
) -> Grouping | NoGrouping:
    towns = problem(prefecture, objective)
    return group(towns, atlas.touching(), size, objective, blocks=blocks, seconds=seconds)


def as_plain(found: Grouping | NoGrouping, seconds: float) -> dict[str, Any]:
    """For JSON."""
    links = [[one.one, one.other, round(one.kilometres, 1)] for one in found.links]
    if isinstance(found, NoGrouping):
        return {"why": found.why.value, "links": links, "seconds": round(seconds, 1)}
    return {
        "blocks": [
            {"centre": one.centre, "towns": list(one.towns), "population": one.population}
            for one in found.blocks
        ],
        "value": round(found.value, 3),
        "bound": round(found.bound, 3),
        "gap": found.gap,  # never rounded: 0 says that it is proven
        "links": links,
        "seconds": round(seconds, 1),
    }


def explained(plain: dict[str, Any], objective: str) -> str:
    """What came of it, in Japanese, for the ledger."""
    with override("ja"):
        if "why" in plain:
            return _("条件に合うまとまりは見つからなかった（%(why)s）") % {"why": plain["why"]}
        told = {"value": plain["value"], "unit": UNITS[objective], "count": len(plain["blocks"])}
        if plain["gap"] == 0:
            return (
                _("%(count)sのまとまり。目的の値%(value)s%(unit)s。これより良い案がないことを証明した") % told
            )
        if not plain["bound"]:
            return _("%(count)sのまとまり。目的の値%(value)s%(unit)s。最良との差は分からない") % told
        told |= {"gap": f"{plain['gap'] * 100:.1f}"}
        return _("%(count)sのまとまり。目的の値%(value)s%(unit)s。最良との差は多くて%(gap)s%%") % told


def _solved(plan: BlockPlan) -> Grouping | NoGrouping:
    return solved(
        plan.prefecture_id,
        (plan.fewest, plan.most),
        Objective(plan.objective),
        blocks=plan.blocks,
        seconds=plan.seconds,
    )


@transaction.atomic
def _keep(plan: BlockPlan, found: Grouping | NoGrouping, seconds: float) -> None:
    plain = as_plain(found, seconds)
    _end(plan, State.NONE if "why" in plain else State.FOUND, plain)
    record(
        plan.consortium,
        plan.town,
        plan.asked_by,
        system=KEY,
        kind=ledger.RESULT,
        subject=f"block_plan:{plan.pk}",
        outputs={"action": "solved", **_asked(plan), **plain},
        sources=SOURCES,
        explanation=explained(plain, plan.objective),
    )


def _end(plan: BlockPlan, state: str, found: dict[str, Any]) -> None:
    plan.state, plan.found, plan.finished_at = state, found, timezone.now()
    plan.save(update_fields=["state", "found", "finished_at"])


def _asked(plan: BlockPlan) -> dict[str, Any]:
    return {
        "prefecture": plan.prefecture_id,
        "size": [plan.fewest, plan.most],
        "objective": str(plan.objective),
        "number": plan.blocks,
        "limit_seconds": plan.seconds,
    }


def _record_act(plan: BlockPlan, person: Person, action: str) -> None:
    towns: Sequence[str] = [code for block in codes_of(plan) for code in block]
    record(
        plan.consortium,
        plan.town,
        person,
        system=SYSTEM,
        kind="partnering",
        subject=f"block_plan:{plan.pk}",
        concerned=concerned(plan.consortium, towns) if action == "share" else (),
        outputs={"action": action, **_asked(plan)},
    )
