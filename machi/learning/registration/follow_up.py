"""Follow-up: plans, check-ins, use in real work, effect: what the room registers."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise

from machi.base.rooms import AISystem, Attribution, Erasable, MenuEntry, PublicPage

MENU: Sequence[MenuEntry] = ()
PUBLIC_PAGES: Sequence[PublicPage] = ()
AI_SYSTEMS: Sequence[AISystem] = ()
ATTRIBUTIONS: Sequence[Attribution] = ()
ERASABLES: Sequence[Erasable] = ()
LEDGER_KINDS: Mapping[str, str | Promise] = {}
LEDGER_SYSTEMS: Mapping[str, str | Promise] = {}
LEDGER_SUBJECTS: Mapping[str, str | Promise] = {}
