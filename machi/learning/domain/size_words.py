"""Classes of population in words."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def size_words(low: int, high: int | None) -> str:
    """``low`` people or more, fewer than ``high``; None: no end."""
    told = {
        "low": number_format(low, 0, force_grouping=True),
        "high": number_format(high or 0, 0, force_grouping=True),
    }
    if high is None:
        return _("人口%(low)s人以上") % told if low else _("すべての自治体")
    if not low:
        return _("人口%(high)s人未満") % told
    return _("人口%(low)s人以上%(high)s人未満") % told
