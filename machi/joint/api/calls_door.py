"""The door of the API's operations on calls: as ``base.web.access.member``, for the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from machi.base.models import Consortium, Municipality
from machi.base.scoping import in_consortium, in_municipality
from machi.base.web.access import live_municipality, visitor


@contextmanager
def member(
    request: HttpRequest, code: str, permission: str, consortium: int | None = None
) -> Iterator[tuple[Municipality, Consortium]]:
    """The town and its consortium (the one named, else the first), both scopes open. PermissionDenied, Http404."""
    municipality = live_municipality(code)
    if not visitor(request).has_perm(permission, municipality):
        raise PermissionDenied
    mine = Consortium.objects.filter(
        members__municipality=municipality, members__until__isnull=True
    ).order_by("pk")
    found = (mine.filter(pk=consortium) if consortium is not None else mine).first()
    if found is None:
        raise Http404("This municipality is in no such consortium.")
    with in_municipality(municipality), in_consortium(found):
        yield municipality, found
