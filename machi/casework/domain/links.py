"""The secret link by which an applicant sees how an application stands."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from machi.casework.models import Application


def status_url(application: Application) -> str:
    path = reverse("casework:status", args=[application.municipality_id, application.token])
    return f"{settings.MACHI_URL}{path}"
