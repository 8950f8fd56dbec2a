"""A consortium of many real towns with generated people, for trying things out and for tests at size."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from machi.base.models import Appointment, Consortium, ConsortiumMember, Municipality, Person, Role
from machi.base.sample import people as sample_people

ROLES = {
    Role.CLERK: "窓口 一郎",
    Role.MANAGER: "課長 二郎",
    Role.AI_OFFICER: "統括 三子",
    Role.AUDITOR: "監査 四郎",
}


def named(size: int) -> str:
    return f"生成した共同体（{size}自治体）"


@transaction.atomic
def members_only(size: int) -> Consortium:
    """A consortium of the first ``size`` towns of the register after the sample's, each with people
    (``clerk@202011.example``, all with the sample's password) and a joint office (``office52@machi.example``)."""
    consortium, _ = Consortium.objects.get_or_create(
        name=named(size), defaults={"name_en": f"Generated consortium ({size} municipalities)"}
    )
    known = sample_people()
    hashed = make_password(known[0]["password"] if known else None)
    free = Municipality.objects.filter(memberships__isnull=True).order_by("code")
    # From Nagano (20) on: a prefecture with many small towns beside each other.
    order = [*free.filter(code__gte="200000"), *free.filter(code__lt="200000")]
    missing = size - consortium.members.count()
    for town in order[: max(0, missing)]:
        Municipality.objects.filter(pk=town.pk).update(live=True)
        ConsortiumMember.objects.create(consortium=consortium, municipality=town, since=date(2026, 4, 1))
        for role, name in ROLES.items():
            email = f"{role.value.replace('_', '-')}@{town.code}.example"
            person = Person.objects.create(email=email, password=hashed, name=name)
            Appointment.objects.create(person=person, role=role, municipality=town)
    email = f"office{size}@machi.example"
    if not Person.objects.filter(email=email).exists():
        person = Person.objects.create(email=email, password=hashed, name="共同 五月")
        Appointment.objects.create(person=person, role=Role.JOINT_OFFICE, consortium=consortium)
    return consortium
