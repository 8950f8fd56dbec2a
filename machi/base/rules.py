"""Who may do what in the base room, and the predicate the other rooms' rules are written with."""

from rules.permissions import add_perm
from rules.predicates import Predicate

from machi.base.models import Municipality, Person, Role


def holds(*roles: Role) -> Predicate:
    """True for a person who holds one of ``roles`` in the municipality asked about."""

    def check(person: Person, municipality: Municipality | None) -> bool:
        return (
            isinstance(person, Person)
            and municipality is not None
            and not person.roles_in(municipality).isdisjoint(roles)
        )

    return Predicate(check, name=f"holds({', '.join(roles)})")


def holds_on_platform(*roles: Role) -> Predicate:
    """True for a person who holds one of ``roles`` on the whole platform, whichever municipality is asked about."""

    def check(person: Person, municipality: Municipality | None) -> bool:
        return (
            isinstance(person, Person)
            and person.appointments.filter(
                municipality__isnull=True, consortium__isnull=True, role__in=roles
            ).exists()
        )

    return Predicate(check, name=f"holds_on_platform({', '.join(roles)})")


anyone_here = holds(*(role for role in Role if role != Role.LEARNER))

add_perm("base.work", anyone_here | holds(Role.LEARNER))
add_perm("base.see_ledger", holds(Role.AUDITOR, Role.AI_OFFICER))
# Auditors verify and do not rule: nobody audits their own decision.
add_perm("base.rule_on_results", holds(Role.CLERK, Role.MANAGER, Role.AI_OFFICER))
add_perm("base.manage_people", holds(Role.ADMINISTRATOR))
# Learners only, whose role opens nothing but courses; every other role is an administrator's to give.
add_perm("base.admit_learners", holds(Role.MANAGER, Role.ADMINISTRATOR, Role.JOINT_OFFICE))
add_perm("base.set_up", holds(Role.ADMINISTRATOR, Role.AI_OFFICER, Role.MANAGER))
add_perm("base.open_municipality", holds_on_platform(Role.ADMINISTRATOR))
