"""The doors. Every view of machi has exactly one of these decorators; a test walks all addresses to see it.

They find the municipality named in the address, ask the rooms' rules, and open its scope. A municipality
that is unknown, or in which the person may not do this, answers before the view has read anything.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django_ratelimit.core import is_ratelimited
from django_ratelimit.exceptions import Ratelimited

from machi.base.models import Municipality, Person
from machi.base.scoping import in_consortium, in_municipality

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Door:
    """What a view asks of its visitor: ``permission`` None means that anybody may come in."""

    permission: str | None
    per_municipality: bool


def public(view: View) -> View:
    """A page for everybody that belongs to no municipality."""
    view.door = Door(None, per_municipality=False)  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """A page for whoever is signed in, before a municipality is chosen."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    wrapped.door = Door("", per_municipality=False)  # type: ignore[attr-defined]
    return wrapped


def resident(view: View) -> View:
    """A page of a municipality for its residents, without an account."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, code: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        municipality = live_municipality(code)
        request.municipality = municipality  # type: ignore[attr-defined]
        with in_municipality(municipality):
            return _complete(view(request, municipality, *args, **kwargs))

    wrapped.door = Door(None, per_municipality=True)  # type: ignore[attr-defined]
    return wrapped


def staff(permission: str) -> Callable[[View], View]:
    """A page of a municipality for those whom ``permission`` is given there."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, code: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            municipality = live_municipality(code)
            if not request.user.has_perm(permission, municipality):
                raise PermissionDenied
            request.municipality = municipality  # type: ignore[attr-defined]
            with in_municipality(municipality):
                return _complete(view(request, municipality, *args, **kwargs))

        wrapped.door = Door(permission, per_municipality=True)  # type: ignore[attr-defined]
        return wrapped

    return decorate


def member(permission: str) -> Callable[[View], View]:
    """A page of what the towns of a consortium share, for those whom ``permission`` is given in one of them.

    The view is called with the town the person works for and the consortium; both scopes are open.
    """

    def decorate(view: View) -> View:
        @staff(permission)
        @functools.wraps(view)
        def wrapped(
            request: HttpRequest, municipality: Municipality, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            return _in_its_consortium(view, request, municipality, *args, **kwargs)

        return wrapped

    return decorate


def neighbour(view: View) -> View:
    """A page of what the towns of a consortium share, for everybody, without an account."""

    @resident
    @functools.wraps(view)
    def wrapped(
        request: HttpRequest, municipality: Municipality, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        return _in_its_consortium(view, request, municipality, *args, **kwargs)

    return wrapped


def _in_its_consortium(
    view: View, request: HttpRequest, municipality: Municipality, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """Calls ``view`` in the consortium of ``municipality`` that the address names (``?consortium=3``, remembered),
    else the one chosen before, else the first it is a member of today."""
    consortia = {one.pk: one for one in municipality.consortia_today()}
    if not consortia:
        return render(request, "base/no_consortium.html", status=404)
    asked = request.GET.get("consortium", "")
    if asked.isdecimal() and int(asked) not in consortia:
        raise Http404
    key = f"consortium:{municipality.code}"
    chosen = int(asked) if asked.isdecimal() else request.session.get(key, 0)
    consortium = consortia.get(chosen) or next(iter(consortia.values()))
    if asked.isdecimal() and request.session.get(key) != consortium.pk:
        request.session[key] = consortium.pk
    request.consortium, request.consortia = consortium, list(consortia.values())  # type: ignore[attr-defined]
    with in_consortium(consortium):
        return _complete(view(request, municipality, consortium, *args, **kwargs))


def platform(permission: str) -> Callable[[View], View]:
    """A page of no municipality for those to whom ``permission`` is given by a role on the whole platform."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        wrapped.door = Door(permission, per_municipality=False)  # type: ignore[attr-defined]
        return wrapped

    return decorate


def live_municipality(code: str) -> Municipality:
    """The live municipality with this code; Http404 otherwise."""
    try:
        return Municipality.objects.select_related("prefecture").get(code=code, live=True)
    except Municipality.DoesNotExist:
        raise Http404 from None


def visitor(request: HttpRequest) -> Person:
    """Who is signed in; only for views behind a door that asks for it."""
    assert isinstance(request.user, Person)
    return request.user


def limit(request: HttpRequest, group: str, rate: str, *, of: str = "") -> None:
    """Counts this request against ``rate`` ("20/m") for its address, or for ``of`` (an e-mail address, of which the
    count keeps a digest only); Ratelimited when over it."""
    digest = hashlib.sha256(of.encode()).hexdigest()
    key = (lambda *_: digest) if of else "ip"
    if is_ratelimited(request, group=group, key=key, rate=rate, increment=True):
        raise Ratelimited


def _complete(response: HttpResponseBase) -> HttpResponseBase:
    """Lazy template responses must be rendered while the scope is still open."""
    if hasattr(response, "render") and callable(response.render):
        response.render()
    return response
