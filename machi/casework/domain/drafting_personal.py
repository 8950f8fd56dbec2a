"""Personal information in what is about to be drafted from: told before anything could go to a model.

What goes on is hidden by the gate all the same (``governance.domain.gate``), and a My Number goes nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.governance.domain.personal_check import CHECKED, KINDS, counted, slips


class PersonalFound(Refused):
    """Something was found and nobody has said that they looked. ``found``: how many of which kind."""

    def __init__(self, found: Mapping[str, int]) -> None:
        told = "、".join(f"{KINDS[kind]} {count}" for kind, count in found.items())
        super().__init__(
            _(
                "個人情報らしいもの（%(found)s）があります。要らなければ消してください。このまま進むと、"
                "言語モデルへは伏せて渡します。確かめたことを示して、もう一度送ってください。"
            )
            % {"found": told},
            CHECKED,
        )
        self.found = found


def ensure_looked_at(texts: Iterable[str], checked: bool) -> None:
    """Raises PersonalFound where something is found and nobody has looked."""
    if checked:
        return
    if found := counted(slips({str(at): text for at, text in enumerate(texts)})):
        raise PersonalFound(found)
