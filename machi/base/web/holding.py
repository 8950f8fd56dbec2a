"""What a page keeps between a dry run and the import itself, a small file or what was read of it: sealed, so that it
comes back as it went. For lists that hold nobody's name; those with names wait encrypted in the database."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused

PREVIEW = "base/components/preview.html"
"""A page that shows what was read (``note``, ``columns``, ``rows``) and a ``TakeForm``."""
_HELD_FOR = 3600
"""Seconds."""


class TakeForm(forms.Form):
    """What the dry run found, on its way back."""

    payload = forms.CharField(widget=forms.HiddenInput)


def hold(data: bytes, salt: str) -> str:
    """For a hidden field. ``salt``: the purpose, so that what was sealed for one is nothing to another."""
    return packed(data.decode("latin-1"), salt)


def held(text: str, salt: str) -> bytes | None:
    """None where it is too old or was touched."""
    try:
        kept: str = unpacked(text, salt)
    except Refused:
        return None
    return kept.encode("latin-1")


def packed(value: Any, salt: str) -> str:
    """The same for a JSON value, for ``TakeForm.payload``."""
    return signing.dumps(value, salt=salt, compress=True)


def unpacked(text: str, salt: str) -> Any:
    """Refused for what was not packed here for the same purpose within the hour."""
    try:
        return signing.loads(text, salt=salt, max_age=_HELD_FOR)
    except signing.BadSignature:
        raise Refused(_("時間がたちすぎました。ファイルをもう一度選んでください。")) from None
