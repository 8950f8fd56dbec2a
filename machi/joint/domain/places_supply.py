"""What towns offer in a round: facilities with places, points tables, agreements between towns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.domain.towns import members
from machi.base.models import Municipality, Person
from machi.joint.domain.places import current_tables, note, opened
from machi.joint.domain.places_kinds import STANDARD, STANDARD_TIES, Item, Tie
from machi.joint.models import PlaceAgreement, PlaceFacility, PlaceRound, PlaceTable

FACILITY = ("code", "name", "flexible", "area", "own_only")


def facilities(about: PlaceRound) -> QuerySet[PlaceFacility, Any]:
    return PlaceFacility.objects.filter(round=about).select_related("town").order_by("town_id", "code")


@transaction.atomic
def put_facility(
    about: PlaceRound,
    town: Municipality,
    person: Person,
    given: Mapping[str, Any],
    facility: PlaceFacility | None = None,
) -> PlaceFacility:
    """A new facility of the town, or what changes of one. ``seats`` by class; classes without a place are left out."""
    current = opened(about)
    seats = {label: int(given["seats"].get(label) or 0) for label in current.classes}
    shared = [label for label in current.classes if label in given["shared"]]
    if given["flexible"] and not shared:
        raise Refused(_("融通できる枠があるときは、融通できる区分を選んでください。"), field="shared")
    if not any(seats.values()) and not given["flexible"]:
        raise Refused(_("枠を1つは入れてください。"))
    same = PlaceFacility.objects.filter(round=current, code=given["code"])
    if (same.exclude(pk=facility.pk) if facility else same).exists():
        raise Refused(_("この施設番号は、もう使われています。"), field="code")
    kept = facility or PlaceFacility(consortium=current.consortium, round=current, town=town)
    for name in FACILITY:
        setattr(kept, name, given[name])
    kept.seats, kept.shared = {label: number for label, number in seats.items() if number}, shared
    kept.save()
    note(
        current,
        town,
        person,
        "change_facility" if facility else "add_facility",
        facility=kept.pk,
        seats=kept.seats,
        flexible=kept.flexible,
        own_only=kept.own_only,
    )
    return kept


@transaction.atomic
def drop_facility(facility: PlaceFacility, town: Municipality, person: Person) -> None:
    """Takes it out of the round. Wishes for it are passed over from now on; families keep their other wishes."""
    current = opened(facility.round)
    number = facility.pk
    facility.delete()
    note(current, town, person, "drop_facility", facility=number)


def items_of(about: PlaceRound, table: PlaceTable | None) -> list[Item]:
    """The town's items, or the kind's standard ones where the town has not decided yet."""
    return [Item(**one) for one in table.items] if table else list(STANDARD[about.kind])


def ties_of(about: PlaceRound, table: PlaceTable | None) -> list[Tie]:
    return [Tie(**one) for one in table.ties] if table else list(STANDARD_TIES[about.kind])


@transaction.atomic
def put_table(
    about: PlaceRound, town: Municipality, person: Person, items: Sequence[Item], ties: Sequence[Tie]
) -> PlaceTable:
    """A new version of the town's table; what was before stays to be seen."""
    current = opened(about)
    keys = [one.key for one in items]
    if len(set(keys)) != len(keys) or any(tie.key not in keys for tie in ties):
        raise Refused(_("同点のときの決め方は、表にある項目から選んでください。"))
    if not any(one.points for one in items):
        raise Refused(_("点数のある項目を、1つは入れてください。"))
    if len({tie.key for tie in ties}) != len(ties):
        raise Refused(_("同点のときの決め方に、同じ項目が2回あります。"))
    last = PlaceTable.objects.filter(round=current, town=town).order_by("-version").first()
    made = PlaceTable.objects.create(
        consortium=current.consortium,
        round=current,
        town=town,
        version=last.version + 1 if last else 1,
        items=[asdict(one) for one in items],
        ties=[asdict(one) for one in ties],
        made_by=person,
    )
    note(current, town, person, "put_table", version=made.version, items=made.items, ties=made.ties)
    return made


def adopt_standard(about: PlaceRound, town: Municipality, person: Person) -> PlaceTable:
    return put_table(about, town, person, STANDARD[about.kind], STANDARD_TIES[about.kind])


def known_items(about: PlaceRound, towns: Sequence[str]) -> list[tuple[Item, str]]:
    """All items that any of these towns' rules count, the standard ones first, each with its town's name where it is
    a town's own."""
    tables = current_tables(about, towns)
    found = {one.key: (one, "") for one in STANDARD[about.kind]}
    hosts = Municipality.objects.in_bulk([code for code in towns if code in tables])
    for code in towns:
        if code in tables:
            for item in items_of(about, tables[code]):
                found.setdefault(item.key, (item, str(hosts[code])))
    return list(found.values())


def agreements(about: PlaceRound) -> QuerySet[PlaceAgreement, Any]:
    return PlaceAgreement.objects.filter(round=about).select_related("host", "home")


def agreements_of(about: PlaceRound, town: Municipality) -> QuerySet[PlaceAgreement, Any]:
    return agreements(about).filter(Q(host=town) | Q(home=town))


def open_to(about: PlaceRound, town: Municipality) -> list[str]:
    """Codes of the towns whose facilities the town's people may ask for: its own first."""
    hosts = agreements(about).filter(home=town, agreed_at__isnull=False).values_list("host_id", flat=True)
    return [town.pk, *sorted(hosts)]


def may_be_wished(about: PlaceRound, town: Municipality) -> QuerySet[PlaceFacility, Any]:
    """Facilities that the town's people may ask for, in their codes' order, the town's own first."""
    found = facilities(about).filter(town_id__in=open_to(about, town))
    return found.filter(Q(town=town) | Q(own_only=False))


@transaction.atomic
def propose_agreement(
    about: PlaceRound,
    host: Municipality,
    person: Person,
    home: Municipality,
    *,
    equal: bool,
    quota: int | None,
) -> PlaceAgreement:
    """The host's head offers to admit ``home``'s people. It holds once their head has agreed; a change asks again."""
    current = opened(about)
    if home.pk == host.pk or not members(current.consortium).filter(pk=home.pk).exists():
        raise Refused(_("共同体のほかの町を選んでください。"), field="home")
    made, _created = PlaceAgreement.objects.update_or_create(
        consortium=current.consortium,
        round=current,
        host=host,
        home=home,
        defaults={"equal": equal, "quota": quota, "agreed_at": None},
    )
    note(
        current,
        host,
        person,
        "propose_agreement",
        concerned=[home],
        host=host.pk,
        home=home.pk,
        equal=equal,
        quota=quota,
    )
    return made


@transaction.atomic
def agree(agreement: PlaceAgreement, home: Municipality, person: Person) -> None:
    current = opened(agreement.round)
    if agreement.home_id != home.pk:
        raise Refused(_("合意できるのは、受け入れてもらう町です。"))
    if agreement.agreed_at is None:
        agreement.agreed_at = timezone.now()
        agreement.save(update_fields=["agreed_at"])
        note(
            current,
            home,
            person,
            "agree",
            concerned=[agreement.host],
            host=agreement.host_id,
            home=home.pk,
            equal=agreement.equal,
            quota=agreement.quota,
        )


@transaction.atomic
def end_agreement(agreement: PlaceAgreement, town: Municipality, person: Person) -> None:
    """Either side may take it back while the round is open."""
    current = opened(agreement.round)
    if town.pk not in (agreement.host_id, agreement.home_id):
        raise Refused(_("取り消せるのは、この合意の2つの町です。"))
    other = agreement.home if town.pk == agreement.host_id else agreement.host
    host, home = agreement.host_id, agreement.home_id
    agreement.delete()
    note(current, town, person, "end_agreement", concerned=[other], host=host, home=home)
