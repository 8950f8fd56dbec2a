"""Chosen towns: saving them with what the models say, and showing them to the consortium.

A selection is the town's own until it shares it. What the models say is computed once, when it is saved, and stands in
the ledger as their result; so a later version of a model changes no saved figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.domain.recording import record
from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person, Role
from machi.base.running import ensure_may_run
from machi.joint.domain import partners_atlas as atlas
from machi.joint.domain import partners_costs as costs
from machi.joint.domain import partners_suggest
from machi.joint.domain.partners_words import PURPOSES
from machi.joint.engine.cost_sample import Purpose
from machi.joint.models import TownSelection

SYSTEM = "joint.partnering"
MOST_TOWNS = 60
SOURCES = ({"title": "SSDSE-A-2025", "version": "2025"},)
OF_THE_TOWN = {Role.CLERK, Role.MANAGER, Role.AI_OFFICER}
"""Who sees what a town has not shared."""
Origin = TownSelection.Origin


def visible(town: Municipality, person: Person) -> QuerySet[TownSelection, Any]:
    """What a person who works in ``town`` may see: what is shared, the town's own, one's own; newest first."""
    mine = Q(shared=True) | Q(created_by=person, town=town)
    if of_the_town(person, town):
        mine |= Q(town=town)
    return TownSelection.objects.filter(mine).select_related("town", "created_by")


def of_the_town(person: Person, town: Municipality) -> bool:
    return not person.roles_in(town).isdisjoint(OF_THE_TOWN)


def may_change(selection: TownSelection, town: Municipality, person: Person) -> bool:
    """The town whose it is, or who saved it there."""
    return selection.town_id == town.pk and (
        of_the_town(person, town) or selection.created_by_id == person.pk
    )


def checked(codes: Sequence[str]) -> list[str]:
    """The towns of a selection, each once; Refused where no joint work can be reckoned for them."""
    found: list[str] = list(atlas.known(codes))
    if len(found) < 2:
        raise Refused(_("町を2つ以上選んでください。"))
    if len(found) > MOST_TOWNS:
        raise Refused(_("一度に見積もれるのは%(most)s町までです。") % {"most": MOST_TOWNS})
    if len(found) - len(costs.left_out(found)) < 2:
        raise Refused(
            _(
                "モデルに入っている町が2つ以上要ります。避難指示があった福島県の7町村はモデルから除いています。"
            )
        )
    return found


def estimated(town: Municipality, codes: Sequence[str], part: float) -> list[costs.Estimate]:
    """What joint work of the towns might save. NotApproved where the model may not run; Refused as ``checked``."""
    ensure_may_run(town, costs.SYSTEM)
    return costs.estimates(checked(codes), part=part)


@transaction.atomic
def save(
    consortium: Consortium,
    town: Municipality,
    person: Person,
    *,
    title: str,
    codes: Sequence[str],
    note: str = "",
    part: float = 1.0,
    origin: str = Origin.CHOSEN,
    suggestions: Mapping[str, Any] | None = None,
) -> TownSelection:
    """Keeps the towns with what the cost models say of them now, and records it as their result."""
    found = estimated(town, codes, part)
    if not title.strip():
        raise Refused(_("名前を付けてください。"), "title")
    selection = TownSelection.objects.create(
        consortium=consortium,
        town=town,
        title=title.strip(),
        note=note.strip(),
        codes=checked(codes),
        part=part,
        origin=origin,
        estimates=costs.as_plain(found),
        suggestions=dict(suggestions or {}),
        created_by=person,
    )
    _record_result(selection, person, costs.SYSTEM, {"estimates": selection.estimates}, explained(found))
    if suggestions:
        wish = suggestions["wish"]
        _record_result(selection, person, partners_suggest.SYSTEM, dict(suggestions), _explained_wish(wish))
    return selection


@transaction.atomic
def share(selection: TownSelection, person: Person) -> None:
    """From now on every member of the consortium sees it."""
    current = _current(selection)
    if current.shared:
        raise Refused(_("もう共同体に見せています。"))
    current.shared, current.shared_at = True, timezone.now()
    current.save(update_fields=["shared", "shared_at"])
    _record_act(current, person, "share")


@transaction.atomic
def withdraw(selection: TownSelection, person: Person) -> None:
    """The town's own again; who has seen it has seen it, and the ledger says so."""
    current = _current(selection)
    if not current.shared:
        raise Refused(_("いまは自分の町だけに見えています。"))
    current.shared, current.shared_at = False, None
    current.save(update_fields=["shared", "shared_at"])
    _record_act(current, person, "withdraw")


@transaction.atomic
def delete(selection: TownSelection, person: Person) -> None:
    """Gone for everybody; the ledger keeps that it was there, and its figures."""
    current = _current(selection)
    _record_act(current, person, "delete")
    current.delete()


def explained(found: Sequence[costs.Estimate]) -> str:
    """What was estimated, in a line a purpose; in Japanese, as the ledger is one text for all readers."""
    with override("ja"):
        lines = [
            f"{PURPOSES[one.purpose]}: {_percent(one.savings.share.value)}"
            f"（95%の幅 {_percent(one.savings.share.low)} 〜 {_percent(one.savings.share.high)}）"
            for one in found
        ]
        return _("一緒にした場合の関係（節約の割合。負は増える）") + " " + "、".join(lines)


def summary(selection: TownSelection) -> Mapping[str, Any]:
    """The line of the whole expenditure, for lists."""
    return next((one for one in selection.estimates if one["purpose"] == Purpose.TOTAL.value), {})


def concerned(consortium: Consortium, codes: Sequence[str]) -> QuerySet[Municipality]:
    """Members among the towns."""
    return members(consortium).filter(code__in=codes)


def _explained_wish(wish: Mapping[str, Any]) -> str:
    with override("ja"):
        return _("重み: 似た課題%(likeness)s、補い合う強み%(complement)s、近さ%(nearness)s") % wish


def _percent(share: float) -> str:
    return f"{share * 100:+.1f}%"


def _record_result(
    selection: TownSelection, person: Person, system: str, outputs: Mapping[str, Any], explanation: str
) -> None:
    record(
        selection.consortium,
        selection.town,
        person,
        system=system,
        kind=ledger.RESULT,
        subject=f"town_selection:{selection.pk}",
        outputs={"action": "save", "towns": selection.codes, "part": selection.part, **outputs},
        sources=SOURCES,
        explanation=explanation,
    )


def _record_act(selection: TownSelection, person: Person, action: str) -> None:
    record(
        selection.consortium,
        selection.town,
        person,
        system=SYSTEM,
        kind="partnering",
        subject=f"town_selection:{selection.pk}",
        concerned=concerned(selection.consortium, selection.codes) if action == "share" else (),
        outputs={"action": action, "towns": selection.codes},
    )


def _current(selection: TownSelection) -> TownSelection:
    found: TownSelection = (
        TownSelection.objects.select_for_update(of=("self",))
        .select_related("consortium", "town")
        .get(pk=selection.pk)
    )
    return found
