"""Whether an AI system may run in a municipality: asked before it begins, and again when its result is recorded.

The room that keeps the register of AI systems answers (``RoomConfig.approval``). Where none does, nothing runs.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.rooms import ai_system, rooms


class NotApproved(Refused):
    """The AI system does not run here now; ``message`` says why, to whoever asked for its result."""

    def __init__(self, system: str, message: str) -> None:
        super().__init__(message)
        self.system = system


def why_not(municipality: Municipality, key: str) -> str | None:
    """Why the AI system with this key may not run there now; None: it may. KeyError: no room declares it."""
    system = ai_system(key)
    keepers = [room for room in rooms() if room.approval]
    if not keepers:
        return _("AIシステムの台帳がないため、動かせません。")
    return next((reason for room in keepers if (reason := room.why_not(municipality, system))), None)


def ensure_may_run(municipality: Municipality, key: str) -> None:
    """Raises NotApproved unless the AI system is approved there; call it where the system would begin."""
    if reason := why_not(municipality, key):
        raise NotApproved(key, reason)
