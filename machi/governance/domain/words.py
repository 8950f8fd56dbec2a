"""What the parts of the checklist are called on the screens."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

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


def principle_label(principle: str) -> str:
    return _(_PRINCIPLES[principle])
