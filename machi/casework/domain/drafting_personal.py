"""Personal information in what is about to be drafted from: told before anything could go to a model.

It warns and does not forbid: the recogniser errs, and a name may be meant. What goes on is hidden by the gate all the
same (``governance.domain.gate``), and a My Number goes nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused

CHECKED = "personal_checked"
"""Field in which a person says that they have looked."""


class PersonalFound(Refused):
    """Something was found and nobody has said that they looked. ``found``: how many of which kind."""

    def __init__(self, found: dict[str, int]) -> None:
        told = "、".join(f"{kind} {count}" for kind, count in found.items())
        super().__init__(
            _(
                "個人情報らしいもの（%(found)s）があります。要らなければ消してください。このまま進むと、"
                "言語モデルへは伏せて渡します。確かめたことを示して、もう一度送ってください。"
            )
            % {"found": told},
            CHECKED,
        )
        self.found = found


def counted(texts: Iterable[str]) -> dict[str, int]:
    """How many of each kind are found, by the kind's name; the values themselves go nowhere."""
    from machi.language.engine.personal import LABELS, find  # a language model: seconds, so on first use

    found = Counter(LABELS[one.kind] for text in texts if text.strip() for one in find(text))
    return dict(sorted(found.items()))


def ensure_looked_at(texts: Iterable[str], checked: bool) -> dict[str, int]:
    """Raises PersonalFound where something is found and nobody has looked; else what was found."""
    found = counted(texts)
    if found and not checked:
        raise PersonalFound(found)
    return found
