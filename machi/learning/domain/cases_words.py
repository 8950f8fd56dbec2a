"""Words for what the engines of the case library say: sizes of towns, levels of evidence and why."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.learning.domain.size_words import size_words
from machi.learning.engine.cases_evidence import Evidence, Level, Reason
from machi.learning.engine.size_classes import BOUNDS

LEVELS: Mapping[Level, str | Promise] = {
    Level.TOLD: gettext_lazy("書いた町の報告だけ"),
    Level.TRIED: gettext_lazy("ほかの町も試した"),
    Level.REPEATED: gettext_lazy("複数の町でうまくいった"),
    Level.STEADY: gettext_lazy("結果がそろっている"),
    Level.MIXED: gettext_lazy("結果が分かれている"),
}
CHIPS: Mapping[Level, str] = {
    Level.TOLD: "",
    Level.TRIED: "info",
    Level.REPEATED: "success",
    Level.STEADY: "success",
    Level.MIXED: "warning",
}


def size_label(size: int) -> str:
    """A class of population in words."""
    return size_words(*BOUNDS[size])


def size_choices() -> list[tuple[str, str]]:
    return [(str(size), size_label(size)) for size in range(len(BOUNDS))]


def reasons(found: Evidence) -> list[str]:
    """Why the level is what it is, a sentence each."""
    return [_reason(one) for one in found.reasons]


def _reason(one: Reason) -> str:
    values = {name: f"{value:g}" for name, value in one.values}
    match one.code:
        case "adopted":
            return _("取り入れて結果を伝えた町: %(told)s、まだ取り組み中の町: %(trying)s") % values
        case "worked":
            return _("うまくいった（一部を含む）: %(good)s、うまくいかなかった: %(failed)s") % values
        case "hours_agree":
            return (
                _(
                    "減った時間がそろっている: 数を伝えた%(towns)sの町のうち%(agreeing)sが、"
                    "人口1万人あたりの真ん中（月%(median)s時間）の半分から2倍の間にある"
                )
                % values
            )
        case "hours_differ":
            return (
                _(
                    "減った時間がそろわない: 数を伝えた%(towns)sの町のうち%(agreeing)sだけが、"
                    "人口1万人あたりの真ん中（月%(median)s時間）の半分から2倍の間にある"
                )
                % values
            )
        case "few_hours":
            return _("減った時間を伝えた町が%(towns)sしかなく、そろっているかは言えない") % values
        case _:
            return _("時間を測るか件数から計算した町: 数を伝えた%(towns)sのうち%(measured)s") % values
