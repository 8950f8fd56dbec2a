"""Personal information that the house's recogniser finds in what somebody is about to show to others.

It warns and does not forbid: the recogniser errs (docs/bench/personal_information.md), and a name may be meant. Whoever
goes on says that they have looked; the ledger keeps how many of each kind were found, never what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.domain.errors import Refused

CHECKED = "personal_checked"
"""Field of the forms in which a person says that they have looked."""
KINDS: Mapping[str, str | Promise] = {
    "MY_NUMBER": gettext_lazy("マイナンバーらしい番号"),
    "BASIC_PENSION_NUMBER": gettext_lazy("基礎年金番号らしい番号"),
    "DRIVERS_LICENCE": gettext_lazy("免許証番号らしい番号"),
    "PASSPORT": gettext_lazy("旅券番号らしい番号"),
    "RESIDENCE_CARD": gettext_lazy("在留カード番号らしい番号"),
    "HEALTH_INSURANCE": gettext_lazy("保険証番号らしい番号"),
    "BANK_ACCOUNT": gettext_lazy("口座番号らしい番号"),
    "CREDIT_CARD": gettext_lazy("カード番号らしい番号"),
    "TELEPHONE": gettext_lazy("電話番号"),
    "EMAIL": gettext_lazy("メールアドレス"),
    "POSTAL_CODE": gettext_lazy("郵便番号"),
    "ADDRESS": gettext_lazy("住所"),
    "DATE_OF_BIRTH": gettext_lazy("生年月日"),
    "PERSON": gettext_lazy("人の名前"),
}


@dataclass(frozen=True, slots=True)
class Slip:
    """One piece that was found. ``text`` is shown to whoever may read the whole anyway, and kept nowhere."""

    place: str
    """Label of the field it stands in."""
    kind: str
    text: str

    @property
    def label(self) -> str:
        return str(KINDS[self.kind])


class NotLookedAt(Refused):
    """Something was found and nobody has said that they looked; ``slips`` says what, for the page to show."""

    def __init__(self, message: str, found: Sequence[Slip]) -> None:
        super().__init__(message, CHECKED)
        self.slips = found


def slips(texts: Mapping[str, str | None]) -> list[Slip]:
    """What is found in the texts, by the label of their field; each wording once a field."""
    from machi.language.engine.personal import find  # a language model: seconds, so on first use

    found = [
        Slip(place, one.kind.value, text[one.start : one.end])
        for place, text in texts.items()
        if text
        for one in find(text)
    ]
    return list(dict.fromkeys(found))


def counted(found: Sequence[Slip]) -> dict[str, int]:
    """For the ledger: how many of each kind."""
    return dict(sorted(Counter(one.kind for one in found).items()))


def ensure_looked_at(found: Sequence[Slip], checked: bool) -> None:
    """Raises NotLookedAt where something was found and nobody has said that they looked."""
    if found and not checked:
        raise NotLookedAt(
            _("個人の名前や番号らしいものがあります（%(places)s）。消すか、確かめたことを示してください。")
            % {"places": "、".join(dict.fromkeys(one.place for one in found))},
            found,
        )
