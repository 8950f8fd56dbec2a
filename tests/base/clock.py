"""A clock that a test sets."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone


class Clock:
    """``timezone.now`` as the test says, for all of machi."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def set(self, text: str) -> None:
        """Japanese time, ``2026-10-01T00:00``."""
        at = timezone.make_aware(datetime.fromisoformat(text)).astimezone(UTC)
        self._monkeypatch.setattr(timezone, "now", lambda: at)
