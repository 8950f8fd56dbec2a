"""The door of the rooms' APIs to what a consortium shares: signed in, with the pages' permission, both scopes open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from ninja import Path, Query

from machi.base.models import Consortium, Municipality, Person
from machi.base.scoping import in_consortium, in_municipality
from machi.base.web.access import live_municipality, visitor

Code = Annotated[str, Path(pattern=r"^[0-9]{6}$", description="Code of the municipality one works for.")]
Chosen = Annotated[
    int | None, Query(description="Number of the consortium; none: the first the municipality is in.")
]


@contextmanager
def opened(
    request: HttpRequest, code: str, permission: str, consortium: int | None = None
) -> Iterator[tuple[Municipality, Consortium, Person]]:
    """Both scopes, as ``member`` opens them for pages. ``consortium``: which of the town's; None: the first.

    Http404 for an unknown town or a consortium it is not in, PermissionDenied without ``permission`` there.
    """
    municipality, person = live_municipality(code), visitor(request)
    if not person.has_perm(permission, municipality):
        raise PermissionDenied
    mine = municipality.consortia_today()
    found = (mine if consortium is None else mine.filter(pk=consortium)).first()
    if found is None:
        raise Http404("The municipality is in no such consortium.")
    with in_municipality(municipality), in_consortium(found):
        yield municipality, found, person
