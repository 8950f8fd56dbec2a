"""Helpers of the governance pages' tests."""

from typing import Any

from django.urls import reverse

from machi.base.models import Municipality


def url(town: Municipality, name: str, *args: object) -> str:
    return reverse(f"governance:{name}", args=[town.code, *args])


def text(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def data(response: Any) -> bytes:
    """The bytes of a file that was answered."""
    assert response.status_code == 200
    content: bytes = response.content
    return content
