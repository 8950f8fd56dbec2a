"""What the parts of the checklist and of the risk review are called on the screens."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

_PRINCIPLES = {
    "human": gettext_noop("人間中心"),
    "safety": gettext_noop("安全性"),
    "fairness": gettext_noop("公平性"),
    "privacy": gettext_noop("プライバシー保護"),
    "security": gettext_noop("セキュリティ確保"),
    "transparency": gettext_noop("透明性"),
    "accountability": gettext_noop("アカウンタビリティ（説明責任）"),
    "education": gettext_noop("教育・リテラシー"),
    "competition": gettext_noop("公正競争確保"),
    "innovation": gettext_noop("イノベーション"),
    "municipal": gettext_noop("自治体として守ること"),
}


FACT_CHOICES = {
    "users": [("staff", gettext_lazy("職員だけ")), ("residents", gettext_lazy("住民が直接使う"))],
    "work": [
        ("informs", gettext_lazy("案内や調べもの。権利や安全に関わる判断はしない")),
        ("proposes", gettext_lazy("権利や安全に関わる仕事の下準備をする")),
        ("decides", gettext_lazy("権利や安全に関わることを決める")),
    ],
    "training": [
        ("none", gettext_lazy("使わない")),
        ("inside", gettext_lazy("自治体の中だけで使う")),
        ("outside", gettext_lazy("外部で使われるおそれがある")),
    ],
    "judgement": [
        ("each", gettext_lazy("使う前に一つずつ確かめる")),
        ("sources", gettext_lazy("職員が公開した文書の文をそのまま示し、足りないときは職員が答える")),
        ("none", gettext_lazy("確かめずに使う")),
    ],
}
"""The answers to the questions that decide an AI system's risk (``engine.risk.Facts``), by the fact's name."""


def principle_label(principle: str) -> str:
    return _(_PRINCIPLES[principle])
