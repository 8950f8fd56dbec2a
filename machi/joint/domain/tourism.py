"""Spots and events of the towns: entered by form or taken from a list of open data. A town changes only its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from machi.base.domain.errors import Refused
from machi.base.domain.recording import record
from machi.base.engine.canonical import digest
from machi.base.engine.tables import Problem
from machi.base.models import Consortium, Municipality, Person
from machi.joint.engine.boundaries import distance_km
from machi.joint.engine.spot_list import SpotList, SpotRow, read_spots
from machi.joint.models import Spot, SpotUpload

SYSTEM = "joint.tourism"
KIND = "tourism"
FIELDS = (
    "kind",
    "category",
    "name",
    "name_kana",
    "name_en",
    "description",
    "description_en",
    "description_easy",
    "address",
    "latitude",
    "longitude",
    "opens",
    "closes",
    "weekdays",
    "closed_dates",
    "hours_note",
    "starts_on",
    "ends_on",
    "visit_minutes",
    "fee",
    "access",
    "barrier_free",
    "wifi",
    "telephone",
    "url",
    "operator",
    "operator_email",
    "takes_requests",
    "largest_party",
    "published",
)
_WIFI_KM = 0.1
MIDNIGHT = time(23, 59)


@transaction.atomic
def add_spot(
    consortium: Consortium, town: Municipality, person: Person | None, given: Mapping[str, Any]
) -> Spot:
    spot = Spot(consortium=consortium, municipality=town, source=given.get("source", ""))
    _write(spot, given)
    spot.code = f"M{spot.pk:06}"
    spot.save(update_fields=["code"])
    _record(spot, "add", person, given)
    return spot


@transaction.atomic
def change_spot(spot: Spot, town: Municipality, person: Person, given: Mapping[str, Any]) -> None:
    current = _own(spot, town)
    _write(current, given)
    _record(current, "change", person, given)


@transaction.atomic
def publish(spot: Spot, town: Municipality, person: Person, *, shown: bool) -> None:
    """Shows a spot to visitors, or takes it off their pages; routes that lead there stay as they were made."""
    current = _own(spot, town)
    given = {name: getattr(current, name) for name in FIELDS} | {"published": shown}
    _write(current, given)
    _record(current, "publish" if shown else "hide", person, {"published": shown})


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking a list would do."""

    listed: SpotList
    new: list[SpotRow]
    changed: list[SpotRow]
    same: int
    hours_open: list[SpotRow]
    """Rows without hours that could be read: taken, but not published until somebody enters them."""
    near_wifi: list[str]
    """Of a list of wireless LAN: names of spots beside one of its points."""


def preview(
    consortium: Consortium, town: Municipality, data: bytes, category: str, visit_minutes: int
) -> Preview:
    """Reads a list and says what would happen; writes nothing (the dry run)."""
    with override("ja"):  # lists are in Japanese, whatever the page's language
        categories = {str(label): value for value, label in Spot.Category.choices}
    listed = read_spots(data, town.code, categories)
    known = {spot.code: spot for spot in Spot.objects.filter(municipality=town).exclude(code="")}
    if listed.kind == "wifi":
        near = [spot.name for spot in _beside(town, listed.rows)]
        return Preview(listed, [], [], 0, [], near)
    missing = [Problem("missing", row.row, "NO") for row in listed.rows if not row.code]
    if missing:
        return Preview(SpotList(listed.kind, (), tuple(missing)), [], [], 0, [], [])
    new = [row for row in listed.rows if row.code not in known]
    changed = [
        row
        for row in listed.rows
        if row.code in known and _differs(known[row.code], row, category, visit_minutes)
    ]
    same = len(listed.rows) - len(new) - len(changed)
    return Preview(listed, new, changed, same, [row for row in listed.rows if not row.hours_known], [])


@transaction.atomic
def take_list(
    consortium: Consortium,
    town: Municipality,
    person: Person | None,
    data: bytes,
    *,
    category: str,
    visit_minutes: int,
    source: str,
    published: bool,
) -> Preview:
    """Takes all of a list or nothing. A row known by its ID is brought up to date in what the list says of it; what
    people entered besides (texts in other languages, hours where the list has none, who takes requests) stays."""
    found = preview(consortium, town, data, category, visit_minutes)
    if found.listed.problems:
        raise Refused(_("一覧に直すところがあるため、取り込みませんでした。"))
    if found.listed.kind == "wifi":
        beside = _beside(town, found.listed.rows)
        for spot in beside:
            spot.wifi = True
        Spot.objects.bulk_update(beside, ["wifi"])
    else:
        known = {spot.code: spot for spot in Spot.objects.filter(municipality=town).exclude(code="")}
        for row in (*found.new, *found.changed):
            spot = known.get(row.code) or Spot(consortium=consortium, municipality=town, code=row.code)
            _fill(spot, row, category, visit_minutes)
            spot.source = source
            spot.published = spot.published or (published and spot.hours_known)
            spot.changed_at = timezone.now()
            spot.save()
    record(
        consortium,
        town,
        person,
        system=SYSTEM,
        kind=KIND,
        subject=f"spots:{town.code}",
        inputs={"source": source},
        outputs={
            "action": "import",
            "list": found.listed.kind,
            "new": len(found.new),
            "changed": len(found.changed),
            "same": found.same,
            "wifi": len(found.near_wifi),
            "digest": digest(data.hex()),
        },
    )
    return found


@transaction.atomic
def keep_upload(
    consortium: Consortium, town: Municipality, data: bytes, name: str, options: Mapping[str, Any]
) -> SpotUpload:
    """Keeps a list while somebody looks at what it would change; the town's last one goes."""
    SpotUpload.objects.filter(municipality=town).delete()
    return SpotUpload.objects.create(
        consortium=consortium, municipality=town, data=data, name=name[:200], options=dict(options)
    )


@transaction.atomic
def take_upload(upload: SpotUpload, town: Municipality, person: Person) -> Preview:
    """Takes what was kept, and forgets it. Refused for another town's."""
    current = SpotUpload.objects.select_for_update().select_related("consortium").get(pk=upload.pk)
    if current.municipality_id != town.pk:
        raise Refused(_("ほかの町の一覧は取り込めません。"))
    taken = take_list(current.consortium, town, person, bytes(current.data), **current.options)
    current.delete()
    return taken


def _own(spot: Spot, town: Municipality) -> Spot:
    current = Spot.objects.select_for_update().select_related("municipality", "consortium").get(pk=spot.pk)
    if current.municipality_id != town.pk:
        raise Refused(_("ほかの町のスポットは変えられません。"))
    return current


def _write(spot: Spot, given: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in given:
            setattr(spot, name, given[name])
    if (spot.opens is None) != (spot.closes is None):
        raise Refused(_("開く時刻と閉まる時刻は、両方入れるか両方空けてください。"), "closes")
    if spot.opens and spot.closes and spot.opens >= spot.closes:
        raise Refused(_("閉まる時刻は、開く時刻より後にしてください。"), "closes")
    if spot.published and not spot.hours_known:
        raise Refused(_("公開するには、開く時刻と閉まる時刻が要ります。"), "opens")
    if spot.kind == Spot.Kind.EVENT and not spot.starts_on:
        raise Refused(_("イベントには開始日が要ります。"), "starts_on")
    if spot.starts_on and spot.ends_on and spot.ends_on < spot.starts_on:
        raise Refused(_("終了日は、開始日より後にしてください。"), "ends_on")
    if "1" not in spot.weekdays:
        raise Refused(_("開く曜日を1つは選んでください。"), "weekdays")
    spot.changed_at = timezone.now()
    spot.save()


def _record(spot: Spot, action: str, person: Person | None, given: Mapping[str, Any]) -> None:
    record(
        spot.consortium,
        spot.municipality,
        person,
        system=SYSTEM,
        kind=KIND,
        subject=f"spot:{spot.pk}",
        inputs={"given": {name: str(value) for name, value in given.items()}},
        outputs={"action": action, "published": spot.published},
    )


def _beside(town: Municipality, points: tuple[SpotRow, ...]) -> list[Spot]:
    return [
        spot
        for spot in Spot.objects.filter(municipality=town, wifi=False)
        if any(
            distance_km((spot.latitude, spot.longitude), (one.latitude, one.longitude)) <= _WIFI_KM
            for one in points
        )
    ]


def _differs(spot: Spot, row: SpotRow, category: str, visit_minutes: int) -> bool:
    before = {name: getattr(spot, name) for name in FIELDS}
    filled = Spot(**before)
    _fill(filled, row, category, visit_minutes, new=False)
    return any(getattr(filled, name) != value for name, value in before.items())


def _fill(spot: Spot, row: SpotRow, category: str, visit_minutes: int, *, new: bool | None = None) -> None:
    new = spot.pk is None if new is None else new
    spot.kind = Spot.Kind.EVENT if row.kind == "event" else Spot.Kind.SPOT
    spot.name, spot.latitude, spot.longitude = row.name, row.latitude, row.longitude
    spot.starts_on, spot.ends_on = row.starts_on, row.ends_on
    if row.category or new:
        spot.category = row.category or category
    if row.visit or new:
        spot.visit_minutes = row.visit or visit_minutes
    if row.hours_known:
        spot.opens, spot.closes, spot.weekdays = _clock(row.opens), _clock(row.closes), row.weekdays
    said = {
        "name_kana": row.kana,
        "name_en": row.name_en,
        "description": row.description,
        "description_en": row.description_en,
        "address": row.address,
        "hours_note": row.hours,
        "fee": row.fee,
        "access": row.access,
        "barrier_free": row.barrier_free,
        "telephone": row.telephone,
        "url": row.url,
        "operator": row.contact,
        "operator_email": row.email,
    }
    for name, value in said.items():
        if value:
            setattr(spot, name, value)


def _clock(minutes: int | None) -> time:
    assert minutes is not None
    return MIDNIGHT if minutes >= 24 * 60 else time(*divmod(minutes, 60))
