"""Whether an AI system may run in a municipality: asked before it begins, and again when its result is recorded.

The room that keeps the register of AI systems answers (``RoomConfig.approval``). Where none does, nothing runs.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    return refusals([municipality], key).get(municipality.pk)


def refusals(municipalities: Sequence[Municipality], key: str) -> dict[str, str]:
    """In which of these towns it may not run now, and why, by their codes; in a query or two for all of them."""
    system = ai_system(key)
    keepers = [room for room in rooms() if room.approval]
    if not keepers:
        return dict.fromkeys(
            (one.pk for one in municipalities), _("AIシステムの台帳がないため、動かせません。")
        )
    found: dict[str, str] = {}
    for room in keepers:
        for code, reason in room.why_not(municipalities, system).items():
            found.setdefault(code, reason)
    return found


def ensure_may_run(municipality: Municipality, key: str) -> None:
    """Raises NotApproved unless the AI system is approved there; call it where the system would begin."""
    if reason := why_not(municipality, key):
        raise NotApproved(key, reason)


def ensure_may_run_in(municipalities: Sequence[Municipality], key: str) -> None:
    """The same for what several towns take part in: refused where it may not run in one of them, which is named."""
    found = refusals(municipalities, key)
    for town in municipalities:
        if town.pk in found:
            raise NotApproved(key, f"{town}: {found[town.pk]}" if len(municipalities) > 1 else found[town.pk])
