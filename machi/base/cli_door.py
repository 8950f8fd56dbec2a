"""The door of the commands to what a consortium shares: by one of its towns, and for acts by the person who acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from machi.base.cli_options import NotRunning, the_municipality
from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality, Person
from machi.base.running import NotApproved
from machi.base.scoping import in_consortium, in_municipality

by_option = click.option("--by", "email", required=True, help="Mail address of the person who acts.")
consortium_option = click.option(
    "--consortium", type=int, default=None, help="Number of the consortium, where the town is in several."
)


@contextmanager
def opened(code: str, consortium: int | None = None) -> Iterator[tuple[Municipality, Consortium]]:
    """The town and its consortium (the one named, else the first), both scopes open; what is refused inside ends the
    command with its words."""
    municipality = the_municipality(code)
    mine = municipality.consortia_today()
    found = (mine if consortium is None else mine.filter(pk=consortium)).first()
    if found is None:
        raise click.ClickException(f"{code} {municipality.name} is in no such consortium")
    try:
        with in_municipality(municipality), in_consortium(found):
            yield municipality, found
    except NotApproved as refused:
        raise NotRunning(str(refused.message)) from None
    except Refused as refused:
        raise click.ClickException(str(refused.message)) from None


def the_person(email: str, permission: str, municipality: Municipality) -> Person:
    """Whoever acts must have the permission that the pages ask for."""
    person = Person.objects.filter(email__iexact=email).first()
    if person is None or not person.has_perm(permission, municipality):
        raise click.ClickException(f"{email} may not do this in {municipality.code}")
    return person
