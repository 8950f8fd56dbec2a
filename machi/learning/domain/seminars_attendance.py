"""Who came: ticked one by one at the entrance (list, QR code, typed code), or for all by a list."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.engine.tables import Problem, Reader, read_table
from machi.base.models import Person
from machi.learning.domain.seminars import State
from machi.learning.domain.seminars_record import record_registration, record_seminar
from machi.learning.domain.seminars_seats import locked
from machi.learning.models import Seminar, SeminarRegistration

R = SeminarRegistration.State
NUMBER, CAME = "受付番号", "出席"
YES = {
    "出席": True,
    "はい": True,
    "○": True,
    "〇": True,
    "1": True,
    "欠席": False,
    "いいえ": False,
    "×": False,
    "0": False,
}


@dataclass(frozen=True, slots=True)
class AttendanceList:
    """What a list says; ``came``: pk of a registration -> whether the person came."""

    came: dict[int, bool]
    problems: tuple[Problem, ...] = ()


def seated(seminar: Seminar) -> QuerySet[SeminarRegistration, Any]:
    """Those who are expected."""
    return seminar.registrations.filter(state=R.CONFIRMED).select_related("town__prefecture")


def by_code(seminar: Seminar, code: str) -> SeminarRegistration:
    """Whose code was typed or scanned; Refused where there is none, or the person has no seat."""
    plain = unicodedata.normalize("NFKC", code).upper().replace("-", "").replace(" ", "")
    found = seminar.registrations.filter(code=plain).first()
    if found is None:
        raise Refused(_("この番号の申し込みはありません。"), "code")
    if found.state != R.CONFIRMED:
        raise Refused(
            _("受付番号%(number)sは「%(state)s」です。席がありません。")
            % {"number": found.number, "state": found.get_state_display()},
            "code",
        )
    return found


@transaction.atomic
def check_in(registration: SeminarRegistration, person: Person) -> bool:
    """Marks that the person came; False where that was done before (the first time stays)."""
    seminar = _running(registration.seminar)
    current = SeminarRegistration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    if current.state != R.CONFIRMED:
        raise Refused(_("席がない人です。"))
    if current.attended_at:
        return False
    current.attended_at = timezone.now()
    current.save(update_fields=["attended_at"])
    record_registration(seminar, current, "attend", person)
    return True


@transaction.atomic
def undo(registration: SeminarRegistration, person: Person) -> None:
    seminar = _running(registration.seminar)
    if SeminarRegistration.objects.filter(pk=registration.pk, attended_at__isnull=False).update(
        attended_at=None
    ):
        record_registration(seminar, registration, "unattend", person)


def read_list(seminar: Seminar, data: bytes) -> AttendanceList:
    """Reads a list with receipt numbers and whether they came; empty cells change nothing."""
    table = read_table(data, [NUMBER, CAME])
    if table.problems:
        return AttendanceList({}, table.problems)
    reader, known = Reader(), {one.number: one.pk for one in seated(seminar)}
    came: dict[int, bool] = {}
    for row in table.rows:
        number = reader.whole(row, NUMBER, required=True, least=1)
        said = reader.choice(row, CAME, YES)
        if number is None:
            continue
        if number not in known:
            reader.report("unknown", row, NUMBER)
        elif known[number] in came:
            reader.report("twice", row, NUMBER)
        elif said is not None:
            came[known[number]] = said
    return AttendanceList({} if reader.problems else came, tuple(reader.problems))


@transaction.atomic
def take_list(seminar: Seminar, person: Person, came: dict[int, bool]) -> int:
    """All of it or nothing; how many changed. One ledger entry for the list."""
    current, now = _running(seminar), timezone.now()
    rows = seated(current)
    arrived = rows.filter(pk__in=_those(came, True), attended_at=None).update(attended_at=now)
    left = rows.filter(pk__in=_those(came, False), attended_at__isnull=False).update(attended_at=None)
    if arrived or left:
        record_seminar(current, person, "attendance_list", came=arrived, did_not=left)
    return arrived + left


def _those(came: dict[int, bool], said: bool) -> Iterable[int]:
    return [pk for pk, one in came.items() if one is said]


def _running(seminar: Seminar) -> Seminar:
    current = locked(seminar)
    if current.state not in (State.PUBLISHED, State.CLOSED, State.HELD):
        raise Refused(_("出席は、公開してから報告するまでの間に付けられます。"))
    return current
