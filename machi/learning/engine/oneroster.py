"""People of classes from OneRoster CSV (1EdTech OneRoster 1.1 and 1.2), as school and staff systems export it.

A zip with ``users.csv``, ``orgs.csv``, ``classes.csv`` and ``enrollments.csv``. Read are the students of one class, and
for each the municipality: the first among the school of the enrolment, the user's own organisations, and the
organisations above them whose ``sourcedId`` or ``identifier`` is a municipality's standard code. Rows marked
``tobedeleted`` (1.1: also ``inactive``) are as good as not there. What is wrong is named by file, row and column.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from machi.base.engine.jisx0402 import parse
from machi.base.engine.tables import Problem

NEEDED: Mapping[str, tuple[str, ...]] = {
    "users.csv": ("sourcedId", "givenName", "familyName", "email"),
    "orgs.csv": ("sourcedId", "name", "parentSourcedId"),
    "classes.csv": ("sourcedId", "title"),
    "enrollments.csv": ("classSourcedId", "schoolSourcedId", "userSourcedId", "role"),
}
LARGEST = 20_000_000
_LARGEST_UNPACKED = 100_000_000
MOST_ROWS = 200_000
_GONE = ("tobedeleted", "inactive")
_STEPS_UP = 10


@dataclass(frozen=True, slots=True)
class Learner:
    """``row``: of enrollments.csv, where they are in the class."""

    row: int
    name: str
    email: str
    town: str
    """Standard code of the municipality, six digits."""


@dataclass(frozen=True, slots=True)
class Roster:
    """``classes``: all there are (sourcedId -> title), so that one can be chosen. ``learners`` is empty where there
    are ``problems``."""

    classes: Mapping[str, str] = field(default_factory=dict)
    learners: tuple[Learner, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_roster(data: bytes, chosen: str = "") -> Roster:
    """The students of the class ``chosen`` (its sourcedId or title); none chosen: of the only one. Never raises."""
    if len(data) > LARGEST:
        return Roster(problems=(Problem("too_large"),))
    try:
        files = _unpacked(data)
    except _WrongError as wrong:
        return Roster(problems=(wrong.problem,))
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        csv.Error,
        UnicodeDecodeError,
    ):
        return Roster(problems=(Problem("not_readable"),))
    classes = {line["sourcedId"]: line["title"] for line in files["classes.csv"]}
    asked = [key for key, title in classes.items() if chosen in ("", key, title)]
    if len(asked) != 1:
        told = "、".join(f"{key}（{title}）" for key, title in list(classes.items())[:20])
        return Roster(classes, problems=(Problem("which_class", None, told, chosen),))
    learners, problems = _students(files, asked[0])
    return Roster(classes, () if problems else tuple(learners), tuple(problems))


class _WrongError(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def _unpacked(data: bytes) -> dict[str, list[_Line]]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if sum(one.file_size for one in package.infolist()) > _LARGEST_UNPACKED:
            raise _WrongError(Problem("too_large"))
        # Some systems put the files into a folder.
        names = {one.rpartition("/")[2].casefold(): one for one in package.namelist()}
        if absent := [name for name in NEEDED if name not in names]:
            raise _WrongError(Problem("no_file", None, "、".join(absent)))
        return {name: list(_lines(name, package.read(names[name]))) for name in NEEDED}


def _lines(name: str, data: bytes) -> Iterator[_Line]:
    """OneRoster is UTF-8; a BOM is common. Column names are compared without case: 1.1 and 1.2 differ in places."""
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    header = [cell.strip().casefold() for cell in next(rows, [])]
    places = {
        column: header.index(column.casefold()) for column in _known(name) if column.casefold() in header
    }
    if absent := [column for column in NEEDED[name] if column not in places]:
        raise _WrongError(Problem("no_column", 1, f"{name}: {'、'.join(absent)}"))
    for number, row in enumerate(rows, 2):
        if number > MOST_ROWS:
            raise _WrongError(Problem("too_large", number, name))
        cells = {column: row[place].strip() for column, place in places.items() if place < len(row)}
        if any(cells.values()) and cells.get("status", "").casefold() not in _GONE:
            yield _Line(number, cells)


def _known(name: str) -> Sequence[str]:
    more = {
        "users.csv": ("orgSourcedIds", "primaryOrgSourcedId", "username"),
        "orgs.csv": ("identifier",),
    }
    return (*NEEDED[name], "status", *more.get(name, ()))


def _students(files: Mapping[str, Sequence[_Line]], chosen: str) -> tuple[list[Learner], list[Problem]]:
    users = {line["sourcedId"]: line for line in files["users.csv"]}
    orgs = {line["sourcedId"]: line for line in files["orgs.csv"]}
    learners: list[Learner] = []
    problems: list[Problem] = []
    for line in files["enrollments.csv"]:
        if line["classSourcedId"] != chosen or line["role"].casefold() != "student":
            continue
        user = users.get(line["userSourcedId"])
        if user is None:
            problems.append(
                Problem("unknown", line.number, "enrollments.csv: userSourcedId", line["userSourcedId"])
            )
            continue
        name = f"{user['familyName']} {user['givenName']}".strip()
        email = user["email"] or (user["username"] if "@" in user["username"] else "")
        if not name:
            problems.append(Problem("missing", user.number, "users.csv: familyName"))
        if not email:
            problems.append(Problem("missing", user.number, "users.csv: email"))
        own = [user["primaryOrgSourcedId"], *user["orgSourcedIds"].split(",")]
        town = next(
            (code for org in (line["schoolSourcedId"], *own) if (code := _town(org.strip(), orgs))), None
        )
        if town is None:
            problems.append(
                Problem("no_town", line.number, "enrollments.csv: schoolSourcedId", line["schoolSourcedId"])
            )
        elif name and email:
            learners.append(Learner(line.number, name, email, town))
    return learners, problems


def _town(org: str, orgs: Mapping[str, _Line]) -> str | None:
    """The standard code of ``org`` or of the nearest organisation above it that has one."""
    for _step in range(_STEPS_UP):
        if not org:
            return None
        known = orgs.get(org)
        for value in (org, known["identifier"] if known else ""):
            if len(value) == 6 and (code := _code(value)):
                return code
        org = known["parentSourcedId"] if known else ""
    return None


def _code(text: str) -> str | None:
    try:
        return parse(text)
    except ValueError:
        return None
