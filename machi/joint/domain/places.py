"""Rounds of welfare places: opened by the joint office, closed on the deadline, allocated, confirmed by every town.

With closing the points tables are fixed and the lots' seed is drawn; both are in the ledger of every town.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.domain.recording import record
from machi.base.domain.towns import members
from machi.base.engine.canonical import digest
from machi.base.models import Consortium, LedgerEntry, Municipality, Person
from machi.base.scoping import in_municipalities
from machi.joint.domain.places_kinds import usual_classes
from machi.joint.models import (
    PlaceAgreement,
    PlaceAllocation,
    PlaceFacility,
    PlaceOffer,
    PlaceReasons,
    PlaceRound,
    PlaceTable,
)

SYSTEM = "joint.places"
KIND = "places"
ROUND = ("kind", "title", "year", "deadline", "starts_on")
MOST_CLASSES = 60
State = PlaceRound.State


def rounds() -> QuerySet[PlaceRound, Any]:
    return PlaceRound.objects.select_related("first", "created_by")


def note(
    about: PlaceRound,
    acting: Municipality,
    person: Person | None,
    action: str,
    *,
    concerned: Iterable[Municipality] = (),
    inputs: Mapping[str, Any] | None = None,
    explanation: str = "",
    **outputs: Any,
) -> LedgerEntry:
    """What people did in a round, in the ledgers of the towns it concerns."""
    return record(
        about.consortium,
        acting,
        person,
        system=SYSTEM,
        kind=KIND,
        subject=f"place_round:{about.pk}",
        concerned=concerned,
        inputs=inputs,
        outputs={"action": action, **outputs},
        explanation=explanation,
    )


@transaction.atomic
def begin(
    consortium: Consortium,
    town: Municipality,
    person: Person,
    given: Mapping[str, Any],
    *,
    classes: Iterable[str] = (),
    first: PlaceRound | None = None,
) -> PlaceRound:
    """Opens a round for all towns; without ``classes`` the kind's usual ones."""
    labels = list(dict.fromkeys(one.strip() for one in classes if one.strip()))
    labels = labels or usual_classes(given["kind"], given["starts_on"])
    if len(labels) > MOST_CLASSES or any(len(one) > 40 for one in labels):
        raise Refused(_("区分は60個まで、1つ40文字までにしてください。"), field="classes")
    if given["starts_on"] < given["deadline"]:
        raise Refused(_("利用の始まる日は、締切より後にしてください。"), field="starts_on")
    made = PlaceRound.objects.create(
        consortium=consortium,
        created_by=person,
        classes=labels,
        first=first,
        **{name: given[name] for name in ROUND},
    )
    note(
        made,
        town,
        person,
        "begin",
        concerned=members(consortium),
        title=made.title,
        deadline=made.deadline.isoformat(),
        second_of=first.pk if first else None,
    )
    return made


@transaction.atomic
def change(about: PlaceRound, town: Municipality, person: Person, given: Mapping[str, Any]) -> None:
    """Title and dates; kind and classes stay, since applications hang on them."""
    current = opened(about)
    if given["starts_on"] < given["deadline"]:
        raise Refused(_("利用の始まる日は、締切より後にしてください。"), field="starts_on")
    for name in ("title", "year", "deadline", "starts_on"):
        setattr(current, name, given[name])
    current.save()
    note(
        current,
        town,
        person,
        "change",
        concerned=members(current.consortium),
        title=current.title,
        deadline=current.deadline.isoformat(),
    )


def opened(about: PlaceRound) -> PlaceRound:
    """The round as it is now, locked; Refused unless it still takes applications."""
    current = PlaceRound.objects.select_for_update().get(pk=about.pk)
    if current.state != State.OPEN:
        raise Refused(_("受付は終わっています。申込・枠・点数は、もう変えられません。"))
    if current.moving:
        raise Refused(_("待機している人を、前の回から移しています。終わるまで待ってください。"))
    return current


def why_not_closed(about: PlaceRound) -> list[str]:
    """What keeps it from being closed; empty: nothing."""
    found = []
    if about.moving:
        found.append(_("待機している人を、前の回から移しています。"))
    if about.deadline > timezone.localdate():
        found.append(
            _("締切の日（%(day)s）になるまで、締め切れません。") % {"day": about.deadline.isoformat()}
        )
    hosts = set(about.facilities.values_list("town_id", flat=True))
    if not hosts:
        found.append(_("施設がまだありません。各町に、施設と枠を入れてもらってください。"))
    without = hosts - set(about.tables.values_list("town_id", flat=True))
    if without:
        names = "、".join(str(one) for one in Municipality.objects.filter(pk__in=without).order_by("pk"))
        found.append(_("点数表がまだない町があります: %(towns)s") % {"towns": names})
    return found


@transaction.atomic
def close(about: PlaceRound, town: Municipality, person: Person) -> None:
    """No more changes to applications, places and rules. The lots' seed is drawn only now."""
    current = opened(about)
    if why := why_not_closed(current):
        raise Refused(" ".join(why))
    current.state, current.closed_at = State.CLOSED, timezone.now()
    current.seed = current.seed or secrets.token_hex(16)
    current.save(update_fields=["state", "closed_at", "seed"])
    note(
        current,
        town,
        person,
        "close",
        concerned=members(current.consortium),
        seed=current.seed,
        rules=digest(_measure(current)),
        explanation=_("点数表と受入れの合意を固定し、抽選の種を引いた。"),
    )


@transaction.atomic
def reopen(about: PlaceRound, town: Municipality, person: Person, reason: str) -> None:
    """Takes applications again, as long as not every town has confirmed. A proposal made before no longer counts.

    The seed stays: who saw the outcome must not get another lot by opening again.
    """
    current = PlaceRound.objects.select_for_update().get(pk=about.pk)
    if current.state != State.CLOSED:
        raise Refused(_("締め切った回で、まだ確定していないものだけを、受付中に戻せます。"))
    if current.allocations.filter(state=PlaceAllocation.State.RUNNING).exists():
        raise Refused(_("計算が終わってから、受付中に戻してください。"))
    _supersede(current)
    current.state, current.reason = State.OPEN, reason.strip()
    current.save(update_fields=["state", "reason"])
    note(current, town, person, "reopen", concerned=members(current.consortium), inputs={"reason": reason})


@transaction.atomic
def cancel(about: PlaceRound, town: Municipality, person: Person, reason: str) -> None:
    current = PlaceRound.objects.select_for_update().get(pk=about.pk)
    if current.state not in (State.OPEN, State.CLOSED):
        raise Refused(_("確定した回は中止できません。"))
    current.state, current.reason = State.CANCELLED, reason.strip()
    current.save(update_fields=["state", "reason"])
    note(current, town, person, "cancel", concerned=members(current.consortium), inputs={"reason": reason})


def _supersede(current: PlaceRound) -> None:
    """What was proposed counts no more; its figures and its audit stay."""
    done = current.allocations.filter(state=PlaceAllocation.State.DONE, trial=False)
    with in_municipalities(list(members(current.consortium))):
        PlaceReasons.objects.filter(offer__allocation__in=done).delete()
    PlaceOffer.objects.filter(allocation__in=done).delete()
    done.update(state=PlaceAllocation.State.SUPERSEDED)


def current_tables(about: PlaceRound, towns: Iterable[str] | None = None) -> dict[str, PlaceTable]:
    """The last version of each town's table, by the town's code; of ``towns`` only, where they are given."""
    newer = PlaceTable.objects.filter(
        round=OuterRef("round"), town=OuterRef("town"), version__gt=OuterRef("version")
    )
    found = PlaceTable.objects.filter(~Exists(newer), round=about).order_by("town_id")
    if towns is not None:
        found = found.filter(town__in=list(towns))
    return {table.town_id: table for table in found}


def _measure(about: PlaceRound) -> dict[str, Any]:
    """All that applicants are chosen by and for, as plain data."""
    return {
        "classes": about.classes,
        "tables": {
            code: {"version": one.version, "items": one.items, "ties": one.ties}
            for code, one in current_tables(about).items()
        },
        "facilities": [
            [one.code, one.town_id, one.seats, one.flexible, one.shared, one.area, one.own_only]
            for one in PlaceFacility.objects.filter(round=about).order_by("code")
        ],
        "agreements": [
            [one.host_id, one.home_id, one.equal, one.quota]
            for one in PlaceAgreement.objects.filter(round=about, agreed_at__isnull=False).order_by(
                "host_id", "home_id"
            )
        ],
    }
