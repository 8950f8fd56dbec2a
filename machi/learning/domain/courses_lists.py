"""Learners from lists: Excel or CSV, or a OneRoster zip; checked as a whole, then taken in one go or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy

from machi.base.domain.errors import Refused
from machi.base.domain.people import admit_learner, may_change_account
from machi.base.engine.jisx0402 import parse
from machi.base.engine.tables import Problem, plain, read_table
from machi.base.models import Municipality, Person
from machi.learning.domain.courses_access import record
from machi.learning.domain.courses_enrolment import opened, place, towns_for
from machi.learning.engine.oneroster import read_roster
from machi.learning.models import Cohort, Enrolment

NAME, EMAIL, TOWN = "氏名", "メールアドレス", "自治体コード"
REQUIRED, OPTIONAL = (NAME, EMAIL), (TOWN,)
_LONGEST_NAME = 80
CODES = {
    "not_an_email": gettext_lazy("メールアドレスとして読めません。"),
    "not_a_code": gettext_lazy("自治体コード（6桁）として読めません。"),
    "not_here": gettext_lazy("あなたが登録できる自治体ではありません。"),
    "elsewhere": gettext_lazy(
        "このメールアドレスは、ほかの自治体か共同体ですでに使われています。両方を受け持つ管理者に登録を頼んでください。"
    ),
    "stopped": gettext_lazy("停止中の人です。先に停止を解いてください。"),
    "other_town": gettext_lazy("この人は、ほかの自治体からもう登録されています。"),
    "no_file": gettext_lazy("zipの中に次のファイルがありません: %(column)s"),
    "no_column": gettext_lazy("列がありません。"),
    "which_class": gettext_lazy("どのクラスかを、次のsourcedIdから1つ書いてください: %(column)s"),
    "no_town": gettext_lazy("自治体コードをsourcedIdかidentifierに持つ組織にたどり着けません。"),
}
"""Words for problems of these lists (``table_problems.told``)."""


@dataclass(frozen=True, slots=True)
class Line:
    row: int
    name: str
    email: str
    town: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a list would do. ``lines`` and ``known`` (enrolled already, left as they are) are empty where there are
    ``problems``."""

    lines: tuple[Line, ...] = ()
    known: tuple[Line, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_list(cohort: Cohort, municipality: Municipality, by: Person, data: bytes) -> Read:
    """Of an Excel or CSV list; a line without a code is of the town one works for. Changes nothing."""
    table = read_table(data, REQUIRED, OPTIONAL)
    if table.problems:
        return Read(problems=table.problems)
    if not table.rows:
        return Read(problems=(Problem("missing", None, NAME),))
    problems = [
        Problem("missing", row.number, column) for row in table.rows for column in REQUIRED if not row[column]
    ]
    lines = []
    for row in table.rows:
        code = municipality.code
        if row[TOWN]:
            try:
                code = parse(row[TOWN])
            except ValueError:
                problems.append(Problem("not_a_code", row.number, TOWN, row[TOWN][:40]))
        lines.append(Line(row.number, row[NAME], plain(row[EMAIL]).lower(), code))
    return _checked(cohort, municipality, by, lines, problems)


def read_oneroster(
    cohort: Cohort, municipality: Municipality, by: Person, data: bytes, chosen: str = ""
) -> Read:
    """Of a OneRoster zip; ``chosen``: sourcedId or title of the class. Changes nothing."""
    roster = read_roster(data, chosen)
    if roster.problems:
        return Read(problems=roster.problems)
    lines = [Line(one.row, one.name, one.email.strip().lower(), one.town) for one in roster.learners]
    if not lines:
        return Read(problems=(Problem("missing", None, "enrollments.csv: role=student"),))
    return _checked(cohort, municipality, by, lines, [])


def _checked(
    cohort: Cohort, municipality: Municipality, by: Person, lines: Sequence[Line], problems: list[Problem]
) -> Read:
    towns = {town.code: town for town in towns_for(by, municipality, cohort)}
    emails = [one.email for one in lines]
    people = {one.email.lower(): one for one in _people(emails)}
    placed = {one.person_id: one for one in Enrolment.objects.filter(cohort=cohort)}
    seen: set[str] = set()
    fresh, known = [], []
    for line in lines:
        if line.town not in towns:
            problems.append(Problem("not_here", line.row, TOWN, line.town))
            continue
        if len(line.name) > _LONGEST_NAME:
            problems.append(Problem("too_long", line.row, NAME, line.name[:40]))
        if line.email and (code := _email_wrong(line.email, seen)):
            problems.append(Problem(code, line.row, EMAIL, line.email[:40]))
            continue
        seen.add(line.email)
        person = people.get(line.email)
        if person and (code := _refused(person, towns[line.town], by)):
            problems.append(Problem(code, line.row, EMAIL, line.email[:40]))
            continue
        enrolment = placed.get(person.pk) if person else None
        if enrolment and enrolment.municipality_id != line.town:
            problems.append(Problem("other_town", line.row, EMAIL, line.email[:40]))
        elif enrolment and enrolment.state != Enrolment.State.WITHDRAWN:
            known.append(line)
        else:
            fresh.append(line)
    if problems:
        return Read(problems=tuple(sorted(problems, key=lambda one: one.row or 0)))
    return Read(tuple(fresh), tuple(known))


def _people(emails: Sequence[str]) -> list[Person]:
    found: list[Person] = []
    for first in range(0, len(emails), 500):
        part = Person.objects.annotate(folded=Lower("email")).filter(folded__in=emails[first : first + 500])
        found += part.prefetch_related("appointments__municipality")
    return found


def _email_wrong(email: str, seen: set[str]) -> str:
    try:
        validate_email(email)
    except ValidationError:
        return "not_an_email"
    return "twice" if email in seen else ""


def _refused(person: Person, town: Municipality, by: Person) -> str:
    """As ``admit_learner`` would, told before anything is done."""
    appointments = list(person.appointments.all())
    if not any(one.municipality_id == town.pk for one in appointments):
        if appointments and not may_change_account(by, person):
            return "elsewhere"
        if not appointments:
            return ""  # taken up anew
    return "" if person.is_active else "stopped"


@transaction.atomic
def take(cohort: Cohort, municipality: Municipality, by: Person, read: Read, *, way: str) -> list[Enrolment]:
    """Enrols the lines that were read; all or none. One entry for the list in the ledger of each town concerned; each
    new account has its own. ``way``: ``list`` or ``oneroster``. Refused where something changed since."""
    current = opened(cohort, municipality, by)
    towns = {town.code: town for town in towns_for(by, municipality, current)}
    made = []
    for line in read.lines:
        town = towns[line.town]
        try:
            person = admit_learner(town, by=by, email=line.email, name=line.name)
            made.append(place(current, town, person))
        except Refused as refused:
            raise Refused(f"{line.row}: {refused.message}") from None
    concerned = tuple({one.municipality_id: towns[one.municipality_id] for one in made}.values())
    record(
        current.consortium,
        municipality,
        by,
        f"cohort:{current.pk}",
        "enrol_list",
        concerned=concerned,
        inputs={"list": [[line.name, line.email, line.town] for line in read.lines]},
        way=way,
        enrolled=len(made),
        known=len(read.known),
    )
    return made
