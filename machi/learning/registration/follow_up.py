"""Follow-up: plans, check-ins, use in real work, effect: what the room registers. Figures are counted, and due days
reckoned: no AI system. An estimator of effect, when a room brings one, is declared by that room."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, Erasable, MenuEntry, PublicPage

MENU: Sequence[MenuEntry] = (
    MenuEntry(_("実践計画"), "learning:my_plans", "learning.learn"),
    MenuEntry(_("研修のその後"), "learning:follow_ups", "learning.see_effect"),
    MenuEntry(_("研修の効果"), "learning:effect", "learning.see_effect"),
)
PUBLIC_PAGES: Sequence[PublicPage] = ()
AI_SYSTEMS: Sequence[AISystem] = ()
ATTRIBUTIONS: Sequence[Attribution] = ()
ERASABLES: Sequence[Erasable] = (
    Erasable(
        "practice_plan",
        erase="machi.learning.domain.follow_up_erasure:erase_plan",
        expired="machi.learning.domain.follow_up_erasure:expired_plans",
    ),
)
LEDGER_KINDS: Mapping[str, str | Promise] = {"follow_up": _("研修のその後")}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {"learning.follow_up": _("研修のその後")}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {
    "practice_plan": _("実践計画"),
    "monthly_use": _("月ごとのAIの利用"),
}
