"""From the dry run of a list to its taking: what was read is carried by the page, signed, so that it comes back as it
went. For lists that hold nobody's name; those with names wait encrypted in the database."""

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


def packed(value: Any, of: str) -> str:
    """A JSON value for ``TakeForm.payload``; ``of`` says what for, and must be said again to read it."""
    return signing.dumps(value, salt=of, compress=True)


def unpacked(text: str, of: str) -> Any:
    """Refused for what was not packed here for the same within the hour."""
    try:
        return signing.loads(text, salt=of, max_age=_HELD_FOR)
    except signing.BadSignature:
        raise Refused(_("時間がたちすぎました。ファイルをもう一度選んでください。")) from None
