"""Who stands where: what a person may do and see of a joint project."""

from __future__ import annotations

from machi.base.models import Municipality, Person
from machi.joint.models import JointProject

MANAGE = "joint.manage_projects"


def is_office(person: Person, municipality: Municipality) -> bool:
    return person.has_perm(MANAGE, municipality)


def takes_part(project: JointProject, municipality: Municipality) -> bool:
    return any(town.pk == municipality.pk for town in project.members.all())


def sees_inside(person: Person, municipality: Municipality, project: JointProject) -> bool:
    """Single towns' reports, questions and visit notes: for the project's towns and the office. The other towns of
    the consortium see the project, its milestones and its figures as a whole."""
    return takes_part(project, municipality) or is_office(person, municipality)


def plans(person: Person, municipality: Municipality, project: JointProject) -> bool:
    """Milestones and figures: the office, and the manager of the lead town."""
    return is_office(person, municipality) or (
        project.lead_id == municipality.pk and person.has_perm("joint.plan_projects", municipality)
    )
