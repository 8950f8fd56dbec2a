"""Towns and people for tests. Real codes, so that check digits hold."""

from machi.base.models import Appointment, Consortium, Division, Municipality, Person, Prefecture, Role
from machi.base.rooms import rooms
from machi.base.scoping import in_municipality
from machi.governance.models import RegisteredSystem

TOWNS = {
    "142123": ("140007", "神奈川県", "厚木市", "あつぎし", "Atsugi City"),
    "332020": ("330001", "岡山県", "倉敷市", "くらしきし", "Kurashiki City"),
    "222127": ("220001", "静岡県", "焼津市", "やいづし", "Yaizu City"),
}


def a_municipality(code: str = "142123", *, live: bool = True, approved: bool = True) -> Municipality:
    """A town; with ``approved``, one in which every AI system of the house may run."""
    prefecture_code, prefecture_name, name, kana, name_en = TOWNS[code]
    prefecture, _created = Prefecture.objects.get_or_create(
        code=prefecture_code,
        defaults={"name": prefecture_name, "kana": "", "name_en": ""},
    )
    town, _created = Municipality.objects.update_or_create(
        code=code,
        defaults={
            "prefecture": prefecture,
            "name": name,
            "kana": kana,
            "name_en": name_en,
            "latitude": 35.0,
            "longitude": 139.0,
            "live": live,
        },
    )
    if approved:
        approve(town)
    return town


def approve(town: Municipality, *keys: str) -> None:
    """Makes the AI systems named (none named: all) run there, without a review."""
    state = RegisteredSystem.State.APPROVED
    systems = [system for room in rooms() for system in room.ai_systems if not keys or system.key in keys]
    with in_municipality(town):  # in one statement: thousands of tests begin with it
        RegisteredSystem.objects.bulk_create(
            [
                RegisteredSystem(municipality=town, key=system.key, version=system.version, state=state)
                for system in systems
            ],
            update_conflicts=True,
            unique_fields=["municipality", "key"],
            update_fields=["state", "version"],
        )


def a_person(
    role: Role | None = None,
    municipality: Municipality | None = None,
    *,
    consortium: Consortium | None = None,
    email: str | None = None,
    division: Division | None = None,
) -> Person:
    """A person; with ``role``, appointed there (nowhere given: on the whole platform)."""
    number = Person.objects.count() + 1
    person = Person.objects.create_user(email or f"person{number}@town.example", None, name=f"職員 {number}")
    if role is not None:
        Appointment.objects.create(
            person=person, role=role, municipality=municipality, consortium=consortium, division=division
        )
    return person


def a_division(municipality: Municipality, name: str = "市民課", **fields: object) -> Division:
    with in_municipality(municipality):
        return Division.objects.create(municipality=municipality, name=name, **fields)
