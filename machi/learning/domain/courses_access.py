"""Who stands where in a course: the joint office, an instructor of a cohort, the town that answers for its people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.domain.recording import record as record_joint
from machi.base.models import Consortium, Municipality, Person
from machi.learning.models import Cohort, CourseVersion

LEARN, RUN, ENROL, SEE = (
    "learning.learn",
    "learning.run_courses",
    "learning.enrol",
    "learning.see_progress",
)
SYSTEM, KIND = "learning.courses", "course"


def is_office(person: Person, municipality: Municipality) -> bool:
    return person.has_perm(RUN, municipality)


def ensure_office(person: Person, municipality: Municipality) -> None:
    if not is_office(person, municipality):
        raise PermissionDenied


def instructs(person: Person, cohort: Cohort) -> bool:
    return any(one.pk == person.pk for one in cohort.instructors.all())


def sees_everybody(person: Person, municipality: Municipality, cohort: Cohort) -> bool:
    """Each learner of each town: the office, and who instructs this cohort."""
    return is_office(person, municipality) or instructs(person, cohort)


def sees_own_town(person: Person, municipality: Municipality) -> bool:
    return person.has_perm(SEE, municipality)


def record(
    consortium: Consortium,
    municipality: Municipality,
    person: Person | None,
    subject: str,
    action: str,
    *,
    concerned: tuple[Municipality, ...] = (),
    inputs: Mapping[str, Any] | None = None,
    **outputs: Any,
) -> None:
    """In the ledger of the town in which it was done, and of others whose people it concerns."""
    record_joint(
        consortium,
        municipality,
        person,
        system=SYSTEM,
        kind=KIND,
        subject=subject,
        concerned=concerned,
        inputs=inputs,
        outputs={"action": action, **outputs},
    )


def locked_draft(version: CourseVersion) -> CourseVersion:
    """The version, locked; Refused unless it is a draft: what was published no longer changes."""
    current = (
        CourseVersion.objects.select_for_update(of=("self",))
        .select_related("course", "consortium")
        .get(pk=version.pk)
    )
    if current.state != CourseVersion.State.DRAFT:
        raise Refused(_("公開した版は変えられません。次の版の下書きを作ってください。"))
    return current
