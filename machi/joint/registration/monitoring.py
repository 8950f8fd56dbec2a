"""Joint projects under way: what the room registers of it. Its figures are arithmetic: no AI system."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, MenuEntry, PublicPage

MENU: Sequence[MenuEntry] = (
    MenuEntry(_("共同事業"), "joint:projects", "joint.see_projects"),
    MenuEntry(_("横展開モデル"), "joint:model_sheets", "joint.see_projects"),
    MenuEntry(_("相談と回答"), "joint:questions", "joint.see_projects"),
)
PUBLIC_PAGES: Sequence[PublicPage] = ()
AI_SYSTEMS: Sequence[AISystem] = ()
ATTRIBUTIONS: Sequence[Attribution] = ()
LEDGER_KINDS: Mapping[str, str | Promise] = {"joint_project": _("共同事業")}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {"joint.projects": _("共同事業")}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {"project": _("共同事業")}
