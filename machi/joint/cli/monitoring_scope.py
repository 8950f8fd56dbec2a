"""How a command comes into what a consortium shares: by one of its towns, and for acts by the person who acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from machi.base.cli_options import the_municipality
from machi.base.models import Consortium, Municipality, Person
from machi.base.scoping import in_consortium, in_municipality
from machi.joint.domain.monitoring_scope import consortia_of

consortium_option = click.option(
    "--consortium", type=int, default=None, help="Number of the consortium, where the town is in several."
)
person_option = click.option("--as", "email", required=True, help="Mail address of the person who acts.")


@contextmanager
def opened(code: str, consortium: int | None) -> Iterator[tuple[Municipality, Consortium]]:
    municipality = the_municipality(code)
    mine = consortia_of(municipality)
    found = (mine if consortium is None else mine.filter(pk=consortium)).first()
    if found is None:
        raise click.ClickException(f"{code} is in no such consortium")
    with in_municipality(municipality), in_consortium(found):
        yield municipality, found


def the_person(email: str) -> Person:
    """Whoever acts must have the same permission as on the pages; the verbs ask."""
    person = Person.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        raise click.ClickException(f"nobody works here with the address {email}")
    return person
