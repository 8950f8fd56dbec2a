"""Discussion across towns: what the room registers."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.base.rooms import AISystem, Attribution, Erasable, MenuEntry, PublicPage

MENU: Sequence[MenuEntry] = (MenuEntry(_("意見交換"), "learning:topics", "learning.discuss"),)
PUBLIC_PAGES: Sequence[PublicPage] = ()
AI_SYSTEMS: Sequence[AISystem] = ()
ATTRIBUTIONS: Sequence[Attribution] = ()
ERASABLES: Sequence[Erasable] = (
    Erasable(
        "discussion_post",
        erase="machi.learning.domain.discussion_erasure:erase_post",
        expired="machi.learning.domain.discussion_erasure:expired_posts",
    ),
)
LEDGER_KINDS: Mapping[str, str | Promise] = {"discussion": _("意見交換")}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {"learning.discussion": _("意見交換")}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {
    "topic": _("意見交換の話題"),
    "discussion_post": _("意見交換の書き込み"),
}
