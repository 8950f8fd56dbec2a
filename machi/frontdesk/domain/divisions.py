"""Divisions of a municipality: whose work is what, and who takes what belongs to nobody."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Appointment, Division, Municipality, Person
from machi.frontdesk.domain.reports import WAITING
from machi.frontdesk.models import HandOver, Source

SYSTEM = "frontdesk.divisions"


def divisions() -> QuerySet[Division]:
    """All divisions with ``hand_over_count``, ``waiting_count``, ``source_count`` and ``people_count``."""

    def count(
        rows: QuerySet[HandOver] | QuerySet[Source] | QuerySet[Appointment], what: str = "pk"
    ) -> Coalesce:
        grouped = rows.filter(division=OuterRef("pk")).order_by().values("division")
        return Coalesce(Subquery(grouped.annotate(n=Count(what, distinct=True)).values("n")), 0)

    return Division.objects.annotate(
        hand_over_count=count(HandOver.objects.all()),
        waiting_count=count(HandOver.objects.filter(state__in=WAITING)),
        source_count=count(Source.objects.all()),
        people_count=count(Appointment.objects.all(), "person"),
    )


def add(
    municipality: Municipality,
    person: Person,
    *,
    name: str,
    duties: str = "",
    email: str = "",
    telephone: str = "",
    is_default: bool = False,
) -> Division:
    """A new division; the first one of a town takes what belongs to nobody. Refused where the name is taken."""
    division = Division(municipality=municipality)
    is_default = is_default or not Division.objects.filter(is_default=True).exists()
    _write(division, name=name, duties=duties, email=email, telephone=telephone, is_default=is_default)
    _recorded(division, "add", person)
    return division


def change(
    division: Division,
    person: Person,
    *,
    name: str,
    duties: str = "",
    email: str = "",
    telephone: str = "",
    is_default: bool = False,
) -> Division:
    """Refused where the name is taken, or where nobody would be left to take what belongs to nobody."""
    if division.is_default and not is_default:
        raise Refused(
            _(
                "行き先が分からない問い合わせを受ける課は、必ず1つ必要です。ほかの課を指定すると、この課の指定は外れます。"
            ),
            field="is_default",
        )
    _write(division, name=name, duties=duties, email=email, telephone=telephone, is_default=is_default)
    _recorded(division, "change", person)
    return division


def delete(division: Division, person: Person) -> None:
    """Refused for a division with hand-overs (they must keep who was asked) and for the default one."""
    if why := why_kept(division):
        raise Refused(why)
    with transaction.atomic():
        _recorded(division, "delete", person)
        division.delete()


def why_kept(division: Division) -> str:
    """Why this division cannot be deleted, and what to do; empty where it can."""
    handed = HandOver.objects.filter(division=division).aggregate(
        all=Count("pk"), waiting=Count("pk", filter=Q(state__in=WAITING))
    )
    if handed["waiting"]:
        return _(
            "対応していない問い合わせが%(count)d件あります。先に回答するか、ほかの課へ移してください。"
        ) % {"count": handed["waiting"]}
    if handed["all"]:
        return _(
            "この課が回答した問い合わせの記録が%(count)d件あるため、削除できません。"
            "課の名前が変わったときは、名前を変えてください。"
        ) % {"count": handed["all"]}
    if division.is_default:
        return _("行き先が分からない問い合わせを受ける課です。先にほかの課を指定してください。")
    return ""


@transaction.atomic
def _write(
    division: Division, *, name: str, duties: str, email: str, telephone: str, is_default: bool
) -> None:
    if Division.objects.filter(name=name).exclude(pk=division.pk).exists():
        raise Refused(_("同じ名前の課があります。"), field="name")
    division.name, division.duties, division.email, division.telephone = name, duties, email, telephone
    if is_default:
        Division.objects.filter(is_default=True).exclude(pk=division.pk).update(is_default=False)
    division.is_default = is_default
    division.save()


def _recorded(division: Division, action: str, person: Person) -> None:
    ledger.record(
        division.municipality,
        system=SYSTEM,
        kind="setting",
        subject=f"division:{division.pk}",
        actor=person,
        inputs={"name": division.name, "duties": division.duties},
        outputs={"action": action, "is_default": division.is_default},
    )
