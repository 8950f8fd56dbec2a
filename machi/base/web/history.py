"""What people did with one thing, as the ledger has it, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from machi.base.domain.history import Event, history


def told(subject: str, labels: Mapping[str, str]) -> list[tuple[str, Event]]:
    """The events of ``subject``, oldest first; ``labels``: msgids by action. An action without one is left out."""
    return [(_(labels[event.action]), event) for event in history(subject) if event.action in labels]
