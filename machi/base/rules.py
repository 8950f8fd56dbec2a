"""Who may do what in the base room, and the predicate the other rooms' rules are written with."""

from typing import cast

import rules

from machi.base.models import Municipality, Person, Role


def holds(*roles: Role) -> rules.Predicate:
    """True for a person who holds one of ``roles`` in the municipality asked about."""

    def check(person: Person, municipality: Municipality | None) -> bool:
        return (
            isinstance(person, Person)
            and municipality is not None
            and not person.roles_in(municipality).isdisjoint(roles)
        )

    return cast(rules.Predicate, rules.predicate(check, name=f"holds({', '.join(roles)})"))


anyone_here = holds(*Role)

rules.add_perm("base.work", anyone_here)
rules.add_perm("base.see_ledger", holds(Role.AUDITOR, Role.AI_OFFICER))
rules.add_perm("base.manage_people", holds(Role.ADMINISTRATOR))
