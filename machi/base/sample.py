"""The sample consortium: three real towns, and one person for each role in each."""

import json
import secrets
from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from machi.base.domain.register import load_register
from machi.base.models import Appointment, Consortium, ConsortiumMember, Municipality, Person, Role

TOWNS = {"142123": "atsugi", "332020": "kurashiki", "222127": "yaizu"}
PEOPLE_FILE = "sample-people.json"

_LOCAL = {
    Role.CLERK: "窓口 花子",
    Role.MANAGER: "課長 太郎",
    Role.AI_OFFICER: "統括 恵",
    Role.AUDITOR: "監査 誠",
    Role.ADMINISTRATOR: "情報 学",
}


@transaction.atomic
def load() -> None:
    load_register()
    Municipality.objects.filter(code__in=TOWNS).update(live=True)
    consortium, _ = Consortium.objects.get_or_create(
        name="見本共同体（厚木・倉敷・焼津）",
        defaults={"name_en": "Sample consortium (Atsugi, Kurashiki, Yaizu)"},
    )
    for code in TOWNS:
        ConsortiumMember.objects.get_or_create(
            consortium=consortium, municipality_id=code, defaults={"since": date(2026, 4, 1)}
        )
    _people(consortium)


def _people(consortium: Consortium) -> None:
    """Sign-ins with a password of this installation's own; the sign-in page shows them in sample mode."""
    path = settings.MACHI_HOME / PEOPLE_FILE
    if path.exists():
        return
    password = "machi-" + secrets.token_hex(4)
    hashed = make_password(password)  # once: hashing is slow on purpose, and they share it
    shown = []
    for code, slug in TOWNS.items():
        town = Municipality.objects.get(code=code)
        for role, name in _LOCAL.items():
            email = f"{role.value.replace('_', '-')}@{slug}.example"
            person = Person.objects.create(email=email, password=hashed, name=name)
            Appointment.objects.create(person=person, role=role, municipality=town)
            shown.append(_line(role, name, email, town.name))
        # A second clerk, so that what one proposes another can approve.
        email = f"clerk2@{slug}.example"
        person = Person.objects.create(email=email, password=hashed, name="窓口 次郎")
        Appointment.objects.create(person=person, role=Role.CLERK, municipality=town)
        shown.append(_line(Role.CLERK, person.name, email, town.name))
    person = Person.objects.create(email="joint-office@machi.example", password=hashed, name="共同 望")
    Appointment.objects.create(person=person, role=Role.JOINT_OFFICE, consortium=consortium)
    shown.append(_line(Role.JOINT_OFFICE, person.name, person.email, consortium.name))
    person = Person.objects.create(email="platform@machi.example", password=hashed, name="基盤 守")
    Appointment.objects.create(person=person, role=Role.ADMINISTRATOR)
    shown.append(_line(Role.ADMINISTRATOR, person.name, person.email, "基盤全体"))
    path.write_text(json.dumps({"password": password, "people": shown}, ensure_ascii=False, indent=1))


def _line(role: Role, name: str, email: str, place: str) -> dict[str, str]:
    return {"role": role.value, "name": name, "email": email, "municipality": place}


def people() -> list[dict[str, str]]:
    """The sample sign-ins with role label and password, for the sign-in page; empty outside sample mode."""
    path = settings.MACHI_HOME / PEOPLE_FILE
    if not settings.MACHI_SAMPLE or not path.exists():
        return []
    kept = json.loads(path.read_text())
    return [
        {**line, "role": str(Role(line["role"]).label), "password": kept["password"]}
        for line in kept["people"]
    ]
