"""A person's own account: sign-in, and what they are and may change."""

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from machi.base import sample
from machi.base.models import Role
from machi.base.scoping import every_municipality
from machi.base.web.access import public, signed_in, visitor

_WIDE = frozenset({Role.ADMINISTRATOR, Role.AI_OFFICER, Role.AUDITOR, Role.JOINT_OFFICE})
"""Roles that see or change so much that a password alone should not be enough."""


class SignIn(LoginView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "sample_people": sample.people()}


sign_in = public(SignIn.as_view())


@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Also what allauth's page of e-mail addresses is replaced with: the address is who the administrators
    appointed, so nobody changes it themselves."""
    person = visitor(request)
    held = person.appointments.select_related("municipality", "consortium", "division").order_by("pk")
    with every_municipality():  # the divisions of all towns where this person holds a role
        appointments = list(held)
    factors = Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES)
    context = {
        "appointments": appointments,
        "factors": factors,
        "mfa": is_mfa_enabled(person),
        "should_have_mfa": any(one.role in _WIDE for one in appointments),
    }
    return render(request, "base/profile.html", context)
