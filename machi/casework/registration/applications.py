"""What the room registers of applications and permits."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise

from machi.base.rooms import AISystem, Attribution, Erasable, MenuEntry, PublicPage

MENU: Sequence[MenuEntry] = ()
PUBLIC_PAGES: Sequence[PublicPage] = ()
AI_SYSTEMS: Sequence[AISystem] = ()
LEDGER_KINDS: Mapping[str, Promise] = {}
LEDGER_SYSTEMS: Mapping[str, Promise] = {}
LEDGER_SUBJECTS: Mapping[str, Promise] = {}
ERASABLES: Sequence[Erasable] = ()
ATTRIBUTIONS: Sequence[Attribution] = ()
